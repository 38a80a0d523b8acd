"""What each column of a list is: guessed by the words of its heading, else by what stands in it. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from accounts.folding import cut, folded
from cohorts.roster import cleaning
from cohorts.roster.faults import MOST_COLUMNS
from cohorts.roster.tables import Row, says_something

SAMPLE = 200  # rows by which a column without a heading is judged


class Role(StrEnum):
    NAME = "name"
    FAMILY = "family"
    GIVEN = "given"
    FURTHER = "further"
    NUMBER = "number"
    GROUP = "group"
    OUT = "out"


HALVES = (Role.FAMILY, Role.GIVEN, Role.FURTHER)
NAMES = (Role.NAME, *HALVES)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of a heading, as `folded` leaves them; each is looked for in the singular and in the plural.
OUT = _words(
    "date naissance birth born maiden phone telephone tel mobile gsm portable sexe sex gender genre age remarque "
    "remarques remark comment comments observation signature presence note notes score points total moyenne average "
    "email mail courriel mel adresse address city ville pays country lieu place login connexion langue language role "
    "status statut photo download telechargement access acces institution department departement nationalite "
    "phonetic phonetique البريد الإلكتروني الالكتروني الهاتف تاريخ الميلاد الجنس"
)
GIVEN = _words("prenom pren given first forename christian other autres autre usual firstname givenname الاول الأول")
FURTHER = _words("middle postnom middlename")
FAMILY = _words("surname last family famille patronyme lastname familyname اللقب العائله العائلة النسب")
NAME = _words("name nom username الاسم الإسم اسم")
PERSON = _words(
    "learner student participant employee staff user member agent trainee attendee candidate beneficiary worker person "
    "pupil child volunteer etudiant etudiante eleve apprenant apprenante agente participante candidat candidate "
    "beneficiaire stagiaire salarie salariee membre personnel utilisateur utilisatrice benevole volontaire personne "
    "enfant employe employee player joueur joueuse الطالب التلميذ المتعلم المشارك"
)
NUMBER = _words(
    "id identifiant identifier identification matricule matr number num numero no n nr idnumber studentid sid ine ien "
    "cne code registration reg index badge dossier roll uin الرقم رقم"
)
GROUP = _words(
    "groupe group grp gr td tp section classe class team equipe seminaire seminar المجموعه المجموعة الفوج القسم"
)
FILLING = _words(
    "de d du des la le l les et and or ou of the s e es a au full complet complete display legal official usuel "
    "usuelle usage courant officiel his her their your votre vos الكامل من و"
)
USERNAMES = {"username", "user name", "user", "utilisateur", "nom d utilisateur", "nom d'utilisateur"}
VOCABULARY = GIVEN | FURTHER | FAMILY | NAME | PERSON | NUMBER | GROUP | FILLING | OUT | {"surnom"}
BEST_NUMBER = _words("matricule idnumber studentid sid ine cne sis registration")
BEST_GROUP = ("groupe", "group", "section", "td", "tp", "classe", "class")

ORDINALS = {"first", "last", "other", "autre"}  # of a name; beside other words, of whatever these say: First Join

NUMERIC = re.compile(r"[A-Za-z]{0,6}[-/. ]?\d[\w/.\- ]{0,38}\Z")
VALUE = re.compile(r"\W*\d[\d\W]*\Z")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[a-z])(?=ID\b)")  # LastFirst, StudentID
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\Z")


@dataclass(frozen=True)
class Heading:
    """What the words of one heading say: `role` is None where they say nothing; `is_plain` where all are of ours."""

    role: Role | None
    words: frozenset[str]
    is_plain: bool = False
    is_number_of_rows: bool = False
    is_username: bool = False

    @property
    def is_person(self) -> bool:
        return self.role in NAMES and bool(self.words & (NAME | PERSON)) and not self.words & (GIVEN | FAMILY | FURTHER)


@dataclass(frozen=True)
class Column:
    """One column as the page shows it; `heading` is empty where there is none."""

    letter: str
    heading: str
    samples: tuple[str, ...]
    role: Role
    has_addresses: bool = False


def heading(cell: str) -> Heading:
    """Return what a heading says."""
    spaced = CAMEL.sub(" ", cell).replace("#", " number ")
    text = folded(cut(spaced.replace("(s)", "").replace("(e)", "").replace("_", " ").replace("·", "")))
    text = re.sub(r"([a-z])\1?'(?=[a-z])", r"\1 ", text)
    listed = [_singular(word) for word in re.findall(r"[^\W_]+", text)]
    words = frozenset(listed)
    if not words:
        is_number = "№" in cell
        return Heading(Role.NUMBER if is_number else None, words, is_number, is_number)
    is_plain = words <= VOCABULARY
    return Heading(
        _role(words),
        words,
        is_plain,
        is_number_of_rows=words <= {"n", "no", "num", "numero", "nr", "number", "rang", "ordre", "d", "index"},
        is_username=text in USERNAMES or "username" in words,
    )


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 2 and word.endswith("s") and word[:-1] in VOCABULARY else word


def _role(words: frozenset[str]) -> Role | None:
    if not words <= VOCABULARY and not words & (NAME | PERSON):
        words -= ORDINALS
    if words & OUT and not words & {"prenom"}:
        return Role.OUT
    if words & FURTHER:
        return Role.FURTHER
    is_bilingual = "nom" not in words and words & {"first", "given"}  # Prénom / First name
    if "prenom" in words and words & {"nom", "name"} and not is_bilingual or {"first", "last"} <= words:
        return Role.NAME
    is_name = bool(words & (NAME | PERSON | FAMILY | GIVEN))
    if words & NUMBER and not words & (NAME | GIVEN | FAMILY) and not words & GROUP:
        return Role.NUMBER
    if words & GROUP and not words & (GIVEN | FAMILY | PERSON):
        return Role.GROUP
    if not is_name:
        return None
    if words & {"prenom", "pren", "forename", "firstname", "givenname", "christian"}:
        return Role.GIVEN
    if words & FAMILY:
        return Role.FAMILY
    if words & {"given", "first", "الاول", "الأول"} or words & {"other", "autre"} and words & NAME:
        return Role.GIVEN
    return Role.NAME if words & (NAME | PERSON) else None


def headings_in(cells: Sequence[str]) -> int:
    """Return how many cells of a row are headings, if one of them is that of a name and the row is no person; else 0.

    A heading of which no word is unknown is worth more than one among whose words there is one of ours.
    """
    if not 0 < len(cells) <= MOST_COLUMNS or any(map(_is_no_heading, cells)):
        return 0
    read = [heading(cell) for cell in cells if says_something(cell) or "#" in cell]
    names = [one for one in read if one.role in NAMES]
    if any(one.is_plain for one in names):
        return sum(2 if one.is_plain else 1 for one in read if one.role)
    recognised = sum(one.role is not None for one in read)
    return recognised if names and recognised > 1 or len(read) > 1 and _asks_for_a_group(read) else 0


def _asks_for_a_group(read: list[Heading]) -> bool:
    """Return whether all are headings of ours, though none is that of a name."""
    return all(one.is_plain and one.role for one in read)


def _is_no_heading(cell: str) -> bool:
    """Return whether a cell holds a value: an address, or digits alone."""
    return len(cell) > 200 or "@" in cell or VALUE.match(cell) is not None


def guess(heads: Sequence[str], rows: Sequence[Row], width: int) -> list[Role]:
    """Return the role of each column. `heads` is empty where there is no heading.

    Never half of a name alone where the other half can be seen: then it is both, or each is asked for by the page.
    """
    sample = rows[:SAMPLE]
    contents = [[row.cells[at].strip() for row in sample if at < len(row.cells)] for at in range(width)]
    contents = [[cell for cell in cells if cell] for cells in contents]
    if not heads:
        return _by_content(contents)
    read = [heading(heads[at]) if at < len(heads) else Heading(None, frozenset()) for at in range(width)]
    roles = [one.role or (Role.NAME if width == 1 else Role.OUT) for one in read]
    for at, cells in enumerate(contents):
        if roles[at] != Role.OUT and cells and _are_addresses(cells):
            roles[at] = Role.OUT
    _choose_names(roles, read, contents)
    _choose_one(roles, Role.NUMBER, lambda at: _worth_of_number(read[at], contents[at]))
    _choose_one(roles, Role.GROUP, lambda at: _worth_of_group(read[at], contents[at]))
    return roles


def _choose_names(roles: list[Role], read: list[Heading], contents: list[list[str]]) -> None:
    """Leave one way to a name: two halves, or a whole one."""
    whole = [at for at, role in enumerate(roles) if role == Role.NAME]
    family = [at for at, role in enumerate(roles) if role == Role.FAMILY]
    given_names = [at for at, role in enumerate(roles) if role == Role.GIVEN]
    if len(whole) > 1:  # "User" and "Name": the words for a login give way to those for a name
        for at in [at for at in whole if read[at].is_username]:
            if len(whole) > 1:
                whole.remove(at)
                roles[at] = Role.OUT
    if not family and given_names and whole:
        family = [at for at in whole if read[at].words & NAME][:1] or whole[:1]
        for at in whole:
            roles[at] = Role.FAMILY if at in family else Role.OUT
    elif family and not given_names and whole:
        # A surname beside "Name": the whole name, if it has more words, else its other half.
        at = whole[0]
        if _words_of(contents[at]) > 1.5:
            for other in family:
                roles[other] = Role.OUT
        else:
            roles[at] = Role.GIVEN
        whole = whole[:1]
    elif family and given_names:
        for at in whole:
            roles[at] = Role.OUT
    elif len(whole) > 1:
        for at in whole[1:]:
            roles[at] = Role.OUT
    for at in family[1:]:
        if roles[at] == Role.FAMILY and not {"de", "famille"} <= read[at].words:
            roles[at] = Role.OUT
    if Role.FAMILY in roles and Role.GIVEN not in roles and len([at for at in contents if at]) == 1:
        roles[roles.index(Role.FAMILY)] = Role.NAME


def _words_of(cells: list[str]) -> float:
    return sum(len(cell.split()) for cell in cells) / max(len(cells), 1)


def _choose_one(roles: list[Role], role: Role, worth: Callable[[int], int]) -> None:
    """Leave the column of that role that is worth most, if any is worth something."""
    columns = [at for at, one in enumerate(roles) if one == role]
    best = max(columns, key=lambda at: worth(at), default=None)
    for at in columns:
        if at != best or worth(at) <= 0:
            roles[at] = Role.OUT


def _worth_of_number(head: Heading, cells: list[str]) -> int:
    """Return how likely a column is the school's number: not the number of the row, nor one that many share."""
    if not cells or head.is_number_of_rows and _count_up([cell for cell in cells if VALUE.match(cell)]):
        return 0
    distinct = len(set(cells)) / len(cells)
    if distinct < 0.5:
        return 0
    return 1 + 2 * bool(head.words & BEST_NUMBER) + (distinct == 1) + (not _count_up(cells))


def _worth_of_group(head: Heading, cells: list[str]) -> int:
    order = next((len(BEST_GROUP) - at for at, word in enumerate(BEST_GROUP) if word in head.words), 0)
    return 1 + order if cells else 0


def _count_up(cells: list[str]) -> bool:
    """Return whether they are 1, 2, 3 and so on: the numbers of the rows."""
    numbers = [int(cell.rstrip(".)")) if cell.rstrip(".)").isdecimal() and len(cell) < 7 else -1 for cell in cells]
    return len(numbers) > 1 and numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _by_content(contents: list[list[str]]) -> list[Role]:
    if len(contents) == 1:
        return [Role.NAME]
    roles = [_of_cells(cells) for cells in contents]
    for role in (Role.NUMBER, Role.GROUP):
        for at in [at for at, one in enumerate(roles) if one == role][1:]:
            roles[at] = Role.OUT
    if Role.NAME not in roles and Role.GROUP in roles:
        roles[roles.index(Role.GROUP)] = Role.NAME
    names = [at for at, role in enumerate(roles) if role == Role.NAME]
    if len(names) == 2 and _are_capitals(contents[names[0]]) != _are_capitals(contents[names[1]]):
        first, second = names if _are_capitals(contents[names[0]]) else reversed(names)
        roles[first], roles[second] = Role.FAMILY, Role.GIVEN
    return roles


def _of_cells(cells: list[str]) -> Role:
    if not cells or _are_addresses(cells) or _count_up(cells) or _most(cells, DATE.match):
        return Role.OUT
    if _most(cells, NUMERIC.match):
        return Role.NUMBER if len(set(cells)) > 0.9 * len(cells) else Role.OUT
    is_short = all(len(cell) <= 12 for cell in cells)
    if is_short and len(cells) > 3 and len(set(cells)) <= len(cells) / 2 and any(len(cell) < 3 for cell in cells):
        return Role.GROUP
    return Role.NAME if _most(cells, lambda cell: sum(map(str.isalpha, cell)) >= 2) else Role.OUT


def _most(cells: list[str], test: Callable[[str], object]) -> bool:
    return sum(bool(test(cell)) for cell in cells) >= 0.8 * len(cells)


def _are_addresses(cells: list[str]) -> bool:
    """Return whether the column is one of addresses, and not of names with addresses behind them."""
    return sum("@" in cell and not says_something(cleaning.without_address(cell)) for cell in cells) > len(cells) / 2


def _are_capitals(cells: list[str]) -> bool:
    return _most(cells, str.isupper)


def may_be_names(cells: list[str]) -> bool:
    """Return whether a column whose heading says nothing may be the other half of the names."""
    return (
        bool(cells)
        and _most(cells, lambda cell: sum(map(str.isalpha, cell)) >= 2 and not any(map(str.isdigit, cell)))
        and len(set(cells)) > len(cells) / 2
        and not _are_addresses(cells)
    )


def may_be_surnames(cells: list[str]) -> bool:
    """Return whether a column of names holds one word each, so that another may hold the rest of them."""
    return len(cells) > 1 and all(len(cell.split()) == 1 for cell in cells)


def says_nothing(head: str) -> bool:
    """Return whether there is a heading, and none of its words is known."""
    return bool(head) and heading(head).role is None


def letter(at: int) -> str:
    """Return the letters by which a spreadsheet calls the column, the first being 0."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
