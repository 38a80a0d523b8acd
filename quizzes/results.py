"""What a page shows of a marked attempt. Imports no view."""

from decimal import Decimal
from typing import Any

from lessons.models import Section
from quizzes.explanations import explanation_of, marked
from quizzes.models import Attempt


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
        "counted": len(rows),
    }


def result_of(sitting: Attempt) -> dict[str, Any]:
    """Return the context of the result of a marked attempt, for its learner or for staff. Queries as `marked`."""
    responses = marked(sitting.responses.all(), sitting.module)
    missed = [response for response in responses if response.is_missed]
    return {
        "attempt": sitting,
        "module": sitting.module,
        "section": sitting.section,
        "responses": responses,
        "missed": missed,
        "repeatable": [response for response in missed if response.is_repeatable],
        "passages": {said.address: said.heading for said in map(explanation_of, missed)},
        "right": sum(response.outcome == "right" for response in responses),
        "points": sum(response.score or 0 for response in responses),
        "counted": sum(response.score is not None for response in responses),
    }
