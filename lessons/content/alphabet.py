"""Words as sorting and searching take them. Pure."""

from accounts import folding


def search_key(text):
    """Return the text as search compares it, its apostrophes straight too: L’Élève is l'eleve."""
    return folding.folded(text).replace("’", "'")


def in_order(terms, language):
    """Terms of the glossary by their name in that language, whatever its accents and case."""
    return sorted(terms, key=lambda term: search_key(term.document["name"][language]))
