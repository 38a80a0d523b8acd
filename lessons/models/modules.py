"""A case study and its sections."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lessons.models.base import LiveQuerySet, WithDocument


class Visibility(models.TextChoices):
    """Who may see a module (docs/decisions/0016): everybody, or its owner and the cohorts that the owner teaches."""

    PUBLIC = "public"
    COHORTS = "cohorts"


class ModuleQuerySet(LiveQuerySet):
    def seen_by(self, user):
        """Return the live modules that this user or visitor may see: the rule for pages, search and feeds alike."""
        public = Q(visibility=Visibility.PUBLIC)
        return self.live().filter(public | Q(owner=user.pk) if user.is_authenticated else public)


class Module(WithDocument):
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

    def __str__(self):
        return self.slug

    def get_absolute_url(self):
        return reverse("module", args=[self.slug])

    @property
    def title(self):
        return self.text("title")

    @property
    def neutral_title(self):
        """The title for <title>, mail and certificates: it never names the subject."""
        return self.text("neutral_title")

    @property
    def exam_per_section(self):
        """How many items an exam draws of each section."""
        return self.document["exam"]["per_section"]


class SectionQuerySet(LiveQuerySet):
    def seen_by(self, user):
        """Return the live sections of the modules that this user or visitor may see."""
        return self.live().filter(module__in=Module.objects.seen_by(user))


class Section(WithDocument):
    """The unit of progress: some lessons, one bank, one cell on the board."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="sections")
    slug = models.SlugField()
    position = models.PositiveSmallIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("section"), _("sections")
        constraints = [models.UniqueConstraint(fields=["module", "slug"], name="one_section_per_slug_and_module")]

    def __str__(self):
        return self.slug

    def get_absolute_url(self):
        return reverse("section", args=[self.module.slug, self.slug])

    @property
    def title(self):
        return self.text("title")

    @property
    def sheet(self):
        """The facilitator's sheet in the language of the page: `title` and `html`."""
        return self.document["sheet"][get_language()]

    @property
    def is_optional(self):
        """Whether neither exam, completion nor certificate asks for it."""
        return self.document["optional"]

    @property
    def asks_certainty(self):
        """Whether its quiz asks how sure one is of each answer."""
        return self.document["quiz"]["certainty"]

    @property
    def quiz_size(self):
        """How many items a quiz of this section draws."""
        return self.document["quiz"]["draw"]

    @property
    def threshold(self):
        """The score, 0 to 1, at which a quiz of this section is passed."""
        own = self.document["quiz"].get("threshold")
        return Decimal(str(own)) if own else self.module.threshold
