"""Cohorts on the desk: whose they are, and help for one that has lost whoever taught it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.folding import LONGEST
from accounts.models import User
from accounts.pages import PersonRequest
from cohorts.choices import STAFF, Role
from cohorts.models import Cohort, Enrolment
from course.admin.site import Table, admin_site, column, name_of


class InstructorForm(forms.ModelForm):
    """The name of an account that is to teach the cohort."""

    instructor = forms.CharField(
        label=gettext_lazy("Make this account an instructor of it"),
        required=False,
        max_length=LONGEST,
        help_text=gettext_lazy("Its name on this site. Ask who is asking first: instructors see names and work."),
    )

    class Meta:
        model = Cohort
        fields: tuple[str, ...] = ()

    def clean_instructor(self) -> User | None:
        name = self.cleaned_data["instructor"]
        if not name:
            return None
        user = User.objects.named(name).filter(is_guest=False, is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("Nobody here has this name."))
        return user


class Archived(admin.SimpleListFilter):
    """Cohorts that run, or that are in the archive."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("runs", _("runs")), ("archived", _("in the archive"))]

    def queryset(self, request: HttpRequest, cohorts: QuerySet[Cohort]) -> QuerySet[Cohort]:
        if self.value() in ("runs", "archived"):
            return cohorts.filter(archived_at__isnull=self.value() == "runs")
        return cohorts


@admin.register(Cohort, site=admin_site)
class Cohorts(Table):
    """Names, staff and numbers: neither codes nor rosters, which are for the cohort's own staff."""

    form = InstructorForm
    list_display = ["name", "staff", "learner_count", "archived"]
    list_filter = [Archived]
    search_fields = ["name", "enrolments__user__name"]
    ordering = ["name", "pk"]
    fields = ["name", "staff", "learner_count", "archived", "instructor"]
    readonly_fields = ["name", "staff", "learner_count", "archived"]
    archived = column("archived_at", gettext_lazy("in the archive since"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cohort]:
        staff = Enrolment.objects.current().filter(role__in=STAFF).select_related("user").order_by("pk")
        learners = Count("enrolments", filter=Q(enrolments__left_at=None, enrolments__role=Role.LEARNER))
        rows = super().get_queryset(request).prefetch_related(Prefetch("enrolments", staff, to_attr="staff_rows"))
        return rows.annotate(learners=learners)

    @admin.display(description=gettext_lazy("staff"))
    def staff(self, cohort: Cohort) -> str:
        return ", ".join(name_of(row.user) for row in getattr(cohort, "staff_rows", [])) or "–"

    @admin.display(description=gettext_lazy("learners"))
    def learner_count(self, cohort: Cohort) -> int:
        return getattr(cohort, "learners", 0)

    def save_model(  # type: ignore[override] # admin_view lets nobody in who is not signed in
        self, request: PersonRequest, cohort: Cohort, form: InstructorForm, change: bool
    ) -> None:
        """Let the account in as an instructor, and note who did so; nothing else of a cohort is changed here."""
        if user := form.cleaned_data["instructor"]:
            now = timezone.now()
            cohort.join(user, now).change_role(Role.INSTRUCTOR, request.user, now)
            message = _("%(name)s is an instructor of “%(cohort)s” now.")
            messages.success(request, message % {"name": user.name, "cohort": cohort.name})
