"""What corrections of keys, claims and lessons touch: told to editors in numbers, and to those whom they touch.

Reads and writes the tables of every app. A summary of fewer than five people is not broken down (quality R13).
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Q

from accounts.models import Audit, User
from accounts.privacy import FEWEST_PEOPLE, is_few
from cohorts.models import Certificate
from lessons.models import Reading, Revision
from quizzes import remarking
from quizzes.models import Response
from quizzes.replay import replay

TOLD = "revision told"


@dataclass
class Revised:
    """A claim or lesson that says something else since `revisions`; `items` are those on it, `learners` a QuerySet."""

    thing: object
    revisions: list
    items: list
    learners: object


@dataclass
class Corrections:
    """What a run of `manage.py remark` finds, or has done. Ids of learners and certificates are all that grows."""

    tally: remarking.Tally = field(default_factory=remarking.Tally)
    certificates: set = field(default_factory=set)
    revised: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.tally.items or self.tally.reworded or self.revised)

    def take(self, changes):
        self.tally.take(changes)
        self.certificates |= certificates_of(changes)

    def lines(self):
        """The report as lines of text, in English as all commands are."""
        tally = self.tally
        if tally.items:
            attempts = _counted(tally.attempts, "attempt"), _counted(len(self.certificates), "certificate")
            yield f"to mark again: {_of(tally.learners, f'{attempts[0]}, on which {attempts[1]} rest and stay valid')}"
            for count in sorted(tally.items.values(), key=lambda each: (each.item.bank_id, each.item.slug)):
                yield f"   {count.item.slug}: {_of(count.learners, _outcomes(count))}"
        if tally.reworded:
            yield f"reworded, with key and score as before: {_counted(tally.reworded, 'answer')}"
        for revised in self.revised:
            items = f"; items on it: {', '.join(revised.items)}" if revised.items else ""
            told = _of(set(revised.learners.values_list("pk", flat=True)), "they answered or read it before")
            yield f"{type(revised.thing).__name__.lower()} {revised.thing}: {told}{items}"


def _of(learners, told):
    """How many learners, and what is told of them; of fewer than five nothing but that."""
    return f"fewer than {FEWEST_PEOPLE} learners" if is_few(len(learners)) else f"{len(learners)} learners: {told}"


def _counted(number, what):
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _outcomes(count):
    """The fate of an item's scores."""
    named = {"risen": "rise", "fallen": "fall", "void": "count no more", "restored": "count again", "same": "stay"}
    parts = [f"{getattr(count, name)} {word}" for name, word in named.items() if getattr(count, name)]
    return f"{_counted(count.attempts, 'attempt')}, {', '.join(parts)}"


def survey():
    """The Corrections that are due. Writes nothing; queries grow with batches of attempts and with revised things."""
    found = Corrections(revised=untold())
    for ids in remarking.batches():
        found.take(remarking.changes_of(ids))
    return found


def correct(by, at):
    """Mark again what is outdated, tell those whom it touches, and log it; the Corrections done. Safe to repeat.

    Each batch is one transaction: whoever breaks it off begins again where it stood.
    """
    done = Corrections()
    for ids in remarking.batches():
        with transaction.atomic():
            changes = remarking.remark(ids, by, at)
            batch = Corrections()
            batch.take(changes)
            _log(batch.tally, by, at)
            touched = User.objects.filter(pk__in=batch.tally.learners)
            for learner in touched:
                replay(learner)
            tell(touched, at)
        done.take(changes)
    with transaction.atomic():
        done.revised = untold()
        for revised in done.revised:
            tell(revised.learners, at)
            Audit.record_all(by, TOLD, [told_as(revision) for revision in revised.revisions], at)
    return done


def tell(people, at):
    """Let these people find on their first page that something is corrected. One query."""
    people.filter(changed_at=None).update(changed_at=at)


def _log(tally, by, at):
    """One line for each item of a batch."""
    counts = sorted(tally.items.values(), key=lambda count: count.item.pk)
    lines = [f"item {count.item.pk}: {count.attempts} marked again" for count in counts]
    Audit.record_all(by, "remark", lines, at)


# Certificates


def certificates_of(changes):
    """Ids of the current certificates that rest on an attempt in which somebody is told of a change. One query."""
    attempts = {change.response.attempt_id for change in changes if change.is_told}
    resting = Q(user__attempts__module=F("module"), user__attempts__submitted_at__lte=F("issued_at"))
    current = Certificate.objects.filter(resting, revoked_at=None, replaced_at=None, user__attempts__in=attempts)
    return set(current.values_list("pk", flat=True)) if attempts else set()


# Claims and lessons


def told_as(revision):
    """The audit's words for a revision whose readers have been told."""
    return f"revision {revision.pk}"


def untold():
    """The Revised claims and lessons whose people have not been told yet. 2 queries, and 2 for each."""
    known = set(Audit.objects.filter(what=TOLD).values_list("on_what", flat=True))
    groups = {}
    for revision in Revision.objects.order_by("made_at", "pk").select_related("claim", "lesson"):
        if told_as(revision) not in known:
            groups.setdefault(revision.claim or revision.lesson, []).append(revision)
    return [revised(thing, some) for thing, some in groups.items() if says_other(thing, some[0])]


def says_other(thing, revision):
    """Whether a claim's finding, label or verdict, or a lesson's text, is another than in that revision."""
    if revision.lesson_id:
        return thing.checksum != revision.checksum
    former = revision.document
    standing = (former["stands"], former["verdict"]) == (thing.stands, thing.verdict)
    return not standing or former["document"]["finding"] != thing.document["finding"]


def revised(thing, revisions):
    """The Revised of a claim or lesson; whom it touches is whoever met it before the last of the revisions."""
    last = revisions[-1].made_at
    if revisions[-1].lesson_id:
        readers = Reading.objects.filter(lesson=thing, checksum__in=[each.checksum for each in revisions])
        return Revised(thing, revisions, [], User.objects.filter(pk__in=readers.values("learner")))
    items = thing.items.live().order_by("slug")
    answered = Response.objects.filter(item__claims=thing, marked_at__lt=last)
    read = Reading.objects.filter(lesson__claims=thing, read_at__lt=last)
    touched = Q(pk__in=answered.values("attempt__learner")) | Q(pk__in=read.values("learner"))
    return Revised(thing, revisions, list(items.values_list("slug", flat=True)), User.objects.filter(touched))
