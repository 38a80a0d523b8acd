"""What the pages of content share: the module that an address names."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from lessons.models import Module


def module_of(request: HttpRequest, slug: str) -> Module:
    """Return the module of that slug as the person or visitor sees it, or 404. One query."""
    return get_object_or_404(Module.objects.seen_by(request.user), slug=slug)
