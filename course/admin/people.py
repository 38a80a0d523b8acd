"""People on the desk: who is here, who may teach; erased one at a time, as they could do it themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import second_step
from accounts.models import Audit, SecurityEvent, Token, User
from accounts.pages import PersonRequest
from course.admin.help import HelpsBackIn
from course.admin.site import Table, admin_site, column, name_of
from course.erasing import erase_one


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
        Token.objects.filter(user__in=people).delete()
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
