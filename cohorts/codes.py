"""Join codes: drawn, written in groups, and read back as people type or paste them. Pure."""

import re
import secrets
import unicodedata
from html import unescape
from urllib.parse import unquote

from accounts.folding import cut

# Neither vowels, so that no code is a word, nor what is easily taken for another sign: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "34679CDFGHJKMNPQRTVWXY"
LENGTH = 12
GROUP = 4
BETWEEN = r"[^0-9A-Z]{0,4}"
IN_GROUPS = re.compile(rf"(?<![0-9A-Z])(?:[{ALPHABET}]{{4}}{BETWEEN}){{2}}[{ALPHABET}]{{4}}(?![0-9A-Z])")
IN_A_ROW = re.compile(rf"(?<![0-9A-Z])(?:[{ALPHABET}]{BETWEEN}){{11}}[{ALPHABET}](?![0-9A-Z])")


def draw() -> str:
    """Return a new code of 12 signs: 22 ** 12 is 53 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """Return it as people read it: CDFG-HJKM-NPQR."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def looks_like_one(text: str) -> bool:
    """Return whether a text has the length and the signs of a code, however it was typed: no words have."""
    code = plain(text)
    return len(code) == LENGTH and set(code) <= set(ALPHABET)


def plain(text: str) -> str:
    """Return the code that somebody typed or pasted as it is stored, whatever stands around it.

    A whole link, as a browser or a page writes it (`%20`, `&#45;`), “Code: …”, full-width letters, any case, spaces and
    dashes will do. Where no twelve signs of ours stand together, return the letters and digits that there are, at most
    40: a code of nothing.
    """
    signs = unicodedata.normalize("NFKC", unquote(unescape(cut(text)))).upper()
    code = IN_GROUPS.search(signs) or IN_A_ROW.search(signs)
    return "".join(sign for sign in (code[0] if code else signs) if sign.isalnum())[:40]


def is_whole(text: str) -> bool:
    """Return whether this, as `plain` returns it, can be a code."""
    return len(text) == LENGTH and set(text) <= set(ALPHABET)
