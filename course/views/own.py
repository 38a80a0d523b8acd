"""One's own page, with the ways to all that is one's own."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest
from lessons.models import Module


@require_safe
@never_cache
def own(request: PersonRequest) -> HttpResponse:
    """Show the ways to one's work, data and settings, and out. One query."""
    module = Module.objects.seen_by(request.user).order_by("pk").first()
    return TemplateResponse(request, "course/own.html", {"module": module})
