"""What memory asks for: the day's review, a person's own progress, and predicted against observed recall."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_page
from accounts.pages import PersonRequest
from cohorts.dues import named, roles_and_modules, set_modules
from course import reviews
from course.module_progress import progress_by_module
from lessons.models import Module
from quizzes import schedule
from quizzes.figures import Bar, bars
from quizzes.models import Attempt
from quizzes.models.reviews import open_review
from quizzes.practice import practice_of


@never_cache
@require_page
def review(request: PersonRequest) -> HttpResponse:
    """Show what is due today over all modules, and the week ahead; a POST starts the review, or goes on.

    At most 8 queries. The learner's own page: 5 queries beside session and user, whatever was learnt.
    """
    now = timezone.now()
    load = reviews.DueItems(reviews.known_to(request.user, now), timezone.localdate(now))
    keys = reviews.chosen(load)
    if request.method == "POST":
        return _start(request, keys, now)
    context = {
        "load": load,
        "items": len(keys),
        "minutes": reviews.minutes(len(keys)),
        "open_review": open_review(request.user),
        "sections": reviews.remembered(load.known, load.today),
        "week": _week(load),
        "of_100": round(schedule.RETENTION * 100),
        "most": schedule.MOST_A_DAY,
        "module": Module.objects.seen_by(request.user).order_by("pk").first(),
    }
    return TemplateResponse(request, "course/review.html", context)


def _start(request: PersonRequest, keys: Sequence[int], now: datetime) -> HttpResponse:
    if keys:
        return redirect(Attempt.start_review(request.user, reviews.items_of(keys), now))
    if sitting := open_review(request.user):
        return redirect(sitting)
    messages.info(request, _("Nothing is due now."))
    return redirect("review")


def _week(load: reviews.DueItems) -> list[Bar]:
    days = load.week
    return bars([count for _day, count in days], days)


@require_safe
@never_cache
def own_progress(request: PersonRequest) -> HttpResponse:
    """Show how this person stands in every module, the week ahead, how well certainty fits, and what is missed.

    At most 8 queries.
    """
    now = timezone.now()
    load = reviews.DueItems(reviews.known_to(request.user, now), timezone.localdate(now))
    roles = roles_and_modules(request.user)
    modules = progress_by_module(request.user, load.known, now, set_modules(roles))
    practice = practice_of(request.user)
    levels = practice.levels
    context = {
        "modules": modules,
        "dues": named(due for module in modules for due in module.dues),
        "leads_to_cohorts": bool(roles) or request.user.may_teach,
        "module": modules[0].module if len(modules) == 1 else None,
        "load": load,
        "week": _week(load),
        "in_a_week": sum(count for _day, count in load.week),
        "levels": bars([0 if level.is_silent else level.share for level in levels], levels, most=1),
        "has_certainty": any(level.count for level in levels),
        "misses": practice.misses,
        "judged": practice.judged,
    }
    return TemplateResponse(request, "course/progress.html", context)
