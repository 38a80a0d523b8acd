"""The log of who did what, to be read: it names things by their number, and whoever is erased no more."""

import re
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from accounts.models import Audit
from course.admin.site import Table, admin_site, column, name_of

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NUMBERED = re.compile(r"(user|cohort|report) (\d+)\b")
TABLES = {"user": "accounts_user", "cohort": "cohorts_cohort", "report": "quizzes_report"}


def titled(kind: type[admin.FieldListFilter], title: "StrPromise") -> type[admin.FieldListFilter]:
    """Return that kind of filter under a title in the reader's language, where Django takes the field's name."""

    class Titled(kind):  # type: ignore[misc, valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = title

    return Titled


@admin.register(Audit, site=admin_site)
class Log(Table):
    """Every line, the latest first; only ever added to."""

    list_display = ["made", "whose", "done", "to_what"]
    list_filter = [
        ("what", titled(admin.AllValuesFieldListFilter, gettext_lazy("what was done"))),
        ("made_at", titled(admin.DateFieldListFilter, gettext_lazy("when"))),
    ]
    search_fields = ["on_what", "who__name"]
    search_help_text = gettext_lazy("A name, or what it was done to, such as “cohort 4” or “user 12”")
    ordering = ["-made_at", "-pk"]
    fields = ["made", "whose", "done", "to_what"]
    made = column("made_at", gettext_lazy("when"))
    done = column("what", gettext_lazy("what was done"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Audit]:
        return super().get_queryset(request).select_related("who")

    @admin.display(description=gettext_lazy("by whom"), ordering="who__name_key")
    def whose(self, line: Audit) -> str:
        return name_of(line.who)

    @admin.display(description=gettext_lazy("to what"), ordering="on_what")
    def to_what(self, line: Audit) -> str:
        """Return it, and where it begins with what the desk has a page of, as a link there, which may be gone since."""
        if named := NUMBERED.match(line.on_what):
            address = reverse(f"admin:{TABLES[named[1]]}_change", args=[named[2]])
            return format_html('<a href="{}">{}</a>', address, line.on_what)
        return line.on_what
