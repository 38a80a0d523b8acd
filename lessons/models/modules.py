"""A case study and its sections."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.compiled import Parameter
from accounts.models import Anyone, User
from lessons.models.base import LiveQuerySet, Outlined, language_of


class Visibility(models.TextChoices):
    """Who may see a module (docs/decisions/0016): everybody, or its owner and the cohorts that the owner teaches."""

    PUBLIC = "public"
    COHORTS = "cohorts"


PUBLIC = Q(visibility=Visibility.PUBLIC)


class ModuleQuerySet(LiveQuerySet["Module"]):
    def seen_by(self, user: Anyone) -> Self:
        """Return the live modules that a user or visitor may see: the rule for pages, search and feeds alike."""
        return self.seen_by_person(user) if user.is_authenticated else self.live().filter(PUBLIC)

    def seen_by_person(self, user: User | Parameter) -> Self:
        """Return the same for somebody who is signed in, or for whom a compiled query is asked."""
        teachers_of = import_string(settings.TEACHERS_OF)
        visible = PUBLIC | Q(owner=user) | Q(visibility=Visibility.COHORTS, owner__in=teachers_of(user))
        return self.live().filter(visible)

    def front(self) -> Self:
        """Return the module whose pages are those of the site: the first that everybody may see."""
        return self.filter(pk__in=self.live().filter(visibility=Visibility.PUBLIC).order_by("pk").values("pk")[:1])


class Module(Outlined):
    """A case study: what a learner takes and an instructor assigns. Without an owner it is the course's own."""

    slug = models.SlugField()
    threshold = models.DecimalField(max_digits=5, decimal_places=4)
    as_of = models.DateField()
    fingerprint = models.CharField(max_length=64, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="modules"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ModuleQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("module"), _("modules")
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="one_module_per_slug"),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="a_module_has_a_visibility_of_the_list"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def language(self) -> str:
        """Return the language in which this page shows the module: that of the page where it has it (`language_of`)."""
        return language_of(self.document["title"])

    def get_absolute_url(self) -> str:
        return reverse("module", args=[self.slug])

    @property
    def title(self) -> str:
        return self.text("title")

    @property
    def neutral_title(self) -> str:
        """Return the title for <title>, mail and certificates: it never names the subject."""
        return self.text("neutral_title")

    @property
    def read_to(self) -> date:
        """Return the day up to which sources were read; `as_of` is that up to which events are told."""
        return date.fromisoformat(self.document["dates"]["read_to"])

    @property
    def checked_on(self) -> date:
        """Return the day on which somebody last checked the whole."""
        return date.fromisoformat(self.document["dates"]["checked_on"])

    @property
    def keeper(self) -> str:
        """Return who is responsible for checking it again, every `document["upkeep"]["days"]` days."""
        texts = self.document["upkeep"]["by"]
        return texts.get(language_of(texts), "")

    def is_overdue(self, today: date) -> bool:
        """Return whether nobody has checked it for longer than its keeper promises."""
        return today - self.checked_on > timedelta(days=self.document["upkeep"]["days"])

    def is_seen_by(self, user: Anyone) -> bool:
        """Return whether that user or visitor may see it, by the rule of `seen_by`. No query where everybody may."""
        is_everybodys = self.withdrawn_at is None and self.visibility == Visibility.PUBLIC
        return is_everybodys or Module.objects.seen_by(user).filter(pk=self.pk).exists()

    @property
    def exam_per_section(self) -> int:
        """Return how many items an exam draws of each section."""
        return self.document["exam"]["per_section"]

    @property
    def asks_exam(self) -> bool:
        """Return whether the certificate of somebody who learns alone asks for the exam too; cohorts set their own."""
        return self.document["exam"].get("certificate", False)


class SectionQuerySet(LiveQuerySet["Section"]):
    def seen_by(self, user: Anyone) -> Self:
        """Return the live sections of the modules that this user or visitor may see."""
        return self.live().filter(module__in=Module.objects.seen_by(user))


class Section(Outlined):
    """The unit of progress: some lessons, one bank, one cell on the board."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="sections")
    slug = models.SlugField()
    position = models.PositiveSmallIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("section"), _("sections")
        constraints = [models.UniqueConstraint(fields=["module", "slug"], name="one_section_per_slug_and_module")]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("section", args=[self.module.slug, self.slug])

    @property
    def title(self) -> str:
        return self.text("title")

    @property
    def is_optional(self) -> bool:
        """Return whether neither exam, completion nor certificate asks for it."""
        return self.document["optional"]

    @property
    def asks_certainty(self) -> bool:
        """Return whether its quiz asks how sure one is of each answer."""
        return self.document["quiz"]["certainty"]

    @property
    def quiz_size(self) -> int:
        """Return how many items a quiz of this section draws."""
        return self.document["quiz"]["draw"]

    @property
    def exam_items(self) -> int:
        """Return how many items of it an exam may draw; 1 until they are counted by a load."""
        return 0 if self.is_optional else self.document.get("exam_items", 1)

    @property
    def threshold(self) -> Decimal:
        """Return the score, 0 to 1, at which a quiz of this section is passed."""
        threshold = self.document["quiz"].get("threshold")
        return Decimal(str(threshold)) if threshold else self.module.threshold
