"""What can be wrong with a list of people, as a whole or in a row, and how large one may be. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from accounts import names

MOST_BYTES = 2_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 200
MOST_CARRIED = 1_500_000  # bytes of a list on its way through the form
LONGEST = 120  # signs of a name
LONGEST_NUMBER = 40
LONGEST_GROUP = 60


class What(StrEnum):
    """What is wrong: of a whole file those up to SIDE_BY_SIDE, of one row the rest."""

    TOO_LARGE = "too_large"
    TOO_MUCH = "too_much"
    OLD_WORKBOOK = "old_workbook"
    MACROS = "macros"
    LOCKED = "locked"
    DAMAGED = "damaged"
    TOO_MANY_CELLS = "too_many_cells"
    NOT_TEXT = "not_text"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_ROWS = "too_many_rows"
    EMPTY = "empty"
    NO_NAME_COLUMN = "no_name_column"
    HALF = "half"
    SIDE_BY_SIDE = "side_by_side"
    QUOTE = "quote"
    MORE_COLUMNS = "more_columns"
    NO_NAME = "no_name"
    ADDRESS = "address"
    TOO_LONG = "too_long"
    UNSEEN = "unseen"
    BROKEN = "broken"
    NUMBER_TWICE = "number_twice"
    NUMBER_TAKEN = "number_taken"
    NUMBER_LONG = "number_long"
    NUMBER_ROUNDED = "number_rounded"
    GROUP_LONG = "group_long"


@dataclass(frozen=True)
class Fault:
    """`line` counts from 1, None where the whole file is meant; `hidden` is the sign of a name that cannot be seen.

    `other` is the row, or the name on the roster, that has the same number already; or the text that is broken.
    """

    what: What
    line: int | None = None
    hidden: names.Fault | None = None
    other: str = ""


class Unreadable(ValueError):
    """The whole file is refused, for the reason `what`."""

    def __init__(self, what: What) -> None:
        super().__init__(what)
        self.what = what
