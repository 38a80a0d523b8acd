"""The editors' desk: Django's admin for people, grants and reports; content is read-only, since files are its source.

What editors do is logged in Audit, which keeps no names of others; Django's own log of the admin is never written.
"""

from datetime import datetime

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Audit, User
from course.erasing import erase_one
from lessons.models import Claim, Lesson, Module, Section
from quizzes.models import Item, ItemVersion, Report

LEFT_OUT = {"parts", "sheet", "headings"}  # of a document: what is rendered from its source


class Desk(admin.AdminSite):
    """For staff alone: to everybody else it is not there. One signs in where everybody does, under the same limits."""

    site_header = index_title = gettext_lazy("The editors’ desk")
    site_title = gettext_lazy("Desk")
    enable_nav_sidebar = False
    site_url = None

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return guarded

    @login_not_required
    def login(self, request, extra_context=None):
        """Django sends whoever is not signed in here; the site's own sign-in takes them on."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def get_urls(self):
        """Without the pages by which Django's admin would sign out or change a password past our own."""
        spent = {"logout", "password_change", "password_change_done", "autocomplete", "view_on_site"}
        return [each for each in super().get_urls() if getattr(each, "name", "") not in spent]


desk = Desk()
desk.disable_action("delete_selected")


class Table(admin.ModelAdmin):
    """A table of the desk: to be looked at, unless it says otherwise."""

    list_per_page = 50
    show_full_result_count = view_on_site = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def log_addition(self, request, obj, message):
        pass

    def log_change(self, request, obj, message):
        pass

    def log_deletions(self, request, queryset):
        pass

    def history_view(self, request, object_id, extra_context=None):
        raise Http404


def column(name, label, boolean=None):
    """A field of the row under a name in the reader's language, times in the reader's zone."""

    @admin.display(description=label, ordering=name, boolean=boolean)
    def shown(self, row):
        value = getattr(row, name)
        return localize(timezone.localtime(value)) if isinstance(value, datetime) else value

    return shown


def name_of(user):
    """How editors see a person: the name on the site; a guest's short mark; a dash once erased."""
    if user is None:
        return "–"
    return _("Guest %(mark)s") % {"mark": user.name[-4:]} if user.is_guest else user.name


# People


class Role(admin.SimpleListFilter):
    title = gettext_lazy("what they are")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [
            ("teaches", _("may teach")),
            ("edits", _("editor")),
            ("guest", _("guest")),
            ("learns", _("anybody else")),
        ]

    def queryset(self, request, people):
        named = {"may_teach_at": None, "is_staff": False, "is_guest": False}
        asked = {"teaches": {"may_teach_at__isnull": False}, "edits": {"is_staff": True}, "guest": {"is_guest": True}}
        return people.filter(**(asked | {"learns": named}).get(self.value(), {}))


@admin.register(User, site=desk)
class People(Table):
    """Who is here and who may teach; a person is erased one at a time, as they could do it themselves."""

    list_display = ["name", "guest", "teaches", "edits", "seen"]
    list_filter = [Role]
    search_fields = ["name"]
    ordering = ["name_key"]
    fields = ["name", "guest", "edits", "granted", "tongue", "zone", "seen"]
    guest = column("is_guest", gettext_lazy("guest"), boolean=True)
    edits = column("is_staff", gettext_lazy("editor"), boolean=True)
    granted = column("may_teach_at", gettext_lazy("may teach since"))
    tongue = column("language", gettext_lazy("Language"))
    zone = column("time_zone", gettext_lazy("Time zone"))
    seen = column("last_seen_on", gettext_lazy("last here"))
    actions = ["let_teach", "stop_teaching"]

    def has_delete_permission(self, request, obj=None):
        return True

    @admin.display(description=gettext_lazy("may teach"), boolean=True, ordering="may_teach_at")
    def teaches(self, user):
        return user.may_teach_at is not None

    @admin.action(description=gettext_lazy("Let them teach: keys, sheets and item pages are open to them"))
    def let_teach(self, request, people):
        self._grant(request, people.filter(may_teach_at=None), timezone.now(), "granted")

    @admin.action(description=gettext_lazy("Let them teach no longer"))
    def stop_teaching(self, request, people):
        self._grant(request, people.filter(may_teach_at__isnull=False), None, "taken back")

    @transaction.atomic
    def _grant(self, request, people, at, done):
        """Guests cannot teach: they have no way back in."""
        changed = list(people.filter(is_guest=False))
        for person in changed:
            person.may_teach_at = at
            person.save(update_fields=["may_teach_at"])
            Audit.record(request.user, "may teach", f"user {person.pk}: {done}", timezone.now())
        told = ngettext("Changed for %(count)d person.", "Changed for %(count)d people.", len(changed))
        messages.success(request, told % {"count": len(changed)})

    def get_deleted_objects(self, people, request):
        """Nothing is listed: what goes and what stays is said on the page where people erase themselves."""
        return [name_of(person) for person in people], {}, set(), []

    def delete_view(self, request, object_id, extra_context=None):
        """Erases by course.erasing, or says which cohorts need this person."""
        person = self.get_object(request, object_id)
        if request.method != "POST" or person is None:
            return super().delete_view(request, object_id, extra_context)
        if left := erase_one(person, timezone.now(), by=request.user):
            names = ", ".join(cohort.name for cohort in left)
            told = _("Nothing is erased: these cohorts would be left without an instructor: %(names)s")
            messages.error(request, told % {"names": names})
            return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[object_id]))
        messages.success(request, _("The person is erased."))
        return HttpResponseRedirect(reverse("admin:accounts_user_changelist"))


# Reports


class State(admin.SimpleListFilter):
    """Open or closed."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("open", _("open")), ("closed", _("closed"))]

    def queryset(self, request, reports):
        if self.value() in ("open", "closed"):
            return reports.filter(closed_at__isnull=self.value() == "open")
        return reports


class AnswerForm(forms.ModelForm):
    closed = forms.BooleanField(
        label=gettext_lazy("Closed"),
        required=False,
        help_text=gettext_lazy("Nothing more is to be done. Whoever sent it sees the answer and that it is closed."),
    )

    class Meta:
        model = Report
        fields = ["answer"]
        labels = {"answer": gettext_lazy("Our answer")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["closed"] = self.instance.closed_at is not None


@admin.register(Report, site=desk)
class Reports(Table):
    """The queue: what is open comes first, the oldest before the others."""

    form = AnswerForm
    list_display = ["short", "thing", "made", "closing"]
    list_filter = [State]
    ordering = [F("closed_at").desc(nulls_first=True), "made_at"]
    fields = ["thing", "said", "sender", "made", "answer", "closed"]
    readonly_fields = ["thing", "said", "sender", "made"]
    said = column("reason", gettext_lazy("what is wrong"))
    made = column("made_at", gettext_lazy("sent on"))
    closing = column("closed_at", gettext_lazy("closed on"))

    def has_change_permission(self, request, obj=None):
        return True

    def get_queryset(self, request):
        return super().get_queryset(request).with_things().select_related("reporter")

    @admin.display(description=gettext_lazy("what is wrong"))
    def short(self, report):
        return report.reason[:80]

    @admin.display(description=gettext_lazy("about"))
    def thing(self, report):
        return format_html('<a href="{}">{}</a>', report.place, report.about[:120])

    @admin.display(description=gettext_lazy("sent by"))
    def sender(self, report):
        return name_of(report.reporter)

    def save_model(self, request, report, form, change):
        """Keep the answer; the day of closing stays unless it is opened again."""
        closed = form.cleaned_data["closed"]
        report.closed_at = (report.closed_at or timezone.now()) if closed else None
        report.save(update_fields=["answer", "closed_at"])
        done = "closed" if closed else "answered" if report.answer else "open"
        Audit.record(request.user, "report", f"report {report.pk}: {done}", timezone.now())


# Content


def lines_of(document, name=""):
    """Pairs (dotted name, value) of all that a document holds, in its order; rows are counted from 1."""
    if isinstance(document, dict | list):
        entries = document.items() if isinstance(document, dict) else enumerate(document, 1)
        for key, value in entries:
            yield from lines_of(value, f"{name}.{key}" if name else str(key))
    else:
        yield name, document


class Content(Table):
    """What the text files say, as the database holds it and under their own words, which are those of the keys."""

    @admin.display(description=gettext_lazy("texts"))
    def texts(self, row):
        """The document, a line for each text, but for what is rendered from it."""
        shown = {name: value for name, value in row.document.items() if name not in LEFT_OUT}
        return format_html_join(mark_safe("<br>"), "<b>{}</b> {}", lines_of(shown))


@admin.register(Module, site=desk)
class Modules(Content):
    list_display = ["slug", "title", "as_of", "withdrawn_at"]
    fields = ["slug", "threshold", "as_of", "withdrawn_at", "texts"]


@admin.register(Section, site=desk)
class Sections(Content):
    list_display = ["slug", "position", "module", "title", "withdrawn_at"]
    list_select_related = ["module"]
    list_filter = ["module"]
    ordering = ["module", "position"]
    fields = ["module", "slug", "position", "withdrawn_at", "texts"]


@admin.register(Lesson, site=desk)
class Lessons(Content):
    list_display = ["slug", "section", "position", "title", "withdrawn_at"]
    list_select_related = ["section"]
    list_filter = ["section__module"]
    search_fields = ["slug"]
    ordering = ["section__module", "section__position", "position"]
    fields = ["section", "slug", "position", "claims", "withdrawn_at", "texts"]


@admin.register(Claim, site=desk)
class Claims(Content):
    list_display = ["key", "stands", "verdict", "finding", "withdrawn_at"]
    list_filter = ["stands", "verdict", "module"]
    search_fields = ["key"]
    ordering = ["module", "key"]
    fields = ["module", "key", "origin", "section", "date", "presented", "stands", "verdict", "said_by", "said_by_role"]
    fields += ["references", "checked", "testable", "withdrawn_at", "texts"]


class Versions(admin.StackedInline):
    """Every text that the item ever had, the latest first."""

    model = ItemVersion
    ordering = ["-number"]
    fields = ["number", "kind", "made_at", "texts"]
    readonly_fields = ["texts"]
    show_change_link = can_delete = False
    extra = 0

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    texts = Content.texts


@admin.register(Item, site=desk)
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
    def stem(self, item):
        return item.current_version.stem
