"""The page of a review: one item, marked as it is answered; a view calls it with the attempt."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quizzes.explanations import marked, marked_in
from quizzes.models import Attempt, Response
from quizzes.models.responses import Newer
from quizzes.saving import autosaved, behind, in_browser, keep_typed, read


def review(request: HttpRequest, sitting: Attempt) -> HttpResponseBase:
    """Show one item, open or marked, or take its answer.

    Without `page` the first open one; where all are answered, the end.
    """
    responses = sitting.responses.as_asked(names_authors=sitting.quiz_id is not None)
    asked = (request.POST if request.method == "POST" else request.GET).get("page", "")
    here = next((response for response in responses if str(response.position) == asked), None)
    if request.method == "POST":
        return _receive(request, sitting, responses, here) if here else redirect(sitting)
    here = here or (_following(responses) if sitting.is_open else None)
    if here and here.marked_at:
        return _marked(request, sitting, responses, here)
    return _open(request, sitting, responses, here) if here and sitting.is_open else _end(request, sitting)


def _following(responses: Sequence[Response]) -> Response | None:
    """Return the first that is not marked, or None."""
    return next((response for response in responses if response.marked_at is None), None)


def _receive(request: HttpRequest, sitting: Attempt, responses: Sequence[Response], here: Response) -> HttpResponseBase:
    """Mark the answer and show its outcome; or keep it unmarked, for a break, another language or the script.

    Where something newer stood on the page, it is shown first, since what is marked stays marked.
    """
    sent, refused = read(request.POST, [here])
    at, is_auto = timezone.now(), "X-Autosave" in request.headers
    is_open = here.marked_at is None and sitting.is_open
    newer = behind(request.POST, [here], refused) if is_open else {}
    language = request.POST.get("language", "")
    keeps = "later" in request.POST or "go" in request.POST or language in dict(settings.LANGUAGES)
    if is_auto or keeps or is_open and any(here.is_newer(one.basis) for one in sent.values()):
        taken = sitting.take(sent, get_language(), at, is_auto)
        if is_auto:
            return autosaved(at, refused, taken or _refusal(here), request.POST)
        if taken:
            here, newer = next(iter(taken[0]), here), newer | taken[1]
    if newer or keeps and refused and is_open:
        return _open(request, sitting, responses, here, refused, newer)
    if "later" in request.POST:
        return redirect(sitting.retry_of or "review")
    address = f"{sitting.get_absolute_url()}?page={here.position}"
    if keeps:
        return redirect(translate_url(address, language) if language in dict(settings.LANGUAGES) else address)
    answer = sent[here.position].answer if here.position in sent else None
    if "unknown" not in request.POST and is_open and (answer is None or here.shown_version.shares_a_place(answer)):
        here.answer = answer or here.answer  # shown as it was given, and not marked
        return _open(request, sitting, responses, here, refused or {here.position: ""})
    if sitting.give(here.position, None if "unknown" in request.POST else answer, get_language(), at) is None:
        messages.info(request, _refusal(here))
    return redirect(address)


def _refusal(here: Response) -> str:
    """Say why an answer was not taken. One query."""
    here.refresh_from_db(fields=["marked_at"])
    if here.marked_at:
        return _("This was answered already; the first answer counts.")
    return _("This review has ended; what you have just sent was not counted.")


def _context(sitting: Attempt, responses: Sequence[Response], here: Response | None) -> dict[str, Any]:
    return {
        "attempt": sitting,
        "module": sitting.module,
        "section": sitting.section,
        "response": here,
        "following": _following(responses),
        "count": len(responses),
        "given": sum(response.marked_at is not None for response in responses),
        "right": sum(response.outcome == "right" for response in responses),
    }


def _open(
    request: HttpRequest,
    sitting: Attempt,
    responses: Sequence[Response],
    here: Response,
    refused: Mapping[int, str] | None = None,
    newer: Mapping[int, Newer] | None = None,
) -> TemplateResponse:
    """Show the form of one item. 4 queries."""
    keep_typed([here], refused)
    context = _context(sitting, responses, here) | in_browser(request, sitting)
    context |= {"refused": refused, "newer": newer or {}}
    status = 422 if refused else 409 if newer else 200
    return TemplateResponse(request, "quizzes/review_item.html", context, status=status)


def _marked(request: HttpRequest, sitting: Attempt, responses: Sequence[Response], here: Response) -> TemplateResponse:
    """Show one item with its outcome, explanation and passage, and the way on. 6 queries."""
    context = _context(sitting, responses, marked(sitting.responses.filter(pk=here.pk))[0])
    return TemplateResponse(request, "quizzes/review_marked.html", context)


def _end(request: HttpRequest, sitting: Attempt) -> TemplateResponse:
    """Show all answers, and the offer to repeat what is still wrong. 6 queries."""
    responses = marked_in(sitting)
    missed = [response for response in responses if response.is_missed]
    context = _context(sitting, responses, None) | in_browser(request, sitting)
    context |= {
        "responses": responses,
        "missed": missed,
        "counted": sum(response.score is not None for response in responses),
    }
    return TemplateResponse(request, "quizzes/review_end.html", context)
