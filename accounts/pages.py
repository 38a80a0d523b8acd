"""What the views of every app share: a page with a form, what was posted, one page of a list, where to go on.

And how pages look to whoever asked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.template.response import TemplateResponse
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override

from accounts import display
from accounts.models import User
from accounts.unsent import SHOW

PAGE = 100
LONGEST = 1000  # characters of an address to go on to
Part = TypeVar("Part", str, bytes)
Response = TypeVar("Response", bound=HttpResponseBase)


class PersonRequest(HttpRequest):
    """A request of somebody who is known, guest or not: what LoginRequiredMiddleware lets through."""

    user: User


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], form: forms.BaseForm | None = None
) -> TemplateResponse:
    """Return the page with `form` in its context: as it was typed, where a button asks for the page alone.

    Its status is 409 where something newer than the form stands (see cohorts.forms.basis), 422 where it has errors.
    """
    if form is not None and not form.is_bound and shows_only(request):
        show_typed(form, request.POST)
    status = 422 if form is not None and form.errors else 200
    status = 409 if getattr(form, "newer", None) else status
    return TemplateResponse(request, template, {**context, "form": form}, status=status)


def limited(
    request: HttpRequest, template: str, context: Mapping[str, Any], form: forms.BaseForm, wait: int
) -> TemplateResponse:
    """Return the page with how long to wait, in seconds, status 429.

    Whoever may not try learns nothing: give no bound form that compares a secret when it is shown.
    """
    context = {**context, "form": form, "wait": ceil(wait / 60)}
    return TemplateResponse(request, template, context, status=429, headers={"Retry-After": str(wait)})


def posted(request: HttpRequest) -> QueryDict | None:
    """Return the data to bind a form to: what was posted to be done, even where that is nothing, else None."""
    return request.POST if request.method == "POST" and not shows_only(request) else None


def shows_only(request: HttpRequest) -> bool:
    """Return whether a form was posted to be shown as it is, in another language, and for nothing to be done."""
    return request.method == "POST" and SHOW in request.POST


def show_typed(form: forms.BaseForm, data: QueryDict) -> None:
    """Let an unbound form show what was typed, right or wrong, and complain of none of it yet; files cannot be kept."""
    for name, field in form.fields.items():
        if not isinstance(field, forms.FileField):
            form.initial[name] = field.widget.value_from_datadict(data, MultiValueDict(), form.add_prefix(name))


def in_language_of_page(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts of an answer, each made when it is sent, in the language that is spoken by now.

    A part is made by itself: between two of them the thread may speak another language.
    """
    return _in_language(get_language(), iter(parts))


def _in_language(language: str | None, parts: Iterator[Part]) -> Iterator[Part]:
    while True:
        with override(language):
            part = next(parts, None)
        if part is None:
            return
        if part:
            yield part


def page_of(request: HttpRequest, rows: QuerySet | Sequence, size: int = PAGE) -> Page:
    """Return the page of `rows` that the address asks for, the nearest one where there is none such. 2 queries."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def next_address(request: HttpRequest, default: str) -> str:
    """Return the address to go on to, if it is a whole one and ours, else `default`."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    is_whole = address.startswith(("/", "http://", "https://"))  # a word would be taken for the name of a view
    return address if safe and is_whole and len(address) <= LONGEST else default


def display_of(request: HttpRequest) -> display.Display:
    """Return how whoever asked wants pages to look. No query."""
    return display.read(request.COOKIES.get(settings.DISPLAY_COOKIE_NAME, ""))


def words_page(request: HttpRequest, words: list[str], onward: str, of_guest: bool = False) -> TemplateResponse:
    """Show recovery words once: an answer to a POST, stored nowhere (docs/decisions/0006)."""
    context = {"words": words, "onward": onward, "of_guest": of_guest}
    return TemplateResponse(request, "accounts/words.html", context)


def cleared(response: Response) -> Response:
    """Let the browser forget what it kept of this site, but for cookies: the end of a session, or of a person's work.

    The session's cookie is deleted by itself; that the device is shared is to be remembered.
    """
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
