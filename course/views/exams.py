"""The exam over a module: what it asks and how it is held, and its start."""

from collections.abc import Collection, Mapping
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
from course import exams
from lessons import preview
from lessons.models import Module
from quizzes.models import Attempt
from quizzes.models.draws import exam_pool


@login_not_required
@never_cache
@require_page
def exam(request: HttpRequest, module: str) -> HttpResponse:
    """Show what the exam asks, its limits and the best result; a POST starts it or goes on. At most 8 queries."""
    row = get_object_or_404(Module.objects.seen_by(request.user), slug=module)
    pool = exam_pool(row)
    if request.method == "POST" and pool:
        if sitting := exams.start(learner_of(request), row, timezone.now(), preview.is_active(request)):
            return redirect(sitting)
        messages.info(request, _("You have used the attempts at this exam that you had."))
    if request.method == "POST":
        return redirect("exam", row.slug)
    return TemplateResponse(request, "course/exam.html", {"module": row} | _context(request.user, row, pool))


def _context(user: Anyone, module: Module, pool: Mapping[int, Collection[int]]) -> dict[str, Any]:
    """Return what the page says: the size, how it would be held now, and the learner's exams so far."""
    at = timezone.now()
    taken = list(Attempt.objects.of(user).exams(module))
    done = [attempt for attempt in taken if not attempt.is_open]
    terms = exams.terms_of(user, module, taken, at)
    return {
        "size": sum(min(len(items), module.exam_per_section) for items in pool.values()),
        "sections": len(pool),
        "sitting": next((attempt for attempt in taken if attempt.is_open), None),
        "best": max(done, key=lambda attempt: attempt.score or 0, default=None),
        "latest": done[-1] if done else None,
        "passed": any(attempt.has_passed for attempt in done),
        "terms": terms,
        "minutes": terms.closes_at and round((terms.closes_at - at).total_seconds() / 60),
    }
