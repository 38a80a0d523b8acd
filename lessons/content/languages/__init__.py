"""What each language asks for: months, numbers, spaces, and words to look for. One file a language; pure.

A language without a file is one whose rules nobody has written down yet: its texts are taken as they are.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path

KNOWN = tuple(sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py")))
NOTHING = re.compile(r"\0(?!)")  # which looks for a sign that no text has, and does not stop at every one


def fits_always(last: str, text: str) -> bool:
    """Return True: of a language whose grammar nobody has written down, nothing is known to be wrong."""
    return True


@dataclass(frozen=True)
class Language:
    """The rules of one language; each has a neutral default.

    `numbers` finds numbers, `decimal` of one gives its value, `months` are named from the first to the last, and
    `finds_months` finds one beside a day or a year (group 1 or 2). `romans` finds ordinals in Roman numbers (group 1).
    `articles` may stand before a short answer. `authors` name the article's text; `absolute`, `all_of` and `bare_not`
    find what an item should not say, `hedge` and `reason` what makes an option sound careful or argued,
    `because` what is a reason for certain, `places` an option that speaks of where others stand. `fits` tells whether
    a text may follow the last word of a stem, false only where it surely may not. `function_words` are folded words
    that say nothing of what a text is about.
    `avoid` finds what no text should have, `instead` says what to write; only a text that has one of `parts_to_avoid`,
    in small letters, is asked.
    `longest_sentence` is in words, 0 for no limit.
    `acronyms` need not be spelt out where they are first met; where there are none, nothing has to be.
    `short_months` are those of a table; `clock` is how Django is to write hours and minutes; `names_are_small` where
    the name of a language begins with a small letter; `quotes` stand before and after words that are quoted; `truth`
    is what one answers to a statement: true, false.
    """

    name: str
    numbers: re.Pattern[str] = NOTHING
    decimal: Callable[[str], Decimal] = Decimal
    months: Sequence[str] = ()
    finds_months: re.Pattern[str] = NOTHING
    romans: re.Pattern[str] = NOTHING
    typeset: Callable[[str], str] = str
    articles: Sequence[str] = ()
    authors: Sequence[str] = ()
    absolute: re.Pattern[str] = NOTHING
    all_of: re.Pattern[str] = NOTHING
    bare_not: re.Pattern[str] = NOTHING
    hedge: re.Pattern[str] = NOTHING
    reason: re.Pattern[str] = NOTHING
    because: re.Pattern[str] = NOTHING
    places: re.Pattern[str] = NOTHING
    fits: Callable[[str, str], bool] = fits_always
    function_words: frozenset[str] = frozenset()
    avoid: re.Pattern[str] = NOTHING
    parts_to_avoid: Sequence[str] = ()
    instead: str = ""
    longest_sentence: int = 0
    acronyms: frozenset[str] = frozenset()
    names_are_small: bool = False
    decimal_mark: str = "."
    first_of_month: str = "1"
    short_months: Sequence[str] = ()
    clock: str = "H:i"
    quotes: tuple[str, str] = ("“", "”")
    truth: tuple[str, str] = ("✓", "✗")


@cache
def rules(code: str) -> Language:
    """Return the rules of the language of that code, neutral ones where it has no file."""
    return import_module(f"{__name__}.{code}").LANGUAGE if code in KNOWN else Language(code)
