"""Backup codes of the second step: drawn, written in groups, and read as people type them. Pure."""

import secrets
import unicodedata

from accounts.folding import cut

# Neither vowels, so that no code is a word, nor what is easily taken for another sign: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "34679CDFGHJKMNPQRTVWXY"
LENGTH = 10
GROUP = 5
COUNT = 8


def draw() -> list[str]:
    """Return eight different codes of 10 signs: 22 ** 10 is 44.6 bits each."""
    codes: set[str] = set()
    while len(codes) < COUNT:
        codes.add("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))
    return sorted(codes)


def grouped(code: str, size: int = GROUP, between: str = "-") -> str:
    """Return it as people read it: CDFGH-JKMNP."""
    return between.join(code[start : start + size] for start in range(0, len(code), size))


def plain(text: str) -> str:
    """Return the letters and digits of what was typed, at most 40: any case, width, script of digits and groups."""
    signs = unicodedata.normalize("NFKC", cut(text)).upper()
    return "".join(_digit(sign) for sign in signs if sign.isalnum())[:40]


def looks_like_one(text: str) -> bool:
    """Return whether this, as `plain` returns it, can be a backup code."""
    return len(text) == LENGTH and set(text) <= set(ALPHABET)


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
