"""Marking again: the current key on the old answers, by option id (architecture 4, quality S3). Imports the tables.

Whoever calls it logs it: what is done here is kept in Remark, response by response.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db.models import F, Q, QuerySet

from accounts.locking import ChangedMeanwhile, atomic_once_more
from accounts.models import User
from quizzes.first_attempts import mark_firsts
from quizzes.kinds import TYPED
from quizzes.models import Attempt, Item, ItemVersion, Remark, Response
from quizzes.models.attempt_queries import AttemptQuerySet
from quizzes.models.responses import ResponseQuerySet, rounded_down
from quizzes.replay import replay

BATCH = 100  # attempts in memory at a time
ERASED = Q(attempt__learner=None, shown_version__kind__in=TYPED, answer__isnull=True)  # as `is_erased` says


@dataclass
class Count:
    """What marking again does to the responses to one item, by what becomes of their scores.

    `void` count for nobody from now on, `restored` count again.
    """

    item: Item
    risen: int = 0
    fallen: int = 0
    void: int = 0
    restored: int = 0
    same: int = 0
    learners: set[int] = field(default_factory=set)

    @property
    def attempts(self) -> int:
        """An attempt holds an item once, so these are also the responses."""
        return self.risen + self.fallen + self.void + self.restored + self.same

    def take(self, change: "Change") -> None:
        """Count one response by what becomes of its score."""
        setattr(self, change.becomes, getattr(self, change.becomes) + 1)
        if change.learner is not None:
            self.learners.add(change.learner)


@dataclass
class Tally:
    """What marking again does: `items` is {item id: Count}, `learners` ids (erased people have none).

    Ids of learners are all that grows; of the responses only numbers are kept. `reworded` counts those whose item now
    reads otherwise, while key and score stay: nobody need be told.
    """

    items: dict[int, Count] = field(default_factory=dict)
    attempts: int = 0
    learners: set[int] = field(default_factory=set)
    reworded: int = 0

    def take(self, changes: "Sequence[Change]") -> None:
        """Count the changes of one batch of attempts."""
        notable = [change for change in changes if change.is_told]
        self.reworded += len(changes) - len(notable)
        self.attempts += len({change.response.attempt_id for change in notable})
        for change in notable:
            self.items.setdefault(change.response.item_id, Count(change.response.item)).take(change)
            if change.learner is not None:
                self.learners.add(change.learner)


@dataclass(frozen=True)
class Change:
    """One response as it was marked and as it is now; scores are None where it counts for nobody."""

    response: Response
    learner: int | None
    former_version: ItemVersion | None
    before: Decimal | None
    after: Decimal | None

    @property
    def becomes(self) -> str:
        """What becomes of the score: the name of one number of a Count."""
        if self.before == self.after:
            return "same"
        if self.after is None:
            return "void"
        if self.before is None:
            return "restored"
        return "risen" if self.after > self.before else "fallen"

    @property
    def is_told(self) -> bool:
        """Whether its learner is told: the score is another, or the answer that was given out as right."""
        return self.before != self.after or not same_key(self.former_version, self.response.marked_version)


def same_key(one: ItemVersion | None, other: ItemVersion | None) -> bool:
    """Return whether two versions, or None, give out the same right answer."""
    if one is None or other is None:
        return one is other
    return one.kind == other.kind and one.rules.key(one.document) == other.rules.key(other.document)


def outdated() -> ResponseQuerySet:
    """Return the marked responses that the item's current version did not mark, or whose item was withdrawn since.

    What was erased nobody can mark: it is outdated only where its item is withdrawn.
    """
    withdrawn = Q(item__withdrawn_at__isnull=False, score__isnull=False)
    other = Q(marked_version=None) | ~Q(marked_version=F("item__current_version"))
    marked = Response.objects.filter(marked_at__isnull=False, attempt__is_trial=False)
    return marked.filter(withdrawn | Q(item__withdrawn_at=None) & other & ~ERASED)


def is_erased(response: Response, learner: int | None) -> bool:
    """Return whether an answer went with its learner: what was typed. Its score stays, and so does that of a gap."""
    return learner is None and response.answer is None and response.shown_version.rules.is_typed


def batches(item: Item | None = None) -> Iterator[list[int]]:
    """Yield lists of ids of the attempts with outdated responses, or such to one item, in their order.

    One query for each list.
    """
    responses = outdated().filter(item=item) if item else outdated()
    last = 0
    while True:
        attempts = responses.filter(attempt__gt=last).order_by("attempt")
        ids = list(attempts.values_list("attempt", flat=True).distinct()[:BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]


def changes_of(ids: Iterable[int]) -> list[Change]:
    """Return what marking the attempts of these ids again would change; writes nothing. At most 8 queries."""
    return [change for again in _marked_again(Attempt.objects.filter(pk__in=ids)) for change in again.changes]


@atomic_once_more
def remark(ids: Iterable[int], by: User | None, at: datetime, why: Mapping[str, str] | None = None) -> list[Change]:
    """Mark the attempts of these ids again and return the changes. At most 15 queries, whatever the responses.

    Their learners' rows are locked first, then the attempts': of two runs at once the second finds nothing to change.
    An attempt's score is the mean of what counts; what was passed stays passed (docs/decisions/0012), and where nothing
    counts any more the score stays as it was. The day and order of marking stay. `why` is {language: reason} that the
    learners are told; without it, that of the version.
    """
    changed = [again for again in _marked_again(_held(ids)) if again.changes]
    changes = [change for again in changed for change in again.changes]
    if not changes:
        return []
    remarks = []
    for again in changed:
        before = again.attempt.score
        after = score_again(again.attempt, again.shares)
        again.attempt.score = after
        remarks += [_remark(change, before, after, by, at, why or {}) for change in again.changes if change.is_told]
    Response.objects.bulk_update([change.response for change in changes], ["score", "marked_version"], batch_size=500)
    Attempt.objects.bulk_update([again.attempt for again in changed], ["score"])
    Remark.objects.bulk_create(remarks, batch_size=500)
    _renew_firsts([change for change in changes if None in (change.before, change.after)])
    return changes


@atomic_once_more
def settle(ids: Iterable[int], by: User | None, at: datetime, why: Mapping[str, str] | None = None) -> list[Change]:
    """Mark attempts again as `remark` does, compute anew what is known of these items, and let their learners be told.

    At most 25 queries for 500 recalls of their learners.
    """
    changes = remark(ids, by, at, why)
    notable = [change for change in changes if change.is_told]
    touched = User.objects.filter(pk__in={change.learner for change in notable} - {None})
    replay(touched, at, {change.response.item_id for change in notable})
    notify(touched, at)
    return changes


def notify(people: QuerySet[User], at: datetime) -> None:
    """Let these people see on their first page that something is corrected; an earlier date stays. One query."""
    people.filter(changed_at=None).update(changed_at=at)


def _held(ids: Iterable[int]) -> AttemptQuerySet:
    """Lock the learners of these attempts, then the attempts, which may be nobody's. 2 queries."""
    rows = Attempt.objects.filter(pk__in=ids)
    learners = {user.pk for user in User.objects.filter(pk__in=rows.values("learner")).held()}
    held = rows.select_for_update(no_key=True).order_by("pk")
    if {attempt.learner_id for attempt in held} - {None} - learners:
        raise ChangedMeanwhile
    return held


def score_again(attempt: Attempt, shares: Sequence[Fraction]) -> Decimal | None:
    """Return the score of a marked attempt from the exact shares of what counts in it; None where it has no score.

    A passed attempt falls to its threshold and no further.
    """
    if attempt.score is None or not shares:
        return attempt.score
    return max(mean(shares), attempt.threshold) if attempt.threshold and attempt.has_passed else mean(shares)


def mean(shares: Sequence[Fraction]) -> Decimal:
    """Return the mean of Fractions as a score."""
    return rounded_down(sum(shares, Fraction()) / len(shares))


def share_of(response: Response) -> Fraction | None:
    """Return the exact share that its version marks; None where it counts for nobody. With both versions no query."""
    version = response.marked_version
    if version is None:
        return None
    return Fraction(0) if response.answer is None else version.rules.mark(version.document, response.answer)


@dataclass(frozen=True)
class MarkedAgain:
    """An attempt whose responses were marked again in memory: the exact shares of what counts, and the changes."""

    attempt: Attempt
    shares: list[Fraction]
    changes: list[Change]


def _marked_again(attempts: AttemptQuerySet) -> list[MarkedAgain]:
    """Mark the responses of these attempts again in memory; write nothing."""
    by_id = {attempt.pk: attempt for attempt in attempts}
    by_attempt = defaultdict(list)
    responses = Response.objects.filter(attempt__in=by_id, marked_at__isnull=False).order_by("attempt", "position")
    for response in responses.prefetch_related("item__current_version", "shown_version", "marked_version"):
        by_attempt[response.attempt_id].append(response)
    marked = []
    for key, attempt in by_id.items():
        changes = [_mark_again(response, attempt.learner_id) for response in by_attempt[key]]
        shares = [response.share for response in by_attempt[key] if response.share is not None]
        marked.append(MarkedAgain(attempt, shares, [change for change in changes if change]))
    return marked


def _mark_again(response: Response, learner: int | None) -> Change | None:
    """Mark one response again and return the Change response, or None where there is none."""
    former, before = response.marked_version, response.score
    if is_erased(response, learner) and response.item.withdrawn_at is None:
        response.share = None if before is None else Fraction(before)
        return None
    if response.marked_at:
        response.mark(response.marked_at)
    if response.marked_version == former and response.score == before:
        return None
    return Change(response, learner, former, before, response.score)


def _remark(
    change: Change,
    attempt_before: Decimal | None,
    attempt_after: Decimal | None,
    by: User | None,
    at: datetime,
    why: Mapping[str, str],
) -> Remark:
    return Remark(
        response=change.response,
        former_version=change.former_version,
        version=change.response.marked_version,
        score_before=change.before,
        score_after=change.after,
        attempt_before=attempt_before,
        attempt_after=attempt_after,
        reason=dict(why),
        made_by=by,
        made_at=at,
    )


def _renew_firsts(changes: Iterable[Change]) -> None:
    """Decide anew which are first: a response that counts no more, or again, may make another one the first."""
    learners = {change.learner for change in changes if change.learner is not None}
    if learners:
        items = {change.response.item_id for change in changes}
        mark_firsts(Response.objects.filter(attempt__learner__in=learners, item__in=items))
