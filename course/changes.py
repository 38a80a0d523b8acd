"""Corrections of items that one person answered, of claims they met and of lessons they read.

Reads the tables of every app; seven queries in all.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet

from accounts.locking import atomic_once_more
from accounts.models import User
from cohorts.models import Certificate
from course.corrections import differs
from course.differences import Line, differences
from lessons.models import Claim, Label, Lesson, LessonText, Module, Reading, Revision, Verdict
from lessons.models.base import language_of
from quizzes.keys import held_back
from quizzes.models import Item, ItemVersion, Remark, Response
from quizzes.wording import ARROW, in_words, key_in_words

LATEST = 100  # remarks on the page; all of them are in "my data"


@dataclass
class ItemChange:
    """One item with one correction, and the remarks that it brought this person, latest first."""

    remarks: list[Remark]

    @property
    def remark(self) -> Remark:
        return self.remarks[0]

    @property
    def item(self) -> Item:
        return self.remark.response.item

    @property
    def is_new(self) -> bool:
        return any(remark.seen_at is None for remark in self.remarks)

    @property
    def before(self) -> ItemVersion:
        """Return the version as the person knew it."""
        return self.remark.former_version or self.remark.response.shown_version

    @property
    def after(self) -> ItemVersion | None:
        """Return the version that marks now; None where the item counts for nobody."""
        return self.remark.version

    @property
    def reason(self) -> str:
        reason = self.remark.reason or (self.after.reason if self.after else {})
        return reason.get(language_of(reason), "")

    @property
    def reads_otherwise(self) -> bool:
        return self.after is not None and self.before.stem != self.after.stem

    @property
    def right_before(self) -> list[str]:
        return self._touched(key_in_words(self.before))

    @property
    def right_after(self) -> list[str]:
        return self._touched(key_in_words(self.after)) if self.after else []

    @property
    def given(self) -> list[str]:
        return self._touched(in_words(self.remark.response.shown_version, self.remark.response.answer))

    def _touched(self, lines: list[str]) -> list[str]:
        """Return the lines of statements, pairs or entries whose key is another; other answers whole."""
        return [line for line in lines if line.partition(ARROW)[0] not in self._untouched]

    @cached_property
    def _untouched(self) -> set[str]:
        """Return how the lines of statements, pairs and entries begin whose key has stayed."""
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
    def finding_before(self) -> str:
        finding = self.revision.document["document"]["finding"]
        return finding.get(language_of(finding), "")

    @property
    def standing_before(self) -> list[str]:
        return standing(self.revision.document["stands"], self.revision.document["verdict"])

    @property
    def standing_after(self) -> list[str]:
        return standing(self.claim.stands, self.claim.verdict)

    @property
    def reason(self) -> str:
        return self.latest.reason.get(language_of(self.latest.reason), "")


def standing(stands: str, verdict: str | None) -> list[str]:
    """Return a label and, if there is one, a verdict as the page names them."""
    return [str(Label(stands).label), *([str(Verdict(verdict).label)] if verdict else [])]


@dataclass
class LessonChange:
    """A lesson that reads otherwise than when this person read it; `revision` is what it said then, if it is kept.

    `source` is what it says now, as {language: Markdown}.
    """

    lesson: Lesson
    reading: Reading
    revision: Revision | None
    source: dict[str, str]

    def lines(self) -> list[Line]:
        """Return the lines that differ, as course.differences does, in the language of the page."""
        if self.revision is None:
            return []
        before, language = self.revision.document["source"], language_of(self.source)
        return differences(before.get(language, ""), self.source[language])


@dataclass
class Changes:
    """What was corrected for one person; `certificates`: whether one of theirs rests on a mark that changed."""

    items: list[ItemChange]
    claims: list[ClaimChange]
    lessons: list[LessonChange]
    certificates: bool

    def __bool__(self) -> bool:
        return bool(self.items or self.claims or self.lessons)

    @property
    def of_owners_alone(self) -> bool:
        """Whether all of it was corrected in banks of owners, and nothing by the course."""
        return not (self.claims or self.lessons or any(change.item.bank.section_id for change in self.items))


def changes_of(user: User, at: datetime) -> Changes:
    """Return the Changes of one person: items and claims latest first, lessons in their order. At most 7 queries."""
    items = _items(user, at)
    attempts = {remark.response.attempt_id for change in items for remark in change.remarks}
    certificates = Certificate.objects.of(user).current().resting_on(attempts).exists()
    return Changes(items, _claims(user), _lessons(user), certificates)


def remarks_of(user: User, at: datetime) -> QuerySet[Remark]:
    """Return what was marked again for one person, but for exams whose keys are held back then. At most 2 queries."""
    remarks = Remark.objects.filter(response__attempt__learner=user)
    return remarks.exclude(response__attempt__in=list(held_back(user, at)))


def _items(user: User, at: datetime) -> list[ItemChange]:
    """Return the person's latest remarks, those of one correction together. At most 3 queries."""
    remarks = remarks_of(user, at).select_related(
        "former_version", "version", "response__shown_version", "response__attempt",
        "response__item__bank", "response__item__passage__section__module",
    )  # fmt: skip
    groups: dict[tuple[int, int | None, int | None, datetime], list[Remark]] = {}
    for remark in remarks.order_by("-made_at", "response__attempt", "response__position")[:LATEST]:
        key = (remark.response.item_id, remark.former_version_id, remark.version_id, remark.made_at)
        groups.setdefault(key, []).append(remark)
    return [ItemChange(group) for group in groups.values()]


def _claims(user: User) -> list[ClaimChange]:
    """Return the claims revised after an answer on them, or after the reading of a lesson that has them. One query.

    Of a module that they may no longer see nothing is told: its pages are not there for them.
    """
    claim, made_at = OuterRef("claim"), OuterRef("made_at")
    answered = Response.objects.filter(attempt__learner=user, item__claims=claim, marked_at__lt=made_at)
    read = Reading.objects.filter(learner=user, lesson__claims=claim, read_at__lt=made_at)
    seen = Revision.objects.filter(claim__module__in=Module.objects.seen_by(user))
    revisions = seen.filter(Exists(answered) | Exists(read))
    groups: dict[Claim, list[Revision]] = {}
    for revision in revisions.select_related("claim__module").order_by("made_at", "pk"):
        if revision.claim:
            groups.setdefault(revision.claim, []).append(revision)
    changes = [ClaimChange(row, unseen[0], unseen[-1]) for row, unseen in groups.items() if differs(row, unseen[0])]
    return sorted(changes, key=lambda change: change.latest.made_at, reverse=True)


def _lessons(user: User) -> list[LessonChange]:
    """Return the lessons that read otherwise than when the person last read them. 3 queries."""
    rows = Reading.objects.changed(user).select_related("lesson__section__module")
    readings = list(rows.order_by("lesson__section__position", "lesson__position"))
    lessons, checksums = [row.lesson_id for row in readings], [row.checksum for row in readings]
    revisions = Revision.objects.filter(lesson__in=lessons, checksum__in=checksums)
    former = {(row.lesson_id, row.checksum): row for row in revisions}
    now: dict[int, dict[str, str]] = {}
    for lesson, language, source in LessonText.objects.filter(lesson__in=lessons).values_list(
        "lesson_id", "language", "source"
    ):
        now.setdefault(lesson, {})[language] = source
    return [
        LessonChange(row.lesson, row, former.get((row.lesson_id, row.checksum)), now[row.lesson_id]) for row in readings
    ]


@atomic_once_more
def see(user: User, at: datetime) -> None:
    """Record that this person saw what was corrected by then; lessons stay until they are read again. 5 queries."""
    User.objects.hold(user.pk)
    User.objects.filter(pk=user.pk, changed_at__lte=at).update(changed_at=None)
    remarks_of(user, at).filter(seen_at=None, made_at__lte=at).update(seen_at=at)
