"""How wide words are drawn: an upper bound, since readers' devices have faces of their own. Pure."""

SIZE = 14  # px: the text of a picture, `--t-s`
# Shares of the size, of DejaVu Sans, the widest of the usual faces; signs of other scripts count as wide.
WIDTHS = {
    0.4: " !'’|,.:;()[]-/ijlItfrJÎÏîï‘“”«»\u00a0\u202f",
    0.64: "abcdeghknopqsuvxyzàâäçèéêëôöùûüABCEFKLPSTXYZÀÂÇÈÉÊË0123456789",
    0.8: "DGHNOQRUVÔÖÙÛ&+=<>–",
}
SHARES = {sign: share for share, signs in WIDTHS.items() for sign in signs}


def width(words: str, size: int = SIZE) -> float:
    """Return how many px words take at most, in regular weight."""
    return sum(SHARES.get(sign, 1.0) for sign in words) * size
