"""How texts are compared: a key for names, a fold for what is typed or searched for. The standard library only."""

import unicodedata


def name_key(name: str) -> str:
    """Return the form under which a name is unique: two names that differ in case or composition alone are one.

    SQLite's LOWER knows ASCII alone, so the folding is ours and the key is a column.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def folded(text: str) -> str:
    """Return the text without accents and case, its spaces plain: Élève is eleve."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)).casefold()
