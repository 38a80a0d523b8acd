"""A bank as the questions of a file, and what the formats say of one, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lessons.models import Label, Section
from quizzes.formats import TABLE, WRITERS
from quizzes.formats.base import Loss, Question, Texts
from quizzes.formats.items import question_of
from quizzes.models import Item

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
    found = []
    for name, words in NAMES.items():
        counts: dict[Loss, int] = {}
        for question in asked:
            for loss in loses[name](question, languages):
                counts[loss] = counts.get(loss, 0) + 1
        found.append(Way(name, str(words), [(str(LOST[loss]), count) for loss, count in counts.items()]))
    return found
