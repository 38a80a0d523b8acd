"""Join codes: drawn, written in groups, and read back as people type them. Pure: the standard library only."""

import secrets

# Neither vowels, so that no code is a word, nor what is easily taken for another sign: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "34679CDFGHJKMNPQRTVWXY"
LENGTH = 12
GROUP = 4


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
    """Return it as it is stored, whatever case, hyphens or spaces it was typed with."""
    return "".join(sign for sign in text.upper() if sign.isalnum())
