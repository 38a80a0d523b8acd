"""What a page shows of a marked attempt. Imports no view."""

from typing import Any

from quizzes.models import Attempt


def result_of(sitting: Attempt) -> dict[str, Any]:
    """Return the context of the result of a marked attempt, for its learner or for staff. 3 queries."""
    responses = list(sitting.responses.marked())
    missed = [response for response in responses if response.is_missed]
    return {
        "attempt": sitting,
        "module": sitting.module,
        "section": sitting.section,
        "responses": responses,
        "missed": missed,
        "passages": {response.item.get_passage_url(): response.item.passage_heading() for response in missed},
        "right": sum(response.outcome == "right" for response in responses),
        "points": sum(response.score or 0 for response in responses),
        "counted": sum(response.score is not None for response in responses),
    }
