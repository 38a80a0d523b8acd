"""Words as sorting and searching take them. Pure."""

import unicodedata


def folded(text):
    """The text without accents and case, its apostrophes straight and its spaces plain: L’Élève is l'eleve."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return bare.replace("’", "'").casefold()


def in_order(terms, language):
    """Terms of the glossary by their name in that language, whatever its accents and case."""
    return sorted(terms, key=lambda term: folded(term.document["name"][language]))
