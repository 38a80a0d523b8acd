"""Pages that say nothing of their reader, as this process rendered them: packed once, and forgotten by age."""

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Hashable
from functools import cached_property
from threading import Lock
from typing import Generic, Protocol, TypeVar

import brotli  # type: ignore[import-untyped] # it ships no types

MOST = 6 * 1024 * 1024  # bytes of packed pages that one process keeps
# A lesson of 47 KB is 11.3 KB as gzip, in 2 ms; Brotli's best makes it 9.1 KB in 100 ms, once in a process.
BROTLI_QUALITY, GZIP_LEVEL = 11, 6


class RenderedPage:
    """The body of a page and its ETag. It holds no secret, so packing it can tell none (BREACH)."""

    def __init__(self, body: bytes) -> None:
        self.etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
        self._gzip = gzip.compress(body, GZIP_LEVEL, mtime=0)

    @cached_property
    def _brotli(self) -> bytes:
        return brotli.compress(gzip.decompress(self._gzip), quality=BROTLI_QUALITY)

    def packed(self, accepted: str) -> tuple[bytes, str]:
        """Return (body, its Content-Encoding or "") for what a browser says in Accept-Encoding."""
        if _takes("br", accepted):
            return self._brotli, "br"
        if _takes("gzip", accepted):
            return self._gzip, "gzip"
        return gzip.decompress(self._gzip), ""

    @property
    def size(self) -> int:
        """Return how many bytes it holds at most: gzip's, and as many for Brotli's, which are fewer."""
        return 2 * len(self._gzip)


def _takes(encoding: str, accepted: str) -> bool:
    """Return whether Accept-Encoding names an encoding, and not to refuse it (q=0)."""
    return re.search(rf"\b{encoding}\b(?!\s*;\s*q=0(\.0*)?\s*(,|\Z))", accepted) is not None


class Sized(Protocol):
    """What is kept; `size` is in bytes, about."""

    @property
    def size(self) -> int: ...


Thing = TypeVar("Thing", bound=Sized)


class Rendered(Generic[Thing]):
    """Things under a key that says all on which they hang; the one longest unused goes first. Safe for threads."""

    def __init__(self, most: int) -> None:
        self.most, self._size = most, 0
        self._things: OrderedDict[Hashable, Thing] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Thing | None:
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def put(self, key: Hashable, thing: Thing) -> None:
        with self._lock:
            former = self._things.pop(key, None)
            self._size += thing.size - (former.size if former else 0)
            self._things[key] = thing
            while self._size > self.most:
                self._size -= self._things.popitem(last=False)[1].size

    def clear(self) -> None:
        with self._lock:
            self._things.clear()
            self._size = 0


RENDERED: Rendered[RenderedPage] = Rendered(MOST)
