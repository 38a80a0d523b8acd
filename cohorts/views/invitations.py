"""Inviting a colleague onto the staff of a cohort, by a link of its own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button, require_page
from accounts.pages import PersonRequest, page, posted
from cohorts.forms.invitations import InvitationForm
from cohorts.forms.once import press_of
from cohorts.models import Cohort, StaffInvitation
from cohorts.pages import CARRIED, carried_code, carry_code


@require_page
@never_cache
def invitations(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show the invitations that are open; a POST makes one, whose link the answer shows, once. At most 6 queries."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    form, now = InvitationForm(posted(request)), timezone.now()
    if form.is_valid() and cohort.archived_at is None:
        press = press_of(form, request.user, f"invitations of {cohort.pk}")
        role = form.cleaned_data["role"]
        if code := StaffInvitation.make(cohort, role, request.user, now, press):
            link = request.build_absolute_uri(reverse("cohorts:invited_by_link", args=[code]))
            return TemplateResponse(request, "cohorts/invitation_made.html", {"cohort": cohort, "link": link})
        messages.info(request, _("This link was made before, and shown once. If it is lost, take it back."))
        return redirect("cohorts:invitations", cohort_id)
    rows = StaffInvitation.objects.open(now).filter(cohort=cohort).select_related("made_by").order_by("made_at", "pk")
    return page(request, "cohorts/invitations.html", {"cohort": cohort, "invitations": rows}, form)


@require_button("cohorts:invitations", "cohort_id")
def revoke(request: PersonRequest, cohort_id: int, invitation: int) -> HttpResponse:
    """Take an invitation back, so that its link opens nothing any more."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    row = get_object_or_404(cohort.invitations, pk=invitation)
    if row.revoke(request.user, timezone.now()):
        messages.success(request, _("Taken back: the link opens nothing any more."))
    else:
        messages.info(request, _("That link opened nothing any more: it was used, had ended, or was taken back."))
    return redirect("cohorts:invitations", cohort_id)


@login_not_required
@require_safe
@never_cache
def invited_by_link(request: HttpRequest, code: str) -> HttpResponse:
    """Take the code out of the address, and lead on to the page that says what it opens, if it is one."""
    return carry_code("cohorts:invited", code)


@login_not_required
@require_page
@never_cache
def invited(request: HttpRequest) -> HttpResponse:
    """Say what an invitation means, and ask to sign in; a POST of somebody with a name accepts it. 3 queries to look.

    A link that opens nothing any more is told so: whoever has 128 bits was given them.
    """
    now = timezone.now()
    row = StaffInvitation.objects.by_code(carried_code(request), now)
    user = request.user
    if row is None:
        return TemplateResponse(request, "cohorts/invited.html", {"invitation": None}, status=404)
    if request.method == "POST" and user.is_authenticated:
        if row.accept(user, now):
            messages.success(request, _("You are on the staff of this cohort now."))
            response = redirect(row.cohort)
            response.delete_cookie(CARRIED, samesite="Lax")
            return response
        messages.error(request, _("Nothing was changed."))
        return redirect("cohorts:invited")
    place = row.cohort.enrolments.current().of(user).first() if user.is_authenticated else None
    return TemplateResponse(request, "cohorts/invited.html", {"invitation": row, "cohort": row.cohort, "place": place})
