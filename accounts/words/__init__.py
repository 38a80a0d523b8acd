"""Recovery words: six from a list in the learner's language. Pure: imports neither the ORM nor a request.

The lists (en.txt, fr.txt) hold short, neutral words of which no two begin alike or differ by fewer than three letters.
Six different words of N in an order carry log2(N × (N - 1) … (N - 5)) bits: more than 48 from 259 words on, 50.1 with
the English list of 331 and 49.2 with the French one of 298.
"""

import re
import secrets
from pathlib import Path

from accounts import folding

COUNT = 6
LISTS = {path.stem: path.read_text(encoding="utf-8").split() for path in Path(__file__).parent.glob("*.txt")}


def draw(language: str) -> list[str]:
    """Draw six different words, in an order; English ones where there is no list in `language`."""
    return secrets.SystemRandom().sample(LISTS.get(language, LISTS[min(LISTS)]), COUNT)


def folded(text: str) -> str:
    """Return the form that is hashed and compared: whatever the case, accents, spaces, numbers and commas."""
    return " ".join(re.findall(r"[^\W\d_]+", folding.folded(folding.cut(text))))
