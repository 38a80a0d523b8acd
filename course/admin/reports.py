"""The queue of reports on the desk, and the answers to them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import Audit
from accounts.pages import PersonRequest
from cohorts.forms.basis import Based
from course.admin.site import Table, admin_site, column, name_of
from quizzes.models import Report


class State(admin.SimpleListFilter):
    """Reports that are open, or closed."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("open", _("open")), ("closed", _("closed"))]

    def queryset(self, request: HttpRequest, reports: QuerySet[Report]) -> QuerySet[Report]:
        if self.value() in ("open", "closed"):
            return reports.filter(closed_at__isnull=self.value() == "open")
        return reports


class AnswerForm(Based, forms.ModelForm):
    """The answer to a report; what another editor wrote meanwhile is shown first, and then may be replaced."""

    basis = forms.CharField(required=False, widget=forms.HiddenInput)  # which Django's admin places by its name
    closed = forms.BooleanField(
        label=gettext_lazy("Closed"),
        required=False,
        help_text=gettext_lazy("Nothing more is to be done. Whoever sent it sees the answer and that it is closed."),
    )

    class Meta:
        model = Report
        fields = ["answer"]
        labels = {"answer": gettext_lazy("Our answer")}

    def __init__(self, *args: Any, instance: Report, **kwargs: Any) -> None:
        kwargs["initial"] = {"closed": instance.closed_at is not None}
        super().__init__(*args, instance=instance, **kwargs)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        colon = pgettext("between a heading and what stands under it", ": ")
        for name, (label, words) in zip(self.newer, self.stands, strict=True):
            stands = _("%(label)s, as it stands now") % {"label": label}
            self.add_error(name, [self.newer_than_this, f"{stands}{colon}{words}"])
        return values


@admin.register(Report, site=admin_site)
class Reports(Table):
    """The queue: what is open comes first, the oldest before the others."""

    form = AnswerForm
    list_display = ["short", "thing", "made", "closing"]
    list_filter = [State]
    ordering = [F("closed_at").desc(nulls_first=True), "made_at"]
    fields = ["thing", "said", "sender", "made", "answer", "closed", "basis"]
    readonly_fields = ["thing", "said", "sender", "made"]
    said = column("reason", gettext_lazy("what is wrong"))
    made = column("made_at", gettext_lazy("sent on"))
    closing = column("closed_at", gettext_lazy("closed on"))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return Report.objects.with_things().select_related("reporter")

    @admin.display(description=gettext_lazy("what is wrong"))
    def short(self, report: Report) -> str:
        return report.reason[:80]

    @admin.display(description=gettext_lazy("about"))
    def thing(self, report: Report) -> SafeString:
        return format_html('<a href="{}">{}</a>', report.place, report.about[:120])

    @admin.display(description=gettext_lazy("sent by"))
    def sender(self, report: Report) -> str:
        return name_of(report.reporter)

    def save_model(  # type: ignore[override] # admin_view lets nobody in who is not signed in
        self, request: PersonRequest, report: Report, form: AnswerForm, change: bool
    ) -> None:
        """Save the answer; the day of closing stays unless it is opened again."""
        closed = form.cleaned_data["closed"]
        report.closed_at = (report.closed_at or timezone.now()) if closed else None
        report.save(update_fields=["answer", "closed_at"])
        done = "closed" if closed else "answered" if report.answer else "open"
        Audit.record(request.user, "report", f"report {report.pk}: {done}", timezone.now())
