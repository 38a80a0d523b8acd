"""Banks, items and their immutable versions."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lessons.models import Claim, Lesson, LiveQuerySet, Module, Section, WithDocument
from lessons.models.base import language_of
from quizzes.kinds import KINDS, Answer, Kind


class Use(models.TextChoices):
    """The uses of an attempt; an item says in which of them it may be drawn."""

    CHECK = "check", _("Check")
    QUIZ = "quiz", _("Quiz")
    EXAM = "exam", _("Exam")
    REVIEW = "review", _("Review")


SCORED = (Use.QUIZ, Use.EXAM)


class Bank(models.Model):
    """The items of a section, or of an owner (null once erased)."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="banks")
    section = models.OneToOneField(Section, on_delete=models.PROTECT, null=True, related_name="bank")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="banks")
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(section=None) | Q(owner=None), name="a_bank_is_of_a_section_or_of_an_owner"
            )
        ]

    def __str__(self) -> str:
        return self.title or str(self.section_id)


class ItemQuerySet(LiveQuerySet["Item"]):
    def drawable(self, use: str) -> "list[Item]":
        """Return live items that an attempt of that use may draw, in a stable order. One query.

        What showing them needs comes with them. `uses` is a JSON list, which SQLite cannot search; a bank is small.
        """
        items = self.live().select_related("current_version").order_by("slug")
        return [item for item in items if use in item.uses]


class Item(WithDocument):
    """One item of a bank. Its text at one time is a version; explanation and feedback are its own."""

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="items")
    slug = models.SlugField(max_length=80)
    level = models.CharField(max_length=12)
    objective = models.PositiveSmallIntegerField()
    uses = models.JSONField()
    passage = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="items")
    anchor = models.SlugField(max_length=80)
    claims = models.ManyToManyField(Claim, related_name="items")
    rests_on = models.ManyToManyField(Claim, related_name="keys")
    current_version = models.ForeignKey("ItemVersion", on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("item"), _("items")
        constraints = [models.UniqueConstraint(fields=["bank", "slug"], name="one_item_per_slug_and_bank")]

    def __str__(self) -> str:
        return self.slug

    @property
    def version(self) -> "ItemVersion":
        """The current version, which an item has once it is loaded; ItemVersion.DoesNotExist before."""
        if self.current_version is None:
            raise ItemVersion.DoesNotExist
        return self.current_version

    @property
    def is_kept(self) -> bool:
        """Whether it is kept for exams that certify, and asked nowhere else."""
        return self.uses == [Use.EXAM]

    @property
    def explanation(self) -> str:
        return self.text("explanation")

    @property
    def easy(self) -> str:
        """Why it may be right without reading, in the author's words; empty where it should not be."""
        return self.text("easy")

    def get_passage_url(self) -> str:
        """Return where the passage stands that answers this item."""
        return f"{self.passage.get_absolute_url()}#{self.anchor}"

    def passage_heading(self) -> str:
        return self.passage.heading(self.anchor)


class ItemVersion(WithDocument):
    """An item's text at one time: stem, options or their like, and key. Never updated."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    checksum = models.CharField(max_length=64)
    reason = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name, verbose_name_plural = _("version"), _("versions")
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="one_version_per_number"),
            models.UniqueConstraint(fields=["item", "checksum"], name="one_version_per_checksum"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"

    @property
    def rules(self) -> Kind:
        """The kind that parses, shows, reads and marks this version."""
        return KINDS[self.kind]

    @property
    def stem(self) -> str:
        return self.text("stem")

    @property
    def language(self) -> str:
        """Return the language in which the page shows it: that of the page, else the first of its module."""
        return language_of(self.document.get("stem", {}))

    @property
    def template(self) -> str:
        """The part that shows this kind of item, open."""
        return f"quizzes/kinds/{self.kind}.html"

    @property
    def keys(self) -> list[str]:
        """The ids of the options that are right; empty of a kind without options."""
        key = self.rules.key(self.document) if "options" in self.document else []
        return key if isinstance(key, list) else [key]

    @property
    def options(self) -> dict[str, str]:
        """The options as {id: text}, in the order of their letters on paper; empty of a kind without options."""
        return {option["id"]: option["text"][self.language] for option in self.document.get("options", ())}

    def shares_a_place(self, answer: Answer) -> bool:
        """Return whether an answer puts two entries of an order in one place, by mistake: no mark follows from it."""
        return self.kind == "order" and isinstance(answer, dict) and len(set(answer.values())) < len(answer)

    def show(self, order: list[str], answer: Answer, name: str) -> dict[str, Any]:
        """Return what the template of an open item needs: positions in `order`, never authored ids, never the key."""
        asked, answer = self.rules.asked(self.document, answer)
        return self.rules.show(asked, order, answer, name, self.language)
