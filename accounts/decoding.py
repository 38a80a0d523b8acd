"""From bytes to text: in which letters a file was written, and how it would read in others. Pure."""

import codecs
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

SAMPLE = 60  # signs of a sample
MOST_FITTED = 20_000  # letters beyond ASCII by which an encoding is guessed
BEYOND_ASCII = re.compile("[^\x00-\x7f]")


class Encoding(StrEnum):
    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS = "cp1252"
    MAC = "mac_roman"
    DOS = "cp850"
    ARABIC = "cp1256"
    TWICE = "twice"  # UTF-8 that was taken for Windows-1252 and written as UTF-8 again


GUESSED = (Encoding.WINDOWS, Encoding.MAC, Encoding.DOS, Encoding.ARABIC)
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
NO_TEXTS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
HEAD = 100_000  # signs by which a text is told from what is none
CONTROLS = re.compile("[\x00-\x08\x0e-\x1b]")
STRAY = re.compile("[\udc80-\udcff]")  # how Python keeps a byte that is not UTF-8
SMALL = set("àâäáãåçéèêëíìîïñóòôöõúùûüýÿœæßø")
CAPITAL = set("ÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜŒÆØ")
QUOTES = set("’‘“”«»–—…°\u00a0")
TWICE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc‐-₿™]")


def _signs(encoding: str) -> list[str]:
    """Return the signs of the bytes 128 to 255; where the encoding has none, a control sign, which is told later."""
    return [bytes([byte]).decode(encoding, "replace").replace("\ufffd", chr(byte)) for byte in range(128, 256)]


SIGNS = {encoding: _signs(encoding) for encoding in GUESSED}
BYTES = {sign: byte for byte, sign in enumerate(SIGNS[Encoding.WINDOWS], 128)} | {chr(n): n for n in range(160, 256)}


@dataclass(frozen=True)
class Text:
    """A text and how it was read; None where nobody could read it otherwise.

    `stray` is the first line, from 1, where UTF-8 has a sign of Windows-1252 in it, 0 where there is none.
    """

    text: str
    encoding: Encoding | None = None
    stray: int = 0


def decoded(data: bytes) -> Text | None:
    """Return the Text of a file's bytes: UTF-8 or UTF-16, with or without a mark, else what fits its letters best.

    None where it is no text but a picture, a document, a program.
    """
    if data.startswith(NO_TEXTS):
        return None
    text = _decoded(data)
    head = text.text[:HEAD]
    return None if len(CONTROLS.findall(head)) > len(head) // 50 else text


def _decoded(data: bytes) -> Text:
    for mark, encoding in MARKS.items():
        if data.startswith(mark) and encoding != "utf-8":
            return Text(data[len(mark) :].decode(encoding, "replace"), Encoding.UTF_16)
    if wide := _wide(data):
        return Text(data.decode(wide, "replace"), Encoding.UTF_16)
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    strays = len(STRAY.findall(text))
    if not strays:
        return Text(text)
    if 2 * strays < len(BEYOND_ASCII.findall(text)) - strays:  # a line was pasted from elsewhere
        line = text.count("\n", 0, next(STRAY.finditer(text)).start()) + 1
        return Text(STRAY.sub(lambda sign: SIGNS[Encoding.WINDOWS][ord(sign[0]) - 0xDC80], text), None, line)
    ascii_text = data.decode("latin-1")
    best = max(GUESSED, key=lambda encoding: _fit(reread(ascii_text[:200_000], None, encoding)))
    return Text(reread(ascii_text, None, best), best)


def _wide(data: bytes) -> str | None:
    """Return which UTF-16 it is where a mark is missing: half of the bytes of separators and plain letters are zero."""
    if len(data) % 2 or b"\0" not in data:
        return None
    even, odd = data[::2].count(0), data[1::2].count(0)
    if min(even, odd):
        return None
    return "utf-16-le" if odd else "utf-16-be"


def _fit(text: str) -> int:
    """Return how well the letters beyond ASCII fit their neighbours: the better, the more."""
    score = 0
    for match in islice(BEYOND_ASCII.finditer(f" {text} "), MOST_FITTED):
        at = match.start()
        score += _fit_of(match[0], match.string[at - 1], match.string[at + 1])
    return score


def _fit_of(sign: str, before: str, after: str) -> int:
    if "\u0600" <= sign <= "\u06ff":
        return 2 if "\u0600" <= before <= "\u06ff" or "\u0600" <= after <= "\u06ff" else -1
    if sign in SMALL:
        return 2 if before.isalpha() and (before.isascii() or after.isascii() and after.isalpha()) else 1
    if sign in CAPITAL:
        is_inside = before.islower()
        return -3 if is_inside or before.isalpha() and not before.isascii() else 2
    return 1 if sign in QUOTES else -3


def reread(text: str, was: Encoding | None, now: Encoding) -> str:
    """Return a text that was read in one encoding (None: byte by byte) as it reads in another; both of one byte."""
    if now == Encoding.TWICE:
        return "\n".join(map(mended, text.split("\n")))
    if now not in SIGNS or was is not None and was not in SIGNS:
        return text
    first = [chr(byte) for byte in range(128, 256)] if was is None else SIGNS[was]
    return text.translate(dict(zip(map(ord, first), SIGNS[now], strict=True)))


def mended(text: str) -> str:
    """Return UTF-8 that was taken for Windows-1252 as it was meant; what is not, stays as it is."""
    try:
        return bytes(ord(sign) if sign < "\x80" else BYTES[sign] for sign in text).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return text


def samples(text: str, encoding: Encoding | None) -> dict[Encoding, str]:
    """Return {encoding: the first words beyond ASCII as they would read in it}; empty where there is no choice."""
    if encoding in SIGNS:
        sample = next((line for line in text.splitlines() if not line.isascii()), "")
        return {other: reread(_about(sample), encoding, other) for other in GUESSED}
    if encoding is None and (twice := TWICE.search(text)):
        sample = _about(text[max(0, text.rfind("\n", 0, twice.start()) + 1) :].split("\n")[0])
        return {Encoding.UTF_8: sample, Encoding.TWICE: mended(sample)}
    return {}


def _about(line: str) -> str:
    """Return a line from the word on that holds its first sign beyond ASCII."""
    at = next((at for at, sign in enumerate(line) if sign >= "\x80"), 0)
    begin = max(line.rfind(" ", 0, at) + 1, at - SAMPLE // 2)
    return line[begin : begin + SAMPLE].strip(" ")
