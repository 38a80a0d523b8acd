"""Rows and cells: of a text whose separator has to be seen, of a workbook, and on their way through a form. Pure."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from accounts.decoding import Encoding
from cohorts.roster import cleaning
from cohorts.roster.faults import MOST_CARRIED, MOST_COLUMNS, MOST_ROWS, Unreadable, What

SEPARATORS = "\t;,|"
NONE = "\x1f"  # separates nothing: no name may hold it
LOOKED_AT = 40  # rows from which the separator is seen
LONGEST_CELL = 1_000  # signs; no name is longer before it is made tidy
MOST_LINES = 100_000  # empty ones and those that are part of a cell too
TITLES = 100  # rows that are nobody, beside MOST_ROWS that may be people
MAIL = re.compile(r"<[^<>@\s]*@[^<>]*>")
AS_TEXT = re.compile(r'="([^"]*)"\Z')  # how a number keeps its zeros in a spreadsheet
MASK = re.compile(r"(…\d+@)")  # in place of what names a person in an address
BREAKS = re.compile(r"[\t\r\n\u2028\u2029]+")


@dataclass(frozen=True)
class Row:
    """One row that is not blank; `line` counts from 1. `is_joined` where a line break stood in a cell of it."""

    line: int
    cells: tuple[str, ...]
    is_broken: bool = False  # a quotation mark is opened and not closed
    is_joined: bool = False


@dataclass
class Table:
    """The rows of a file or of what was pasted; `encoding` is None where it could be read in one way alone."""

    rows: list[Row] = field(default_factory=list)
    encoding: Encoding | None = None
    sheet: str = ""

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


def says_something(text: str) -> bool:
    return any(map(str.isalnum, text))


def of_text(text: str, is_heading: Callable[[list[str]], int]) -> list[Row]:
    """Return the rows of a text. `is_heading` says how many cells of a row are headings of ours, 0 if it is none."""
    start, declared = _declared(text)
    text = text[start:]
    if not says_something(text):
        raise Unreadable(What.EMPTY)
    lines = list(io.StringIO(text[: _last_line_end(text)], newline=""))
    if len(lines) > MOST_LINES:
        raise Unreadable(What.TOO_MANY_ROWS)
    separator, width = (declared, None) if declared else _separator(lines, is_heading)
    if separator in (NONE, ",") and _is_one_line_of_people(filled := [*filter(says_something, lines)]):
        line = filled[0] if ";" in filled[0] else filled[0].replace(",", ";")
        lines, separator, width = [line], NONE, 1
    return of_rows(_parsed(lines, separator, width, int(start > 0) + 1))


def _last_line_end(text: str) -> int:
    """Return where the last line ends that is more than separators: spreadsheets write a million empty ones."""
    filled = len(text.rstrip("\r\n \u00a0" + SEPARATORS))
    ends = (text.find(end, filled) for end in "\r\n")
    return min((end for end in ends if end >= 0), default=len(text))


def of_cells(rows: Iterable[tuple[int, list[str]]]) -> list[Row]:
    """Return the rows of (number, cells) of a workbook."""
    return of_rows(Row(number, tuple(cells)) for number, cells in rows)


def of_rows(rows: Iterable[Row]) -> list[Row]:
    """Return those of the rows that are not blank, addresses masked. TOO_MANY_COLUMNS, TOO_MANY_ROWS, EMPTY."""
    kept: list[Row] = []
    addresses: dict[str, int] = {}
    for row in rows:
        if not row.is_broken and not any(map(says_something, row.cells)):
            continue
        if any(cell.strip() for cell in row.cells[MOST_COLUMNS:]):
            raise Unreadable(What.TOO_MANY_COLUMNS)
        if len(kept) == MOST_ROWS + TITLES:
            raise Unreadable(What.TOO_MANY_ROWS)
        cells = tuple(_masked(BREAKS.sub(" ", cell), addresses) for cell in row.cells[:MOST_COLUMNS])
        kept.append(Row(row.line, cells, row.is_broken, row.is_joined))
    if not kept:
        raise Unreadable(What.EMPTY)
    return kept


def _masked(cell: str, addresses: dict[str, int]) -> str:
    """Return a cell without what names a person in its e-mail addresses; equal ones stay equal, others differ."""
    if cell.startswith("=") and (as_text := AS_TEXT.match(cell)):
        cell = as_text[1]
    if "@" not in cell:
        return cell

    def mask(match: re.Match[str]) -> str:
        if "…" in match[0]:
            return match[0]
        number = addresses.setdefault(match[0].casefold(), len(addresses) + 1)
        return f"…{number}@{match[0].rpartition('@')[2]}"

    return cleaning.ADDRESS.sub(mask, cell)


def _declared(text: str) -> tuple[int, str]:
    """Return (where the rows begin, separator) by Excel's first line `sep=;`, else (0, "")."""
    line = io.StringIO(text, newline="").readline()
    declared = line.strip("\r\n")
    if declared[:4].casefold() == "sep=" and len(declared) == 5 and declared[4] in SEPARATORS:
        return len(line), declared[4]
    return 0, ""


def _separator(lines: list[str], is_heading: Callable[[list[str]], int]) -> tuple[str, int | None]:
    """Return (what parts the cells, how many there are in a row, None where that cannot be said).

    The sign under which a row shows most headings of ours; else one that parts nearly all rows alike.
    """
    sample = [line for line in lines[: LOOKED_AT * 10] if says_something(line)][:LOOKED_AT]
    best: tuple[int, str, int | None] = (0, NONE, None)
    for sign in (NONE, *SEPARATORS):
        for line in sample if any(sign in line for line in sample) or sign == NONE else []:
            cells = _cells(line, sign)
            if (count := is_heading(cells)) > best[0] or count == best[0] > 0 and best[2] == 1 < len(cells):
                best = (count, sign, len(cells))
    if best[0]:
        return best[1], best[2]
    return max(((sign, _width(sample, sign)) for sign in SEPARATORS), key=_parts_well, default=(NONE, 1))


def _parts_well(choice: tuple[str, int]) -> int:
    return choice[1]


def _width(sample: list[str], sign: str) -> int:
    """Return how many cells nearly all rows have if the sign parts them; 1 where it does not part columns."""
    widths = [line.count(sign) + 1 if line.count(sign) > MOST_COLUMNS else len(_cells(line, sign)) for line in sample]
    if sign == "\t":
        return max(widths, default=1)
    common = max(set(widths), key=widths.count, default=1)
    if common == 1 or widths.count(common) < 0.8 * len(widths) or any(map(MAIL.search, sample)):
        return 1
    is_one_line = len(sample) == 1 and sign == ";"
    return 1 if is_one_line or sign == "," and _turned_round(sample) else common


def _turned_round(sample: list[str]) -> bool:
    """Return whether the rows are names such as “Traoré, Awa”: one comma with a space behind it, and no digit."""
    return all(line.count(",") == 1 and ", " in line and not any(map(str.isdigit, line)) for line in sample)


def _is_one_line_of_people(filled: list[str]) -> bool:
    """Return whether all stands in one line of three parts or more, as people are named in a message, and no row."""
    if len(filled) != 1 or '"' in filled[0] or filled[0].count(",") > MOST_COLUMNS:
        return False
    parts = filled[0].split(",")
    named = sum(len(part.split()) > 1 and any(map(str.isalpha, part)) for part in parts)
    return len(parts) > 2 and (named > 1 or not any(map(str.isdigit, filled[0])))


def _cells(line: str, sign: str) -> list[str]:
    """Return the cells of a line; the line itself where it cannot be read so."""
    if sign == NONE or line.count(sign) > 10 * MOST_COLUMNS:
        return [line.strip().strip('"')] if sign == NONE else []
    try:
        return next(csv.reader([line], delimiter=sign), [])
    except csv.Error:
        return []


def _parsed(lines: list[str], separator: str, width: int | None, first: int) -> Iterator[Row]:
    """Yield each row; a quotation mark that swallows rows spoils its own line alone."""
    if separator == NONE:
        width = 1
    at = 0
    while at < len(lines):
        begun = at
        reader = csv.reader((lines[number] for number in range(begun, len(lines))), delimiter=separator, strict=True)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                break
            end = begun + reader.line_num
            if end - at > 1 and _swallows(cells, separator, width):
                break
            yield Row(first + at, tuple(cells), is_joined=end - at > 1)
            at = end
        yield _spoilt(first + at, lines[at])
        at += 1


def _spoilt(line: int, text: str) -> Row:
    """Return the row of a line that cannot be read: whole, if it has no quotation marks, or those of a mail."""
    if '"' not in text:
        return Row(line, (text[: LONGEST_CELL + 1].replace(";", " "),))
    if "@" in text and text.count('"') % 2 == 0:
        return Row(line, (text.replace('"', ""),))
    return Row(line, (text.replace('"', "")[:LONGEST_CELL],), is_broken=True)


def _swallows(cells: list[str], separator: str, width: int | None) -> bool:
    """Return whether a row over several lines holds other rows, and not a line break in a cell."""
    if width is not None and len([*filter(None, cells[width:])]) > 0 or width is not None and len(cells) < width:
        return True
    for cell in cells:
        inner = cell.splitlines()
        if len(inner) > 1 and (len(cell) > 1000 or len(inner) > 4 and len(cells) == 1):
            return True
        is_row = (line.count(separator) >= max(len(cells) - 1, 1) for line in inner)
        if len(inner) > 0 and cell != "".join(inner) and separator != NONE and any(is_row):
            return True
    return False


# On its way through a form


def carried(rows: list[Row], columns: set[int] | None = None) -> str:
    """Return the rows as text: the number of the line, then its cells, apart by tabs. TOO_MUCH where it is too long.

    Of a list that is too long only these `columns` are carried.
    """
    text = _written(rows, None)
    if len(text.encode()) > MOST_CARRIED and columns is not None:
        text = _written(rows, columns)
    if len(text.encode()) > MOST_CARRIED:
        raise Unreadable(What.TOO_MUCH)
    return text


def _written(rows: list[Row], columns: set[int] | None) -> str:
    lines = []
    for row in rows:
        cells = [cell[:LONGEST_CELL] if columns is None or at in columns else "" for at, cell in enumerate(row.cells)]
        mark = '"' if row.is_broken else "+" if row.is_joined else ""
        lines.append("\t".join([f"{row.line}{mark}", *cells]))
    return "\n".join(lines)


def brought(text: str) -> list[Row]:
    """Return the rows of a text that was `carried`; lines that are none are left out. As `of_rows`."""
    return of_rows(filter(None, map(_row, text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))))


def _row(line: str) -> Row | None:
    number, *cells = line.split("\t")
    digits = number.rstrip('"+')
    if not (digits.isascii() and digits.isdigit() and len(digits) < 8):
        return None
    return Row(int(digits), tuple(cells), is_broken=number.endswith('"'), is_joined=number.endswith("+"))
