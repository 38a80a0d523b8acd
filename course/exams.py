"""The start of an exam, under what the learner's cohorts have set. May import the apps on its left."""

from datetime import datetime

from accounts.locking import ChangedMeanwhile, atomic_once_more
from accounts.models import User
from cohorts.exams import asking
from cohorts.models import Assignment, Cohort
from lessons.models import Module
from quizzes.models import Attempt


@atomic_once_more
def start(learner: User, module: Module, at: datetime, is_trial: bool = False) -> Attempt | None:
    """Return the learner's open exam, or a new one under the terms of now; None where none allows another.

    A trial, in a preview, is held to nothing.

    The cohorts that ask are held, so that what their staff give at that moment comes before it or reaches it; and the
    learner's row, so that of several at once none gets past the number of attempts.
    """
    if is_trial:
        return Attempt.start_exam(learner, module, at, is_trial=True)
    cohorts = Assignment.objects.set_for(learner).with_exam(module, at).values_list("cohort", flat=True)
    held = {cohort.pk for cohort in Cohort.objects.hold(*cohorts)}
    User.objects.hold(learner.pk)
    if sitting := Attempt.objects.of(learner).open().exams(module).first():
        return sitting
    asked = asking(learner, module, at)
    if {row.cohort_id for row in asked.assignments} - held:
        raise ChangedMeanwhile
    if not asked.terms.may_start:
        return None
    due_at, extra_time = asked.terms.due_at, asked.terms.extra_time
    sitting = Attempt.start_exam(learner, module, at, due_at, extra_time, certifies=asked.draws_kept)
    asked.lay_down(sitting)
    return sitting
