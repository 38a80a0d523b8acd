"""Certificates: asked for, printed, named and withdrawn by their holder, checked by anybody."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button, require_page
from accounts.limits import name_tries
from accounts.pages import PersonRequest, page, posted
from cohorts import certificates
from cohorts.choices import Points
from cohorts.forms.certificates import CertificateForm, NameForm
from cohorts.models import Assignment, Certificate, Cohort, Enrolment, Offer
from cohorts.pages import locked, on_paper
from lessons.models import Module


@require_safe
@never_cache
def certificates_of(request: PersonRequest) -> HttpResponse:
    """Show what this person holds, and what may be asked for. At most 8 queries."""
    now = timezone.now()
    rows = Certificate.objects.of(request.user).select_related("module").order_by("-issued_at", "-pk")
    remarked = set(rows.remarked().values_list("pk", flat=True))
    held = [
        (row, certificates.state(row, now), row.pk in remarked, certificates.runs_out_soon(row, now)) for row in rows
    ]
    offers = Offer.objects.of(request.user).select_related("assignment__cohort", "assignment__module").order_by("pk")
    places = Assignment.objects.set_for(request.user).select_related("cohort", "module").with_sections().order_by("pk")
    context = {
        "held": held,
        "offers": list(offers),
        "assignments": list(places),
        "modules": list(Module.objects.seen_by(request.user).order_by("pk")),
    }
    return page(request, "cohorts/certificates.html", context)


@never_cache
def certificate_new(request: PersonRequest, module: str) -> HttpResponse:
    """Show what somebody who learns alone would have certified, and the form to ask for it."""
    row = get_object_or_404(Module.objects.seen_by(request.user), slug=module)
    return _ask(request, certificates.eligibility_alone(request.user, row))


@never_cache
def cohort_certificate(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    """Show the same for what a cohort has set, to whoever learns in it."""
    places = Enrolment.objects.current().learners().of(request.user).select_related("user", "cohort")
    place = get_object_or_404(places, cohort=cohort_id)
    rows = place.cohort.assignments.select_related("module").with_sections()
    with locked(request, place.cohort):
        row = get_object_or_404(rows, pk=assignment)
        return _ask(request, certificates.eligibility_of(place, row), place.cohort)


def _ask(request: PersonRequest, case: certificates.Eligibility, cohort: Cohort | None = None) -> HttpResponse:
    """Show what is asked, and issue what is met; a guest chooses a name first, since a guest's row may go."""
    if request.user.is_guest:
        return redirect(f"{reverse('accounts:sign_up')}?{urlencode({'next': request.path})}")
    now = timezone.now()
    met = case.is_met(now)
    current = case.current()
    shows_name = current is not None and current.name_public_at is not None
    form = CertificateForm(posted(request), initial={"name": request.user.name, "shows_name": shows_name})
    if request.method == "POST" and met and form.is_valid():
        issued = case.issue(form.cleaned_data["name"], now, form.cleaned_data["shows_name"])
        messages.success(request, _("Your certificate is issued. Whoever has its address can check it."))
        return redirect("cohorts:certificate", issued.public_id)
    context = {
        "case": case,
        "met": met,
        "missing": case.missing(now),
        "cohort": cohort,
        "points": cohort.points if cohort else Points.HUNDRED,
        "module": case.module,
        "current": current,
        "runs_out_soon": current is not None and certificates.runs_out_soon(current, now),
    }
    return page(request, "cohorts/certificate_new.html", context, form)


@login_not_required
@require_page
@never_cache
def certificate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show whether a certificate holds, to anybody who has its address, and say yes or no to a name. At most 8 queries.

    The answer comes with the page and is kept nowhere; a name that is not the one costs a try.
    """
    row = get_object_or_404(Certificate.objects.select_related("module"), public_id=public_id)
    form, is_name = NameForm(posted(request)), None
    if form.is_valid():
        tries = name_tries(request, row.public_id)
        tries.spend()
        if is_name := certificates.has_name(row, form.cleaned_data["name"]):
            tries.give_back()
    now = timezone.now()
    context = {
        "certificate": row,
        "state": certificates.state(row, now),
        "runs_out_soon": certificates.runs_out_soon(row, now),
        "is_holder": request.user.is_authenticated and row.user_id == request.user.pk,
        "is_name": is_name,
    }
    return page(request, "cohorts/certificate.html", context, form)


@require_safe
@never_cache
def certificate_print(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show a page for paper, with the address to check it as a picture, to its holder; `?subject` names the subject."""
    row = get_object_or_404(Certificate.objects.of(request.user).current(), public_id=public_id)
    return on_paper(request, [row], names_subject="subject" in request.GET and "subject" in row.document)


@require_button("cohorts:certificate", "public_id")
@never_cache
def certificate_name(request: PersonRequest, public_id: str) -> HttpResponse:
    """Let its public page show the name, or not, as its holder."""
    row = get_object_or_404(Certificate.objects.of(request.user).current(), public_id=public_id)
    row.show_name("show" in request.POST, timezone.now())
    shown, hidden = _("Its page shows your name now."), _("Its page no longer shows your name.")
    messages.success(request, shown if row.name_public_at else hidden)
    return redirect("cohorts:certificate", public_id)


@require_button("cohorts:certificate", "public_id")
@never_cache
def certificate_withdraw(request: PersonRequest, public_id: str) -> HttpResponse:
    """Withdraw it, as its holder: its page says that it no longer holds, and no longer to whom it was issued."""
    row = get_object_or_404(Certificate.objects.of(request.user).current(), public_id=public_id)
    certificates.revoke(row, request.user, _("withdrawn by its holder"), timezone.now())
    messages.success(request, _("It is withdrawn. Its page says that it no longer holds, and answers no name."))
    return redirect("cohorts:certificates")
