"""Leaving the site in a hurry, and coming back to it. May import Django and accounts only.

The script of "Leave quickly" says so to the session before another site takes the page's place. Until its owner has
shown who they are, Back finds nothing of them (docs/decisions/0026).
"""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest
from django.template.response import TemplateResponse

from accounts.forms import NewWords

LEFT = "left"
View = TypeVar("View", bound=Callable)


def opens_to_the_left(view: View) -> View:
    """Mark a view that is open to whoever left too: it tells nothing of its reader, or ends the visit."""
    view.opens_to_the_left = True  # type: ignore[attr-defined] # a mark, as Django's own login_required
    return view


def saves_for_the_left(view: View) -> View:
    """Mark a view that still takes what a quiz was just saving when its learner left, and nothing else."""
    view.saves_for_the_left = True  # type: ignore[attr-defined]
    return view


def is_left(request: HttpRequest) -> bool:
    """Return whether the person of this session left quickly and is not back yet."""
    return request.user.is_authenticated and LEFT in request.session


def left_page(request: HttpRequest, form: NewWords | None = None) -> TemplateResponse:
    """Return the page that stands in for every other: it asks for the password; a guest, who has none, for a press."""
    is_guest = request.user.is_authenticated and request.user.is_guest
    context = {
        "form": None if is_guest else form or NewWords(),
        "next": request.POST.get("next") or (request.get_full_path() if request.method == "GET" else ""),
    }
    return TemplateResponse(request, "accounts/left.html", context, status=422 if form else 403)
