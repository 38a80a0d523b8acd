"""What a search asks for, and what it shows of a text that has it. Pure."""

from collections.abc import Sequence

from accounts.folding import folded

Excerpt = list[tuple[str, bool]]

MOST_TERMS = 8
SHORTEST = 2  # signs; shorter, a term would be found in every text
AROUND = 12  # words shown before and after the first hit


def terms_of(query: str) -> list[str]:
    """Return the folded terms of a query, each once: accents, case and order do not matter. Short ones are left out."""
    return list(dict.fromkeys(term for term in folded(query).split() if len(term) >= SHORTEST))[:MOST_TERMS]


def excerpt(text: str, terms: Sequence[str]) -> Excerpt:
    """Return [(words, whether a term is in them)] around the first hit; from the beginning where there is none."""
    words = text.split()
    hits = [any(term in folded(word) for term in terms) for word in words]
    first = hits.index(True) if True in hits else 0
    start, end = max(first - AROUND, 0), first + AROUND + 1
    pieces: Excerpt = []
    for word, hit in zip(words[start:end], hits[start:end], strict=True):
        if pieces and pieces[-1][1] == hit:
            pieces[-1] = (f"{pieces[-1][0]} {word}", hit)
        else:
            pieces.append((word, hit))
    if start:
        pieces.insert(0, ("…", False))
    if end < len(words):
        pieces.append(("…", False))
    return pieces


def best_passage(passages: Sequence[Sequence[str]], terms: Sequence[str]) -> Sequence[str]:
    """Return the (anchor, text) that has the most of the terms, the first of equals."""
    return max(passages, key=lambda passage: sum(term in folded(passage[1]) for term in terms))
