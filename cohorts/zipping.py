"""A ZIP file that leaves the site while it is made, so that only a part of it is held. Pure: imports no table."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

MODE = 0o644 << 16  # whoever unpacks it can read and change what is in it


class _Sent(io.RawIOBase):
    """What was written since it was last taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: "bytes | memoryview") -> int:  # type: ignore[override]
        self._parts.append(bytes(part))
        return len(part)

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def parts_of_zip(files: Iterable[tuple[str, Iterable[bytes]]], at: datetime) -> Iterator[bytes]:
    """Yield in parts a ZIP of these (name in ASCII, content in parts), each less than 2 GiB.

    `at` is the time on the clocks of its reader that the files bear. What fails while a content is made fails here.
    """
    sent = _Sent()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, at.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, MODE
            with archive.open(entry, "w") as file:
                for part in content:
                    file.write(part)
                    yield sent.take()
    yield sent.take()
