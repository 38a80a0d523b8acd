"""What others did to one's account or to a place of one's own in a cohort, and how to undo it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.addresses import require_page
from accounts.models import SecurityEvent, User, WayIn
from accounts.pages import PersonRequest
from cohorts.models import Handover


@require_page
@never_cache
def warnings(request: PersonRequest) -> HttpResponse:
    """Show what went over and can be undone, what was undone, and an editor’s link that is open; 3 queries of its own.

    A POST ends that link, or says that all is seen, so that no page tells of it any more.
    """
    user, now = request.user, timezone.now()
    if request.method == "POST":
        _answer(request, user)
        return redirect("warnings")
    handovers = Handover.objects.of(user).select_related("cohort", "source__user", "target__user")
    context = {
        "handovers": handovers.undoable(now).order_by("-done_at", "-pk"),
        "undone": handovers.undone(now).order_by("-undone_at", "-pk"),
        "link": WayIn.objects.open(now).filter(user=user).first(),
        "since": user.warned_at,
    }
    return TemplateResponse(request, "course/warnings.html", context)


def _answer(request: PersonRequest, user: User) -> None:
    """Do what the button says. What happened since its page was shown is not taken for seen."""
    now = timezone.now()
    if "end_link" in request.POST:
        if WayIn.end_all(user, now):
            SecurityEvent.objects.record(user, SecurityEvent.What.HELP_ENDED, now.date())
            messages.success(request, _("The link is ended: it opens nothing any more."))
    elif user.see_warnings(request.POST.get("since", "")):
        messages.success(request, _("Noted: you have seen this. It can be undone here for 30 days all the same."))
