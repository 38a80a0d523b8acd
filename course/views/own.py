"""One's own page, with the ways to all that is one's own; and how pages look, to whoever comes by."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_page
from accounts.display import SIZES, THEMES, Display
from accounts.leaving import opens_to_the_left
from accounts.origins import csrf_by_origin
from accounts.pages import PersonRequest, next_address
from lessons.models import Module

A_YEAR = 365 * 24 * 3600  # seconds


@require_safe
@never_cache
def own(request: PersonRequest) -> HttpResponse:
    """Show the ways to one's work, data and settings, and out. One query."""
    module = Module.objects.seen_by(request.user).order_by("pk").first()
    return TemplateResponse(request, "course/own.html", {"module": module})


@login_not_required
@opens_to_the_left
@require_page
@csrf_by_origin
@never_cache
def display(request: HttpRequest) -> HttpResponse:
    """Ask for light or dark and the size of text, and keep the answer in a cookie that holds nothing else. No query."""
    onward = next_address(request, reverse("home"))
    if request.method != "POST":
        return TemplateResponse(request, "course/display.html", {"themes": THEMES, "sizes": SIZES, "next": onward})
    response = redirect(onward)
    choice = Display.of(request.POST.get("theme", ""), request.POST.get("size", ""))
    response.set_cookie(
        settings.DISPLAY_COOKIE_NAME,
        choice.cookie,
        max_age=A_YEAR if choice.cookie else 0,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
