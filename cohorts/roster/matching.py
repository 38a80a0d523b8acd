"""Whom of a list a roster holds already: by the school's number, by the name, by its words in another order. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from accounts.names import key
from cohorts.roster.people import Person, composed, marked

MARK = re.compile(r" \(([^()]{1,60})\)\Z")


@dataclass(frozen=True)
class Known:
    """Somebody who stands on the roster; `pk` is the row."""

    pk: int
    name: str
    family: str = ""
    given: str = ""
    number: str = ""
    group: str = ""

    @property
    def bare(self) -> str:
        """Return the name without the number, group or count that tells it from another."""
        return _bare(self.name, self.number, self.group)


@dataclass
class Comparison:
    """A list beside a roster: pairs of whoever of the list is there, and as whom.

    Of `known` are `reordered` in another order of their names, `corrected` under a name that differs, and `filled`
    without a number, a group or parts that the list has. `regrouped` are in another group than the list says, which
    changes only where somebody says so. `clashes` are {row: name on the roster} of those whose number is that of
    somebody of quite another name: they are not made. `renumbered` of `new` have the name of somebody on the roster
    whose number is another, and whom nobody of the list is: they are made beside them.
    """

    new: list[Person] = field(default_factory=list)
    known: list[tuple[Person, Known]] = field(default_factory=list)
    reordered: list[tuple[Person, Known]] = field(default_factory=list)
    corrected: list[tuple[Person, Known]] = field(default_factory=list)
    filled: list[tuple[Person, Known]] = field(default_factory=list)
    regrouped: list[tuple[Person, Known]] = field(default_factory=list)
    renumbered: list[tuple[Person, Known]] = field(default_factory=list)
    clashes: dict[str, str] = field(default_factory=dict)

    @property
    def groups_basis(self) -> str:
        """Return a mark of who would go from which group into which: another one where any of it is another."""
        moves = [(row.pk, row.group, person.group) for person, row in self.regrouped]
        return sha256(repr(sorted(moves)).encode()).hexdigest()[:16]


def compare(people: Sequence[Person], roster: Sequence[Known]) -> Comparison:
    """Return the Comparison of a list with a roster. Nobody of the roster is two of the list.

    First whoever has the same number, then the same name, then the same words: whoever is told apart on the roster by a
    number that is another than the list's is somebody else.
    """
    pairs: dict[int, Known] = {}
    free = {row.pk: row for row in roster}
    for find in (_by_number, _by_name, _by_words):
        find(people, free, pairs)
    result = Comparison()
    names = {key(row.name) for row in roster}
    numbered = {words(row.bare): row for row in free.values() if row.number}
    for at, person in enumerate(people):
        known = pairs.get(at)
        if known is None:
            result.new.append(_told_apart(person, names))
            names.add(key(result.new[-1].name))
            bare = _bare(person.name, person.number, person.group)
            if person.number and not person.is_other and (like := numbered.get(words(bare))):
                result.renumbered.append((person, like))
            continue
        is_by_number = bool(person.number) and key(person.number) == key(known.number)
        if is_by_number and not set(words(person.name)) & set(words(known.name)):
            result.clashes[person.at] = known.name
            continue
        result.known.append((person, known))
        name = _bare(person.name, person.number, person.group)
        if words(name) != words(known.bare) and is_by_number:
            others = names - {key(known.name)}
            result.corrected.append((_told_apart(person, others), known))
            names.add(key(result.corrected[-1][0].name))
        elif plain(name) != plain(known.bare) and not (known.family or known.given):
            result.reordered.append((person, known))
        if _has_more(person, known):
            result.filled.append((person, known))
        if _has_another_group(person, known):
            result.regrouped.append((person, known))
    return result


def _has_more(person: Person, known: Known) -> bool:
    is_more = person.number and not known.number or person.group and not known.group
    return bool(is_more or person.family and person.given and not (known.family or known.given))


def _has_another_group(person: Person, known: Known) -> bool:
    """Return whether both have a group, and not the same; never of whoever is told apart by it."""
    if not (person.group and known.group) or key(person.group) == key(known.group):
        return False
    match = MARK.search(known.name)
    return not (match and key(match[1]) == key(known.group))


def plain(name: str) -> str:
    """Return the form under which two names are one, whatever commas stand in them."""
    return " ".join(key(name.replace(",", " ")).split())


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name, whatever their order."""
    return tuple(sorted(plain(name).split()))


def _bare(name: str, number: str, group: str) -> str:
    match = MARK.search(name)
    if match and (match[1].isdecimal() and len(match[1]) < 3 or key(match[1]) in (key(number), key(group))):
        return name[: match.start()]
    return name


def _by_number(people: Sequence[Person], free: dict[int, Known], pairs: dict[int, Known]) -> None:
    numbers = {key(row.number): row for row in free.values() if row.number}
    for at, person in enumerate(people):
        if person.number and (row := numbers.get(key(person.number))) and row.pk in free:
            pairs[at] = free.pop(row.pk)


def _by_name(people: Sequence[Person], free: dict[int, Known], pairs: dict[int, Known]) -> None:
    names: dict[str, list[Known]] = {}
    for row in free.values():
        names.setdefault(key(row.name), []).append(row)
    for at, person in enumerate(people):
        if at not in pairs and not person.is_other:
            _claim(at, person, names.get(key(person.name), []), free, pairs)


def _by_words(people: Sequence[Person], free: dict[int, Known], pairs: dict[int, Known]) -> None:
    names: dict[tuple[str, ...], list[Known]] = {}
    for row in free.values():
        names.setdefault(words(row.bare), []).append(row)
    for at, person in enumerate(people):
        if at not in pairs and not person.is_other:
            bare = _bare(person.name, person.number, person.group)
            _claim(at, person, names.get(words(bare), []), free, pairs)


def _claim(at: int, person: Person, rows: Sequence[Known], free: dict[int, Known], pairs: dict[int, Known]) -> None:
    """Pair somebody with the first row that may be theirs, one of the same group before others."""
    fitting = [row for row in rows if row.pk in free and not (person.number and row.number)]
    if fitting:
        row = next((row for row in fitting if person.group and key(row.group) == key(person.group)), fitting[0])
        pairs[at] = free.pop(row.pk)


def _told_apart(person: Person, names: set[str]) -> Person:
    """Return somebody new under a name that nobody on the roster has."""
    if key(person.name) not in names:
        return person
    bare = _bare(person.name, person.number, person.group)
    marks = [mark for mark in (person.number, person.group) if mark]
    for mark in [*marks, *map(str, range(2, 10_000))]:
        if key(shown := marked(bare, mark)) not in names:
            return replace(person, name=shown)
    return person


def reordered(name: str, family_name: str, given_name: str, is_family_first: bool) -> str:
    """Return a name of the roster with its parts in that order, and what tells it apart; another name as it is."""
    for was in (True, False):
        whole = composed(family_name, given_name, was)
        if name.startswith(whole) and (name == whole or MARK.fullmatch(name[len(whole) :])):
            return composed(family_name, given_name, is_family_first) + name[len(whole) :]
    return name
