"""Lessons, what they said before, and who has read them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise, takewhile
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.locking import atomic_once_more
from accounts.models import Anyone, User
from lessons.models.base import LiveQuerySet, Outlined, WithDocument, language_of
from lessons.models.ledger import Claim
from lessons.models.modules import Module, Section


class LessonQuerySet(LiveQuerySet["Lesson"]):
    def seen_by(self, user: Anyone) -> Self:
        """Return the live lessons of the live sections of the modules that this user or visitor may see."""
        return self.live().filter(section__in=Section.objects.seen_by(user))


class Lesson(Outlined):
    """One page of five to ten minutes; `document` holds titles, minutes and headings, and which checks it has.

    `added_at` is since when it is there, None where the release that wrote it did not say.
    """

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="lessons")
    slug = models.SlugField()
    position = models.PositiveSmallIntegerField()
    renderer = models.PositiveSmallIntegerField()
    claims = models.ManyToManyField(Claim, related_name="lessons")
    checksum = models.CharField(max_length=64)
    added_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("lesson"), _("lessons")
        constraints = [models.UniqueConstraint(fields=["section", "slug"], name="one_lesson_per_slug_and_section")]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("lessons:lesson", args=[self.section.module.slug, self.section.slug, self.slug])

    @property
    def title(self) -> str:
        return self.text("title")

    @property
    def minutes(self) -> int:
        return self.document["minutes"][language_of(self.document["minutes"])]

    @property
    def checks(self) -> list[str]:
        """Return the slugs of the items that stand in it, in order."""
        return self.document["checks"]

    @property
    def terms(self) -> list[str]:
        """Return the slugs of the terms that it uses; none where the former release wrote it."""
        return self.document.get("terms", [])

    @property
    def objectives(self) -> list[str]:
        """Return what its section's quiz asks for and it teaches, in the language of the page; none before a load."""
        rows = self.section.document["objectives"]
        texts = [rows[number - 1]["text"] for number in self.document.get("objectives", [])]
        return [text[language_of(text)] for text in texts]

    @property
    def page(self) -> "LessonText":
        """Return what it says in the language of the page. One query."""
        return self.texts.get(language=language_of(self.document["title"]))

    def heading(self, anchor: str) -> str:
        """Return the heading that `anchor` names, in the language of the page, or an empty string."""
        return self.document["headings"][language_of(self.document["headings"])].get(anchor, "")


@dataclass
class Step:
    """What stands under one heading of a lesson: its number from 1, the heading as HTML, and the parts below it."""

    number: int
    anchor: str
    title: str
    heading: str
    parts: list[dict[str, str]] = field(default_factory=list)
    following: "Step | None" = None


class LessonText(models.Model):
    """What a lesson says in one language: its Markdown, and the page as it was rendered on load.

    `parts` is the page in order: {"html": …} for text, {"check": slug} where an item stands, {"step": anchor,
    "html": …} for the heading of a step, {"foot": …, "html": …} for what stands below the last step.
    """

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    source = models.TextField()
    parts = models.JSONField()

    class Meta:
        verbose_name, verbose_name_plural = _("text of a lesson"), _("texts of a lesson")
        constraints = [models.UniqueConstraint(fields=["lesson", "language"], name="one_text_per_lesson_and_language")]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.language}"

    @property
    def lead(self) -> list[dict[str, str]]:
        """Return the parts before the first step; all of what a release before the steps rendered."""
        return list(takewhile(lambda part: not part.keys() & {"step", "foot"}, self.parts))

    @property
    def steps(self) -> list[Step]:
        """Return the steps in order."""
        steps: list[Step] = []
        for part in self.parts:
            if "step" in part:
                anchor = part["step"]
                steps.append(Step(len(steps) + 1, anchor, self.lesson.heading(anchor), part["html"]))
            elif steps and "foot" not in part:
                steps[-1].parts.append(part)
        for step, following in pairwise(steps):
            step.following = following
        return steps

    @property
    def foot(self) -> list[dict[str, str]]:
        """Return what stands below the last step."""
        return [part for part in self.parts if "foot" in part]


class Revision(WithDocument):
    """What a lesson or a claim said before it was changed."""

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, related_name="revisions")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="revisions")
    checksum = models.CharField(max_length=64)
    reason = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lesson=None, claim__isnull=False) | Q(lesson__isnull=False, claim=None),
                name="a_revision_is_of_exactly_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.checksum[:8]


class ReadingQuerySet(models.QuerySet["Reading"]):
    def of(self, user: Anyone) -> Self:
        """Return the readings of one learner; none of a visitor."""
        return self.filter(learner=user) if user.is_authenticated else self.none()

    def changed(self, user: Anyone) -> Self:
        """Return those of `user` whose lesson, where they may still see it, says something else than they last read."""
        return self.of(user).filter(lesson__in=Lesson.objects.seen_by(user)).exclude(checksum=F("lesson__checksum"))

    @atomic_once_more
    def record(self, learner: User, lesson: Lesson, at: datetime) -> None:
        """Record that the learner has read the lesson as it is now; its first day stays. At most 4 queries.

        PersonGone where the learner is there no more.
        """
        User.objects.hold(learner.pk)
        reading, _made = self.get_or_create(
            learner=learner, lesson=lesson, defaults={"checksum": lesson.checksum, "read_at": at}
        )
        if reading.checksum != lesson.checksum:
            reading.checksum = lesson.checksum
            reading.save(update_fields=["checksum"])

    def counted(self, modules: Collection[Module]) -> models.QuerySet["Reading", Any]:
        """Return rows of the modules' live lessons that were read, oldest first. One query.

        (learner_id, section_id, lesson_id, read_at, is_changed): whether the lesson says something else since.
        """
        return (
            self.filter(lesson__section__module__in=modules, lesson__withdrawn_at=None)
            .order_by("read_at", "pk")
            .annotate(section_id=F("lesson__section_id"), is_changed=~Q(checksum=F("lesson__checksum")))
            .values_list("learner_id", "section_id", "lesson_id", "read_at", "is_changed", named=True)
        )


class Reading(models.Model):
    """The fact that a learner finished a lesson."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readings")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="readings")
    checksum = models.CharField(max_length=64)
    read_at = models.DateTimeField()

    objects = ReadingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "lesson"], name="one_reading_per_lesson")]

    def __str__(self) -> str:
        return f"{self.learner_id} read {self.lesson_id}"
