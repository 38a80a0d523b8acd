"""Django's admin, for editors: people, grants and reports; content is read-only, since files are its source.

What editors do is logged in Audit, which keeps no names of others; Django's own log of the admin is never written.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import DataError, transaction
from django.db.models import F, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts import second_step
from accounts.addresses import LARGEST_NUMBER
from accounts.models import Audit, SecurityEvent, User
from accounts.pages import PersonRequest
from cohorts.forms.basis import Based
from course.desk_help import HelpsBackIn
from course.erasing import erase_one
from lessons.models import Annex, Claim, Lesson, LessonText, Module, Section
from quizzes.models import Item, ItemVersion, Report

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
LEFT_OUT = {"headings"}  # of a document: what is rendered from its source


class EditorsAdmin(admin.AdminSite):
    """For staff alone: to everybody else it is not there. One signs in where everybody does, under the same limits."""

    site_header = index_title = gettext_lazy("The editors’ desk")
    site_title = gettext_lazy("Desk")
    enable_nav_sidebar = False
    site_url = None

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Answer 404 to everybody but staff."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise Http404
            try:
                return inner(request, *args, **kwargs)
            except (OverflowError, DataError) as error:  # Django's own pages compare with any number that is sent
                raise Http404 from error

        return cast(View, guarded)

    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead whoever is not signed in, whom Django sends here, to the site's own sign-in."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leave out the pages by which Django's admin would sign out or change a password past our own."""
        spent = {"logout", "password_change", "password_change_done", "autocomplete", "view_on_site"}
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") not in spent]


admin_site = EditorsAdmin()
admin_site.disable_action("delete_selected")


class Table(admin.ModelAdmin):
    """A table of the admin: to be looked at, unless it says otherwise."""

    list_per_page = 50
    show_full_result_count = view_on_site = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def response_action(  # type: ignore[override] # the stubs have an argument more than Django
        self, request: HttpRequest, queryset: QuerySet[Model]
    ) -> HttpResponseBase | None:
        """Answer 404 where what is selected can be no rows, on which Django would fail."""
        try:
            keys = [int(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)]
        except ValueError as error:
            raise Http404 from error
        if max(keys, default=0) > LARGEST_NUMBER:
            raise Http404
        return super().response_action(request, queryset)

    def log_addition(self, request: HttpRequest, obj: Model, message: object) -> None:  # type: ignore[override] # no row
        """Write nothing: Audit has it."""

    def log_change(self, request: HttpRequest, obj: Model, message: object) -> None:  # type: ignore[override] # no row
        """Write nothing: Audit has it."""

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:  # type: ignore[override] # no row
        """Write nothing: Audit has it."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        raise Http404


def column(name: str, label: "StrPromise", boolean: bool | None = None) -> Callable[[Any, Model], object]:
    """Return a column with a field of the row under a name in the reader's language, times in the reader's zone."""

    @admin.display(description=label, ordering=name, boolean=boolean)
    def shown(self: admin.ModelAdmin, row: Model) -> object:
        value = getattr(row, name)
        return localize(timezone.localtime(value)) if isinstance(value, datetime) else value

    return shown


def name_of(user: User | None) -> str:
    """Return how editors see a person: the name on the site; a guest's short mark; a dash once erased."""
    if user is None:
        return "–"
    return _("Guest %(mark)s") % {"mark": user.name[-4:]} if user.is_guest else user.name


# People


def _say_changed(request: HttpRequest, count: int) -> None:
    message = ngettext("Changed for %(count)d person.", "Changed for %(count)d people.", count)
    messages.success(request, message % {"count": count})


class Role(admin.SimpleListFilter):
    title = gettext_lazy("what they are")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("teaches", _("may teach")),
            ("edits", _("editor")),
            ("guest", _("guest")),
            ("learns", _("anybody else")),
        ]

    def queryset(self, request: HttpRequest, people: QuerySet[User]) -> QuerySet[User]:
        lookups: dict[str | None, dict[str, Any]] = {
            "teaches": {"may_teach_at__isnull": False},
            "edits": {"is_staff": True},
            "guest": {"is_guest": True},
            "learns": {"may_teach_at": None, "is_staff": False, "is_guest": False},
        }
        return people.filter(**lookups.get(self.value(), {}))


@admin.register(User, site=admin_site)
class People(HelpsBackIn, Table):
    """Who is here and who may teach; a person is erased one at a time, as they could do it themselves."""

    list_display = ["name", "guest", "teaches", "edits", "seen"]
    list_filter = [Role]
    search_fields = ["name"]
    ordering = ["name_key"]
    fields = ["name", "guest", "edits", "granted", "secured", "tongue", "zone", "seen"]
    guest = column("is_guest", gettext_lazy("guest"), boolean=True)
    edits = column("is_staff", gettext_lazy("editor"), boolean=True)
    granted = column("may_teach_at", gettext_lazy("may teach since"))
    secured = column("second_step_at", gettext_lazy("second step since"))
    tongue = column("language", gettext_lazy("Language"))
    zone = column("time_zone", gettext_lazy("Time zone"))
    seen = column("last_seen_on", gettext_lazy("last here"))
    actions = ["let_teach", "stop_teaching", "end_sessions", "take_second_step_off", "help_back_in"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    @admin.display(description=gettext_lazy("may teach"), boolean=True, ordering="may_teach_at")
    def teaches(self, user: User) -> bool:
        return user.may_teach_at is not None

    @admin.action(description=gettext_lazy("Let them teach: keys, sheets and item pages are open to them"))
    def let_teach(self, request: PersonRequest, people: QuerySet[User]) -> None:
        self._grant(request, people.filter(may_teach_at=None), timezone.now(), "granted")

    @admin.action(description=gettext_lazy("Let them teach no longer"))
    def stop_teaching(self, request: PersonRequest, people: QuerySet[User]) -> None:
        self._grant(request, people.filter(may_teach_at__isnull=False), None, "taken back")

    @transaction.atomic
    def _grant(self, request: PersonRequest, people: QuerySet[User], at: datetime | None, done: str) -> None:
        """Set since when these people may teach; guests cannot, since they have no way back in."""
        changed = list(people.filter(is_guest=False))
        for person in changed:
            person.may_teach_at = at
            person.save(update_fields=["may_teach_at"])
            Audit.record(request.user, "may teach", f"user {person.pk}: {done}", timezone.now())
        _say_changed(request, len(changed))

    @admin.action(description=gettext_lazy("Sign them out everywhere"))
    @transaction.atomic
    def end_sessions(self, request: PersonRequest, people: QuerySet[User]) -> None:
        """End every session of these people but this one; each reads it among what happened to the account."""
        now, this = timezone.now(), request.session.session_key
        signed_in = [person for person in people if person.sign_ins.exclude(session=this).end()]
        for person in signed_in:
            SecurityEvent.objects.record(person, SecurityEvent.What.ENDED, now.date())
            Audit.record(request.user, "sessions", f"user {person.pk}: ended", now)
        message = ngettext("Signed out: %(count)d person.", "Signed out: %(count)d people.", len(signed_in))
        messages.success(request, message % {"count": len(signed_in)})

    @admin.action(description=gettext_lazy("Take their second step off, for a lost phone: all browsers are signed out"))
    @transaction.atomic
    def take_second_step_off(self, request: PersonRequest, people: QuerySet[User]) -> None:
        """Take the second step off; each reads it among what happened. One's own is turned off with a code alone."""
        now, what = timezone.now(), SecurityEvent.What.SECOND_STEP_LOST
        others = people.exclude(pk=request.user.pk).filter(second_step_at__isnull=False).order_by("pk")
        changed = [person for person in others if second_step.turn_off(person, what, None, now)]
        lines = [f"user {person.pk}: taken off" for person in changed]
        Audit.record_all(request.user, "second step", lines, now)
        _say_changed(request, len(changed))

    def get_deleted_objects(
        self, people: Sequence[User] | QuerySet[User], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """List the names alone: what goes and what stays is said on the page where people erase themselves."""
        return [name_of(person) for person in people], {}, set(), []

    def delete_view(  # type: ignore[override] # admin_view lets nobody in who is not signed in
        self, request: PersonRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Erase by course.erasing, or say which cohorts need this person."""
        person = self.get_object(request, object_id)
        if request.method != "POST" or person is None:
            return super().delete_view(request, object_id, extra_context)
        if needing := erase_one(person, timezone.now(), by=request.user):
            names = ", ".join(cohort.name for cohort in needing)
            message = _("Nothing is erased: these cohorts would be left without an instructor: %(names)s")
            messages.error(request, message % {"names": names})
            return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[object_id]))
        messages.success(request, _("The person is erased."))
        return HttpResponseRedirect(reverse("admin:accounts_user_changelist"))


# Reports


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


# Content


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
