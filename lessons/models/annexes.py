"""What a single page shows beside the lessons: article, map, periods, a section's sheet and quote, the site's pages."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lessons.models.base import WithDocument, language_of
from lessons.models.modules import Module, Section


class Part(models.TextChoices):
    ARTICLE = "article"
    MAP = "map"
    TIMELINE = "timeline"
    CORRECTIONS = "corrections"
    LOG = "log"
    SHEET = "sheet"
    QUOTE = "quote"
    HOME = "home"
    ABOUT = "about"
    TEACH = "teach"
    ONBOARD = "onboard"
    START = "start"
    DATA_SHEET = "data-sheet"
    REUSE = "reuse"
    ACCESSIBILITY = "accessibility"
    HELP = "help"


class AnnexQuerySet(models.QuerySet["Annex"]):
    def read(self, part: Part) -> dict[str, Any]:
        """Return the document of that part, {} where there is none. One query."""
        return self.filter(part=part).values_list("document", flat=True).first() or {}

    def page(self, part: Part) -> dict[str, Any]:
        """Return that part in the language of the page; {} where there is none. One query.

        A sheet has `title` and `html`, a page of the site `title` and `parts` (course.front.rendering).
        """
        pages = self.read(part)
        return pages.get(language_of(pages), {})


class Annex(WithDocument):
    """A part of a module, or of one of its sections, that one page alone shows: too long to be read with a list."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="annexes")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, blank=True, related_name="annexes")
    part = models.CharField(max_length=16, choices=Part)

    objects = AnnexQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("annex"), _("annexes")
        constraints = [
            models.UniqueConstraint(fields=["module", "part"], condition=Q(section=None), name="one_annex_per_module"),
            models.UniqueConstraint(fields=["section", "part"], name="one_annex_per_section"),
        ]

    def __str__(self) -> str:
        return self.part
