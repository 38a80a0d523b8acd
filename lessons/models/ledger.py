"""Where each statement comes from: claims with their labels, references, terms, events."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Anyone
from lessons.content import ROLES
from lessons.models.base import LiveQuerySet, Named, WithDocument
from lessons.models.modules import Module, Section
from lessons.models.references import Ground, Reference


class Label(models.TextChoices):
    """How a statement stands."""

    FACT = "fact", _("Fact")
    ATTRIBUTED = "attributed", _("Attributed")
    ALLEGATION = "allegation", _("Allegation")
    ESTIMATE = "estimate", _("Estimate")
    OPINION = "opinion", _("Opinion")


PRESENTED = {
    Label.FACT: _("as a fact"),
    Label.ATTRIBUTED: _("as somebody’s words"),
    Label.ALLEGATION: _("as an allegation"),
    Label.ESTIMATE: _("as an estimate"),
    Label.OPINION: _("as the authors’ judgement"),
}


class Verdict(models.TextChoices):
    """What our check found of the article's statement."""

    CONFIRMED = "confirmed", _("Confirmed")
    NUANCE = "nuance", _("Confirmed, with a nuance")
    IMPRECISE = "imprecise", _("Imprecise")
    WRONG = "wrong", _("Wrong")
    UNVERIFIABLE = "unverifiable", _("Could not be verified")
    JUDGEMENT = "judgement", _("A judgement; there is no fact to verify")


class Origin(models.TextChoices):
    ARTICLE = "article", _("The article")
    OMISSION = "omission", _("Left out by the article")
    DEVELOPMENT = "development", _("Since the article")


class Checked(models.TextChoices):
    """What was opened for the check."""

    PAGE = "page", _("a published page was read")
    RECORD = "record", _("undisputed record; no page was opened for this check")
    TEXT = "text", _("the article itself")
    NONE = "none", _("a judgement; nothing to open")


class Acts(models.TextChoices):
    """Who acts in an event."""

    MALI = "mali", _("Mali: state and politics")
    ABROAD = "abroad", _("Other states, their missions and firms")
    BODIES = "bodies", _("UN and regional bodies")
    ARMED = "armed", _("Armed groups")
    SOCIETY = "society", _("Society, media, reports")


class ClaimQuerySet(LiveQuerySet["Claim"]):
    def seen_by(self, user: Anyone) -> Self:
        """Return the live claims of the modules that this user or visitor may see."""
        return self.live().filter(module__in=Module.objects.seen_by(user))

    def for_cards(self) -> Self:
        """Add all that a card shows: the sayer by a join, the references in one more query."""
        return self.select_related("module", "said_by").prefetch_related("references")


class Claim(WithDocument):
    """One checkable statement of the ledger, with its labels, its verdict and its references."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="claims")
    key = models.SlugField(max_length=8)
    origin = models.CharField(max_length=12, choices=Origin)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="claims")
    date = models.CharField(max_length=80, blank=True)
    presented = models.CharField(max_length=12, choices=Label, null=True)
    stands = models.CharField(max_length=12, choices=Label)
    verdict = models.CharField(max_length=12, choices=Verdict, null=True)
    testable = models.BooleanField()
    said_by = models.ForeignKey("Term", on_delete=models.PROTECT, null=True, related_name="claims")
    said_by_role = models.CharField(max_length=8, blank=True, choices=[(role, role) for role in ROLES])
    references = models.ManyToManyField(Reference, related_name="claims")
    checked = models.CharField(max_length=8, choices=Checked)
    checksum = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("claim"), _("claims")
        constraints = [
            models.UniqueConstraint(fields=["module", "key"], name="one_claim_per_key_and_module"),
            models.CheckConstraint(
                condition=Q(stands__in=Label.values) & (Q(presented=None) | Q(presented__in=Label.values)),
                name="a_claim_has_labels_of_the_list",
            ),
            models.CheckConstraint(
                condition=Q(verdict=None) | Q(verdict__in=Verdict.values), name="a_claim_has_a_verdict_of_the_list"
            ),
            models.CheckConstraint(
                condition=Q(origin="article", presented__isnull=False, verdict__isnull=False)
                | (~Q(origin="article") & Q(presented=None, verdict=None)),
                name="only_the_articles_claims_have_a_verdict",
            ),
            models.CheckConstraint(
                condition=~Q(stands="fact", verdict="unverifiable"), name="what_stands_as_fact_was_verified"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("lessons:claim", args=[self.module.slug, self.key])

    @property
    def finding(self) -> str:
        return self.text("finding")

    @property
    def is_corrected(self) -> bool:
        """Return whether the card sets the article's words against the finding."""
        return self.verdict in (Verdict.WRONG, Verdict.IMPRECISE)

    def who(self) -> str:
        """Return in words who says so."""
        if self.said_by:
            return self.said_by.name
        if self.stands == Label.FACT:
            if self.checked == Checked.TEXT:
                return gettext("The article itself")
            if self.is_corrected:
                return gettext("The record, against the article")
            return gettext("The record; the article says the same") if self.presented else gettext("The record")
        if self.said_by_role == "unnamed":
            return gettext("Somebody whom the article does not name")
        if self.said_by_role == "course":
            return gettext("Our own reading")
        return gettext("The authors of the article")

    @property
    def sources(self) -> list[Reference]:
        """Return its references, the best first: a primary document, read, before a copy. Prefetched by `for_cards`."""
        return sorted(self.references.all(), key=lambda reference: reference.order)

    @property
    def ground(self) -> Ground:
        """Return the best of what it rests on."""
        return self.sources[0].ground if self.sources else Ground.NONE

    def without_reading(self) -> str:
        """Return in words why no source was read where its publisher shows it; an empty string where one was."""
        sources = self.sources
        if not sources:
            return capfirst(self.get_checked_display())
        if any(source.was_read for source in sources):
            return ""
        if all(source.is_copy for source in sources):
            return gettext("Copies alone were read: the original was not open to us")
        return gettext("The original was not opened: another source confirms that it says so")

    def how_presented(self) -> str:
        """Return in words how the article presents the statement."""
        return str(PRESENTED[Label(self.presented)]) if self.presented else ""

    def what_the_check_found(self) -> str:
        """Return the verdict in words; of somebody's words it confirms that they were said, not that they are true."""
        if not self.verdict:
            return ""
        said = {Label.ATTRIBUTED, Label.ALLEGATION, Label.ESTIMATE}
        if self.verdict == Verdict.CONFIRMED and said & {self.presented, self.stands}:
            if self.said_by:
                return gettext("Confirmed that %(who)s said so") % {"who": self.said_by.name}
            return gettext("Confirmed that it was said")
        return str(Verdict(self.verdict).label)  # get_verdict_display translates every verdict of the list


class Term(Named):
    """An entry of the glossary: a person, an organisation, a place or a word."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="terms")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["module", "slug"], name="one_term_per_slug_and_module")]

    @property
    def name(self) -> str:
        return self.text("name")


class Event(Named):
    """A dated event of the timeline."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="events")
    date = models.CharField(max_length=40)
    precision = models.CharField(max_length=8)
    claims = models.ManyToManyField(Claim, related_name="events")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["module", "slug"], name="one_event_per_slug_and_module")]
