"""What is taught, where each statement comes from, and who has read it. Imports accounts' user by setting only."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Label(models.TextChoices):
    """How a statement stands."""

    FACT = "fact", _("Fact")
    ATTRIBUTED = "attributed", _("Attributed")
    ALLEGATION = "allegation", _("Allegation")
    ESTIMATE = "estimate", _("Estimate")
    OPINION = "opinion", _("Opinion")


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


class WithDocument(models.Model):
    """A row whose texts stand in `document`, each as {"en": …, "fr": …}."""

    document = models.JSONField()

    class Meta:
        abstract = True

    def text(self, name):
        """The text `name` in the language of the page, or an empty string."""
        return self.document.get(name, {}).get(get_language(), "")


class SearchedQuerySet(models.QuerySet):
    def having(self, terms):
        """Whatever has each of the folded `terms` in the language of the page; nothing without terms."""
        rows = self if terms else self.none()
        for term in terms:
            rows = rows.filter(**{f"words__{get_language()}__icontains": term})
        return rows


class Searched(models.Model):
    """A row that search finds: `words` is what it says in each language, folded."""

    words = models.JSONField(default=dict)

    class Meta:
        abstract = True


class LiveQuerySet(models.QuerySet):
    def live(self):
        """What has not been withdrawn."""
        return self.filter(withdrawn_at=None)


class Module(WithDocument):
    """A case study: what a learner takes and an instructor assigns."""

    slug = models.SlugField()
    threshold = models.DecimalField(max_digits=5, decimal_places=4)
    as_of = models.DateField()
    fingerprint = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = LiveQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("module"), _("modules")
        constraints = [models.UniqueConstraint(fields=["slug"], name="one_module_per_slug")]

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


class Section(WithDocument):
    """The unit of progress: some lessons, one bank, one cell on the board."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="sections")
    slug = models.SlugField()
    position = models.PositiveSmallIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = LiveQuerySet.as_manager()

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


class ClaimQuerySet(LiveQuerySet, SearchedQuerySet):
    def for_cards(self):
        """With all that a card shows: the sayer by a join, the references in one more query."""
        return self.select_related("module", "said_by").prefetch_related("references")


class Claim(WithDocument, Searched):
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
    said_by_role = models.CharField(max_length=8, blank=True, choices=[("authors", "authors"), ("unnamed", "unnamed")])
    references = models.ManyToManyField("Reference", related_name="claims")
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

    def __str__(self):
        return self.key

    def get_absolute_url(self):
        return reverse("claim", args=[self.module.slug, self.key])

    @property
    def finding(self):
        return self.text("finding")

    @property
    def is_corrected(self):
        """Whether the card sets the article's words against the finding."""
        return self.verdict in (Verdict.WRONG, Verdict.IMPRECISE)

    def who(self):
        """Who says so, in words."""
        if self.said_by:
            return self.said_by.name
        if self.stands == Label.FACT:
            if self.checked == Checked.TEXT:
                return _("The article itself")
            if self.is_corrected:
                return _("The record, against the article")
            return _("The record; the article says the same") if self.presented else _("The record")
        if self.said_by_role == "unnamed":
            return _("Somebody whom the article does not name")
        return _("The authors of the article")

    def how_presented(self):
        """How the article presents the statement, in words."""
        return {
            Label.FACT: _("as a fact"),
            Label.ATTRIBUTED: _("as somebody’s words"),
            Label.ALLEGATION: _("as an allegation"),
            Label.ESTIMATE: _("as an estimate"),
            Label.OPINION: _("as the authors’ judgement"),
        }.get(self.presented, "")

    def what_the_check_found(self):
        """The verdict in words; of somebody's words it confirms that they were said, not that they are true."""
        if not self.verdict:
            return ""
        said = {Label.ATTRIBUTED, Label.ALLEGATION, Label.ESTIMATE}
        if self.verdict == Verdict.CONFIRMED and said & {self.presented, self.stands}:
            if self.said_by:
                return _("Confirmed that %(who)s said so") % {"who": self.said_by.name}
            return _("Confirmed that it was said")
        return self.get_verdict_display()


class Named(WithDocument):
    """A row of a module that is known by its slug."""

    slug = models.SlugField()

    class Meta:
        abstract = True

    def __str__(self):
        return self.slug


class Reference(Named):
    """A page, report or archive that was read for the check: publisher always, the rest where it is known."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="references")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["module", "slug"], name="one_reference_per_slug_and_module")]


class Term(Named, Searched):
    """An entry of the glossary: a person, an organisation, a place or a word."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="terms")

    objects = SearchedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["module", "slug"], name="one_term_per_slug_and_module")]

    @property
    def name(self):
        return self.text("name")


class Event(Named):
    """A dated event of the timeline."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="events")
    date = models.CharField(max_length=40)
    precision = models.CharField(max_length=8)
    claims = models.ManyToManyField(Claim, related_name="events")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["module", "slug"], name="one_event_per_slug_and_module")]


class LessonQuerySet(LiveQuerySet, SearchedQuerySet):
    """Lessons, live and searched."""


class Lesson(WithDocument, Searched):
    """One page of five to eight minutes; `document` holds title, source and rendered parts in each language."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="lessons")
    slug = models.SlugField()
    position = models.PositiveSmallIntegerField()
    renderer = models.PositiveSmallIntegerField()
    claims = models.ManyToManyField(Claim, related_name="lessons")
    checksum = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("lesson"), _("lessons")
        constraints = [models.UniqueConstraint(fields=["section", "slug"], name="one_lesson_per_slug_and_section")]

    def __str__(self):
        return self.slug

    def get_absolute_url(self):
        return reverse("lesson", args=[self.section.module.slug, self.section.slug, self.slug])

    @property
    def title(self):
        return self.text("title")

    @property
    def minutes(self):
        return self.document["minutes"][get_language()]

    @property
    def parts(self):
        """The page in order: {"html": …} for text, {"check": slug} where an item stands."""
        return self.document["parts"][get_language()]

    def heading(self, anchor):
        """The heading that `anchor` names, in the language of the page, or an empty string."""
        return self.document["headings"][get_language()].get(anchor, "")


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

    def __str__(self):
        return self.checksum[:8]


class ReadingQuerySet(models.QuerySet):
    def of(self, user):
        """The readings of one learner; none of a visitor."""
        return self.filter(learner=user) if user.is_authenticated else self.none()

    def changed(self):
        """Those of live lessons that say something else than when they were last read."""
        live = {f"lesson__{place}withdrawn_at": None for place in ("", "section__", "section__module__")}
        return self.filter(**live).exclude(checksum=F("lesson__checksum"))

    def keep(self, learner, lesson, at):
        """Keep that the learner has read the lesson as it is now; its first day stays. At most 4 queries."""
        reading, _made = self.get_or_create(
            learner=learner, lesson=lesson, defaults={"checksum": lesson.checksum, "read_at": at}
        )
        if reading.checksum != lesson.checksum:
            reading.checksum = lesson.checksum
            reading.save(update_fields=["checksum"])

    def counted(self, *modules):
        """Rows (learner_id, section_id, lesson_id, read_at) of the modules' live lessons, oldest first. One query."""
        return (
            self.filter(lesson__section__module__in=modules, lesson__withdrawn_at=None)
            .order_by("read_at", "pk")
            .annotate(section_id=F("lesson__section_id"))
            .values_list("learner_id", "section_id", "lesson_id", "read_at", named=True)
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

    def __str__(self):
        return f"{self.learner_id} read {self.lesson_id}"
