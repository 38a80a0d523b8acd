"""What the pages of content share: the module that an address names, and that they are the same for everybody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page

from accounts.leaving import opens_to_the_left
from lessons.models import Module

View = Callable[..., HttpResponse]


def module_of(request: HttpRequest, slug: str) -> Module:
    """Return the module of that slug as the person or visitor sees it, or 404. One query."""
    return get_object_or_404(Module.objects.seen_by(request.user), slug=slug)


def same_for_everybody(view: View) -> View:
    """Let a browser keep a page that says nothing of its reader, and ask each time whether it still holds.

    Its template extends `open.html`. The answer to a second request is 304, without a body, while nothing changed.
    """
    return opens_to_the_left(conditional_page(cache_control(private=True, no_cache=True)(view)))
