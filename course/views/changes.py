"""Corrections that affect items a learner answered or lessons they read."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.addresses import require_page
from accounts.pages import PersonRequest
from course.changes import changes_of, see
from lessons.models import Module, Part


@never_cache
@require_page
def changes(request: PersonRequest) -> HttpResponse:
    """Show corrected items, claims and lessons beside what they were; a POST marks them as seen. At most 10 queries."""
    if request.method == "POST":
        see(request.user, timezone.now())
        messages.success(request, _("Noted: you have seen these corrections. They stay on this page."))
        return redirect("changes")
    modules = Module.objects.seen_by(request.user)
    context = {
        "changes": changes_of(request.user, timezone.now()),
        "modules": modules.filter(annexes__part=Part.CORRECTIONS).order_by("slug"),
    }
    return TemplateResponse(request, "course/changes.html", context)
