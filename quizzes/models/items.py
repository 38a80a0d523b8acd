"""Banks, items and their immutable versions."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Anyone, User
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


class BankQuerySet(models.QuerySet["Bank"]):
    def seen_by(self, user: Anyone) -> Self:
        """Return the banks whose keys are open to `user` (docs/decisions/0056), none for whoever may not teach.

        One's own, those shared with a cohort that one teaches, and those of the sections that one may see.
        """
        if not (user.is_authenticated and user.may_teach):
            return self.none()
        shared_with = import_string(settings.BANKS_SHARED_WITH)
        of_course = Q(section__in=Section.objects.seen_by(user))
        return self.filter(of_course | Q(owner=user) | Q(section=None, pk__in=shared_with(user)))

    def drawn_from_by(self, owner: User | None) -> Self:
        """Return the banks from which a quiz of `owner` (None: erased) may draw: those whose keys they see now.

        Whoever may teach no more, or was erased, draws from the course's and their own alone: nothing that is shared.
        """
        if owner is not None and owner.may_teach:
            return self.seen_by(owner)
        of_course = Q(section__in=Section.objects.seen_by(owner or AnonymousUser()))
        return self.filter(of_course | Q(section=None, owner=owner))

    def of_owners(self) -> Self:
        """Return those that are of no section: an owner's, or of one who was erased."""
        return self.filter(section=None)

    def edited_by(self, user: Anyone) -> Self:
        """Return the banks that `user` alone writes, shares and renames: their own, while they may teach."""
        if not (user.is_authenticated and user.may_teach):
            return self.none()
        return self.filter(section=None, owner=user)


class Bank(models.Model):
    """The items of a section, or of an owner (null once erased).

    An owner's has a title, the `languages` in which its texts are, and may name the module that it goes with; of a
    section's they are the module's own, and the list is empty. `press` is the form that made it, once.
    """

    module = models.ForeignKey(Module, on_delete=models.PROTECT, null=True, blank=True, related_name="banks")
    section = models.OneToOneField(Section, on_delete=models.PROTECT, null=True, related_name="bank")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="banks")
    title = models.CharField(max_length=200, blank=True)
    languages = models.JSONField(default=list, db_default=[])
    press = models.CharField(max_length=32, null=True, unique=True, editable=False)

    objects = BankQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(section=None) | Q(owner=None), name="a_bank_is_of_a_section_or_of_an_owner"
            ),
            models.CheckConstraint(
                condition=Q(section=None) | Q(module__isnull=False), name="a_bank_of_a_section_has_its_module"
            ),
            models.CheckConstraint(
                condition=Q(section__isnull=False) | ~Q(title=""), name="a_bank_of_no_section_has_a_title"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.section_id)

    def get_absolute_url(self) -> str:
        """Return the page of an owner's bank; that of a section's stands below its section."""
        return reverse("quizzes:bank", args=[self.pk])

    def is_edited_by(self, user: User) -> bool:
        """Return whether `user` may write in it, by the rule of `edited_by`. No query."""
        return self.section_id is None and self.owner_id == user.pk and user.may_teach


class ItemQuerySet(LiveQuerySet["Item"]):
    def whole(self) -> Self:
        """Return live items of which nothing is missing: drafts are never drawn."""
        return self.live().filter(draft=[])

    def of_sections(self) -> Self:
        """Return the course's own: what pages of a module name by slug or count, where owners' items have no part."""
        return self.filter(bank__section__isnull=False)

    def in_order(self) -> Self:
        """Return them as they stand in a bank: a section's by slug, an owner's, whose slugs nobody chose, by age."""
        return self.order_by(
            Case(When(bank__section=None, then=Value("")), default=F("slug"), output_field=models.CharField()), "pk"
        )

    def drawable(self, use: str) -> "list[Item]":
        """Return whole items that an attempt of that use may draw, in a stable order. One query.

        What showing them needs comes with them. `uses` is a JSON list, which SQLite cannot search; a bank is small.
        """
        items = self.whole().select_related("current_version").order_by("slug")
        return [item for item in items if use in item.uses]


class Item(WithDocument):
    """One item of a bank. Its text at one time is a version; explanation and feedback are its own.

    Of an own item, whose `author` wrote it (null: the course, or somebody erased): `source` is what was typed, as the
    editor shows it (quizzes.typed); `draft` lists what it lacks before it can be drawn, as the names of fields;
    `is_flagged` says that its author should look at something. It need name neither level nor objective, passage nor
    claims. `origin` is what one out of a file keeps of it: what it is known by there (`identities`), name, tags and
    category; it came into the bank `came_into`, wherever it stands now.
    """

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="items")
    slug = models.SlugField(max_length=80)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="items")
    draft = models.JSONField(default=list, db_default=[])
    source = models.JSONField(default=dict, db_default={})
    is_flagged = models.BooleanField(default=False, db_default=False)
    origin = models.JSONField(default=dict, db_default={})
    came_into = models.ForeignKey(Bank, on_delete=models.SET_NULL, null=True, related_name="+")
    level = models.CharField(max_length=12, blank=True)
    objective = models.PositiveSmallIntegerField(null=True, blank=True)
    uses = models.JSONField()
    passage = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    anchor = models.SlugField(max_length=80, blank=True)
    claims = models.ManyToManyField(Claim, blank=True, related_name="items")
    rests_on = models.ManyToManyField(Claim, blank=True, related_name="keys")
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
    def is_own(self) -> bool:
        """Whether somebody wrote it in a bank of their own: the course's comes from files. No query."""
        return bool(self.source)

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
        """Return where the passage stands that answers this item; an empty string where it names none."""
        return f"{self.passage.get_absolute_url()}#{self.anchor}" if self.passage else ""

    def passage_heading(self) -> str:
        return self.passage.heading(self.anchor) if self.passage else ""


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
    def keys(self) -> list[str]:
        """The ids of the options that are right; empty of a kind without options."""
        key = self.rules.key(self.document) if "options" in self.document else []
        return key if isinstance(key, list) else [key]

    @property
    def options(self) -> dict[str, str]:
        """The options as {id: text}, in the order of their letters on paper; empty of a kind without options."""
        return {option["id"]: option["text"][self.language] for option in self.document.get("options", ())}

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """What a page shows under the stem: `src`, `width`, `height` and `alt` of each picture of an own item."""
        return [
            {"src": picture_address(self.item_id, entry["file"])} | entry | {"alt": entry["alt"][self.language]}
            for entry in self.document.get("pictures", ())
        ]

    def shares_a_place(self, answer: Answer) -> bool:
        """Return whether an answer puts two entries of an order in one place, by mistake: no mark follows from it."""
        return self.kind == "order" and isinstance(answer, dict) and len(set(answer.values())) < len(answer)

    def show(self, order: list[str], answer: Answer, name: str) -> dict[str, Any]:
        """Return what the template of an open item needs: positions in `order`, never authored ids, never the key."""
        asked, answer = self.rules.asked(self.document, answer)
        return self.rules.show(asked, order, answer, name, self.language)


def picture_address(item: int | None, file: str) -> str:
    """Return where the picture of that checksum is served, of an item that is saved; nothing of one that is not."""
    return reverse("quizzes:picture", args=[item, file]) if item else ""
