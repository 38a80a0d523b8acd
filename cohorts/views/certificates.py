"""Certificates: asked for and withdrawn by their holder, checked by anybody, revoked and printed by staff."""

from collections.abc import Iterable
from dataclasses import dataclass

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

from accounts.addresses import require_button
from accounts.pages import PersonRequest, page, posted
from cohorts import certificates
from cohorts.forms.marks import CertificateForm, RevokeForm
from cohorts.models import Assignment, Certificate, Cohort, Enrolment
from cohorts.pages import locked
from lessons.models import Module


@dataclass
class Sheet:
    """A certificate on paper, and the address at which it is checked."""

    certificate: Certificate
    address: str


@require_safe
@never_cache
def certificates_of(request: PersonRequest) -> HttpResponse:
    """Show what this person holds, and what may be asked for. At most 8 queries."""
    now = timezone.now()
    rows = Certificate.objects.of(request.user).select_related("module").order_by("-issued_at", "-pk")
    remarked = set(rows.remarked().values_list("pk", flat=True))
    held = [(row, certificates.state(row, now), row.pk in remarked) for row in rows]
    places = Assignment.objects.set_for(request.user).select_related("cohort", "module").with_sections().order_by("pk")
    context = {
        "held": held,
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
    form = CertificateForm(posted(request), initial={"name": request.user.name})
    if request.method == "POST" and met and form.is_valid():
        issued = case.issue(form.cleaned_data["name"], now)
        messages.success(request, _("Your certificate is issued. Whoever has its address can check it."))
        return redirect("cohorts:certificate", issued.public_id)
    context = {
        "case": case,
        "met": met,
        "missing": case.missing(now),
        "cohort": cohort,
        "module": case.module,
        "current": case.current(),
    }
    return page(request, "cohorts/certificate_new.html", context, form)


@login_not_required
@require_safe
@never_cache
def certificate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show whether a certificate holds, to anybody who has its address. At most 8 queries."""
    row = get_object_or_404(Certificate.objects.select_related("module"), public_id=public_id)
    state = certificates.state(row, timezone.now())
    is_holder = request.user.is_authenticated and row.user_id == request.user.pk
    return page(request, "cohorts/certificate.html", {"certificate": row, "state": state, "is_holder": is_holder})


@require_safe
@never_cache
def certificate_print(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show a page for paper, with the address to check it as a picture, to its holder."""
    row = get_object_or_404(Certificate.objects.of(request.user).current(), public_id=public_id)
    return _print(request, [row])


def _print(request: PersonRequest, rows: Iterable[Certificate]) -> HttpResponse:
    """Return the certificates, each on a sheet of its own."""
    sheets = [
        Sheet(row, request.build_absolute_uri(reverse("cohorts:certificate", args=[row.public_id]))) for row in rows
    ]
    return page(request, "cohorts/certificate_print.html", {"sheets": sheets})


@require_button("cohorts:certificate", "public_id")
@never_cache
def certificate_withdraw(request: PersonRequest, public_id: str) -> HttpResponse:
    """Withdraw it, as its holder: its page says that it no longer holds, and no longer to whom it was issued."""
    row = get_object_or_404(Certificate.objects.of(request.user).current(), public_id=public_id)
    certificates.revoke(row, request.user, _("withdrawn by its holder"), timezone.now())
    messages.success(request, _("It is withdrawn. Its page says that it no longer holds, and no longer names you."))
    return redirect("cohorts:certificates")


# For the staff of a cohort


@require_safe
@never_cache
def cohort_certificates(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    """Show the certificates that were issued for an assignment to the staff of its cohort. At most 12 queries."""
    row = get_object_or_404(Assignment.objects.taught_by(request.user), cohort=cohort_id, pk=assignment)
    return _issued(request, row)


def _issued(request: PersonRequest, row: Assignment, form: RevokeForm | None = None) -> HttpResponse:
    now = timezone.now()
    people = {place.user_id: place for place in row.cohort.enrolments.listed().select_related("user")}
    issued = row.certificates.order_by("-issued_at", "-pk")
    context = {
        "cohort": row.cohort,
        "assignment": row,
        "issued": [(issue, certificates.state(issue, now), people.get(issue.user_id)) for issue in issued],
    }
    return page(request, "cohorts/cohort_certificates.html", context, form)


@require_safe
@never_cache
def cohort_certificates_print(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    """Show all that hold today, each on a sheet of its own."""
    row = get_object_or_404(Assignment.objects.taught_by(request.user), cohort=cohort_id, pk=assignment)
    now = timezone.now()
    issued = row.certificates.current().order_by("name_shown", "pk")
    return _print(request, [issue for issue in issued if certificates.state(issue, now) == certificates.VALID])


@require_button("cohorts:cohort", "cohort_id")
@never_cache
def certificate_revoke(request: PersonRequest, cohort_id: int, certificate: int) -> HttpResponse:
    """Revoke one, as staff of the cohort that it was issued for, with a reason that its holder reads."""
    cohorts = Cohort.objects.taught_by(request.user).filter(pk=cohort_id)
    rows = Certificate.objects.current().filter(assignment__cohort__in=cohorts)
    row = get_object_or_404(rows, pk=certificate)
    form = RevokeForm(request.POST, auto_id=f"{row.pk}-%s")
    if not form.is_valid():
        assignments = Assignment.objects.taught_by(request.user)
        return _issued(request, get_object_or_404(assignments, pk=row.assignment_id), form)
    certificates.revoke(row, request.user, form.cleaned_data["reason"], timezone.now())
    messages.success(request, _("The certificate is revoked. Its page says so, and its holder reads the reason."))
    return redirect("cohorts:cohort_certificates", cohort_id, row.assignment_id)
