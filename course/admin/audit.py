"""The log of who did what, to be read: it names things by their number, and whoever is erased no more."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.models import Audit
from course.admin.site import Table, admin_site, column, name_of


@admin.register(Audit, site=admin_site)
class Log(Table):
    """Every line, the latest first; only ever added to."""

    list_display = ["made", "whose", "what", "on_what"]
    list_filter = ["what", "made_at"]
    search_fields = ["on_what", "who__name"]
    search_help_text = gettext_lazy("A name, or what it was done to, such as “cohort 4” or “user 12”")
    ordering = ["-made_at", "-pk"]
    fields = ["made", "whose", "what", "on_what"]
    made = column("made_at", gettext_lazy("when"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Audit]:
        return super().get_queryset(request).select_related("who")

    @admin.display(description=gettext_lazy("by whom"), ordering="who__name_key")
    def whose(self, line: Audit) -> str:
        return name_of(line.who)
