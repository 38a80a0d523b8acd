"""Join codes: drawn, written in groups, and read back as people type them. Pure."""

import secrets

from accounts.folding import cut

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


def plain(text: str) -> str:
    """Return it as it is stored, whatever case, hyphens or spaces it was typed with."""
    return "".join(sign for sign in cut(text).upper() if sign.isalnum())
