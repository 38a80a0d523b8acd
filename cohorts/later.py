"""A later date for several people at once: who may be chosen, and the one transaction that gives it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from accounts.folding import cut, folded
from accounts.locking import atomic_once_more
from accounts.models import Audit, User
from accounts.names import sort_key
from cohorts.models import Assignment, AttemptTerms, Cohort, Enrolment, Extension

MOST = 60  # people at once: as many as stand on a page


def people_like(cohort: Cohort, text: str, group: int | None) -> list[Enrolment]:
    """Return the learners of a cohort by name: of that group, if any, whose name holds each word of `text`. One query.

    Accents and capital letters do not matter; every name that staff see of somebody is looked at.
    """
    rows = cohort.enrolments.current().learners().select_related("user", "group")
    words = folded(cut(text)).split()
    alike = [row for row in (rows.filter(group=group) if group else rows) if _is_like(row, words)]
    return sorted(alike, key=lambda row: (sort_key(row.known_name), row.pk))


def _is_like(row: Enrolment, words: Iterable[str]) -> bool:
    names = folded(" ".join((row.roster_name, row.said_name, row.shown_name, row.school_number)))
    return all(word in names for word in words)


@atomic_once_more
def give(
    assignment: Assignment, people: Collection[Enrolment], due_at: datetime, reason: str, by: User, at: datetime
) -> list[Extension]:
    """Let the work of these people be due at `due_at`, and note who gave that and why; the extensions that changed it.

    The cohort is held. Nothing is taken away: whoever is excused, or has that date or a later one, keeps what they
    have. It reaches exams of theirs that are open. At most 14 queries, however many people.
    """
    users = {person.pk for person in User.objects.filter(pk__in=[row.user_id for row in people]).held()}
    there = assignment.extensions.filter(enrolment__in=people).by_enrolment()
    made, changed = [], []
    for row in people:
        if row.user_id and row.user_id not in users:
            continue  # erased meanwhile
        extension = there.get((assignment.pk, row.pk))
        if extension is None:
            made.append(Extension(assignment=assignment, enrolment=row, due_at=due_at, reason=reason, made_by=by))
        elif not extension.is_excused and (extension.due_at is None or extension.due_at < due_at):
            extension.due_at, extension.reason, extension.made_by = due_at, reason, by
            changed.append(extension)
    Extension.objects.bulk_create(made)
    Extension.objects.bulk_update(changed, ["due_at", "reason", "made_by"])
    lines = [*(f"{row}: made" for row in made), *(f"{row}: changed" for row in changed)]
    Audit.record_all(by, "extension", lines, at)
    AttemptTerms.objects.filter(assignment=assignment, attempt__learner__in=users, attempt__is_trial=False).reach(at)
    return [*made, *changed]
