"""What corrections of keys, claims and lessons touch: reported to editors in numbers, and to those whom they touch.

Reads and writes the tables of every app. A summary of fewer than five people is not broken down (quality R13).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.locking import atomic_once_more
from accounts.models import Audit, User
from accounts.privacy import FEWEST_PEOPLE, is_few
from cohorts.models import Certificate
from course.written import Written
from lessons.models import Claim, Lesson, Reading, Revision
from quizzes import remarking
from quizzes.models import Attempt, Response

TOLD = "revision told"


@dataclass
class Revised:
    """A claim or lesson that says something else since `revisions`; `items` are the slugs of those on it."""

    thing: Claim | Lesson
    revisions: list[Revision]
    items: list[str]
    learners: QuerySet[User]


@dataclass
class Corrections:
    """What a run of `manage.py remark` finds, or has done. Ids of learners and certificates are all that grows."""

    tally: remarking.Tally = field(default_factory=remarking.Tally)
    certificates: set[int] = field(default_factory=set)
    revised: list[Revised] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.tally.items or self.tally.reworded or self.revised)

    def take(self, changes: Sequence[remarking.Change]) -> None:
        """Count the changes of one batch of attempts. One query."""
        self.tally.take(changes)
        attempts = {change.response.attempt_id for change in changes if change.is_told}
        self.certificates |= set(Certificate.objects.current().resting_on(attempts).values_list("pk", flat=True))

    def lines(self) -> Iterator[str]:
        """Yield the report as lines of text, in English as all commands are."""
        tally = self.tally
        if tally.items:
            attempts = _counted(tally.attempts, "attempt"), _counted(len(self.certificates), "certificate")
            resting = f"{attempts[0]}, on which {attempts[1]} rest and stay valid"
            yield f"to mark again: {_report(tally.learners, resting)}"
            for count in sorted(tally.items.values(), key=lambda count: (count.item.bank_id, count.item.slug)):
                yield f"   {count.item.slug}: {_report(count.learners, _outcomes(count))}"
        if tally.reworded:
            yield f"reworded, with key and score as before: {_counted(tally.reworded, 'answer')}"
        for revised in self.revised:
            items = f"; items on it: {', '.join(revised.items)}" if revised.items else ""
            learners = set(revised.learners.values_list("pk", flat=True))
            report = _report(learners, "they answered or read it before")
            yield f"{type(revised.thing).__name__.lower()} {revised.thing}: {report}{items}"


def _report(learners: Collection[int | None], detail: str) -> str:
    """Return how many learners, and the detail; below five people the detail is left out (privacy)."""
    return f"fewer than {FEWEST_PEOPLE} learners" if is_few(len(learners)) else f"{len(learners)} learners: {detail}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _outcomes(count: remarking.Count) -> str:
    """Return what becomes of the scores of an item, in words."""
    named = {"risen": "rise", "fallen": "fall", "void": "count no more", "restored": "count again", "same": "stay"}
    parts = [f"{getattr(count, name)} {word}" for name, word in named.items() if getattr(count, name)]
    return f"{_counted(count.attempts, 'attempt')}, {', '.join(parts)}"


def reach(written: Written) -> str:
    """Return, in words, how many learners and attempts met what a load withdraws or says anew. 2 queries."""
    attempts = Attempt.objects.filter(is_trial=False, responses__item__in=written.items)
    readings = Reading.objects.filter(lesson__in=written.lessons)
    met = Q(pk__in=attempts.values("learner")) | Q(pk__in=readings.values("learner"))
    learners = User.objects.filter(met).values_list("pk", flat=True)
    return _report(list(learners), _counted(attempts.values("pk").distinct().count(), "attempt"))


def survey() -> Corrections:
    """Return the Corrections that are due. Writes nothing; queries grow with batches and with revised things."""
    corrections = Corrections(revised=unannounced())
    for ids in remarking.batches():
        corrections.take(remarking.changes_of(ids))
    return corrections


def correct(by: User | None, at: datetime) -> Corrections:
    """Mark again what is outdated, notify those whom it touches and log it; return what was done. Safe to repeat.

    Each batch, and each claim or lesson, is one transaction: a run that is broken off begins again where it stood.
    """
    done = Corrections()
    for ids in remarking.batches():
        done.take(_correct(ids, by, at))
    done.revised = unannounced()
    for revised in done.revised:
        _announce(revised, by, at)
    return done


@atomic_once_more
def _correct(ids: Sequence[int], by: User | None, at: datetime) -> list[remarking.Change]:
    """Mark one batch of attempts again, with all that follows from it; return the changes."""
    changes = remarking.settle(ids, by, at)
    batch = Corrections()
    batch.take(changes)
    _log(batch.tally, by, at)
    return changes


@atomic_once_more
def _announce(revised: Revised, by: User | None, at: datetime) -> None:
    """Notify whoever met a claim or lesson before it was revised, and log that they are."""
    learners = User.objects.filter(pk__in=revised.learners.values("pk")).held()
    remarking.notify(User.objects.filter(pk__in=[learner.pk for learner in learners]), at)
    Audit.record_all(by, TOLD, [audit_line(revision) for revision in revised.revisions], at)


def _log(tally: remarking.Tally, by: User | None, at: datetime) -> None:
    """Record one line for each item of a batch."""
    counts = sorted(tally.items.values(), key=lambda count: count.item.pk)
    lines = [f"item {count.item.pk}: {count.attempts} marked again" for count in counts]
    Audit.record_all(by, "remark", lines, at)


# Claims and lessons


def audit_line(revision: Revision) -> str:
    """Return the audit's words for a revision whose readers have been notified."""
    return f"revision {revision.pk}"


def unannounced() -> list[Revised]:
    """Return the claims and lessons whose revisions nobody has been notified of. 2 queries, and 2 for each."""
    announced = set(Audit.objects.filter(what=TOLD).values_list("on_what", flat=True))
    groups: dict[Claim | Lesson, list[Revision]] = {}
    for revision in Revision.objects.order_by("made_at", "pk").select_related("claim", "lesson"):
        thing = revision.claim or revision.lesson
        if thing and audit_line(revision) not in announced:
            groups.setdefault(thing, []).append(revision)
    return [_revised(thing, revisions) for thing, revisions in groups.items() if differs(thing, revisions[0])]


def differs(thing: Claim | Lesson, revision: Revision) -> bool:
    """Return whether a claim's finding, label or verdict, or a lesson's text, is another than in that revision."""
    if isinstance(thing, Lesson):
        return thing.checksum != revision.checksum
    former = revision.document
    standing = (former["stands"], former["verdict"]) == (thing.stands, thing.verdict)
    return not standing or former["document"]["finding"] != thing.document["finding"]


def _revised(thing: Claim | Lesson, revisions: list[Revision]) -> Revised:
    """Return the Revised of a claim or lesson: it touches whoever met it before the last of the revisions."""
    if isinstance(thing, Lesson):
        checksums = [revision.checksum for revision in revisions]
        readers = Reading.objects.filter(lesson=thing, checksum__in=checksums)
        return Revised(thing, revisions, [], User.objects.filter(pk__in=readers.values("learner")))
    items = thing.items.live().order_by("slug")
    last = revisions[-1].made_at
    answered = Response.objects.filter(item__claims=thing, marked_at__lt=last)
    read = Reading.objects.filter(lesson__claims=thing, read_at__lt=last)
    touched = Q(pk__in=answered.values("attempt__learner")) | Q(pk__in=read.values("learner"))
    return Revised(thing, revisions, list(items.values_list("slug", flat=True)), User.objects.filter(touched))
