"""How much room words take in a picture, at most, on the narrowest phone. Pure."""

from itertools import chain

ROOM = 286  # px: a picture on a phone of 320 px
SIZE = 14  # px: the text of a picture
# Parts of the size that signs take in the widest face that people have (DejaVu Sans), rounded up.
SIGNS = {
    "ijlIJ'": 0.30,
    " ,.’\u00a0\u202f": 0.32,
    "f-:;/|": 0.37,
    "rt()!": 0.42,
    "sz“”?–": 0.54,
    "cç": 0.56,
    "kvxyîï": 0.60,
    "aàâeéèêëoôö«»LFTY": 0.62,
    "bdghnñpquùûü0123456789": 0.64,
    "AÀBCÇEÉÈKPRSVXZ": 0.70,
    "DGHNOQU": 0.79,
    "Mw+": 0.87,
    "mW%…—": 1.00,
}
WIDTHS = dict(chain.from_iterable(((sign, part) for sign in signs) for signs, part in SIGNS.items()))
OTHERS = 1.05  # an æ, a character of another script
BOLD = 1.15


def width(text: str, bold: bool = False) -> float:
    """Return how many pixels a text takes, at most."""
    return sum(WIDTHS.get(sign, OTHERS) for sign in text) * SIZE * (BOLD if bold else 1)


def lines(text: str, room: float) -> list[str]:
    """Return a text cut between words into lines of so many pixels; a longer word has a line of its own."""
    cut: list[str] = []
    for word in text.split(" "):  # what French keeps together has another space
        if cut and width(f"{cut[-1]} {word}") <= room:
            cut[-1] += f" {word}"
        else:
            cut.append(word)
    return cut
