"""Content on the desk, to be looked at: files are its source."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from course.admin.site import Table, admin_site, name_of
from lessons.models import Annex, Claim, Lesson, LessonText, Module, Section
from quizzes.models import Item, ItemVersion

LEFT_OUT = {"headings"}  # of a document: what is rendered from its source


def lines_of(document: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield (dotted name, value) of all that a document holds, in its order; rows are counted from 1."""
    if isinstance(document, dict | list):
        entries = document.items() if isinstance(document, dict) else enumerate(document, 1)
        for key, value in entries:
            yield from lines_of(value, f"{name}.{key}" if name else str(key))
    else:
        yield name, document


class Content(Table):
    """What the text files say, as the database holds it and under their own words, which are those of the keys."""

    @admin.display(description=gettext_lazy("texts"))
    def texts(self, row: Any) -> SafeString:
        """Return the document, a line for each text, but for what is rendered from it."""
        shown = {name: value for name, value in row.document.items() if name not in LEFT_OUT}
        return format_html_join(mark_safe("<br>"), "<b>{}</b> {}", lines_of(shown))


class Beside(admin.StackedInline):
    """Rows that a page of content shows below its own, as the text files say them."""

    show_change_link = can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    texts = Content.texts


class Annexes(Beside):
    model = Annex
    fields = ["part", "texts"]
    readonly_fields = ["texts"]


class ModuleAnnexes(Annexes):
    """Those of the module itself; a section shows its own."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Annex]:
        return super().get_queryset(request).filter(section=None)


class LessonTexts(Beside):
    model = LessonText
    fields = ["language", "source"]


@admin.register(Module, site=admin_site)
class Modules(Content):
    list_display = ["slug", "title", "as_of", "visibility", "owned_by", "withdrawn_at"]
    list_select_related = ["owner"]
    fields = ["slug", "threshold", "as_of", "visibility", "owned_by", "withdrawn_at", "texts"]
    inlines = [ModuleAnnexes]

    @admin.display(description=gettext_lazy("owner"))
    def owned_by(self, module: Module) -> str:
        """Return whose it is; a dash for the course's own, and once its owner is erased."""
        return name_of(module.owner)


@admin.register(Section, site=admin_site)
class Sections(Content):
    list_display = ["slug", "position", "module", "title", "withdrawn_at"]
    list_select_related = ["module"]
    list_filter = ["module"]
    ordering = ["module", "position"]
    fields = ["module", "slug", "position", "withdrawn_at", "texts"]
    inlines = [Annexes]


@admin.register(Lesson, site=admin_site)
class Lessons(Content):
    list_display = ["slug", "section", "position", "title", "withdrawn_at"]
    list_select_related = ["section"]
    list_filter = ["section__module"]
    search_fields = ["slug"]
    ordering = ["section__module", "section__position", "position"]
    fields = ["section", "slug", "position", "claims", "withdrawn_at", "texts"]
    inlines = [LessonTexts]


@admin.register(Claim, site=admin_site)
class Claims(Content):
    list_display = ["key", "stands", "verdict", "finding", "withdrawn_at"]
    list_filter = ["stands", "verdict", "module"]
    search_fields = ["key"]
    ordering = ["module", "key"]
    fields = ["module", "key", "origin", "section", "date", "presented", "stands", "verdict", "said_by", "said_by_role"]
    fields += ["references", "checked", "testable", "withdrawn_at", "texts"]


class Versions(Beside):
    """Every text that the item ever had, the latest first."""

    model = ItemVersion
    ordering = ["-number"]
    fields = ["number", "kind", "made_at", "texts"]
    readonly_fields = ["texts"]


@admin.register(Item, site=admin_site)
class Items(Content):
    list_display = ["slug", "stem", "level", "withdrawn_at"]
    list_select_related = ["current_version"]
    list_filter = ["level", "bank__section"]
    search_fields = ["slug"]
    ordering = ["bank", "slug"]
    fields = ["bank", "slug", "level", "objective", "uses", "passage", "anchor", "rests_on", "claims", "withdrawn_at"]
    fields += ["texts"]
    inlines = [Versions]

    @admin.display(description=gettext_lazy("stem"))
    def stem(self, item: Item) -> str:
        return item.current_version.stem if item.current_version else "–"
