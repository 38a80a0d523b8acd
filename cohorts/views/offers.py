"""Certificates for the staff of a cohort, who offer, list, print and revoke them, and the answer to an offer."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button
from accounts.models import Audit
from accounts.pages import PersonRequest, page, page_of, posted
from cohorts import certificates, certified, offers
from cohorts.forms.certificates import RevokeForm
from cohorts.forms.offers import AcceptForm, OffersForm, WishForm
from cohorts.models import Assignment, Certificate, Cohort, Offer
from cohorts.pages import assignment_beside, check_address, on_paper
from cohorts.spreadsheets import delimiter_of, rows_to_csv

PEOPLE = 200  # of a page: nearly every cohort is offered its certificates by one press

# The staff of a cohort, for one assignment


@never_cache
def cohort_certificates(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    """Show who may be offered a certificate, who holds one and what the others miss, and offer. At most 12 queries."""
    return _of_assignment(request, cohort_id, assignment, posted(request))


def _of_assignment(
    request: PersonRequest, cohort_id: int, pk: int, data: QueryDict | None, revoking: RevokeForm | None = None
) -> HttpResponse:
    row, beside = assignment_beside(request.user, cohort_id, pk)
    now = timezone.now()
    places = list(row.cohort.enrolments.listed().select_related("user"))
    people = page_of(request, offers.learners_by_name(places), PEOPLE)
    rows = offers.candidates(row, list(people), now, beside)
    form = OffersForm([one for one in rows if one.group == offers.TO_OFFER], data)
    if form.is_valid():
        _say_made(request, offers.make(row, form.names, request.user, now, beside), form.asked_count)
        query = f"?{urlencode({'page': people.number})}" if people.number > 1 else ""
        return redirect(f"{request.path}{query}")
    groups = {name: [one for one in rows if one.group == name] for name in offers.GROUPS}
    context = {"cohort": row.cohort, "assignment": row, "rows": people, "offering": form, "groups": groups}
    context["holders"] = [one for one in rows if one.holds]
    context["gone"] = certified.gone_from(row, places, now) if people.number == 1 else []
    return page(request, "cohorts/cohort_certificates.html", context, revoking or form)


def _say_made(request: PersonRequest, made: int, asked: int) -> None:
    """Say how many offers were made, and that others were not, if any."""
    if made:
        sentence = ngettext(
            "%(count)d certificate is offered. Its holder has to accept it and its name.",
            "%(count)d certificates are offered. Their holders have to accept them and their names.",
            made,
        )
        messages.success(request, sentence % {"count": made})
    if left_out := asked - made:
        sentence = ngettext(
            "%(count)d was left out: offered already, or changed since you opened this page. Look at the list again.",
            "%(count)d were left out: offered already, or changed since you opened this page. Look at the list again.",
            left_out,
        )
        messages.warning(request, sentence % {"count": left_out})


@require_button("cohorts:cohort_certificates", "cohort_id", "assignment")
@never_cache
def offer_settle(request: PersonRequest, cohort_id: int, assignment: int, offer: int) -> HttpResponse:
    """Answer the name that a learner wishes for, or take an offer back, as staff."""
    row = get_object_or_404(Assignment.objects.taught_by(request.user), cohort=cohort_id, pk=assignment)
    one = get_object_or_404(row.offers.open().with_all(), pk=offer)
    now, answer = timezone.now(), request.POST.get("answer")
    if answer == "remove":
        done, sentence = offers.take_back(one, request.user, now), _("The offer is taken back.")
    else:
        takes = answer == "take"
        done = offers.settle(one, request.POST.get("wish", ""), takes, request.user, now)
        sentence = _("It is offered under that name now.") if takes else _("The name stays. The learner is told.")
    if done:
        messages.success(request, sentence)
    else:
        messages.warning(request, _("This has changed since you opened the page. Look at it again."))
    return redirect("cohorts:cohort_certificates", cohort_id, assignment)


@require_safe
@never_cache
def cohort_certificates_print(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    """Show all that hold today, each on a sheet of its own."""
    row = get_object_or_404(Assignment.objects.taught_by(request.user), cohort=cohort_id, pk=assignment)
    now = timezone.now()
    issued = row.certificates.current().order_by("name_shown", "pk")
    return on_paper(request, [issue for issue in issued if certificates.state(issue, now) == certificates.VALID])


@require_button("cohorts:cohort", "cohort_id")
@never_cache
def certificate_revoke(request: PersonRequest, cohort_id: int, certificate: int) -> HttpResponse:
    """Revoke one, as staff of the cohort that it was issued for, with a reason that its holder reads."""
    cohorts = Cohort.objects.taught_by(request.user).filter(pk=cohort_id)
    rows = Certificate.objects.current().filter(assignment__cohort__in=cohorts)
    row = get_object_or_404(rows, pk=certificate)
    form = RevokeForm(request.POST, auto_id=f"{row.pk}-%s")
    if not form.is_valid():
        return _of_assignment(request, cohort_id, row.assignment_id or 0, None, form)
    certificates.revoke(row, request.user, form.cleaned_data["reason"], timezone.now())
    messages.success(request, _("The certificate is revoked. Its page says so, and its holder reads the reason."))
    return redirect("cohorts:cohort_certificates", cohort_id, row.assignment_id)


# The staff of a cohort, over all that it has set


@require_safe
@never_cache
def certificate_list(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show the certificates of a cohort with state and expiry, a hundred a page. At most 12 queries."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    lines = certified.lines_of(cohort, timezone.now())
    asked = request.GET.get("show")
    shown = asked if asked in certified.SHOWN else "current"
    rows = page_of(request, [line for line in lines if line.is_among(shown)])
    counts = {name: sum(line.is_among(name) for line in lines) for name in certified.SHOWN}
    filters = [(name, word(), counts[name]) for name, word in certified.SHOWN.items()]
    context = {"cohort": cohort, "rows": rows, "works": certified.works_of(cohort), "counts": counts}
    context |= {"filters": filters, "shown": shown, "query": urlencode({"show": shown})}
    return page(request, "cohorts/certificate_list.html", context)


@require_button("cohorts:certificate_list", "cohort_id")
@never_cache
def certificate_list_csv(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Send all certificates of a cohort as a file for a personnel office, and record that it was taken out."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    now = timezone.now()
    lines = certified.lines_of(cohort, now)
    table = [certified.cells(line, check_address(request, line.certificate), cohort.zone) for line in lines]
    Audit.record(request.user, "export", f"cohort {cohort.pk}: certificates, {len(table)} rows", now)
    disposition = {"Content-Disposition": f'attachment; filename="certificates-{cohort.pk}.csv"'}
    body = rows_to_csv([certified.head(), *table], delimiter_of(get_language()))
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers=disposition)


# Whoever is offered one


@never_cache
def offer(request: PersonRequest, offer: int) -> HttpResponse:
    """Show what is offered to whom it is, to accept, to ask for another name, or to leave for now. At most 8 queries.

    A guest chooses a name of the site first, since a guest's row may go.
    """
    row = get_object_or_404(Offer.objects.of(request.user).with_all(), pk=offer)
    answer, data = request.POST.get("answer"), posted(request)
    accepting = AcceptForm(data if answer == "accept" else None)
    wishing = WishForm(row.name, data if answer == "otherwise" else None, initial={"wish": row.wish or row.name})
    if accepting.is_valid() and not request.user.is_guest:
        return _accept(request, row, accepting.cleaned_data["shows_name"])
    if wishing.is_valid() and offers.wish(row, wishing.cleaned_data["wish"]):
        messages.success(request, _("The staff of the cohort are asked. You find their answer here."))
        return redirect("cohorts:certificates")
    if data is not None and answer == "later" and offers.decline(row, timezone.now()):
        messages.success(request, _("It is put aside. You can ask for the certificate yourself whenever you like."))
        return redirect("cohorts:certificates")
    now, case = timezone.now(), offers.case_of(row)
    context = {"offer": row, "case": case, "met": case.is_met(now), "missing": case.missing(now), "module": case.module}
    context["leads_to_cohorts"] = True  # whoever is offered one learns in a cohort
    return page(request, "cohorts/offer.html", context | {"accepting": accepting}, wishing)


def _accept(request: PersonRequest, row: Offer, shows_name: bool) -> HttpResponse:
    """Issue the certificate under the name that the page showed, and lead to it."""
    issued = offers.accept(row, request.POST.get("name", ""), shows_name, timezone.now())
    if issued is None:
        messages.warning(request, _("This has changed since you opened the page. Look at it again."))
        return redirect("cohorts:certificates")
    messages.success(request, _("Your certificate is issued. Whoever has its address can check it."))
    return redirect("cohorts:certificate", issued.public_id)
