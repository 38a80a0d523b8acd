"""Who learns in a cohort, as a list of thousands needs it: by name, and looked for."""

from collections.abc import Sequence
from typing import NamedTuple

from accounts.compiled import ID, Compiled
from accounts.folding import QUOTE, cut, folded
from accounts.names import sort_key
from cohorts.models import Enrolment
from cohorts.models.cohorts import known_name, shown_name

MEMBER = (
    *("pk", "cohort_id", "user_id", "user__name", "user__is_guest", "roster_name", "said_name"),
    *("school_number", "group_id", "group__name", "user__time_zone"),
)  # the fields of a Member, as a query names them


class Member(NamedTuple):
    """A learner's enrolment, as a list of thousands needs it; `user_id` is None of a place that nobody has taken."""

    pk: int
    cohort_id: int
    user_id: int | None
    name: str | None
    is_guest: bool | None
    roster_name: str
    said_name: str
    school_number: str
    group_id: int | None
    group: str | None
    time_zone: str | None

    @property
    def shown_name(self) -> str:
        """Return the name that the person chose; of a guest a short mark; of a place not taken an empty string."""
        return shown_name(self.name, bool(self.is_guest)) if self.name else ""

    @property
    def known_name(self) -> str:
        return known_name(self.roster_name, self.said_name, self.shown_name)

    @property
    def chosen_name(self) -> str:
        """Return the name that the person chose where staff know them by another; else an empty string."""
        return self.shown_name if self.shown_name != self.known_name else ""

    @property
    def searched(self) -> str:
        """Return all that the person is looked for by: each name, and the number of the school."""
        return f"{self.roster_name} {self.said_name} {self.shown_name} {self.school_number}"


LEARNERS = Compiled(
    lambda cohort: Enrolment.objects.filter(cohort=cohort).current().learners().values_list(*MEMBER), cohort=ID
)


def learners_in_order(cohort: int) -> list[Member]:
    """Return a Member for each who learns now in the cohort of that id, by the name that staff know them by.

    Namesakes by enrolment. One query.
    """
    return sorted(map(Member._make, LEARNERS(cohort=cohort)), key=_order)


def _order(member: Member) -> tuple[tuple[str, str], int]:
    """Return by what a learner's place is; of thousands, most stand on a roster, and need no more than its name."""
    return sort_key(member.roster_name or member.known_name), member.pk


def matching(members: Sequence[Member], words: str) -> list[Member]:
    """Return those in whose names or number of the school each of the words stands, whatever case and accents."""
    wanted = _bare(cut(words)).split()
    if not wanted:
        return list(members)
    known = ((member, _bare(member.searched)) for member in members)
    return [member for member, names in known if all(word in names for word in wanted)]


def _bare(text: str) -> str:
    """Return a text as names are looked for in it: its bare words, as if there were no apostrophe."""
    return folded(text).replace(QUOTE, "")
