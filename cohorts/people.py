"""The people of a cohort as its staff look for them: by name or number, group and state, in order.

May import the models of cohorts and the apps on their left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.folding import cut, folded
from accounts.names import sort_key
from cohorts.choices import Role
from cohorts.models import Cohort, Enrolment
from cohorts.models.cohorts import known_name, shown_name

NO_GROUP = "none"
ORDER = {Role.INSTRUCTOR: 0, Role.LEAD: 1, Role.LEARNER: 2}
READ = (
    *("pk", "role", "roster_name", "said_name", "school_number", "group", "group__name"),
    *("user", "user__name", "user__is_guest", "left_at", "removed_at"),
)


class State(models.TextChoices):
    IN = "in", _("In the cohort")
    WAITING = "waiting", _("Has not joined yet")
    GONE = "gone", _("Has left")


class Member(NamedTuple):
    """A row of the list; `group` is the number of its group, `user` that of its person, None of a free place."""

    pk: int
    role: str
    roster_name: str
    said_name: str
    number: str
    group: int | None
    group_name: str | None
    user: int | None
    name: str | None
    is_guest: bool | None
    left_at: datetime | None
    removed_at: datetime | None

    @property
    def shown_name(self) -> str:
        return shown_name(self.name or "", bool(self.is_guest)) if self.user else ""

    @property
    def known_name(self) -> str:
        """Return how staff know them, as `Enrolment.known_name` does."""
        return known_name(self.roster_name, self.said_name, self.shown_name)

    @property
    def chosen_name(self) -> str:
        """Return the name that the person chose where staff know them by another; else an empty string."""
        return self.shown_name if self.shown_name != self.known_name else ""

    @property
    def get_role_display(self) -> str:
        return str(Role(self.role).label)

    @property
    def state(self) -> State:
        if self.left_at:
            return State.GONE
        return State.IN if self.user else State.WAITING

    def bears(self, words: Sequence[str]) -> bool:
        """Return whether each of these folded words stands in one of the names or in the number."""
        names = folded(" ".join([self.roster_name, self.said_name, self.shown_name, self.number]))
        return all(word in names for word in words)


@dataclass(frozen=True)
class Search:
    """What staff look for: a name or a number, the number of a group or NO_GROUP, a State; empty is everybody."""

    text: str = ""
    group: str = ""
    state: str = ""

    def among(self, rows: Sequence[Member]) -> list[Member]:
        """Return those of the rows that are looked for, in their order."""
        words = folded(cut(self.text)).split()
        rows = [row for row in rows if not self.state or row.state == self.state]
        rows = [row for row in rows if not self.group or str(row.group or NO_GROUP) == self.group]
        return [row for row in rows if row.bears(words)] if words else rows


def members_of(cohort: Cohort) -> list[Member]:
    """Return all who are listed, staff first, then learners, then who left; each by name. One query."""
    rows = [Member(*row) for row in cohort.enrolments.listed().values_list(*READ)]
    return sorted(
        rows, key=lambda row: (row.state == State.GONE, ORDER[Role(row.role)], sort_key(row.known_name), row.pk)
    )


def partners(row: Enrolment, rows: Sequence[Member]) -> list[Member]:
    """Return which of the cohort's members may be the same person as a learner, as `places.mergeable_pair` says it."""
    is_in = row.user_id is not None and row.left_at is None
    others = [other for other in rows if other.role == Role.LEARNER and other.pk != row.pk]
    return [other for other in others if (other.state == State.IN) != is_in]
