"""Add what every page knows: the site's name, how it looks, this page in the other languages, and the way out."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Anyone
from accounts.pages import display_of
from cohorts.models import Cohort
from lessons import preview


def site(request: HttpRequest) -> dict[str, Any]:
    """Return `site_name`, `leave_url`, `in_preview`, `display`, `teaches`, and `other_languages` of this page.

    `other_languages` are (code, name, address); `teaches` is whether whoever is here teaches or leads a cohort. Address
    and answer are worked out where a template shows them: most pages with answers show neither. No query but that.
    """
    here = get_language()
    return {
        "site_name": settings.SITE_NAME or _("Critical reading"),
        "leave_url": settings.LEAVE_URL,
        "in_preview": preview.is_active(request),
        "display": display_of(request),
        "teaches": partial(_teaches, request.user),
        "other_languages": [
            (code, name, partial(translate_url, request.get_full_path(), code))
            for code, name in settings.LANGUAGES
            if code != here
        ],
    }


def _teaches(user: Anyone) -> bool:
    """Return whether `user` teaches or leads a cohort of now. One query, none of a visitor or guest."""
    has_name = user.is_authenticated and not user.is_guest
    return has_name and Cohort.objects.taught_by(user).filter(archived_at=None).exists()
