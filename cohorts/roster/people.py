"""The people of a list, as they are read: their names and parts, and what tells namesakes apart. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from accounts import names
from accounts.names import key
from cohorts.roster.columns import Column, Role
from cohorts.roster.faults import LONGEST, Fault, What
from cohorts.roster.nobody import Nobody
from cohorts.roster.tables import Table


class Notice(StrEnum):
    """What is to be looked at in a row that is taken nevertheless."""

    BY_NUMBER = "by_number"
    BY_GROUP = "by_group"
    BY_COUNT = "by_count"
    JOINED = "joined"
    HALF = "half"
    DIGITS = "digits"


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


def with_parts(person: Person) -> Person:
    """Return somebody whose name stands as “Traoré, Awa” with its two parts."""
    family_name, comma, given_name = person.name.partition(",")
    if not comma or "," in given_name or person.family or person.given:
        return person
    if not (names.says_something(family_name) and names.says_something(given_name)):
        return person
    return replace(person, name="", family=names.tidy(family_name), given=names.tidy(given_name))


def composed(family_name: str, given_name: str, is_family_first: bool) -> str:
    """Return the two parts of a name as one."""
    return " ".join(filter(None, (family_name, given_name) if is_family_first else (given_name, family_name)))


def check_numbers(entries: Sequence[Entry]) -> None:
    """Note a fault where a number of the school stands twice, with two names."""
    first: dict[str, Entry] = {}
    for entry in entries:
        if entry.fault is None and entry.person.number:
            other = first.setdefault(key(entry.person.number), entry)
            if other is not entry:
                entry.fault = Fault(What.NUMBER_TWICE, entry.line, other=other.person.at)


def tell_apart(entries: Sequence[Entry]) -> None:
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
