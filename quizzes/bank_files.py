"""A bank as the questions of a file, and what the formats say of one, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lessons.models import Label, Section
from quizzes.formats import TABLE, WRITERS
from quizzes.formats.base import Loss, Picture, Question, Texts
from quizzes.formats.items import question_of
from quizzes.formats.tags import path_in_words, path_of
from quizzes.models import Bank, Item
from quizzes.models import Picture as KeptPicture
from quizzes.sourced import KEPT
from quizzes.sourced import question_of as question_of_source

MOODLE, GIFT, CSV = "moodle", "gift", "csv"
NAMES = {MOODLE: _("Moodle XML"), GIFT: _("GIFT"), CSV: _("Table (CSV)")}
SUFFIXES = {MOODLE: "xml", GIFT: "gift.txt", CSV: "csv"}
LOST = {
    Loss.REASONS: _("The reasons for single pairs, statements or entries: other programs do not show them."),
    Loss.UNITS: _("The unit beside the field: say it in the question."),
    Loss.ARTICLES: _(
        "An article before a short answer is right here, and wrong elsewhere unless it is among the forms."
    ),
    Loss.DOCUMENTS: _("The documents that the item shows: they stay here, with their sources."),
    Loss.FORMS: _("Accepted forms by language: they become one list."),
    Loss.ARROW: _("“->” in an accepted form: it becomes an arrow, since it would make a pair."),
    Loss.STAYS: _("The order of the options: they may be shuffled there."),
    Loss.PICTURE_AWAY: _("The pictures: this format holds none."),
}


@dataclass(frozen=True)
class Way:
    """One format in which a bank leaves: its name, and (words, how many items) of what is lost in it."""

    format: str
    name: str
    lost: list[tuple[str, int]]


def languages_of(section: Section) -> list[str]:
    """Return the languages of a section's module, that of the page first."""
    module = section.module
    return sorted(module.document["title"], key=lambda code: (code != module.language, code))


def questions_of(section: Section) -> list[Question]:
    """Return the live items of a section's bank as questions, in every language. 3 queries."""
    rows = section.bank.items.live().select_related("current_version", "passage").order_by("slug")
    labels = _labels(languages_of(section))
    category = (section.module.neutral_title, section.title)
    return list(_questions(rows.prefetch_related("claims", "rests_on"), labels, category))


def _questions(rows: Iterable[Item], labels: dict[str, Texts], category: tuple[str, ...]) -> Iterator[Question]:
    for row in rows:
        yield question_of(
            row.version.kind,
            row.version.document,
            row.document,
            labels,
            number=row.slug,
            level=row.level,
            objective=row.objective,
            claims=tuple(sorted(claim.key for claim in row.claims.all())),
            rests_on=tuple(sorted(claim.key for claim in row.rests_on.all())),
            passage=f"{row.passage.slug}#{row.anchor}" if row.passage else "",
            category=category,
        )


def questions_of_own(bank: Bank) -> tuple[list[Question], int]:
    """Return the live questions of an owner's bank, in their order, and how many drafts no file can hold. 4 queries.

    What a file brought leaves with its number, name, tags and category again.
    """
    rows = bank.items.live().select_related("passage__section").order_by("pk")
    rows = rows.prefetch_related("claims", "pictures")
    category = path_of(path_in_words([bank.title]))
    numbers: set[str] = set()
    questions: list[Question] = []
    count = 0
    for row in rows:
        count += 1
        number = _number_of(row)
        number = row.slug if number in numbers else number
        claims = tuple(sorted(claim.key for claim in row.claims.all()))
        about = {"category": category} | {name: row.origin[name] for name in KEPT if name in row.origin}
        question = question_of_source(
            row.source,
            bank.languages,
            about,
            number=number,
            objective=row.objective or 0,
            claims=claims,
            rests_on=claims,
            pictures=_pictures_of(row),
            passage=f"{row.passage.section.slug}/{row.passage.slug}#{row.anchor}" if row.passage else "",
        )
        if question:
            numbers.add(number)
            questions.append(question)
    return questions, count - len(questions)


def _pictures_of(item: Item) -> tuple[Picture, ...]:
    """Return the pictures that an item names, with what stands for them where it is written."""
    rows = {row.checksum: row for row in item.pictures.all()}
    entries = [entry for entry in item.source.get("pictures", ()) if entry["file"] in rows]
    return tuple(_picture(rows[entry["file"]], entry["alt"]) for entry in entries)


def _picture(row: KeptPicture, alternative: Texts) -> Picture:
    name = f"{row.checksum[:16]}.{row.media_type.removeprefix('image/')}"
    return Picture(name, {code: text for code, text in alternative.items() if text.strip()}, bytes(row.data))


def _number_of(item: Item) -> str:
    """Return the number that an item's file gave it; its slug where it gave none."""
    numbers = [text.removeprefix("id:") for text in item.origin.get("identities", ()) if text.startswith("id:")]
    return numbers[0] if numbers else item.slug


def _labels(languages: Iterable[str]) -> dict[str, Texts]:
    """Return the words of the labels of claims in those languages."""
    labels: dict[str, Texts] = {label.value: {} for label in Label}
    for code in languages:
        with override(code):
            for label in Label:
                labels[label.value][code] = str(label.label)
    return labels


def ways(questions: Iterable[Question], languages: list[str]) -> list[Way]:
    """Return the formats in which these questions can leave, each with what is lost in it."""
    asked = list(questions)
    loses = {**{name: writer.loses for name, writer in WRITERS.items()}, CSV: TABLE.loses}
    offered = []
    for name, words in NAMES.items():
        counts: dict[Loss, int] = {}
        for question in asked:
            for loss in loses[name](question, languages):
                counts[loss] = counts.get(loss, 0) + 1
        offered.append(Way(name, str(words), [(str(LOST[loss]), count) for loss, count in counts.items()]))
    return offered
