"""The page that tells how far a large file of questions is, while it is read: sent in parts, without a script."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.locking import PersonGone
from accounts.pages import PersonRequest, in_language_of_page
from quizzes.formats.base import Unreadable
from quizzes.incoming import Reading
from quizzes.models import Bank
from quizzes.report_words import said, where

STEPS = "<!-- steps -->"  # in the template, where they stand


def in_steps(
    request: PersonRequest, bank: Bank, reading: Reading[Any], last: str, finish: Callable[[], str]
) -> StreamingHttpResponse:
    """Read a file to its end, telling how far it is, then `finish`, and lead to the address that this returns.

    `last` is what `finish` does, in words. Nothing is written before it, and a line that breaks leaves all or nothing.
    """
    # What is packed is held back until there is enough of it, and by a proxy until all is there.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    html = render_to_string("quizzes/upload_steps.html", {"bank": bank}, request)
    head, _mark, foot = html.partition(STEPS)
    parts = in_language_of_page(_parts(bank, head, _steps(reading, last, finish), foot))
    return StreamingHttpResponse(parts, headers={"X-Accel-Buffering": "no"})


def _parts(bank: Bank, head: str, steps: Iterator[str], foot: str) -> Iterator[str]:
    """Yield the page; what goes wrong is told in it, since its status is sent by then."""
    yield head
    again = reverse("quizzes:upload_new", args=[bank.pk])
    try:
        yield from steps
    except Unreadable as error:
        place, words = where(error.note), said(error.note)
        yield _wrong(f"{place}: {words}" if place else words, again)
    except (ObjectDoesNotExist, PersonGone):
        yield _wrong(_("The bank or the file is there no more. Nothing was made."), reverse("own"))
    except Exception:
        yield _wrong(_("Something went wrong here. Bring the file again: no question comes twice."), again)
        raise
    yield foot


def _steps(reading: Reading[Any], last: str, finish: Callable[[], str]) -> Iterator[str]:
    yield _read(reading.count)
    while reading.step():
        yield _read(reading.count)
    yield format_html("<p>{}</p>\n", last)
    address = finish()
    words = _("Done: see what became of it")
    yield format_html('<p><a class="btn btn-primary" href="{}">{}</a></p>\n', address, words)


def _read(count: int) -> str:
    words = ngettext("%(count)s question read", "%(count)s questions read", count)
    return format_html("<div>{}</div>\n", words % {"count": number_format(count, use_l10n=True, force_grouping=True)})


def _wrong(words: str, address: str) -> str:
    link = format_html('<a href="{}">{}</a>', address, _("Go back"))
    return format_html('<p class="note is-wrong" role="alert">{}</p>\n<p>{}</p>\n', words, link)
