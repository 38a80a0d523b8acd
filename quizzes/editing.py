"""The form in which an own item is written: its fields with what was typed and what is wrong. Imports the tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise, cached_property
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from lessons.content import LEVELS
from lessons.models import Lesson
from lessons.models.base import language_of
from quizzes.models import Bank
from quizzes.models.items import picture_address
from quizzes.pictures import Encoded
from quizzes.typed import PICTURES, SHAPES, Rows, Source

Words = str | Promise
LEVEL_WORDS = {
    "remember": _("to remember"),
    "understand": _("to understand"),
    "apply": _("to apply"),
    "analyse": _("to analyse"),
    "evaluate": _("to evaluate"),
}
# Of each table of rows: what all are called, what one is called, what one more is.
ROW_WORDS: dict[str, tuple[Words, Words, Words]] = {
    "option": (_("Options"), _("Option %(number)s"), _("One more option")),
    "label": (_("Labels to choose from"), _("Label %(number)s"), _("One more label")),
    "statement": (_("Statements"), _("Statement %(number)s"), _("One more statement")),
    "entry": (_("Entries, in the right order"), _("Entry %(number)s"), _("One more entry")),
    "pair": (_("Pairs"), _("Pair %(number)s"), _("One more pair")),
    "extra": (_("Partners that belong to none"), _("Partner to spare %(number)s"), _("One more partner to spare")),
    "mistake": (_("Usual mistakes"), _("Mistake %(number)s"), _("One more mistake")),
}
TEXT_WORDS: dict[str, Words] = {
    "text": "%(row)s",
    "match": _("%(row)s: its partner"),
    "feedback": _("%(row)s: why it is right or wrong"),
    "value": _("%(row)s: the wrong number"),
}
WORDS: dict[str, tuple[Words, Words]] = {
    "stem": (_("Question"), ""),
    "explanation": (_("Why it is so"), _("Everybody reads it afterwards.")),
    "feedback": (_("What is said of any other answer"), ""),
    "unit": (_("Unit"), _("Such as km; it may be left out.")),
    "value": (_("Right number"), _("Such as 1250 or 3.5.")),
    "tolerance": (_("Tolerance"), _("How far off is still right; empty: not at all.")),
    "accepted": (_("Right answers"), _("One a line, the usual one first. Case and accents do not matter.")),
    "reason": (_("Why the key changes"), _("Whoever answered it is told, with the new mark.")),
}
AREAS = {"stem": 3, "explanation": 3, "accepted": 3, "reason": 2}


@dataclass
class Field:
    """A field of the form: `kind` is text, area, check, radio, select or file; `errors` are sentences."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    help: Words = ""
    language: str = ""
    rows: int = 1
    checked: bool = False
    choices: list[tuple[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"id_{self.name}" if self.kind != "radio" else f"id_{self.name}_{self.value}"


@dataclass
class RowOfFields:
    """One row: its name such as option-2, its id, what says whether it is the key, and its texts."""

    name: str
    key: str
    words: str
    mark: Field | None
    fields: list[Field]
    can_rise: bool


@dataclass
class Group:
    """The rows of one table, and the button for one more where there may be one."""

    name: str
    legend: Words
    more: Words
    rows: list[RowOfFields]
    can_grow: bool
    errors: list[str] = field(default_factory=list)


@dataclass
class PictureRow:
    """A picture: what the form says of it, where it is shown from, and its alternative texts.

    `carried` goes along with the form until it is saved; empty of one that is kept.
    """

    name: str
    words: str
    file: str
    src: str
    width: int
    height: int
    carried: str
    fields: list[Field]

    @property
    def alt(self) -> str:
        """The first alternative text that was written."""
        return next((part.value for part in self.fields if part.value.strip()), "")


@dataclass
class ItemForm:
    """All that the page of the editor shows of a Source; `errors` is {name of a field: sentences}.

    `item` is the number of the item that has its pictures, `sent` what was sent of them and is kept nowhere yet.
    """

    source: Source
    bank: Bank
    basis: str
    item: int | None = None
    sent: Sequence[Encoded] = ()
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    asks_reason: bool = False

    @property
    def kind(self) -> str:
        return self.source["kind"]

    @cached_property
    def head(self) -> list[Field]:
        """Return the question, and of a number and a short answer what is right."""
        fields = [*self._texts("stem")]
        fields += [self._plain(name) for name in SHAPES[self.kind].plain]
        if self.kind == "number":
            fields += self._texts("unit")
        if self.kind == "short":
            fields += self._texts("accepted")
            is_on = bool(self.source.get("articles"))
            words = _("An article before it, such as “the”, does not matter")
            fields.append(self._field("articles", str(words), "1", kind="check", checked=is_on))
        return fields

    @cached_property
    def pictures(self) -> list[PictureRow]:
        return [self._picture(at, entry) for at, entry in enumerate(self.source.get("pictures", ()))]

    @cached_property
    def upload(self) -> Field | None:
        """Return the field for one more picture; None where there are as many as there may be."""
        if len(self.pictures) >= PICTURES:
            return None
        label = _("One more picture") if self.pictures else _("Picture")
        return self._field("picture", str(label), "", "file")

    @cached_property
    def groups(self) -> list[Group]:
        return [self._group(rows) for rows in SHAPES[self.kind].rows]

    @cached_property
    def foot(self) -> list[Field]:
        """Return what follows the rows: feedback of a typed answer, explanation, shuffling, and why the key changes."""
        fields = [*self._texts("feedback")] if "feedback" in SHAPES[self.kind].texts else []
        fields += self._texts("explanation")
        if SHAPES[self.kind].shuffles:
            is_on = bool(self.source.get("shuffle"))
            fields.append(
                self._field("shuffle", str(_("In another order for each learner")), "1", kind="check", checked=is_on)
            )
        if self.asks_reason or self.why:
            fields += [self._of_language("reason", code, self.why.get(code, "")) for code in self.bank.languages]
        return fields

    @cached_property
    def beside(self) -> list[Field]:
        """Return what may be said beside the text: the level; with a module passage, objective and claims. 1 query."""
        levels = [("", "–"), *((level, str(LEVEL_WORDS[level])) for level in LEVELS)]
        fields = [self._select("level", _("Level"), levels)]
        if self.bank.module_id:
            fields.append(self._select("passage", _("Passage to read again"), [("", "–"), *passages(self.bank)]))
            fields.append(self._plain("objective", _("Objective of its section, by number")))
            fields.append(self._plain("claims", _("Claims that it rests on"), _("Such as M038, M039.")))
        return fields

    def summary(self) -> list[tuple[str, str, str]]:
        """Return (id, label, sentence) of each error, in the order of the page."""
        lines = [(part.id, part.label, sentence) for part in self._every() for sentence in part.errors]
        groups = [(f"id_{group.name}", str(group.legend), text) for group in self.groups for text in group.errors]
        return lines + groups

    def label_of(self, name: str) -> tuple[str, str]:
        """Return (id, label) of the field of that name; those of its group, or of the question, where there is none."""
        labels = {name: (part.id, part.label) for name, part in self._by_name.items()}
        groups = self.groups
        labels |= {group.name: (f"id_{group.name}", str(group.legend)) for group in groups}
        labels |= {f"{picture.name}-file": (f"id_{picture.name}", picture.words) for picture in self.pictures}
        first = (f"id_{groups[0].name}", str(groups[0].legend)) if groups else next(iter(labels.values()))
        return first if name == "key" else labels.get(name, next(iter(labels.values())))

    def said(self, name: str, text: str) -> str:
        """Return what stands in the field of that name in the page's words; of a mark, yes or no."""
        if name.endswith("-file"):
            return gettext("another picture")
        part = self._by_name.get(name)
        if part and part.kind in ("radio", "check"):
            return gettext("yes") if text else gettext("no")
        return dict(part.choices).get(text, text) if part else text

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        """Return the fields by the names of a Source (quizzes.typed.fields), where every row has a key of its own."""
        fields = {part.name: part for part in self._every()}
        return fields | {f"{row.name}-key": row.mark for group in self.groups for row in group.rows if row.mark}

    def _every(self) -> Iterator[Field]:
        yield from self.head
        for picture in self.pictures:
            yield from picture.fields
        if self.upload:
            yield self.upload
        for group in self.groups:
            for row in group.rows:
                yield from row.fields
                if row.mark and row.mark.kind == "select":
                    yield row.mark
        yield from (*self.foot, *self.beside)

    def _picture(self, at: int, entry: Mapping[str, Any]) -> PictureRow:
        name, words = f"pictures-{at}", gettext("Picture %(number)s") % {"number": at + 1}
        label = gettext("%(row)s: what it shows, in words") % {"row": words}
        texts = [(code, entry["alt"].get(code, "")) for code in self.bank.languages]
        alts = [self._of_language(f"{name}-alt", code, text, label) for code, text in texts]
        sent = next((picture for picture in self.sent if picture.checksum == entry["file"]), None)
        src = sent.source if sent else picture_address(self.item, entry["file"])
        carried = sent.carried if sent else ""
        return PictureRow(name, words, entry["file"], src, entry["width"], entry["height"], carried, alts)

    def _group(self, rows: Rows) -> Group:
        legend, _one, more = ROW_WORDS[rows.name]
        typed_rows = self.source[rows.name]
        shown = [self._row(rows, at, row) for at, row in enumerate(typed_rows)]
        is_first = SHAPES[self.kind].rows[0] is rows
        errors = [*self.errors.get(rows.name, ()), *(self.errors.get("key", ()) if is_first else ())]
        return Group(rows.name, legend, more, shown, len(typed_rows) < rows.most, errors)

    def _row(self, rows: Rows, at: int, row: Mapping[str, Any]) -> RowOfFields:
        name, words = f"{rows.name}-{at}", str(ROW_WORDS[rows.name][1]) % {"number": at + 1}
        fields = []
        if rows.name == "mistake":
            label = str(TEXT_WORDS["value"]) % {"row": words}
            fields.append(self._field(f"{name}-value", label, row.get("value", "")))
        for part in rows.texts:
            label = str(TEXT_WORDS[part]) % {"row": words}
            for code in self.bank.languages:
                text = row.get(part, {}).get(code, "")
                fields.append(self._of_language(f"{name}-{part}", code, text, label))
        return RowOfFields(
            name, row["id"], words, self._mark(rows, name, words, row), fields, rows.name == "entry" and at > 0
        )

    def _mark(self, rows: Rows, name: str, words: str, row: Mapping[str, Any]) -> Field | None:
        is_key = row.get("key") is True
        label = str(_("%(row)s is right")) % {"row": words}
        if self.kind == "single":
            return Field("key", label, row["id"], "radio", checked=is_key)
        if self.kind == "multiple":
            return Field(f"{name}-key", label, "1", "check", checked=is_key)
        if rows.name == "statement":
            options = [(label["id"], self._label(at, label)) for at, label in enumerate(self.source["label"])]
            label = str(_("%(row)s: its label")) % {"row": words}
            return self._select(f"{name}-key", label, [("", "–"), *options], row.get("key") or "")
        return None

    def _label(self, at: int, label: Mapping[str, Any]) -> str:
        text = label.get("text", {})
        return text.get(language_of(text), "").strip() or str(ROW_WORDS["label"][1]) % {"number": at + 1}

    def _texts(self, name: str) -> list[Field]:
        value = self.source.get(name, {})
        return [self._of_language(name, code, value.get(code, "")) for code in self.bank.languages]

    def _of_language(self, name: str, code: str, value: Any, label: str = "") -> Field:
        words, help_words = WORDS.get(name, (label, ""))
        named = str(label or words)
        if len(self.bank.languages) > 1:
            named = f"{named} ({get_language_info(code)['name_translated']})"
        text = "\n".join(value) if isinstance(value, list) else value
        rows = AREAS.get(name, 1)
        return self._field(f"{name}-{code}", named, text, "area", help=help_words, language=code, rows=rows)

    def _plain(self, name: str, label: Words = "", help_words: Words = "") -> Field:
        words, usual = WORDS.get(name, (label, help_words))
        return self._field(name, str(words), self.source.get(name, ""), help=usual)

    def _select(self, name: str, label: Words, choices: list[tuple[str, str]], value: str | None = None) -> Field:
        value = self.source.get(name, "") if value is None else value
        return self._field(name, str(label), value, "select", choices=choices)

    def _field(self, name: str, label: str, value: str, kind: str = "text", **more: Any) -> Field:
        return Field(name, label, value, kind, errors=list(self.errors.get(name, ())), **more)


def passages(bank: Bank) -> list[tuple[str, str]]:
    """Return (address, words) of each passage of the module of a bank, in its order. One query."""
    rows = Lesson.objects.live().filter(section__module=bank.module_id, section__withdrawn_at=None)
    choices = []
    for lesson in rows.select_related("section").order_by("section__position", "position"):
        headings = lesson.document["headings"]
        for anchor, words in headings[language_of(headings)].items():
            number = f"{lesson.section.position}.{lesson.position}"
            choices.append((f"{lesson.section.slug}/{lesson.slug}#{anchor}", f"{number} {lesson.title} – {words}"))
    return choices
