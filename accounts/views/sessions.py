"""Where somebody is signed in, what happened to their account, and signing other browsers out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button
from accounts.models import SecurityEvent, Token
from accounts.pages import PersonRequest


@require_safe
@never_cache
def sessions(request: PersonRequest) -> HttpResponse:
    """Show where one is signed in, this browser first, and what happened in the last 90 days. 2 queries of its own."""
    today = timezone.now().date()
    this = request.session.session_key
    rows = list(request.user.sign_ins.open(today).order_by("-last_seen_on", "-pk"))
    context = {
        "this": next((row for row in rows if row.session_id == this), None),
        "others": [row for row in rows if row.session_id != this],
        "events": SecurityEvent.objects.recent(request.user, today),
    }
    return TemplateResponse(request, "accounts/sessions.html", context)


@require_button("accounts:sessions")
@never_cache
def end_sessions(request: PersonRequest) -> HttpResponse:
    """Sign out the browser that was chosen, or all but this one, and then calendars too.

    It asks no password: it gives nobody anything.
    """
    others = request.user.sign_ins.exclude(session=request.session.session_key)
    if (chosen := request.POST.get("session")) is not None:
        others = others.filter(pk__in=[row.pk for row in others if str(row.pk) == chosen])
    else:
        Token.objects.of(request.user).delete()
    if count := others.end():
        SecurityEvent.objects.record(request.user, SecurityEvent.What.SESSIONS, timezone.now().date())
        message = ngettext("%(count)d browser is signed out.", "%(count)d browsers are signed out.", count)
        messages.success(request, message % {"count": count})
    else:
        messages.info(request, _("That browser was signed out before."))
    return redirect("accounts:sessions")
