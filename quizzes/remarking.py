"""Marking again: the current key on the old answers, by option id (architecture 4, quality S3). Imports the tables.

Whoever calls it logs it: what is done here is kept in Remark, response by response.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from django.db import transaction
from django.db.models import F, Q

from quizzes.first_attempts import mark_firsts
from quizzes.models import Attempt, Remark, Response
from quizzes.models.responses import rounded_down

BATCH = 100  # attempts in memory at a time


@dataclass
class Count:
    """What marking again does to the responses to one item, by what becomes of their scores.

    `void` count for nobody from now on, `restored` count again.
    """

    item: object
    risen: int = 0
    fallen: int = 0
    void: int = 0
    restored: int = 0
    same: int = 0
    learners: set = field(default_factory=set)

    @property
    def attempts(self):
        """An attempt holds an item once, so these are also the responses."""
        return self.risen + self.fallen + self.void + self.restored + self.same

    def take(self, change):
        setattr(self, change.becomes, getattr(self, change.becomes) + 1)
        self.learners |= {change.learner} - {None}


@dataclass
class Tally:
    """What marking again does: `items` is {item id: Count}, `learners` ids (erased people have none).

    Ids of learners are all that grows; of the responses only numbers are kept. `reworded` counts those whose item now
    reads otherwise, while key and score stay: nobody need be told.
    """

    items: dict = field(default_factory=dict)
    attempts: int = 0
    learners: set = field(default_factory=set)
    reworded: int = 0

    def take(self, changes):
        """Count the changes of one batch of attempts."""
        told = [change for change in changes if change.is_told]
        self.reworded += len(changes) - len(told)
        self.attempts += len({change.response.attempt_id for change in told})
        for change in told:
            self.items.setdefault(change.response.item_id, Count(change.response.item)).take(change)
            self.learners |= {change.learner} - {None}


@dataclass(frozen=True)
class Change:
    """One response as it was marked and as it is now; scores are None where it counts for nobody."""

    response: Response
    learner: int | None
    former_version: object
    before: object
    after: object

    @property
    def becomes(self):
        """What becomes of the score: the name of one number of a Count."""
        if self.before == self.after:
            return "same"
        if None in (self.before, self.after):
            return "void" if self.after is None else "restored"
        return "risen" if self.after > self.before else "fallen"

    @property
    def is_told(self):
        """Whether its learner is told: the score is another, or the answer that was given out as right."""
        return self.before != self.after or not same_key(self.former_version, self.response.marked_version)


def same_key(one, other):
    """Whether two versions, or None, give out the same right answer."""
    if one is None or other is None:
        return one is other
    return one.kind == other.kind and one.rules.key(one.document) == other.rules.key(other.document)


def outdated():
    """The marked responses that the item's current version did not mark, or whose item has been withdrawn since."""
    withdrawn = Q(item__withdrawn_at__isnull=False, score__isnull=False)
    other = Q(marked_version=None) | ~Q(marked_version=F("item__current_version"))
    found = Response.objects.filter(marked_at__isnull=False, attempt__is_trial=False)
    return found.filter(withdrawn | Q(item__withdrawn_at=None) & other)


def batches():
    """Lists of ids of the attempts with outdated responses, in their order. One query for each list."""
    last = 0
    while True:
        attempts = outdated().filter(attempt__gt=last).order_by("attempt")
        ids = list(attempts.values_list("attempt", flat=True).distinct()[:BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]


def changes_of(ids):
    """What marking the attempts of these ids again would change; writes nothing. At most 8 queries."""
    return [change for changes in _marked_again(Attempt.objects.filter(pk__in=ids)).values() for change in changes]


@transaction.atomic
def remark(ids, by, at):
    """Mark the attempts of these ids again and keep it; the changes. At most 14 queries, whatever the responses.

    The attempts' rows are held first: of two runs at once the second finds nothing to change. An attempt's score is
    the mean of what counts; what was passed stays passed (docs/decisions/0012), and where nothing counts any more the
    score stays as it was. The day and order of marking stay.
    """
    held = Attempt.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    changed = {attempt: changes for attempt, changes in _marked_again(held).items() if changes}
    changes = [change for some in changed.values() for change in some]
    if not changes:
        return []
    remarks = []
    for attempt, some in changed.items():
        before = attempt.score
        attempt.score = score_again(attempt, [each.share for each in attempt.marked if each.share is not None])
        remarks += [_remark(change, before, attempt.score, by, at) for change in some if change.is_told]
    Response.objects.bulk_update([change.response for change in changes], ["score", "marked_version"], batch_size=500)
    Attempt.objects.bulk_update(changed, ["score"])
    Remark.objects.bulk_create(remarks, batch_size=500)
    _renew_firsts([change for change in changes if None in (change.before, change.after)])
    return changes


def score_again(attempt, shares):
    """The score of a marked attempt from the exact shares of what counts in it; None where it has no score.

    A passed attempt falls to its threshold and no further.
    """
    if attempt.score is None or not shares:
        return attempt.score
    return max(mean(shares), attempt.threshold) if attempt.has_passed else mean(shares)


def mean(shares):
    """The mean of Fractions as a score."""
    return rounded_down(sum(shares, Fraction()) / len(shares))


def share_of(response):
    """The exact share that its version marks; None where it counts for nobody. Both versions at hand: no query."""
    version = response.marked_version
    if version is None:
        return None
    return Fraction(0) if response.answer is None else version.rules.mark(version.document, response.answer)


def _marked_again(attempts):
    """{attempt: its changes}, marked in memory; `attempt.marked` holds its marked responses, each with its `share`."""
    found = {attempt.pk: attempt for attempt in attempts}
    by_attempt = defaultdict(list)
    responses = Response.objects.filter(attempt__in=found, marked_at__isnull=False).order_by("attempt", "position")
    for response in responses.prefetch_related("item__current_version", "shown_version", "marked_version"):
        by_attempt[response.attempt_id].append(response)
    changed = {}
    for key, attempt in found.items():
        attempt.marked = by_attempt[key]
        again = [_mark_again(response, attempt.learner_id) for response in attempt.marked]
        changed[attempt] = [change for change in again if change]
    return changed


def _mark_again(response, learner):
    """The Change of one response, or None where there is none."""
    former, before = response.marked_version, response.score
    response.mark(response.marked_at)
    if response.marked_version == former and response.score == before:
        return None
    return Change(response, learner, former, before, response.score)


def _remark(change, attempt_before, attempt_after, by, at):
    return Remark(
        response=change.response,
        former_version=change.former_version,
        version=change.response.marked_version,
        score_before=change.before,
        score_after=change.after,
        attempt_before=attempt_before,
        attempt_after=attempt_after,
        made_by=by,
        made_at=at,
    )


def _renew_firsts(changes):
    """A response that counts no more, or counts again, may make another one the learner's first."""
    learners = {change.learner for change in changes} - {None}
    if learners:
        items = {change.response.item_id for change in changes}
        mark_firsts(Response.objects.filter(attempt__learner__in=learners, item__in=items))
