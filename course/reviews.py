"""What a learner is asked again today, and what is probably still known. May import the apps on its left."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Q, Subquery

from cohorts.models import Assignment
from lessons.models import Section
from quizzes import progress, schedule
from quizzes.models import Item, Recall

SECONDS = 30  # an item takes about so long, so that a full review is a visit of ten minutes


def known_to(user, at):
    """The Known rows of what the day's review may ask, over all modules; none of a visitor. One query.

    What a cohort of the learner has set comes back by the day of its next date: computed here, since recalls know of
    no cohort, and stored nowhere.
    """
    if not user.is_authenticated:
        return []
    covering = Q(sections=None) | Q(sections=OuterRef("item__bank__section"))
    dates = Assignment.objects.set_for(user).filter(covering, module=OuterRef("item__bank__module"), due_at__gte=at)
    return Recall.objects.of(user).reviewable().known(Subquery(dates.order_by("due_at").values("due_at")[:1]))


@dataclass(frozen=True)
class Load:
    """What is due, of the Known rows of one learner, on the learner's day."""

    known: list
    today: date
    due: list = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "due", [each for each in self.known if each.due_on <= self.today])

    @property
    def done(self):
        """How many items were met again today, in whatever use: they count for the day's most."""
        return sum(each.first_on < each.last_on == self.today for each in self.known)

    @property
    def count(self):
        """How many the day's review asks at most."""
        return min(len(self.due), max(schedule.MOST_A_DAY - self.done, 0))

    @property
    def minutes(self):
        return minutes(self.count)

    @property
    def next_on(self):
        """The next day on which something is due; None where nothing is known."""
        return min((each.due_on for each in self.known if each.due_on > self.today), default=None)

    @property
    def next_count(self):
        return sum(each.due_on == self.next_on for each in self.known)

    @property
    def week(self):
        """[(day, how many are asked)] for seven days from today."""
        return schedule.week([each.due_on for each in self.known], self.today, self.done)


def minutes(items):
    """How long so many items take, in whole minutes, at least one."""
    return max(round(items * SECONDS / 60), 1)


def chosen(load):
    """The ids of the items of today's review, in order. One query."""
    claims = {each.item_id: set() for each in load.due}
    for item, claim in Item.claims.through.objects.filter(item__in=claims).values_list("item_id", "claim_id"):
        claims[item].add(claim)
    waiting = [
        (schedule.recall(each.stability, (load.today - each.last_on).days), each.item_id, claims[each.item_id])
        for each in load.due
    ]
    return schedule.arranged(waiting, load.count)


def items_of(keys):
    """The items of these ids in that order, with what starting an attempt of them needs. One query."""
    found = Item.objects.select_related("current_version").in_bulk(keys)
    return [found[key] for key in keys]


@dataclass(frozen=True)
class Remembered:
    """A section of which items were met, and how many of them are probably still known."""

    section: Section
    still: int
    met: int


def remembered(known, today):
    """A Remembered for each section of these rows, by module and position. One query."""
    of = {}
    for each in known:
        of.setdefault(each.section_id, []).append(each)
    sections = Section.objects.filter(pk__in=[key for key in of if key]).select_related("module")
    return [
        Remembered(section, round(progress.still_known(of[section.pk], today)), len(of[section.pk]))
        for section in sections.order_by("module", "position")
    ]
