"""Add what every page knows: the site's name, how it looks, this page in the other languages, and the way out."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.compiled import ID, Compiled, Parameter
from accounts.pages import display_of
from cohorts.models import STAFF, Enrolment
from lessons import preview


def site(request: HttpRequest) -> dict[str, Any]:
    """Return what every page may show of the site: its name, the way out, this page in other languages.

    `alternates` are (code, whole address) of every language, `origin` how whole addresses begin.

    `other_languages` are (code, name, address of this page). The address, and whether the header leads to cohorts and
    its reader is staff of one, are worked out where a template shows them: most pages with answers show neither. No
    query but one for the last two.
    """
    here = get_language()
    roles = cache(partial(_roles, request))
    return {
        "site_name": settings.SITE_NAME or _("Critical reading"),
        "origin": partial(_origin, request),
        "leave_url": settings.LEAVE_URL,
        "in_preview": preview.is_active(request),
        "display": display_of(request),
        "leads_to_cohorts": partial(_leads_to_cohorts, request, roles),
        "is_cohort_staff": lambda: any(role in STAFF for role in roles()),
        "alternates": partial(_alternates, request, here),
        "other_languages": [
            (code, name, partial(_in_language, request, code)) for code, name in settings.LANGUAGES if code != here
        ],
    }


def _in_language(request: HttpRequest, code: str) -> str:
    """Return the address of this page in another language, with what was asked of it.

    The page is known by now; Django's `translate_url` would look for it anew.
    """
    page, address = request.resolver_match, request.get_full_path()
    if page is None or page.url_name is None:
        return address
    with override(code):
        path = reverse(page.view_name, args=page.args, kwargs=page.kwargs)
    return path + "".join(address.partition("?")[1:])


def _origin(request: HttpRequest) -> str:
    """Return how addresses of this site begin, as whoever asked wrote it: https://example.org."""
    return request.build_absolute_uri("/").removesuffix("/")


def _alternates(request: HttpRequest, here: str | None) -> list[tuple[str, str]]:
    """Return (code, whole address) of this page in every language of the site, without what was asked of it."""
    origin = _origin(request)
    codes = [code for code, _name in settings.LANGUAGES]
    return [(code, origin + (request.path if code == here else translate_url(request.path, code))) for code in codes]


def _leads_to_cohorts(request: HttpRequest, roles: Callable[[], frozenset[str]]) -> bool:
    """Return whether this is a page of a cohort, or its reader may teach, or is in one that is not archived.

    At most one query, none of a visitor.
    """
    user, page = request.user, request.resolver_match
    if not user.is_authenticated:
        return False
    is_of_one = page is not None and (page.view_name == "cohorts:cohorts" or "cohort_id" in page.kwargs)
    return is_of_one or user.may_teach or bool(roles())


def _roles_of(user: Parameter) -> QuerySet[Enrolment, str]:
    places = Enrolment.objects.current().filter(user=user, cohort__archived_at=None)
    return places.order_by().values_list("role", flat=True).distinct()


ROLES = Compiled(_roles_of, user=ID)


def _roles(request: HttpRequest) -> frozenset[str]:
    """Return the roles that the reader has in cohorts that are not archived. One query, none of a visitor."""
    if not request.user.is_authenticated:
        return frozenset()
    return frozenset(ROLES(user=request.user.pk))
