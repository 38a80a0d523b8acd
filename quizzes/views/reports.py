"""Reporting what is wrong with an item, a claim or a passage, and the editors' answers, for whoever reported."""

from math import ceil
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.guests import learner_of
from accounts.limits import RateLimit, RateLimited, network
from accounts.pages import PersonRequest, page, page_of, posted
from lessons.models import Claim, Lesson, Section
from quizzes.forms import LessonReportForm, ReportForm
from quizzes.keys import held_back
from quizzes.models import Item, Report, Response

PER_HOUR = 20
PAGE = 50


@require_safe
@never_cache
def reports(request: PersonRequest) -> TemplateResponse:
    """Show one's own reports, the latest first, with the answers to them. At most 5 queries."""
    rows = Report.objects.of(request.user).with_things().order_by("-made_at", "-pk")
    shown = page_of(request, rows, PAGE)
    return TemplateResponse(request, "quizzes/reports.html", {"reports": shown})


@never_cache
def report_item(request: PersonRequest, module: str, section: str, item: str) -> HttpResponseBase:
    """Take a report on an item, from those who may teach and whoever has a marked answer to it.

    Nobody else is shown the item before a quiz.
    """
    rows = Item.objects.filter(bank__section__slug=section, bank__module__slug=module)
    if request.user.may_teach:
        rows = rows.filter(bank__section__in=Section.objects.seen_by(request.user))
    else:
        marked = Response.objects.filter(attempt__learner=request.user, marked_at__isnull=False)
        shown = marked.exclude(attempt__in=held_back(request.user, timezone.now()))
        rows = rows.filter(pk__in=shown.values("item"))
    thing = get_object_or_404(rows.select_related("current_version", "passage__section__module"), slug=item)
    return _report(request, Report(item=thing), ReportForm(posted(request)))


@login_not_required
@never_cache
def report_claim(request: HttpRequest, module: str, key: str) -> HttpResponseBase:
    """Take a report on a claim."""
    rows = Claim.objects.seen_by(request.user).filter(module__slug=module)
    thing = get_object_or_404(rows.select_related("module"), key=key)
    return _report(request, Report(claim=thing), ReportForm(posted(request)))


@login_not_required
@never_cache
def report_lesson(request: HttpRequest, module: str, section: str, lesson: str) -> HttpResponseBase:
    """Take a report on a passage of a lesson."""
    rows = Lesson.objects.seen_by(request.user).filter(section__slug=section, section__module__slug=module)
    thing = get_object_or_404(rows.select_related("section__module"), slug=lesson)
    return _report(request, Report(lesson=thing), LessonReportForm(thing, posted(request)))


def _report(request: HttpRequest, report: Report, form: ReportForm) -> HttpResponseBase:
    """Show the form; sent, it is saved, and a visitor is a guest from then on. Over the limit nothing typed is lost."""
    is_limited = False
    if form.is_valid():
        try:
            _tries(request).spend()
        except RateLimited as error:
            form.add_error(None, _too_many(ceil(error.wait / 60)))
            is_limited = True
        else:
            return _saved(request, report, form.cleaned_data)
    response = page(request, "quizzes/report.html", {"report": report}, form)
    response.status_code = 429 if is_limited else response.status_code
    return response


def _saved(request: HttpRequest, report: Report, fields: dict[str, Any]) -> HttpResponseRedirect:
    report.send(learner_of(request), timezone.now(), **fields)
    messages.success(request, _("Thank you. The editors will read it; their answer will stand here."))
    return redirect("quizzes:reports")


def _tries(request: HttpRequest) -> RateLimit:
    """Return the limit of twenty reports an hour: of a person, or of one network's visitors who send their first."""
    who = request.user.name if request.user.is_authenticated else network(request)
    return RateLimit(request, "report", who, PER_HOUR)


def _too_many(minutes: int) -> str:
    return _("That is many reports for one hour. Send this one again in %(minutes)d min; your text is still here.") % {
        "minutes": minutes
    }
