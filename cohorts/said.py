"""What the staff of a cohort say to one learner, read in one query with the row of their place."""

from collections.abc import Iterable
from typing import TypeVar, cast

from django.db.models import FilteredRelation, QuerySet

from cohorts.models import Comment, Enrolment

Place = TypeVar("Place", bound=Enrolment)


def with_comments(places: QuerySet[Place]) -> list[Place]:
    """Return these rows, each once for every comment that hangs on it, as `comments_in` reads them. One query."""
    parts = ("comment__made_by", "comment__section__module", "comment__quiz__quiz")
    rows = places.annotate(comment=FilteredRelation("comments")).select_related(*parts)
    return cast("list[Place]", list(rows))


def comments_in(rows: Iterable[Enrolment]) -> list[Comment]:
    """Return the comments of these rows of one place: on all, then by section, in order, then on quizzes. No query."""
    comments = [comment for row in rows if (comment := getattr(row, "comment", None))]
    return sorted(comments, key=_order)


def _order(comment: Comment) -> tuple[bool, int, int]:
    if comment.section:
        return False, comment.section.module_id, comment.section.position
    return comment.quiz is not None, 0, comment.quiz_id or 0
