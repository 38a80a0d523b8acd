"""What a page shows of a marked attempt. Imports no view."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lessons.models import Section
from lessons.models.base import language_of
from quizzes.explanations import explanation_of, marked_in
from quizzes.habits import Judgement, judgement
from quizzes.models import Attempt, Response


def score_of(sitting: Attempt) -> dict[str, Any]:
    """Return the context of a result that shows no item: the score, and the sections that were weak. 2 queries.

    Weak is a section of which less was right than passes; the weakest come first.
    """
    rows = sitting.responses.filter(score__isnull=False).select_related("item__bank__section__module")
    by_section: dict[Section, list[Decimal]] = {}
    for response in rows:
        if response.item.bank.section and response.score is not None:
            by_section.setdefault(response.item.bank.section, []).append(response.score)
    means = {section: sum(scores) / len(scores) for section, scores in by_section.items()}
    weak = [section for section, mean in means.items() if mean < (sitting.threshold or 1)]
    return {
        "attempt": sitting,
        "module": sitting.module,
        "weak": sorted(weak, key=lambda section: (means[section], section.position)),
        "right": sum(response.outcome == "right" for response in rows),
        "partly": sum(response.outcome == "partly" for response in rows),
        "counted": len(rows),
    }


@dataclass(frozen=True)
class Ability:
    """An objective of a section, and how many of the items that ask for it were right, of how many that count."""

    text: str
    right: int
    asked: int


def _abilities(section: Section | None, responses: Sequence[Response]) -> list[Ability]:
    """Return an Ability for each objective of the section that these marked responses show."""
    abilities = []
    for number, objective in enumerate(section.document["objectives"] if section else (), 1):
        shown = [row for row in responses if row.item.objective == number and row.score is not None]
        if shown:
            text = objective["text"]
            right = sum(row.outcome == "right" for row in shown)
            abilities.append(Ability(text[language_of(text)], right, len(shown)))
    return abilities


def _judged(responses: Sequence[Response]) -> Judgement:
    """Return how these marked responses judged what may be printed."""
    counted = [row for row in responses if row.score is not None]
    return judgement((row.marked_version.document, row.answer) for row in counted if row.marked_version)


@dataclass(frozen=True)
class Passage:
    """A passage to read again: its address, which leads back; its heading; the position of what was missed first."""

    address: str
    heading: str
    position: int


def _passages(missed: Sequence[Response]) -> list[Passage]:
    """Return the passages of what was missed, each once, in the order of the items; an own item may name none."""
    passages: dict[str, Passage] = {}
    for response in missed:
        said = explanation_of(response)
        if not said.address:
            continue
        passages.setdefault(
            said.address, Passage(said.address_from(response, goes_on=True), said.heading, response.position)
        )
    return list(passages.values())


def result_of(sitting: Attempt, read_to: int = 0) -> dict[str, Any]:
    """Return the context of the result of a marked attempt, for its learner or for staff. Queries as `marked`.

    `read_to` is the position of the item whose passage was read last: the next step is the passage after it.
    """
    responses = marked_in(sitting)
    missed = [response for response in responses if response.is_missed]
    passages = _passages(missed)
    return {
        "attempt": sitting,
        "module": sitting.module,
        "section": sitting.section,
        "responses": responses,
        "missed": missed,
        "repeatable": [response for response in missed if response.is_repeatable],
        "passages": passages,
        "following": next((passage for passage in passages if passage.position > read_to), None),
        "read_to": read_to,
        "abilities": _abilities(sitting.section, responses),
        "judged": _judged(responses),
        "partly": sum(response.outcome == "partly" for response in responses),
        "right": sum(response.outcome == "right" for response in responses),
        "points": sum(response.score or 0 for response in responses),
        "counted": sum(response.score is not None for response in responses),
    }
