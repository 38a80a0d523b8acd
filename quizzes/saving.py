"""What an attempt's page sends: read as answers, and the reply to the script that saved them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.http import JsonResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from lessons import days
from quizzes.kinds import Answer, NotOnOffer
from quizzes.models import Response


def holds_answers(posted: QueryDict) -> bool:
    """Whether a form holds a field of an item; that of the page for handing in does not."""
    return any(name[:1] == "q" and name[1:2].isdigit() for name in posted)


def read(posted: QueryDict, responses: Iterable[Response]) -> tuple[dict[int, Answer], dict[int, str]]:
    """Return ({position: answer} of what stands in the form, {position: what was sent} of what was not on offer)."""
    answers: dict[int, Answer] = {}
    refused: dict[int, str] = {}
    for response in responses:
        if not any(name == response.name or name.startswith(f"{response.name}-") for name in posted):
            continue
        try:
            answers[response.position] = response.read(posted)
        except NotOnOffer as error:
            refused[response.position] = str(error)
    return answers, refused


def keep_typed(responses: Iterable[Response], refused: Mapping[int, str] | None) -> None:
    """Let a number that could not be read stand in its field, to be put right."""
    for response in responses:
        if refused and response.position in refused and response.shown_version.kind == "number":
            response.answer = refused[response.position]


def autosaved(at: datetime, refused: Mapping[int, str], closed: str | None = None) -> JsonResponse:
    """Return what the script reads: when it was saved, or 409 with the reason, or 422 for what was not on offer."""
    if closed:
        return JsonResponse({"told": closed}, status=409)
    if refused:
        return JsonResponse({}, status=422)
    return JsonResponse({"saved": _("Last saved at %(time)s.") % {"time": days.clock(timezone.localtime(at))}})
