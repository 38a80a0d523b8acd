"""What was corrected of that which one person answered or read. Reads the tables of every app; five queries in all."""

from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import get_language

from accounts.models import User
from cohorts.models import Certificate
from course.corrections import says_other
from course.differences import differences
from lessons.models import Claim, Label, Lesson, Reading, Revision, Verdict
from quizzes.models import Remark, Response
from quizzes.wording import ARROW, in_words, key_in_words

LATEST = 100  # remarks on the page; all of them are in "my data"


@dataclass
class ItemChange:
    """One item with one correction, and the remarks that it brought this person, latest first."""

    remarks: list

    @property
    def remark(self):
        return self.remarks[0]

    @property
    def item(self):
        return self.remark.response.item

    @property
    def is_new(self):
        return any(remark.seen_at is None for remark in self.remarks)

    @property
    def before(self):
        """The version as the person knew it."""
        return self.remark.former_version or self.remark.response.shown_version

    @property
    def after(self):
        """The version that marks now; None where the item counts for nobody."""
        return self.remark.version

    @property
    def reason(self):
        return self.after.reason.get(get_language(), "") if self.after else ""

    @property
    def reads_otherwise(self):
        return self.after is not None and self.before.stem != self.after.stem

    @property
    def right_before(self):
        return self._touched(key_in_words(self.before))

    @property
    def right_after(self):
        return self._touched(key_in_words(self.after)) if self.after else []

    @property
    def given(self):
        return self._touched(in_words(self.remark.response.shown_version, self.remark.response.answer))

    def _touched(self, lines):
        """Of statements, pairs or entries those alone whose key is another; other answers whole."""
        return [line for line in lines if line.partition(ARROW)[0] not in self._untouched]

    @cached_property
    def _untouched(self):
        """How the lines of the statements, pairs and entries begin whose key has stayed."""
        if self.after is None or self.before == self.after:
            return set()
        stay = set(key_in_words(self.before)) & set(key_in_words(self.after))
        return {line.partition(ARROW)[0] for line in stay if ARROW in line}


@dataclass
class ClaimChange:
    """A claim as it stands now, and the first revision that this person did not see."""

    claim: Claim
    revision: Revision
    latest: Revision

    @property
    def finding_before(self):
        return self.revision.document["document"]["finding"].get(get_language(), "")

    @property
    def standing_before(self):
        return _standing(self.revision.document["stands"], self.revision.document["verdict"])

    @property
    def standing_after(self):
        return _standing(self.claim.stands, self.claim.verdict)

    @property
    def reason(self):
        return self.latest.reason.get(get_language(), "")


def _standing(stands, verdict):
    return [str(Label(stands).label), *([str(Verdict(verdict).label)] if verdict else [])]


@dataclass
class LessonChange:
    """A lesson that reads otherwise than when this person read it; `revision` is what it said then, if it is kept."""

    lesson: Lesson
    reading: Reading
    revision: Revision | None

    def lines(self):
        """The lines that differ, as course.differences tells them, in the language of the page."""
        if self.revision is None:
            return []
        language = get_language()
        return differences(self.revision.document["source"][language], self.lesson.document["source"][language])


@dataclass
class Changes:
    items: list
    claims: list
    lessons: list
    certificates: bool

    def __bool__(self):
        return bool(self.items or self.claims or self.lessons)


def changes_of(user):
    """The Changes of one person: items and claims latest first, lessons in their order. 5 queries."""
    items = _items(user)
    resting = Certificate.objects.filter(user=user, revoked_at=None, replaced_at=None)
    resting = resting.filter(issued_at__gte=F("user__attempts__submitted_at"), module=F("user__attempts__module"))
    told = {remark.response.attempt_id for change in items for remark in change.remarks}
    certificates = bool(told) and resting.filter(user__attempts__in=told).exists()
    return Changes(items, _claims(user), _lessons(user), certificates)


def _items(user):
    """One query."""
    remarks = Remark.objects.filter(response__attempt__learner=user).select_related(
        "former_version", "version", "response__shown_version", "response__attempt",
        "response__item__passage__section__module",
    )  # fmt: skip
    groups = {}
    for remark in remarks.order_by("-made_at", "response__attempt", "response__position")[:LATEST]:
        key = (remark.response.item_id, remark.former_version_id, remark.version_id, remark.made_at)
        groups.setdefault(key, []).append(remark)
    return [ItemChange(group) for group in groups.values()]


def _claims(user):
    """Those revised after an answer on them, or after the reading of a lesson that has them. One query."""
    here, then = OuterRef("claim"), OuterRef("made_at")
    answered = Response.objects.filter(attempt__learner=user, item__claims=here, marked_at__lt=then)
    read = Reading.objects.filter(learner=user, lesson__claims=here, read_at__lt=then)
    revisions = Revision.objects.filter(Exists(answered) | Exists(read), claim__isnull=False)
    groups = {}
    for revision in revisions.select_related("claim__module").order_by("made_at", "pk"):
        groups.setdefault(revision.claim, []).append(revision)
    changed = [ClaimChange(claim, some[0], some[-1]) for claim, some in groups.items() if says_other(claim, some[0])]
    return sorted(changed, key=lambda change: change.latest.made_at, reverse=True)


def _lessons(user):
    """2 queries."""
    rows = Reading.objects.of(user).changed().select_related("lesson__section__module")
    readings = list(rows.order_by("lesson__section__position", "lesson__position"))
    wanted = Q(lesson__in=[each.lesson_id for each in readings], checksum__in=[each.checksum for each in readings])
    former = {(each.lesson_id, each.checksum): each for each in Revision.objects.filter(wanted)} if readings else {}
    return [LessonChange(each.lesson, each, former.get((each.lesson_id, each.checksum))) for each in readings]


@transaction.atomic
def see(user, at):
    """Keep that this person has seen what is corrected; lessons stay until they are read again. 2 queries."""
    Remark.objects.filter(response__attempt__learner=user, seen_at=None, made_at__lte=at).update(seen_at=at)
    User.objects.filter(pk=user.pk, changed_at__lte=at).update(changed_at=None)
