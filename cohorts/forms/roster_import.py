"""The two forms by which a list of people comes in, and in words what is wrong in it: a file or a text, then a look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy, name_fault
from cohorts import roster
from cohorts.choices import NameOrder
from cohorts.roster import (
    Choices,
    Comparison,
    Encoding,
    Entry,
    Fault,
    Nobody,
    Notice,
    Person,
    Role,
    Roster,
    Table,
    What,
    tables,
)
from cohorts.roster.faults import MOST_COLUMNS, Unreadable

FIELDS = 900  # of a form, of the thousand that the site takes
ROWS = 150  # of fields
TICKS = 50  # of each kind
FIRST = 5  # rows of fields that are not folded
FAULTS = {
    What.TOO_LARGE: _("This file is larger than 2 MB. Keep the columns of names, numbers and groups alone."),
    What.TOO_MUCH: _("There is too much in this list. Keep the columns of names, numbers and groups alone."),
    What.OLD_WORKBOOK: _(
        "This is a workbook of an older kind, or one under a password. Open it, choose “Save as” and there “.xlsx” or "
        "“CSV”, without a password, and choose that file."
    ),
    What.MACROS: _(
        "This workbook holds macros. Open it, choose “Save as” and there “.xlsx” or “CSV”, and choose that file."
    ),
    What.LOCKED: _("This workbook is under a password. Save it without one, and choose it again."),
    What.DAMAGED: _(
        "This workbook cannot be read. Open it, choose “Save as” and there “.xlsx” or “CSV”, and choose that file."
    ),
    What.TOO_MANY_CELLS: _(
        "This workbook has too many cells. Copy the columns of names, numbers and groups into a new one."
    ),
    What.NOT_TEXT: _(
        "This file is no list. Open the list in your spreadsheet, choose “Save as” and there “.xlsx” or “CSV UTF-8”."
    ),
    What.TOO_MANY_COLUMNS: _("There are more than 200 columns. Keep those of names, numbers and groups alone."),
    What.TOO_MANY_ROWS: _("There are more than 5,000 names. Split the list into two."),
    What.EMPTY: _("There is no name in it. Write one name a line, if you like under the heading “Name”."),
    What.NO_NAME_COLUMN: _("No column is that of a name. Say below which one is, and read the list again."),
    What.HALF: _(
        "Only one half of the names is known. Say below which column is the other half, or that there is none."
    ),
    What.SIDE_BY_SIDE: _(
        "Two lists stand side by side here. Put one below the other in your spreadsheet, or say below that the columns "
        "of one are not kept."
    ),
    What.QUOTE: _("A quotation mark is opened and not closed where it should be. Put the name right here."),
    What.MORE_COLUMNS: _("This row has more cells than there are headings. Put the name right here."),
    What.NO_NAME: _("There is no name in this row. Write it, or empty the whole row to leave it out."),
    What.ADDRESS: _("There is an e-mail address in place of a name. Write the name, or empty the row to leave it out."),
    What.TOO_LONG: _("This name is longer than 120 characters. Shorten it."),
    What.UNSEEN: _("This name holds a sign that cannot be seen: type it again."),
    What.BROKEN: _("Letters of this name were lost on the way. Type it again, or read the list in other letters."),
    What.NUMBER_TWICE: _(
        "Row %(other)s has this number too. Put right whichever is wrong, or empty one of the two rows."
    ),
    What.NUMBER_TAKEN: _("On the list this number is that of %(other)s. Put the number or the name right."),
    What.NUMBER_LONG: _("This number is longer than 40 characters, or holds signs that cannot be seen. Shorten it."),
    What.NUMBER_ROUNDED: _("A spreadsheet has rounded this number: type it as the school writes it."),
    What.GROUP_LONG: _("This group is longer than 60 characters, or holds signs that cannot be seen. Shorten it."),
}
NOTICES = {
    Notice.BY_NUMBER: _(
        "The same name as row %(like)s. The numbers differ, so both are kept, told apart by the number."
    ),
    Notice.BY_GROUP: _("The same name as row %(like)s. The groups differ, so both are kept, told apart by the group."),
    Notice.BY_COUNT: _("The same name as row %(like)s. Both are kept, told apart by a count; one person is one row."),
    Notice.JOINED: _("There was a line break in this row. It is a space now."),
    Notice.HALF: _("One half of this name is missing. It is kept as it stands here."),
    Notice.DIGITS: _("There are digits in this name. Take out what is no part of it."),
}
NOBODY = {
    Nobody.TITLE: _("a title. Tick it if it is a person."),
    Nobody.HEADING: _("a heading. Tick it if it is a person."),
    Nobody.SUM: _("a sum or an average. Tick it if it is a person."),
    Nobody.MARKS: _("a row of the mark sheet. Tick it if it is a person."),
    Nobody.TEST: _("a learner made up for testing. Tick it if it is a person."),
    Nobody.NOTHING: _("a row without a name. Tick it to write one."),
}
ROLES = {
    Role.NAME: _("Whole name"),
    Role.FAMILY: _("Family name"),
    Role.GIVEN: _("Given name"),
    Role.FURTHER: _("Further name"),
    Role.NUMBER: _("Number at the school"),
    Role.GROUP: _("Group"),
    Role.OUT: _("Not kept"),
}
ENCODINGS = {
    Encoding.UTF_8: "UTF-8",
    Encoding.UTF_16: "UTF-16",
    Encoding.WINDOWS: "Windows-1252",
    Encoding.MAC: "Mac Roman",
    Encoding.DOS: "DOS 850",
    Encoding.ARABIC: _("Arabic, Windows-1256"),
    Encoding.TWICE: _("UTF-8, written twice"),
}


def in_words(fault: Fault) -> str:
    """Return what is wrong and what to do about it, in the language of the page."""
    if fault.hidden:
        return name_fault(fault.hidden)
    return str(FAULTS[fault.what]) % {"other": fault.other} if fault.other else str(FAULTS[fault.what])


class RosterForm(Crispy, forms.Form):
    """A list, in a file or pasted; once valid, `roster` holds how it was read and `source` what it is called."""

    file = forms.FileField(
        label=_("A file"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "A spreadsheet (.xlsx, .ods) or CSV, as your school’s system writes it: you say next what each column is. "
            "At most 2 MB and 5,000 people."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.csv,.txt,.tsv,text/csv,text/plain"}),
    )
    names = forms.CharField(
        label=_("Or names, one a line, or cells copied from a sheet"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
    )
    source = ""

    def __init__(self, is_family_first: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = Choices(is_family_first=is_family_first)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        file, names = values.get("file"), values.get("names") or ""
        if self.errors:
            return values
        if bool(file) == bool(names.strip()):
            raise ValidationError(_("Choose a file, or type names: one of the two."))
        if file:
            self.source = str(file.name)[:100]
            self.roster = roster.read(file.read(roster.MOST_BYTES + 1), self.choices)
        else:
            self.roster = roster.read_lines(names, self.choices)
        if not self.roster.columns:
            self.add_error("file" if file else "names", in_words(self.roster.refused[0]))
        return values


class Sent:
    """What came back from a look: the list, what was chosen for it, and rows that were put right. Any text is taken.

    `is_new_reading` where columns, heading or letters were chosen otherwise than the page showed them: then the rows
    are read anew, and nothing is made before they were looked at. `groups_basis` is of those whose group is to change,
    empty where that was not ticked.
    """

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.source, self.order = data.get("source", "")[:100], _one_of(NameOrder, data.get("order"))
        encoding = _one_of(Encoding, data.get("read_as"))
        self.encoding = _one_of(Encoding, data.get("encoding")) or encoding
        were = str(data["were"]).split(",") if data.get("were") else []
        self.roles = [_one_of(Role, data.get(f"role{at}")) or Role.OUT for at in range(len(were[:MOST_COLUMNS]))]
        self.groups_basis = str(data.get("regroup", ""))[:40]
        self.is_new_heading = "first_is_heading" in data
        asked = [role.value for role in self.roles]
        self.is_new_reading = self.is_new_heading or asked != were or self.encoding != encoding
        try:
            self.table = Table(tables.brought(data.get("table", "")), encoding, data.get("sheet", "")[:100])
        except Unreadable as refused:
            self.choices, self.roster = Choices(), Roster([Fault(refused.what)])
            return
        self.choices = self._choices()
        self.roster = roster.read_again(self.table, self.choices, self.encoding)

    def _choices(self) -> Choices:
        """Return what was chosen; of rows that were shown as fields those that differ from what was read are edits."""
        data = self.data
        bare = Choices(
            roles=None if self.is_new_heading else self.roles or None,
            heading=self.table.rows[0].line if self.is_new_heading else _number(data.get("heading")),
            taken=frozenset(data.getlist("take")),
            others=frozenset(data.getlist("other")),
            is_family_first=self.order != NameOrder.GIVEN_FIRST,
        )
        if self.is_new_reading:
            return bare
        edits = _brought_edits(data.get("edits", ""))
        if shown := set(data.getlist("row")):
            for entry in roster.read_again(self.table, bare).entries:
                if entry.person.at in shown:
                    typed = _typed(data, entry.person.at)
                    edits.pop(entry.person.at, None)
                    if _fields_of(typed) != _fields_of(_editable(entry.person)):
                        edits[entry.person.at] = typed
        return replace(bare, edits=edits)


def _one_of(kind: Any, value: str | None) -> Any:
    """Return the member of an enumeration of that value, or None."""
    return next((member for member in kind if member.value == value), None)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 0


def _typed(data: QueryDict, at: str) -> Person:
    """Return what was typed in the fields of a row; outer space left aside, and cut."""
    texts = {name: data.get(f"{name}-{at}", "").strip()[:1000] for name in ("name", "family", "given")}
    number, group = data.get(f"number-{at}", "").strip()[:200], data.get(f"group-{at}", "").strip()[:200]
    return Person(texts["name"], texts["family"], texts["given"], number, group, at)


def _fields_of(person: Person) -> tuple[str, ...]:
    return person.name, person.family, person.given, person.number, person.group


def _editable(person: Person) -> Person:
    """Return somebody as the fields of a row show them: the name whole, or in its two parts."""
    return replace(person, name="") if person.family or person.given else person


def _carried_edits(edits: Mapping[str, Person]) -> str:
    lines = ("\t".join([at, *map(_flat, _fields_of(person))]) for at, person in edits.items())
    return "\n".join(lines)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _brought_edits(text: str) -> dict[str, Person]:
    edits = {}
    for line in text.splitlines():
        at, *fields = line.split("\t")
        if len(fields) == 5:
            name, family_name, given_name, number, group = (field[:1000] for field in fields)
            edits[at] = Person(name, family_name, given_name, number, group, at)
    return edits


@dataclass
class EditRow:
    """A row of fields: `words` is what is wrong with it or to be looked at."""

    at: str
    person: Person
    has_parts: bool
    words: str = ""
    is_bad: bool = False


@dataclass
class ColumnRow:
    """A column with what it may be: [(value, words, whether it is that)]."""

    name: str
    letter: str
    heading: str
    samples: str
    roles: list[tuple[str, Any, bool]]
    words: str = ""


class Look:
    """What the second page shows of a list: its columns, rows that are nobody, rows of fields, what will be made."""

    def __init__(
        self, read: Roster, compared: Comparison, choices: Choices, source: str, order: str, groups_basis: str = ""
    ) -> None:
        self.roster, self.compared, self.choices = read, compared, choices
        self.is_regrouping = groups_basis == compared.groups_basis
        self.source, self.order, self.sheet = source, order, read.table.sheet
        self.asks = [in_words(fault) for fault in read.refused]
        self.read_as = read.table.encoding or ""
        self.read_as_words = ENCODINGS[read.table.encoding] if read.table.encoding else ""
        self.table = tables.carried(read.table.rows, {at for at, role in enumerate(read.roles) if role != Role.OUT})
        self.were = ",".join(role.value for role in read.roles)
        self.edits = _carried_edits(choices.edits)
        self.columns = [self._column(at) for at in range(len(read.columns))]
        self.set_apart = [(row, NOBODY[row.why]) for row in read.set_apart[:TICKS]]
        self.set_apart_more = len(read.set_apart) - len(self.set_apart)
        self.repeats = read.repeats
        self._fill_rows()
        self.letters = self._letters()

    def _column(self, at: int) -> ColumnRow:
        column = self.roster.columns[at]
        words = ""
        if column.has_addresses:
            words = gettext("No e-mail address of a list is kept.")
        elif column.role == Role.NUMBER:
            words = gettext("Kept, so that marks can go back to where they are asked for.")
        elif column.role == Role.GROUP:
            words = self._groups()
        roles = [(role.value, label, role == column.role) for role, label in ROLES.items()]
        return ColumnRow(f"role{at}", column.letter, column.heading, ", ".join(column.samples), roles, words)

    def _groups(self) -> str:
        counts: dict[str, int] = {}
        for person in self.roster.people:
            if person.group:
                counts[person.group] = counts.get(person.group, 0) + 1
        return ", ".join(f"{group} ({count})" for group, count in sorted(counts.items())[:12])

    def _letters(self) -> list[tuple[str, Any, str, bool]]:
        """Return [(value, name, sample, whether it was read so)] of the encodings to choose from; [] without choice."""
        shown = roster.sample_letters(self.roster.table, self.roster.heading)
        current = self.roster.table.encoding or Encoding.UTF_8
        return [(code.value, ENCODINGS[code], sample, code == current) for code, sample in shown.items()]

    def _fill_rows(self) -> None:
        """Share out the fields that a form may have: doubtful rows first."""
        entries = [] if self.roster.refused else self.roster.entries
        doubtful = sorted((entry for entry in entries if entry.fault or entry.notice), key=lambda one: not one.fault)
        plain = [entry for entry in entries if not (entry.fault or entry.notice)]
        room = min(ROWS, (FIELDS - len(self.columns) - 3 * TICKS) // 6)
        self.doubtful = [self._row(entry) for entry in doubtful[:room]]
        self.doubtful_more = len(doubtful) - len(self.doubtful)
        self.plain = [self._row(entry) for entry in plain[: room - len(self.doubtful)]]
        self.first_plain, self.rest_plain = self.plain[:FIRST], self.plain[FIRST:]
        self.plain_more = len(plain) - len(self.plain)
        self.plain_count = len(plain)
        self.bad_count = len(self.roster.bad)
        self.has_parts = any(row.has_parts for row in (*self.doubtful, *self.plain))
        self.reordered = self.compared.reordered[:TICKS]
        self.corrected = self.compared.corrected
        self.regrouped, self.renumbered = self.compared.regrouped, self.compared.renumbered
        self.numbered = [(person, row) for person, row in self.compared.filled if person.number and not row.number]
        self.most = f":{TICKS}"  # rows that are told one by one

    def _row(self, entry: Entry) -> EditRow:
        words = ""
        if entry.fault:
            words = in_words(entry.fault)
        elif entry.notice:
            words = str(NOTICES[entry.notice]) % {"like": entry.like}
        person = self.choices.edits.get(entry.person.at) or _editable(entry.person)
        roles = set(self.roster.roles)
        has_parts = bool(person.family or person.given) or not person.name and Role.NAME not in roles
        return EditRow(entry.person.at, person, has_parts, words, entry.fault is not None)

    @property
    def people_count(self) -> int:
        return len(self.roster.entries)

    @property
    def new_count(self) -> int:
        return 0 if self.roster.refused else len(self.compared.new)

    @property
    def known_count(self) -> int:
        return len(self.compared.known)

    @property
    def change_count(self) -> int:
        """Return how many of those who are on the roster get a name, a number or a group."""
        regrouped = self.regrouped if self.is_regrouping else []
        return len({row.pk for _person, row in (*self.compared.corrected, *self.compared.filled, *regrouped)})

    @property
    def can_make(self) -> bool:
        return bool(self.new_count or self.change_count)

    @property
    def can_confirm(self) -> bool:
        """Return whether a press may make something: at once, or of rows that are put right or ticked on the page."""
        return self.can_make or bool((self.bad_count or self.regrouped) and not self.asks)

    @property
    def orders(self) -> Iterable[tuple[str, Any, bool]]:
        return [(value, label, value == self.order) for value, label in NameOrder.choices]

    @property
    def asks_for_order(self) -> bool:
        return self.roster.has_parts

    @property
    def has_to_look_at(self) -> bool:
        """Return whether something in the list is doubtful, or says otherwise than the roster."""
        changes = self.corrected or self.regrouped or self.numbered or self.renumbered
        return bool(self.doubtful or self.reordered or self.others_made or changes)

    @property
    def others_made(self) -> list[Person]:
        """Return those whom somebody said to be others than those of the roster with the same words."""
        return [person for person in self.roster.people if person.is_other]

    @property
    def has_no_heading(self) -> bool:
        return self.roster.heading == 0 and len(self.columns) > 1
