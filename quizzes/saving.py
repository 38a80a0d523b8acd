"""What an attempt's page sends: read as answers, and the reply to the script that saved them."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.guests import is_shared
from lessons import days
from quizzes import basis, certainty
from quizzes.basis import Sent
from quizzes.kinds import NotOnOffer
from quizzes.models import Attempt, Response
from quizzes.models.responses import Newer


def holds_answers(posted: QueryDict) -> bool:
    """Whether a form holds a field of an item; that of the page for handing in does not."""
    return any(name[:1] == "q" and name[1:2].isdigit() for name in posted)


def read(
    posted: QueryDict, responses: Iterable[Response], asks_certainty: bool = False
) -> tuple[dict[int, Sent], dict[int, str]]:
    """Return ({position: what was sent} of what stands in the form, {position: text} of what was not on offer)."""
    sent: dict[int, Sent] = {}
    refused: dict[int, str] = {}
    for response in responses:
        name, sure = response.name, certainty.field(response.name)
        if not any(field == name or field.startswith(f"{name}-") for field in posted):
            continue
        try:
            answer = response.read(posted)
        except NotOnOffer as error:
            refused[response.position] = str(error)
            continue
        level = certainty.read(posted, name) if asks_certainty else None
        values = response.values(answer, level)
        # An item’s own name stands for all its boxes: one without a tick sends nothing, as does a radio untouched.
        stood = {field: value for field, value in values.items() if field != sure and {field, name} & posted.keys()}
        stood |= {sure: values[sure]} if level else {}
        sent[response.position] = Sent(answer, values, stood, basis.read(posted.get(basis.field(name))))
    return sent, refused


def keep_typed(responses: Iterable[Response], refused: Mapping[int, str] | None) -> None:
    """Let a number that could not be read stand in its field, to be put right."""
    for response in responses:
        if refused and response.position in refused and response.shown_version.kind == "number":
            response.typed = refused[response.position]


def behind(posted: QueryDict, responses: Iterable[Response], refused: Mapping[int, str]) -> dict[int, Newer]:
    """Return {position: what stands now} of refused items of which the page showed something older."""
    return {
        response.position: response.newer("waiting")
        for response in responses
        if response.position in refused and response.is_newer(basis.read(posted.get(basis.field(response.name))))
    }


def autosaved(
    at: datetime, refused: Mapping[int, str], taken: tuple[list[Response], dict[int, Newer]] | str, posted: QueryDict
) -> JsonResponse:
    """Return what the script reads: when it was saved, and what its page shows from then on.

    409 with the reason where it is closed, 422 for what was not on offer, 412 where an answer that was given elsewhere
    since is another one: it stays, until somebody who has seen both presses a button.
    """
    if isinstance(taken, str):
        return JsonResponse({"told": taken}, status=409)
    if refused:
        return JsonResponse({}, status=422)
    responses, newer = taken
    if waiting := [position for position in newer if newer[position].fate == "waiting"]:
        sentence = _("Not saved: item %(number)s was answered otherwise elsewhere. Send this page to see both.")
        return JsonResponse({"told": sentence % {"number": waiting[0]}}, status=412)
    words = _("Last saved at %(time)s.") % {"time": days.clock(timezone.localtime(at))}
    fields: dict[str, str] = {}
    for response in responses:
        page = basis.read(posted.get(basis.field(response.name)))
        if page.copy:
            fields[basis.field(response.name)] = response.basis(page.copy, page.count)
        if response.position in newer:
            fields |= response.values(response.answer, response.certainty)
            words = _("Item %(number)s was answered elsewhere too: both stand here now, and are saved.")
            words %= {"number": response.position}
    return JsonResponse({"saved": words, "fields": fields})


def in_browser(request: HttpRequest, sitting: Attempt) -> dict[str, object]:
    """Return where a browser keeps what it could not send yet: under a key of the attempt and its learner alone.

    In a browser that several people share it stays in the tab, which forgets it when it is closed.
    """
    whose = f"{sitting.pk} {sitting.learner_id} {sitting.started_at.isoformat()}"
    key = salted_hmac("quizzes.saving", whose).hexdigest()[:20]
    return {"copy": secrets.token_urlsafe(6), "kept": f"attempt-{key}", "is_shared": is_shared(request)}
