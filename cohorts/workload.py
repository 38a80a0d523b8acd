"""How long what is certified took, as far as that can be computed: lessons that were read, and questions."""

from collections.abc import Iterable, Sequence

from accounts.models import User
from cohorts.marks import Mark
from lessons.models import Lesson, Module

MINUTES_A_QUESTION = 1  # as on the pages that tell how long a quiz takes
Workload = dict[str, int]


def read_by(user: User, asked: Sequence[Mark]) -> list[Lesson]:
    """Return the live lessons of the sections asked that `user` has read. One query."""
    sections = [mark.section for mark in asked if mark.section]
    return list(Lesson.objects.live().filter(section__in=sections, readings__learner=user))


def workload_of(read: Iterable[Lesson], module: Module, asked: Sequence[Mark], is_specimen: bool = False) -> Workload:
    """Return {"lessons": n, "questions": n, "minutes": n} of what is asked. No query.

    Lessons that were `read` count in the language in which they are shorter; the quiz of each section counts once,
    unless its mark was set by hand alone. Of a specimen all was handed in.
    """
    minutes = [min(lesson.document["minutes"].values()) for lesson in read]
    sections = [mark.section for mark in asked if mark.section]
    quizzes = [mark.section for mark in asked if mark.section and (mark.row or is_specimen)]
    questions = sum(section.quiz_size for section in quizzes)
    if any(mark.section is None for mark in asked):
        questions += module.exam_per_section * sum(not section.is_optional for section in sections)
    return {
        "lessons": len(minutes),
        "questions": questions,
        "minutes": sum(minutes) + questions * MINUTES_A_QUESTION,
    }
