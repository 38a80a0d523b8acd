"""How long what is certified took, as far as that can be computed: lessons that were read, and questions."""

from collections.abc import Sequence

from accounts.models import User
from cohorts.marks import Mark
from lessons.models import Lesson, Module

MINUTES_A_QUESTION = 1  # as on the pages that tell how long a quiz takes
Workload = dict[str, int]


def workload_of(user: User, module: Module, asked: Sequence[Mark]) -> Workload:
    """Return {"lessons": n, "questions": n, "minutes": n} of what is asked. One query.

    Lessons of these sections count as far as `user` has read them, in the language in which they are shorter; the quiz
    of each section counts once, unless its mark was set by hand alone. A user without a row, as of a specimen, has read
    all and handed in all.
    """
    sections = [mark.section for mark in asked if mark.section]
    lessons = Lesson.objects.live().filter(section__in=sections)
    if user.pk:
        lessons = lessons.filter(readings__learner=user)
    minutes = [min(document["minutes"].values()) for document in lessons.values_list("document", flat=True)]
    quizzes = [mark.section for mark in asked if mark.section and (mark.row or not user.pk)]
    questions = sum(section.quiz_size for section in quizzes)
    if any(mark.section is None for mark in asked):
        questions += module.exam_per_section * sum(not section.is_optional for section in sections)
    return {
        "lessons": len(minutes),
        "questions": questions,
        "minutes": sum(minutes) + questions * MINUTES_A_QUESTION,
    }
