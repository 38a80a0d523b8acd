"""The exam over a module: what it asks and how it is held, and its start."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.addresses import require_page
from accounts.guests import learner_of
from accounts.models import Anyone
from cohorts.exams import asking
from cohorts.models import AttemptTerms
from course import exams
from lessons import preview
from lessons.models import Module
from quizzes.models import Attempt
from quizzes.models.draws import exam_pools


@login_not_required
@never_cache
@require_page
def exam(request: HttpRequest, module: str) -> HttpResponse:
    """Show what the exam asks, its limits and the best result; a POST starts it or goes on. At most 9 queries."""
    row = get_object_or_404(Module.objects.seen_by(request.user), slug=module)
    if request.method == "POST" and _asks_anything(request.user, row):
        if sitting := exams.start(learner_of(request), row, timezone.now(), preview.is_active(request)):
            return redirect(sitting)
        messages.info(request, _("You have used the attempts at this exam that you had."))
    if request.method == "POST":
        return redirect("exam", row.slug)
    return TemplateResponse(request, "course/exam.html", {"module": row} | _context(request.user, row))


def _asks_anything(user: Anyone, module: Module) -> bool:
    """Return whether an exam begun now has items. 2 queries, 4 where all of them are kept for those that certify."""
    pools = exam_pools(module)
    return any(pool.practised for pool in pools) or (bool(pools) and asking(user, module, timezone.now()).draws_kept)


def _context(user: Anyone, module: Module) -> dict[str, Any]:
    """Return what the page says: the size, how it would be held now, and the learner's exams so far.

    `is_practice`: the open one counts for none of the cohorts that ask for one; `more_at`: when it got more time.
    """
    at = timezone.now()
    taken = list(Attempt.objects.of(user).exams(module))
    done = [attempt for attempt in taken if not attempt.is_open]
    asked, sitting = asking(user, module, at), next((attempt for attempt in taken if attempt.is_open), None)
    running = list(AttemptTerms.objects.running().filter(attempt=sitting)) if sitting else []
    sizes = [pool.size(module.exam_per_section, asked.draws_kept) for pool in exam_pools(module)]
    terms = asked.terms
    return {
        "size": sum(sizes),
        "sections": sum(size > 0 for size in sizes),
        "sitting": sitting,
        "is_practice": sitting and asked.rules and not running,
        "more_at": max((row.more_at for row in running if row.more_at), default=None),
        "best": max(done, key=lambda attempt: attempt.score or 0, default=None),
        "latest": done[-1] if done else None,
        "passed": any(attempt.has_passed for attempt in done),
        "terms": terms,
        "certifies": asked.certifies,
        "minutes": terms.closes_at and round((terms.closes_at - at).total_seconds() / 60),
    }
