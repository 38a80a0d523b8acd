"""What a claim rests on: pages, documents and reports, each with how it was read."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language, get_language_info, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from lessons.content import PRIMARY
from lessons.content.languages import rules
from lessons.models.base import Named, language_of
from lessons.models.modules import Module


def language_name(code: str) -> str:
    """Return the name of a language in that of the page, as it stands in a sentence."""
    name: str = get_language_info(code)["name_translated"] if code in LANG_INFO else code
    return name.lower() if rules(get_language() or "").names_are_small else name


class Kind(models.TextChoices):
    OFFICIAL = "official", gettext_lazy("Official document")
    LAW = "law", gettext_lazy("Law or ruling")
    SURVEY = "survey", gettext_lazy("Survey")
    REPORT = "report", gettext_lazy("Inquiry or data of its own")
    STUDY = "study", gettext_lazy("Research")
    PRESS = "press", gettext_lazy("Journalism")
    ADVOCACY = "advocacy", gettext_lazy("Advocacy or opinion")
    REFERENCE = "reference", gettext_lazy("Work of reference")


class Side(models.TextChoices):
    """Where a publisher is at home: what a reader should know before weighing who says so."""

    MALI = "mali", gettext_lazy("Mali")
    AFRICA = "africa", gettext_lazy("Elsewhere in Africa")
    RUSSIA = "russia", gettext_lazy("Russia")
    WEST = "west", gettext_lazy("Europe and North America")
    INTERNATIONAL = "international", gettext_lazy("United Nations and international bodies")
    ELSEWHERE = "elsewhere", gettext_lazy("Asia, the Gulf, Oceania")


class Read(models.TextChoices):
    PAGE = "page", gettext_lazy("read whole")
    EXCERPT = "excerpt", gettext_lazy("read in part")
    ADDRESS = "address", gettext_lazy("not opened")


class Ground(models.TextChoices):
    """The best of what a claim rests on."""

    PRIMARY = "primary", pgettext_lazy("ground", "A primary source")
    STUDY = "study", pgettext_lazy("ground", "Research")
    PRESS = "press", pgettext_lazy("ground", "Journalism and opinion")
    COPY = "copy", pgettext_lazy("ground", "Copies alone")
    NONE = "none", pgettext_lazy("ground", "None")


def publisher_of(document: Mapping[str, Any]) -> str:
    """Return who publishes what a reference's document tells of and, where it was read on another site, where."""
    publisher, via = (texts[language_of(texts)] if (texts := document.get(key)) else "" for key in ("publisher", "via"))
    if not via:
        return publisher
    if document["copy"]:
        return _("%(publisher)s, copied on %(site)s") % {"publisher": publisher, "site": via}
    return _("%(publisher)s, in %(site)s") % {"publisher": publisher, "site": via}


def what_it_is(document: Mapping[str, Any]) -> str:
    """Return in words what it is: its kind, and that it is a copy."""
    kind = str(Kind(document["kind"]).label)
    return _("%(kind)s, a copy") % {"kind": kind} if document["copy"] else kind


class Reference(Named):
    """A page, document or report on which claims rest, and how it was read."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="references")

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("source"), gettext_lazy("sources")
        constraints = [models.UniqueConstraint(fields=["module", "slug"], name="one_reference_per_slug_and_module")]

    def get_absolute_url(self) -> str:
        return reverse("lessons:source", args=[self.module.slug, self.slug])

    @property
    def publisher(self) -> str:
        """Return who publishes it and, where it was read on another site, where."""
        return publisher_of(self.document)

    @property
    def title(self) -> str:
        return self.text("title")

    @property
    def language(self) -> str:
        """Return the name of its language, as it stands in a sentence."""
        return language_name(self.document["language"])

    @property
    def side(self) -> str:
        """Return in words where its publisher is at home."""
        return str(Side(self.document["side"]).label)

    @property
    def host(self) -> str:
        """Return the site to which its address leads, without www.; an empty string where it has none."""
        return (urlsplit(self.document.get("url", "")).hostname or "").removeprefix("www.")

    @property
    def opened_on(self) -> date:
        return date.fromisoformat(self.document["opened"])

    @property
    def is_copy(self) -> bool:
        """Return whether a copy was read on a site that is no client of its publisher's."""
        return self.document["copy"]

    @property
    def was_read(self) -> bool:
        """Return whether somebody read it for this course, whole or in part, and not as a copy."""
        return self.document["read"] != Read.ADDRESS and not self.is_copy

    @property
    def ground(self) -> Ground:
        """Return what a claim rests on that has it: a primary source, a study, the press and its like, or a copy."""
        if self.is_copy:
            return Ground.COPY
        if self.document["kind"] in PRIMARY:
            return Ground.PRIMARY
        return Ground.STUDY if self.document["kind"] == Kind.STUDY else Ground.PRESS

    @property
    def order(self) -> tuple[bool, bool, int, str]:
        """Return the key by which sources are listed: originals before copies, read before not, primary first."""
        return self.is_copy, not self.was_read, list(Ground).index(self.ground), self.slug

    def what(self) -> str:
        """Return in words what it is: its kind, and that it is a copy."""
        return what_it_is(self.document)

    def how_read(self) -> str:
        """Return in words how it was read."""
        return str(Read(self.document["read"]).label)
