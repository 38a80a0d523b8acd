"""Names of a class, read from a file or from lines, with what is wrong in them. Neither ORM nor request."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from accounts import names
from accounts.folding import cut
from accounts.names import key

MOST_BYTES = 2_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 200
LONGEST = 120
SEPARATORS = ",;\t"
NONE = "\x1f"  # separates nothing: no name may hold it

# Headings as _heading folds them. A surname may stand alone, and then it is the name.
SURNAMES = {
    *("name", "names", "last name", "lastname", "surname", "family name"),
    *("nom", "noms", "nom s", "nom de famille"),
}
GIVEN = {"first name", "firstname", "given name", "given names", "forename", "prenom", "prenoms", "prenom s"}
WHOLE = {
    *("full name", "learner", "learners", "student", "students", "participant", "participants"),
    *("nom complet", "nom et prenom", "nom et prenoms", "nom prenom", "nom prenoms", "prenom et nom", "prenom nom"),
    *("apprenant", "apprenante", "apprenants", "etudiant", "etudiante", "etudiants", "eleve", "eleves"),
}


class What(StrEnum):
    """What is wrong: of a whole file the first seven, of one line the rest."""

    TOO_LARGE = "too_large"
    SPREADSHEET = "spreadsheet"
    NOT_TEXT = "not_text"
    NO_HEADING = "no_heading"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_ROWS = "too_many_rows"
    EMPTY = "empty"
    QUOTE = "quote"
    MORE_COLUMNS = "more_columns"
    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Fault:
    """`line` counts from 1, None where the whole file is meant; `hidden` is the sign of a name that cannot be seen."""

    what: What
    line: int | None = None
    hidden: names.Fault | None = None


@dataclass
class Roster:
    """The names in their order, and the faults; whoever finds a fault writes nothing.

    Of people with one name the second is “Awa (2)”: `namesakes` are those that got such a number.
    """

    names: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    namesakes: list[str] = field(default_factory=list)


class Unreadable(ValueError):
    """The whole file is refused, for the reason `what`."""

    def __init__(self, what: What) -> None:
        super().__init__(what)
        self.what = what


def read(data: bytes) -> Roster:
    """Return the Roster of a file's bytes; whatever they are, it has names or faults. At most 2 MB and 5,000 rows.

    UTF-8, with or without its mark, else Windows-1252, as a French Excel writes it; columns apart by comma, semicolon
    or tab. The name stands under a heading of ours, or under two (surname and given name, in the file's order), or
    there is one column alone, then with or without a heading.
    """
    try:
        return _checked(_rows(_text(data)))
    except Unreadable as refused:
        return Roster(faults=[Fault(refused.what)])


def read_lines(text: str) -> Roster:
    """Return the Roster of names as they are typed, pasted or sent back by us: one a line, no sign between them."""
    try:
        lines = enumerate(io.StringIO(text.removeprefix("\ufeff"), newline=""), 1)
        return _checked((number, line, None) for number, line in lines if line.strip())
    except Unreadable as refused:
        return Roster(faults=[Fault(refused.what)])


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Unreadable(What.TOO_LARGE)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(What.SPREADSHEET)
    if b"\x00" in data:
        raise Unreadable(What.NOT_TEXT)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(What.NOT_TEXT)


def _rows(text: str) -> Iterator[tuple[int, str, What | None]]:
    """Yield (line, name, fault or None) of each row that is not blank. Nothing is read that need not be."""
    start, separator = _declared(text)
    text = text[start:]
    if not _says_something(text):
        raise Unreadable(What.EMPTY)
    head = next(line for line in io.StringIO(text, newline="") if _says_something(line))
    separator = separator or _separator(head)
    cells = _cells(head, separator)
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(What.TOO_MANY_COLUMNS)
    places, width = _places(cells), max(len(cells), 1)
    if places is None and width > 1:
        raise Unreadable(What.NO_HEADING)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    first, skipped, is_head = 1, int(start > 0), places is not None
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield first + skipped, "", What.QUOTE
        else:
            if not any(map(_says_something, cells)):
                pass
            elif is_head:
                is_head = False
            else:
                yield first + skipped, *_named(cells, places or [0], width, rows.line_num > first)
        first = rows.line_num + 1


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))


def _declared(text: str) -> tuple[int, str | None]:
    """Return (where the rows begin, separator) by Excel's first line `sep=;`, else (0, None)."""
    line = io.StringIO(text, newline="").readline()
    declared = line.strip("\r\n")
    if declared[:4].casefold() == "sep=" and len(declared) == 5 and declared[4] in SEPARATORS:
        return len(line), declared[4]
    return 0, None


def _separator(head: str) -> str:
    """Return the sign under which the first row shows a heading of ours, else the one that parts most, if any."""
    widths = {sign: len(_cells(head, sign)) for sign in SEPARATORS if sign in head}
    ours = [sign for sign in widths if widths[sign] <= MOST_COLUMNS and _places(_cells(head, sign)) is not None]
    return max(ours or widths, key=lambda sign: widths[sign], default=NONE)


def _cells(line: str, separator: str) -> list[str]:
    """Return the cells of the first line; empty where it cannot be read."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _places(cells: list[str]) -> list[int] | None:
    """Return where the name stands in a row by its headings, or None where none of them is ours."""
    heads = [_heading(cell) for cell in cells]
    whole = [place for place, head in enumerate(heads) if head in WHOLE]
    parts = [next((place for place, head in enumerate(heads) if head in words), None) for words in (SURNAMES, GIVEN)]
    return whole[:1] or sorted(place for place in parts if place is not None) or None


def _heading(cell: str) -> str:
    signs = unicodedata.normalize("NFKD", cut(cell))
    plain = "".join(sign if sign.isalpha() else " " for sign in signs if sign.isascii())
    return " ".join(plain.casefold().split())


def _named(cells: list[str], places: list[int], width: int, is_broken: bool) -> tuple[str, What | None]:
    """Return (name, fault or None) of one row; one over several lines may hold a quotation mark never closed."""
    name = " ".join(cells[place] for place in places if place < len(cells))
    if is_broken and any("\n" in cells[place] or "\r" in cells[place] for place in places if place < len(cells)):
        return "", What.QUOTE
    if any(cell.strip() for cell in cells[width:]):
        return name, What.MORE_COLUMNS
    return name, None


def _checked(rows: Iterable[tuple[int, str, What | None]]) -> Roster:
    """Return the Roster of rows (line, name, fault or None)."""
    roster = Roster()
    for count, (line, text, what) in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise Unreadable(What.TOO_MANY_ROWS)
        name = names.tidy(text)
        if what := what or _fault(name if len(text) <= names.LONGEST else text):
            roster.faults.append(Fault(what, line, names.unseen_fault(name) if what == What.UNSEEN else None))
        else:
            roster.names.append(name)
    if not roster.names and not roster.faults:
        raise Unreadable(What.EMPTY)
    roster.names, roster.namesakes = _numbered(roster.names)
    return roster


def _fault(name: str) -> What | None:
    if not _says_something(name):
        return What.NO_NAME
    if len(name) > LONGEST:
        return What.TOO_LONG
    return What.UNSEEN if names.unseen(name) is not None else None


def _numbered(listed: list[str]) -> tuple[list[str], list[str]]:
    """Return (the names, those of them that got a number): equal ones are told apart, whatever case, spaces or marks.

    The same names get the same numbers, in a list that is sent back too.
    """
    taken = set(map(key, listed))
    numbers: dict[str, int] = {}
    numbered, namesakes = [], []
    for name in listed:
        same = key(name)
        numbers[same] = numbers.get(same, 0) + 1
        if numbers[same] > 1:
            while key(shown := _with_number(name, numbers[same])) in taken:
                numbers[same] += 1
            name = shown
            taken.add(key(name))
            namesakes.append(name)
        numbered.append(name)
    return numbered, namesakes


def _with_number(name: str, number: int) -> str:
    end = f" ({number})"
    return name[: LONGEST - len(end)].rstrip() + end
