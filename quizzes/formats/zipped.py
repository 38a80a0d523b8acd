"""A ZIP file with one bank and its pictures, unpacked within limits; its own word on sizes is not believed. Pure."""

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from quizzes.formats.base import Files, Unreadable, Whole
from quizzes.formats.texts import file_name

MAGIC = b"PK\x03\x04"
MOST_PARTS = 1_000
MOST_UNPACKED = 40_000_000  # bytes of all parts together
LARGEST = 32_000_000  # bytes of one
RATIO = 200  # of what comes out to what lies in it, beyond a part's first 100 KB
DEEPEST = 5  # folders
BANKS = (".xml", ".txt", ".gift", ".csv", ".aiken")
OFFICE = {"[Content_Types].xml", "mimetype"}  # which files of Word, Excel and LibreOffice have: they are ZIPs too
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def is_zip(data: bytes) -> bool:
    return data.startswith(MAGIC)


def unpacked(data: bytes) -> tuple[str, bytes, Files]:
    """Return name and bytes of the one bank in a ZIP, and its pictures by their names; Unreadable for a reason."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(Whole.BAD_ZIP) from error


def _parts(archive: zipfile.ZipFile) -> tuple[str, bytes, Files]:
    if not OFFICE.isdisjoint(archive.namelist()):
        raise Unreadable(Whole.UNKNOWN)
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and _is_wanted(entry.filename)]
    banks = [entry for entry in entries if entry.filename.lower().endswith(BANKS)]
    if len(entries) > MOST_PARTS:
        raise Unreadable(Whole.TOO_MANY_PARTS, str(MOST_PARTS))
    if len(banks) != 1:
        names = ", ".join(entry.filename for entry in banks)
        raise Unreadable(Whole.TWO_BANKS, names) if banks else Unreadable(Whole.NO_BANK)
    left = MOST_UNPACKED
    files: Files = {}
    for entry in entries:
        part = _part(archive, entry, min(left, LARGEST))
        left -= len(part)
        files[file_name(entry.filename)] = part
        files.setdefault(file_name(PurePosixPath(entry.filename).name), part)
    bank = banks[0].filename
    return bank, files[file_name(bank)], {name: part for name, part in files.items() if name.lower().endswith(PICTURES)}


def _is_wanted(name: str) -> bool:
    """Return whether a part is a bank or a picture at a place of its own, not what a machine put beside it."""
    path = PurePosixPath(name)
    is_inside = not path.is_absolute() and ".." not in path.parts and "\\" not in name and len(path.parts) <= DEEPEST
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return is_inside and not is_hidden and name.lower().endswith(BANKS + PICTURES)


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable(Whole.BAD_ZIP)
    most = min(most, 100_000 + RATIO * entry.compress_size)
    with archive.open(entry) as part:
        data = part.read(most + 1)
    if len(data) > most:
        raise Unreadable(Whole.TOO_LARGE, str(MOST_UNPACKED // 1_000_000))
    return data
