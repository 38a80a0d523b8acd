"""How texts are compared: a key for names, a fold for what is typed or searched for. The standard library only."""

import unicodedata

# Characters of a text from outside that are folded or hashed: normalising takes the square of a run of marks.
LONGEST = 400


def cut(text: str) -> str:
    """Return as much of a text from outside as is ever normalised, folded, hashed or searched for."""
    return text[:LONGEST]


def name_key(name: str) -> str:
    """Return the form under which a name is unique: two names that differ in case or composition alone are one.

    What stands beyond LONGEST is left out: no name is as long. SQLite's LOWER knows ASCII alone, so the folding is
    ours and the key is a column.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cut(name)).casefold())


def folded(text: str) -> str:
    """Return the text without accents and case, its spaces plain: Élève is eleve.

    Lessons are folded too, so nothing is left out here: `cut` what comes from outside.
    """
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)).casefold()
