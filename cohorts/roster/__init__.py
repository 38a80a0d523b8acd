"""A list of people, read from a file or from what was pasted, with what is wrong in it. Neither ORM nor request.

From the bytes to the people: decoding or workbooks, tables, columns, reading; then matching, with the roster.
Each step is a module of its own; a page may come back between the table and the people.
"""

from dataclasses import replace

from accounts import names
from accounts.decoding import Encoding, reread, samples
from accounts.names import key
from cohorts.roster import cleaning, decoding, reading, tables, workbooks
from cohorts.roster.columns import Column, Role, headings_in
from cohorts.roster.faults import LONGEST, MOST_BYTES, Fault, Unreadable, What
from cohorts.roster.matching import Comparison, Known, compare, reordered
from cohorts.roster.nobody import Nobody
from cohorts.roster.people import Choices, Entry, Notice, Person, Roster
from cohorts.roster.tables import Table

__all__ = [
    "LONGEST",
    "MOST_BYTES",
    "Choices",
    "Column",
    "Comparison",
    "Encoding",
    "Entry",
    "Fault",
    "Known",
    "Nobody",
    "Notice",
    "Person",
    "Role",
    "Roster",
    "Table",
    "What",
    "compare",
    "fault_of",
    "key",
    "read",
    "read_again",
    "read_lines",
    "reordered",
    "sample_letters",
    "tables",
]
FIRST = Choices()


def read(data: bytes, choices: Choices = FIRST) -> Roster:
    """Return the Roster of a file's bytes; whatever they are, it has people or faults. At most 2 MB and 5,000 people.

    A workbook by its first sheet with headings, else by the first that holds something; else text, columns apart by
    tab, semicolon or comma.
    """
    try:
        if workbooks.is_workbook(data):
            if len(data) > MOST_BYTES:
                raise Unreadable(What.TOO_LARGE)
            sheet, rows = workbooks.first_sheet(data, headings_in)
            return reading.of_table(Table(tables.of_cells(rows), sheet=sheet), choices)
        text = decoding.decode(data)
        return reading.of_table(Table(tables.of_text(text.text, headings_in), text.encoding), choices)
    except Unreadable as refused:
        return Roster([Fault(refused.what)])


def read_lines(text: str, choices: Choices = FIRST) -> Roster:
    """Return the Roster of what was typed or pasted: a text like that of a file."""
    try:
        rows = tables.of_text(text.removeprefix("\ufeff").replace("\0", ""), headings_in)
        return reading.of_table(Table(rows), choices)
    except Unreadable as refused:
        return Roster([Fault(refused.what)])


def read_again(table: Table, choices: Choices, encoding: Encoding | None = None) -> Roster:
    """Return the Roster of a table that came back from the page, by what was chosen there; in another encoding too."""
    try:
        if encoding and encoding != table.encoding:
            rows = [
                replace(row, cells=tuple(_reread(cell, table.encoding, encoding) for cell in row.cells))
                for row in table.rows
            ]
            was = None if encoding == Encoding.TWICE else encoding
            table, choices = replace(table, rows=rows, encoding=was), replace(choices, edits={}, roles=None)
        return reading.of_table(table, choices)
    except Unreadable as refused:
        return Roster([Fault(refused.what)])


def _reread(cell: str, was: Encoding | None, now: Encoding) -> str:
    """Return a cell as it reads in another encoding; what masks the addresses in it is ours and stays."""
    parts = tables.MASK.split(cell)
    return "".join(part if tables.MASK.fullmatch(part) else reread(part, was, now) for part in parts)


def sample_letters(table: Table, heading: int) -> dict[Encoding, str]:
    """Return {encoding: words of the list as they read in it}; empty where there is no choice of letters.

    Of its names if they tell the letters apart, else of its headings and titles.
    """
    rows = sorted(table.rows, key=lambda row: row.line <= heading)
    text = "\n".join(" ".join(map(cleaning.without_address, row.cells)) for row in rows)
    return {} if text.isascii() else samples(text, table.encoding)


def fault_of(name: str) -> Fault | None:
    """Return what is wrong with one name, as it was typed, or None; it is kept as `names.tidy` makes it."""
    tidy = names.tidy(name) if len(name) <= names.LONGEST else name
    if len(tidy) > LONGEST:
        return Fault(What.TOO_LONG)
    if hidden := names.unseen_fault(tidy):
        return Fault(What.UNSEEN, hidden=hidden)
    return None if names.says_something(tidy) else Fault(What.NO_NAME)
