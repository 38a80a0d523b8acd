"""What the pages of content share: the module that an address names, and that they are the same for everybody."""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control

from accounts.compiled import ID, Compiled, Parameter
from accounts.leaving import opens_to_the_left
from accounts.pages import display_of
from lessons import preview
from lessons.models import Module
from lessons.rendered import RENDERED, RenderedPage

CORRECTIONS_A_PAGE = 15  # so that a page of both texts keeps within its weight (quality A1)
# What an address may cut a page to, without a word of its reader's.
CUTS = {"section", "label", "verdict", "show", "period", "who", "page"}
Parts = ParamSpec("Parts")
View = Callable[Concatenate[HttpRequest, Parts], HttpResponse]


def _by_person(slug: Parameter, user: Parameter) -> QuerySet[Module]:
    return Module.objects.seen_by_person(user).filter(slug=slug)


def _by_visitor(slug: Parameter) -> QuerySet[Module]:
    return Module.objects.seen_by(AnonymousUser()).filter(slug=slug)


def _fingerprint_by_person(slug: Parameter, user: Parameter) -> QuerySet[Module, str]:
    return _by_person(slug, user).values_list("fingerprint", flat=True)


def _fingerprint_by_visitor(slug: Parameter) -> QuerySet[Module, str]:
    return _by_visitor(slug).values_list("fingerprint", flat=True)


SLUG = CharField()
SEEN_BY_PERSON = Compiled(_by_person, slug=SLUG, user=ID)
SEEN_BY_VISITOR = Compiled(_by_visitor, slug=SLUG)
FINGERPRINT_BY_PERSON = Compiled(_fingerprint_by_person, slug=SLUG, user=ID)
FINGERPRINT_BY_VISITOR = Compiled(_fingerprint_by_visitor, slug=SLUG)


def module_of(request: HttpRequest, slug: str) -> Module:
    """Return the module of that slug as the person or visitor sees it, or 404. One query."""
    if request.user.is_authenticated:
        modules = SEEN_BY_PERSON(slug=slug, user=request.user.pk)
    else:
        modules = SEEN_BY_VISITOR(slug=slug)
    if not modules:
        raise Http404
    return modules[0]


def anchor_of(correction: str) -> str:
    """Return the anchor of a correction of the log, by its slug."""
    return f"log-{correction}"


def place_of(number: int, correction: str) -> str:
    """Return where the `number`-th correction of the log, from 0, stands on its pages: to be added to their address."""
    page = number // CORRECTIONS_A_PAGE + 1
    return f"?page={page}#{anchor_of(correction)}" if page > 1 else f"#{anchor_of(correction)}"


def front_module() -> Module:
    """Return the module whose pages are those of the site, or 404. One query."""
    return get_object_or_404(Module.objects.front())


def same_for_everybody(view: View[Parts]) -> View[Parts]:
    """Render a page that says nothing of its reader once in a process, and let browsers ask whether it still holds.

    It shows the module that its address names, else that of the front door. Its template extends `open.html`. One query
    where it was rendered before; the answer is 304, without a body, where the browser has it.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Parts.args, **kwargs: Parts.kwargs) -> HttpResponse:
        with timezone.override(None):  # a day is the same for everybody, too
            return answer(request, *args, **kwargs)

    def answer(request: HttpRequest, *args: Parts.args, **kwargs: Parts.kwargs) -> HttpResponse:
        slug = kwargs.get("module")
        key = _key(request, slug if isinstance(slug, str) else None)
        rendered = RENDERED.get(key) if key else None
        if rendered is None:
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            if response.status_code != 200:
                return response
            rendered = RenderedPage(response.content)
            if key:
                RENDERED.put(key, rendered)
        return _answer(request, rendered)

    return opens_to_the_left(cache_control(private=True, no_cache=True)(page))


def _key(request: HttpRequest, slug: str | None) -> Hashable:
    """Return all on which such a page hangs, or None where it is not kept. One query.

    The module's fingerprint stands for all that a load wrote. Addresses are told whole, under the name by which the
    site was asked. The day decides whether the check of the module is overdue; how pages look is the reader's choice.
    What a preview shows is rendered anew, and so is an address that asks for anything but a cut of the page.
    """
    if not CUTS.issuperset(request.GET) or preview.is_active(request):
        return None
    fingerprints = _fingerprints(request, slug)
    fingerprint = fingerprints[0] if fingerprints else None
    page = (request.build_absolute_uri(), get_language(), timezone.localdate(), display_of(request))
    return fingerprint and (fingerprint, *page)


def _fingerprints(request: HttpRequest, slug: str | None) -> list[str]:
    """Return that of the module of that slug as it is seen, or of the front door's; none where there is none such."""
    if slug is None:
        return list(Module.objects.front().values_list("fingerprint", flat=True))
    if request.user.is_authenticated:
        return FINGERPRINT_BY_PERSON(slug=slug, user=request.user.pk)
    return FINGERPRINT_BY_VISITOR(slug=slug)


def _answer(request: HttpRequest, page: RenderedPage) -> HttpResponse:
    """Return the page as the browser takes it, or 304 where it has it."""
    body, encoding = page.packed(request.headers.get("Accept-Encoding", ""))
    response = HttpResponse(body, headers={"ETag": page.etag})
    if encoding:
        response.headers["Content-Encoding"] = encoding
    patch_vary_headers(response, ["Accept-Encoding"])
    return get_conditional_response(request, etag=page.etag, response=response) or response
