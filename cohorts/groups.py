"""Groups of a cohort: made, renamed, filled. May import the apps on its left."""

from collections.abc import Iterable

from accounts.locking import atomic_once_more
from accounts.names import key
from cohorts.choices import Role
from cohorts.models import Cohort, Group
from cohorts.places import hold_rows, lock_cohort


def named(cohort: Cohort, name: str) -> Group:
    """Return the cohort's group of that name, made unless there is one that differs at most in case or dashes.

    At most 2 queries, in a transaction that holds the cohort.
    """
    same = (group for group in cohort.groups.all() if key(group.name) == key(name))
    return next(same, None) or cohort.groups.create(name=name)


def rename(group: Group, name: str) -> bool:
    """Give a group another name; False where another group of the cohort, which is held, has it. 2 queries."""
    others = Group.objects.filter(cohort=group.cohort_id).exclude(pk=group.pk)
    if key(name) in {key(other.name) for other in others}:
        return False
    group.name = name
    group.save(update_fields=["name"])
    return True


@atomic_once_more
def disband(group: Group) -> None:
    """Delete a group; its people stay in the cohort, in none. 7 queries."""
    gather(group.cohort, group.enrolments.values_list("pk", flat=True), None)
    group.delete()


@atomic_once_more
def gather(cohort: Cohort, rows: Iterable[int], group: Group | None) -> int:
    """Put the learners of these rows into one group of the cohort, or out of any; how many. 5 queries."""
    held = [row.pk for row in hold_rows(lock_cohort(cohort), rows) if row.role == Role.LEARNER]
    return cohort.enrolments.filter(pk__in=held).update(group=group)
