"""Who stands in a table: people, rows that are nobody, repeats, and what is wrong with a row. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from accounts import names
from accounts.folding import cut, folded
from accounts.names import key
from cohorts.roster import cleaning, columns
from cohorts.roster.columns import HALVES, NAMES, Column, Role
from cohorts.roster.faults import LONGEST, LONGEST_GROUP, LONGEST_NUMBER, MOST_ROWS, Fault, Unreadable, What
from cohorts.roster.tables import LOOKED_AT, Row, Table

SAMPLES = 3


class Nobody(StrEnum):
    """Why a row is taken for nobody."""

    TITLE = "title"
    HEADING = "heading"
    SUM = "sum"
    MARKS = "marks"
    TEST = "test"
    NOTHING = "nothing"


class Notice(StrEnum):
    """What is to be looked at in a row that is taken nevertheless."""

    BY_NUMBER = "by_number"
    BY_GROUP = "by_group"
    BY_COUNT = "by_count"
    JOINED = "joined"
    HALF = "half"


SUMS = re.compile(
    r"(?:sous )?(?:totaux|total|moyenne|average|overall average|effectif|somme|sum|mean|mediane|median|ecart type|"
    r"standard deviation|nombre d\S*|number of|count)(?: (?:generale?|general|de la classe|etudiants|inscrits|eleves|"
    r"students|learners|presents?|overall|of|de|des|the|class|score|note|points|participants|apprenants))*(?: \d\S*)*\Z"
)
MARKS = re.compile(
    r"points possible|points possibles|points|date|max points|bareme|note sur \d+|due date|coefficient\Z"
)
HINT = re.compile(
    r"tota|moyen|averag|effecti|som|sum|mean|dian|cart|standard|nomb|number|count|point|date|bar|not|coef|test|list|"
    r"facul|univ|ann|acad|part|minist|publi|arr|page",
    re.I,
)  # one of these is in whatever the patterns above and below take for nobody; it is found at once
TESTS = {"test", "student", "user", "etudiant", "utilisateur", "learner", "participant", "apprenant", "de", "demo"}
TITLES = re.compile(
    r"(?:liste? (?:des|de|du|of|provisoire|definitive|nominative)|class list|faculte|universite|university|faculty of|"
    r"annee (?:academique|universitaire|scolaire)|academic year|departement de|ministere|republique d|"
    r"arrete la presente|page \d)"
)


@dataclass(frozen=True)
class Person:
    """Somebody of a list: `name` as the roster shows it, its two parts if it came so, number and group if any.

    `at` is the row. `is_other` of somebody who has the words of a name on the roster and is somebody else.
    """

    name: str
    family: str = ""
    given: str = ""
    number: str = ""
    group: str = ""
    at: str = ""
    is_other: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.family or self.given or self.number)


@dataclass
class Entry:
    """A row of the list as it is read: made if it has no `fault`; `like` is the row that a notice speaks of."""

    person: Person
    line: int
    fault: Fault | None = None
    notice: Notice | None = None
    like: str = ""


@dataclass(frozen=True)
class SetApart:
    """A row that is taken for nobody, as it stands there; `is_taken` where somebody said that it is a person."""

    at: str
    text: str
    why: Nobody
    is_taken: bool = False


@dataclass
class Choices:
    """What was chosen on the page; None and nothing where the list is read for the first time."""

    roles: Sequence[Role] | None = None
    heading: int | None = None  # its line, 0 where there is none
    taken: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    edits: Mapping[str, Person] = field(default_factory=dict)
    is_family_first: bool = True


@dataclass
class Roster:
    """A list as it was read. `refused` are faults of the whole file: then nobody is made of it."""

    refused: list[Fault] = field(default_factory=list)
    table: Table = field(default_factory=Table)
    heading: int = 0
    columns: list[Column] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    set_apart: list[SetApart] = field(default_factory=list)
    repeats: list[tuple[str, str]] = field(default_factory=list)  # (row, the row that it repeats)

    @property
    def people(self) -> list[Person]:
        """Return those who can be made, in their order."""
        return [] if self.refused else [entry.person for entry in self.entries if entry.fault is None]

    @property
    def names(self) -> list[str]:
        return [person.name for person in self.people]

    @property
    def bad(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.fault]

    @property
    def faults(self) -> list[Fault]:
        return self.refused + [entry.fault for entry in self.entries if entry.fault]

    def note_clashes(self, clashes: Mapping[str, str]) -> None:
        """Note a fault in each of these rows, {row: the name on the roster whose number it has}."""
        for entry in self.entries:
            if entry.person.at in clashes:
                entry.fault = Fault(What.NUMBER_TAKEN, entry.line, other=clashes[entry.person.at])

    @property
    def roles(self) -> list[Role]:
        return [column.role for column in self.columns]

    @property
    def has_parts(self) -> bool:
        return any(entry.person.family and entry.person.given for entry in self.entries)


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
    _check_numbers(roster.entries)
    _tell_apart(roster.entries)
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
    if is_guess and Role.NAME not in roles and (Role.FAMILY in roles) != (Role.GIVEN in roles):
        for at, role in enumerate(roles):
            cells = [row.cells[at].strip() for row in rows[: columns.SAMPLE] if at < len(row.cells)]
            if role == Role.OUT and columns.may_be_names([cell for cell in cells if cell]):
                return [Fault(What.HALF)]
    return []


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
            person = _with_parts(replace(edit, at=person.at))
        named = replace(person, name=self._shown(person), is_other=person.at in self.choices.others)
        fault = self._fault(row, named, edit is not None)
        notice = None if fault or edit else Notice.JOINED if row.is_joined else None
        if not fault and not notice and self._lacks_half(person):
            notice = Notice.HALF
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
        group = names.tidy(cleaning.decoded(_first(cells, self.roles, Role.GROUP)))
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
            found = cleaning.LEADING.match(name) if not number else None
            own = number or (found[1] if found else "")
            person = Person(name[found.end() :] if found else name, "", "", own if count == 1 else "", group, at)
            yield replace(_with_parts(person), at=at if count == 1 else f"{at}.{count}")

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
        return _nobody(" ".join(named))

    def _says_sum(self, row: Row) -> bool:
        return any(_nobody(cell) in (Nobody.SUM, Nobody.MARKS) for cell in row.cells if len(cell) < 60)


def _unmasked(text: str) -> str:
    """Return a text with its masked addresses as they are shown, without their numbers."""
    return re.sub(r"…\d+@", "…@", text)


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _bare(cell: str) -> str:
    return cell.strip().casefold()


def _nobody(name: str) -> Nobody | None:
    """Return whether a name is that of nobody, and why."""
    if not HINT.search(name):
        return None
    text = folded(cut(name))
    if SUMS.match(text):
        return Nobody.SUM
    if MARKS.fullmatch(text):
        return Nobody.MARKS
    words = text.split()
    if "test" in words and len(words) > 1 and set(words) <= TESTS:
        return Nobody.TEST
    return Nobody.TITLE if TITLES.match(text) else None


def _first(cells: Sequence[str], roles: Sequence[Role], role: Role) -> str:
    """Return the first cell of that role which is not empty, else an empty string."""
    return next((cell for cell, one in zip(cells, roles, strict=False) if one == role and cell.strip()), "")


def _number(cell: str) -> str:
    """Return the school's number as it stands, without what a spreadsheet adds: decimals, a sign of text."""
    number = names.tidy(cleaning.decoded(cell)).lstrip("'’")
    if "@" in number:
        return ""
    return number[:-2] if number.endswith(".0") and number[:-2].isdecimal() else number


def _with_parts(person: Person) -> Person:
    """Return somebody whose name stands as “Traoré, Awa” with its two parts."""
    family, comma, given = person.name.partition(",")
    if not comma or "," in given or person.family or person.given:
        return person
    if not (names.says_something(family) and names.says_something(given)):
        return person
    return replace(person, name="", family=names.tidy(family), given=names.tidy(given))


def composed(family: str, given: str, is_family_first: bool) -> str:
    """Return the two parts of a name as one."""
    return " ".join(filter(None, (family, given) if is_family_first else (given, family)))


def _check_numbers(entries: Sequence[Entry]) -> None:
    """Note a fault where a number of the school stands twice, with two names."""
    first: dict[str, Entry] = {}
    for entry in entries:
        if entry.fault is None and entry.person.number:
            other = first.setdefault(key(entry.person.number), entry)
            if other is not entry:
                entry.fault = Fault(What.NUMBER_TWICE, entry.line, other=other.person.at)


def _tell_apart(entries: Sequence[Entry]) -> None:
    """Tell people of one name apart: by their numbers, else by their groups, else by a count, “Awa (2)”.

    Equal are names whatever case, spaces or marks. The same list gets the same names, also when it is sent back.
    """
    good = [entry for entry in entries if entry.fault is None]
    by_name: dict[str, list[Entry]] = {}
    for entry in good:
        by_name.setdefault(key(entry.person.name), []).append(entry)
    taken = set(by_name)
    for same in by_name.values():
        if len(same) > 1:
            _tell_namesakes_apart(same, taken)


def _tell_namesakes_apart(same: Sequence[Entry], taken: set[str]) -> None:
    groups = [key(entry.person.group) for entry in same if not entry.person.number]
    count = 1
    for entry in same:
        other = same[0] if entry is not same[0] else same[1]
        person, entry.like = entry.person, other.person.at
        if person.number:
            entry.notice, mark = Notice.BY_NUMBER, person.number
        elif person.group and groups.count(key(person.group)) == 1:
            entry.notice, mark = Notice.BY_GROUP, person.group
        else:
            entry.notice, mark = Notice.BY_COUNT, str(count)
            if count == 1:
                count = 2
                entry.notice = None
                continue
        while key(shown := marked(person.name, mark)) in taken:
            count += 1
            mark = str(count)
        count += entry.notice == Notice.BY_COUNT
        entry.person = replace(person, name=shown)
        taken.add(key(shown))


def marked(name: str, mark: str) -> str:
    """Return a name with what tells it apart, within the length of a name."""
    end = f" ({mark})"
    return name[: LONGEST - len(end)].rstrip() + end
