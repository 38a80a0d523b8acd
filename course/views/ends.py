"""The end of a module: the certificate, what one can now do, and when to come back."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cohorts.models import Assignment, Certificate
from course.module_progress import module_progress
from course.reviews import days_ahead
from lessons import preview
from lessons.models import Module


@login_not_required
@require_safe
@never_cache
def end(request: HttpRequest, module: str) -> HttpResponse:
    """Show the end to whoever has passed all that is asked for; lead anybody else to their next step.

    At most 11 queries.
    """
    row = get_object_or_404(Module.objects.seen_by(request.user), slug=module)
    now = timezone.now()
    trial = preview.readings(request, row) if preview.is_active(request) else None
    way = module_progress(request.user, row, now, trial=trial)
    if not way.is_done:
        return redirect(way.address)
    in_module = {section.section.pk for section in way.sections}
    known = [known for known in way.load.known if known.section_id in in_module]
    context = {
        "module": row,
        "way": way,
        "certificates": Certificate.objects.of(request.user).valid(now).filter(module=row).order_by("-issued_at"),
        "assignments": Assignment.objects.set_for(request.user)
        .filter(module=row)
        .select_related("cohort", "module")
        .with_sections()
        .order_by("pk"),
        "days": days_ahead(known, way.load.today),
    }
    return TemplateResponse(request, "course/end.html", context)
