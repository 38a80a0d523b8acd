"""From a table to its people: rows that are nobody, repeats, and what is wrong with a row. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from accounts import names
from accounts.folding import cut, folded
from cohorts.roster import cleaning, columns
from cohorts.roster.columns import HALVES, NAMES, Column, Role
from cohorts.roster.faults import LONGEST, LONGEST_GROUP, LONGEST_NUMBER, MOST_ROWS, Fault, Unreadable, What
from cohorts.roster.nobody import Nobody, group_in, nobody
from cohorts.roster.people import (
    Choices,
    Entry,
    Notice,
    Person,
    Roster,
    SetApart,
    check_numbers,
    composed,
    tell_apart,
    with_parts,
)
from cohorts.roster.tables import LOOKED_AT, Row, Table

SAMPLES = 3
ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d{1,3}", re.I)  # as a spreadsheet shows a long number
MANY_DIGITS = re.compile(r"\d\D?\d\D?\d")
NO_GROUP = {
    *("no group", "no groups", "none", "n/a"),
    *("pas de groupe", "pas de groupes", "sans groupe", "aucun", "aucun groupe"),
}


def of_table(table: Table, choices: Choices) -> Roster:
    """Return the Roster of a table, by the roles that were chosen, else by those that are guessed."""
    roster = Roster(table=table)
    heading = _heading(table.rows) if choices.heading is None else choices.heading
    head = next((row for row in table.rows if row.line == heading), None)
    roster.heading = head.line if head else 0
    rows = [row for row in table.rows if head is None or row.line > head.line]
    heads = list(head.cells) if head else []
    width = len(heads) or _common_width(rows)
    roles = list(choices.roles or columns.guess(heads, rows, width))
    roles += [Role.OUT] * (width - len(roles))
    roster.columns = _columns(heads, rows, roles[:width])
    roster.refused = _asked(roster.columns, rows, choices.roles is None)
    reader = _Reader(roster, head, choices)
    for row in table.rows:
        if row is not head:
            reader.read(row)
    if len(roster.entries) > MOST_ROWS:
        raise Unreadable(What.TOO_MANY_ROWS)
    if not roster.entries and not roster.refused and not roster.set_apart:
        raise Unreadable(What.EMPTY)
    check_numbers(roster.entries)
    tell_apart(roster.entries)
    return roster


def _heading(rows: Sequence[Row]) -> int:
    """Return the line of the heading: the row near the top with most words of ours; 0 where there is none."""
    counted = [(columns.headings_in(row.cells), -row.line) for row in rows[:LOOKED_AT] if not row.is_broken]
    count, line = max(counted, default=(0, 0))
    return -line if count else 0


def _common_width(rows: Sequence[Row]) -> int:
    widths = [len(row.cells) for row in rows]
    return max(set(widths), key=lambda width: (widths.count(width), width), default=1)


def _columns(heads: Sequence[str], rows: Sequence[Row], roles: Sequence[Role]) -> list[Column]:
    listed = []
    for at, role in enumerate(roles):
        cells = (row.cells[at].strip() for row in rows if at < len(row.cells))
        samples: list[str] = []
        for cell in filter(None, cells):
            shown = (_unmasked(cell) if cell.startswith("…") else cleaning.without_address(cell))[:40]
            if shown not in samples:
                samples.append(shown)
            if len(samples) == SAMPLES:
                break
        head = names.tidy(heads[at])[:60] if at < len(heads) else ""
        has_addresses = any("…@" in sample and sample.startswith("…") for sample in samples)
        listed.append(Column(columns.letter(at), head, tuple(samples), role, has_addresses))
    return listed


def _asked(listed: Sequence[Column], rows: Sequence[Row], is_guess: bool) -> list[Fault]:
    """Return what has to be chosen before anybody can be made: which column is the name, or its other half."""
    roles = [column.role for column in listed]
    if not set(roles) & set(NAMES):
        return [Fault(What.NO_NAME_COLUMN)]
    if not is_guess:
        return []
    heads = [_bare(column.heading) for column in listed if columns.heading(column.heading).role in NAMES]
    if len(heads) > len(set(heads)):
        return [Fault(What.SIDE_BY_SIDE)]
    contents = [_filled_cells(rows, at) for at in range(len(roles))]
    others = [at for at, role in enumerate(roles) if role == Role.OUT and columns.may_be_names(contents[at])]
    if Role.NAME not in roles:
        is_half = (Role.FAMILY in roles) != (Role.GIVEN in roles)
    else:
        is_half = columns.may_be_surnames(contents[roles.index(Role.NAME)])
        others = [at for at in others if columns.says_nothing(listed[at].heading)]
    return [Fault(What.HALF)] if is_half and others else []


def _filled_cells(rows: Sequence[Row], at: int) -> list[str]:
    cells = (row.cells[at].strip() for row in rows[: columns.SAMPLE] if at < len(row.cells))
    return [cell for cell in cells if cell]


class _Reader:
    """Reads rows of one table into a roster, each in its turn."""

    def __init__(self, roster: Roster, head: Row | None, choices: Choices) -> None:
        self.roster, self.head, self.choices = roster, head, choices
        self.roles = roster.roles
        self.width = len(self.roles)
        self.seen: dict[tuple[str, ...], str] = {}
        self.headings = set(filter(None, map(_bare, head.cells))) if head else set()
        self.parted = self._parted()
        self.wide = sum(_filled(row) > 1 for row in roster.table.rows) * 2 > len(roster.table.rows)
        self.has_begun = False
        self.group = ""

    def _parted(self) -> dict[int, Role]:
        """Return {column: half of the name}: a further name goes with the half that stands before it."""
        parted: dict[int, Role] = {}
        last = Role.GIVEN
        for at, role in enumerate(self.roles):
            if role == Role.FURTHER:
                heading = columns.heading(self.roster.columns[at].heading).words
                last = Role.FAMILY if "postnom" in heading else Role.GIVEN if "middle" in heading else last
                parted[at] = last
            elif role in HALVES:
                parted[at] = last = role
        return parted

    def read(self, row: Row) -> None:
        at = str(row.line)
        if why := self._nobody(row):
            is_taken = at in self.choices.taken
            text = " ; ".join(filter(None, (" ".join(cell.split()) for cell in row.cells)))[:LONGEST]
            self.roster.set_apart.append(SetApart(at, _unmasked(text), why, is_taken))
            if not is_taken:
                self.group = group_in(text) or self.group
                return
            if why in (Nobody.TITLE, Nobody.NOTHING):
                self._add(row, Person(cleaning.cleaned(text), at=at))
                return
        self.has_begun = True
        if self._is_repeat(row):
            return
        for person in self._people(row):
            self._add(row, person)

    def _add(self, row: Row, person: Person) -> None:
        edit = self.choices.edits.get(person.at)
        if edit is not None:
            if edit.is_empty and not edit.group:
                return  # left out
            person = with_parts(replace(edit, at=person.at))
        named = replace(person, name=self._shown(person), is_other=person.at in self.choices.others)
        fault = self._fault(row, named, edit is not None)
        notice = None if fault or edit else Notice.JOINED if row.is_joined else None
        if not fault and not notice and self._lacks_half(person):
            notice = Notice.HALF
        if not fault and not notice and edit is None and MANY_DIGITS.search(named.name):
            notice = Notice.DIGITS
        self.roster.entries.append(Entry(named, row.line, fault, notice))

    def _shown(self, person: Person) -> str:
        return composed(person.family, person.given, self.choices.is_family_first) or person.name

    def _lacks_half(self, person: Person) -> bool:
        roles = set(self.parted.values())
        return len(roles) == 2 and bool(person.family) != bool(person.given)

    def _people(self, row: Row) -> Iterator[Person]:
        """Yield whoever stands in a row: one, or several whose names stand in one cell."""
        cells = row.cells
        number = _number(_first(cells, self.roles, Role.NUMBER))
        group = _group(_first(cells, self.roles, Role.GROUP)) or self.group
        halves = {Role.FAMILY: "", Role.GIVEN: ""}
        for column, half in self.parted.items():
            if column < len(cells):
                halves[half] = f"{halves[half]} {cleaning.cleaned(cells[column])}".strip()
        at = str(row.line)
        if halves[Role.FAMILY] or halves[Role.GIVEN]:
            family = cleaning.unnumbered(halves[Role.FAMILY])
            yield Person("", family, halves[Role.GIVEN], number, group, at)
            return
        named = (cell for cell, role in zip(cells, self.roles, strict=False) if role == Role.NAME)
        whole = " ".join(cell.strip() for cell in named)
        listed = cleaning.people_in(whole)
        for count, text in enumerate(listed, 1):
            name = cleaning.cleaned(cleaning.unnumbered(text))
            person = Person(name, "", "", number if count == 1 else "", group, at if count == 1 else f"{at}.{count}")
            if not number and (leading := cleaning.LEADING.match(name)):
                person = replace(person, name=name[leading.end() :], number=leading[1])
            yield with_parts(person)

    def _fault(self, row: Row, person: Person, is_edited: bool) -> Fault | None:
        line = row.line
        if not is_edited:
            if row.is_broken:
                return Fault(What.QUOTE, line)
            if self.head and any(cell.strip() for cell in row.cells[self.width :]):
                return Fault(What.MORE_COLUMNS, line)
        if not names.says_something(person.name) and names.unseen(person.name) is None:
            has_address = any("@" in cell for cell, role in zip(row.cells, self.roles, strict=False) if role in NAMES)
            return Fault(What.ADDRESS if has_address and not is_edited else What.NO_NAME, line)
        if cleaning.has_address(person.name):
            return Fault(What.ADDRESS, line)
        if max(len(person.name), len(person.family), len(person.given)) > LONGEST:
            return Fault(What.TOO_LONG, line)
        if cleaning.broken(person.name):
            return Fault(What.BROKEN, line)
        if hidden := names.unseen_fault(person.name):
            return Fault(What.UNSEEN, line, hidden)
        if not names.says_something(person.name):
            return Fault(What.NO_NAME, line)
        if len(person.number) > LONGEST_NUMBER or names.unseen(person.number) is not None:
            return Fault(What.NUMBER_LONG, line)
        if ROUNDED.fullmatch(person.number):
            return Fault(What.NUMBER_ROUNDED, line)
        if len(person.group) > LONGEST_GROUP or names.unseen(person.group) is not None:
            return Fault(What.GROUP_LONG, line)
        return None

    def _is_repeat(self, row: Row) -> bool:
        """Return, and note, whether a row is the same as an earlier one in every column, and not of names alone."""
        cells = tuple(map(_bare, row.cells))
        beside = (cell for at, cell in enumerate(cells) if at >= self.width or self.roles[at] not in NAMES)
        if row.is_broken or not any(beside):
            return False
        first = self.seen.setdefault(cells, str(row.line))
        if first == str(row.line):
            return False
        self.roster.repeats.append((str(row.line), first))
        return True

    def _nobody(self, row: Row) -> Nobody | None:
        if row.is_broken:
            return None
        if self.head and row.line < self.head.line:
            return Nobody.TITLE
        filled = [cell for cell in row.cells if cell.strip()]
        if self.head and len(set(map(_bare, filled)) & self.headings) * 2 > len(filled):
            return Nobody.HEADING
        if not self.head and self.wide and not self.has_begun and len(filled) == 1:
            return Nobody.TITLE
        named = [cell for cell, role in zip(row.cells, self.roles, strict=False) if role in NAMES and cell.strip()]
        if not named and len(row.cells) <= self.width:
            if _first(row.cells, self.roles, Role.NUMBER) and not self._says_sum(row):
                return None
            return Nobody.SUM if self._says_sum(row) else Nobody.NOTHING
        if self.head and set(map(_bare, named)) <= self.headings:
            return Nobody.HEADING
        name = " ".join(named)
        if not any(map(str.isalpha, name)) and self._says_sum(row):
            return Nobody.SUM
        return nobody(name)

    def _says_sum(self, row: Row) -> bool:
        return any(nobody(cell) in (Nobody.SUM, Nobody.MARKS) for cell in row.cells if len(cell) < 60)


def _unmasked(text: str) -> str:
    """Return a text with its masked addresses as they are shown, without their numbers."""
    return re.sub(r"…\d+@", "…@", text)


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _bare(cell: str) -> str:
    return cell.strip().casefold()


def _first(cells: Sequence[str], roles: Sequence[Role], role: Role) -> str:
    """Return the first cell of that role which is not empty, else an empty string."""
    return next((cell for cell, one in zip(cells, roles, strict=False) if one == role and cell.strip()), "")


def _group(cell: str) -> str:
    """Return the name of a group; an empty string for the words by which other systems say that there is none."""
    group = names.tidy(cleaning.decoded(cell))
    return "" if folded(cut(group)) in NO_GROUP else group


def _number(cell: str) -> str:
    """Return the school's number as it stands, without what a spreadsheet adds: decimals, a sign of text."""
    number = names.tidy(cleaning.decoded(cell)).lstrip("'’#")
    if "@" in number:
        return ""
    return number[:-2] if number.endswith(".0") and number[:-2].isdecimal() else number
