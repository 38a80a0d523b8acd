"""What memory asks for: the day's review, a person's own progress, and predicted against observed recall."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from course import reviews
from lessons.models import Module, Reading, Section
from quizzes import calibration, progress, schedule
from quizzes.figures import bars
from quizzes.models import Attempt
from quizzes.models.reviews import open_review
from quizzes.outlines import outline, with_lessons


@never_cache
@require_http_methods(["GET", "POST"])
def review(request):
    """What is due today over all modules, and the week ahead; a POST starts the review, or goes on. At most 8 queries.

    The learner's own page: 5 queries beside session and user, whatever was learnt.
    """
    now = timezone.now()
    load = reviews.Load(reviews.known_to(request.user, now), timezone.localdate(now))
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
        "module": Module.objects.live().order_by("pk").first(),
    }
    return TemplateResponse(request, "course/review.html", context)


def _start(request, keys, now):
    if keys:
        return redirect(Attempt.start_review(request.user, reviews.items_of(keys), now))
    if sitting := open_review(request.user):
        return redirect(sitting)
    messages.info(request, _("Nothing is due now."))
    return redirect("review")


def _week(load):
    days = load.week
    return bars([count for _day, count in days], days)


@require_GET
@never_cache
def own_progress(request):
    """How this person stands in every module, what is due in a week, and how well certainty fits. At most 8 queries."""
    now = timezone.now()
    today, known = timezone.localdate(now), reviews.known_to(request.user, now)
    sections = with_lessons(Section.objects.filter(module__withdrawn_at=None))
    modules = list({section.module_id: section.module for section in sections}.values())
    outlines = [outline(section) for section in sections]
    readings = list(Reading.objects.of(request.user).counted(*modules))
    quizzes = list(Attempt.objects.of(request.user).counted(*modules))
    found = progress.section_progress(outlines, readings, quizzes, known, today).get(request.user.pk)
    for section in sections:
        section.standing = (found or progress.untouched(outlines))[section.pk]
        section.minutes = sum(lesson.minutes for lesson in section.live_lessons)
    for module in modules:
        module.own = [section for section in sections if section.module_id == module.pk]
    load, levels = reviews.Load(known, today), calibration.sureness_of(request.user)
    context = {
        "modules": sorted(modules, key=lambda module: module.pk),
        "module": modules[0] if len(modules) == 1 else None,
        "load": load,
        "week": _week(load),
        "in_a_week": sum(count for _day, count in load.week),
        "levels": bars([0 if level.is_silent else level.share for level in levels], levels, most=1),
        "has_certainty": any(level.count for level in levels),
    }
    return TemplateResponse(request, "course/progress.html", context)
