"""Add what every page knows: the site's name, this page in the other languages, and the way out."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lessons import preview


def site(request: HttpRequest) -> dict[str, Any]:
    """Return `site_name`, `leave_url`, `in_preview`, and `other_languages` as (code, name, address of this page).

    The address is worked out where a template shows it: most pages with answers send them before the language changes.
    No query.
    """
    here = get_language()
    return {
        "site_name": settings.SITE_NAME or _("Critical reading"),
        "leave_url": settings.LEAVE_URL,
        "in_preview": preview.is_active(request),
        "other_languages": [
            (code, name, partial(translate_url, request.get_full_path(), code))
            for code, name in settings.LANGUAGES
            if code != here
        ],
    }
