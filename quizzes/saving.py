"""What a page of an attempt sends: read as answers and saved, or handed in, and the reply to the script."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.compiled import ID, Compiled, Parameter
from accounts.guests import is_shared
from accounts.locking import atomic_once_more
from accounts.models import User
from lessons import days
from quizzes import basis, certainty
from quizzes.basis import Sent
from quizzes.kinds import NotOnOffer
from quizzes.models import Attempt, Response
from quizzes.models.items import SCORED
from quizzes.models.responses import Newer, ResponseQuerySet, with_keys, with_shown

OF_AN_ITEM = re.compile(r"q([0-9]{1,4})(?:-|\Z)")


def positions(posted: QueryDict) -> set[int]:
    """Return the positions of the items of which a form holds a field; none of the page for handing in."""
    return {int(field[1]) for field in map(OF_AN_ITEM.match, posted) if field}


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


@dataclass(frozen=True)
class Saved:
    """What became of a page: its attempt, what was saved in it, what could not be read, and what it did not show.

    `page` is where the first of them is asked. The last two are {position: text} and {position: what stands now}.
    """

    sitting: Attempt
    page: int
    responses: list[Response]
    refused: dict[int, str]
    newer: dict[int, Newer]


def _held(learner: Parameter, attempt: Parameter) -> ResponseQuerySet:
    """Return those of a quiz or an exam of this learner, not marked yet, locked with learner and attempt. No query."""
    scored = Response.objects.filter(attempt__use__in=SCORED, marked_at=None)
    return scored.filter(attempt=attempt, attempt__learner=learner).held()


def _held_page(first: Parameter, last: Parameter, **whose: Parameter) -> ResponseQuerySet:
    return _held(**whose).filter(position__gte=first, position__lte=last)


def _held_keys(**whose: Parameter) -> ResponseQuerySet:
    return _held(**whose).naming_keys()


HELD_PAGE = Compiled(_held_page, learner=ID, attempt=ID, first=ID, last=ID)
HELD_KEYS = Compiled(_held_keys, learner=ID, attempt=ID)


@atomic_once_more
def save_page(learner: User, pk: int, posted: QueryDict, language: str, at: datetime, is_auto: bool) -> Saved | None:
    """Save what a page of a quiz or an exam sends, read while all that it says is held. 2 queries; 4 with certainty.

    The items are those whose fields it holds, whatever pages there were when it was made. None, and nothing changed,
    where it holds none of this attempt, or that takes nothing any more. `is_auto`: no button was pressed, so nothing
    newer gives way.
    """
    asked = positions(posted)
    held = HELD_PAGE(learner=learner.pk, attempt=pk, first=min(asked), last=max(asked)) if asked else []
    rows = with_shown([row for row in held if row.position in asked])
    if not rows or not rows[0].attempt.takes(at):
        return None
    sitting = rows[0].attempt
    says_how_sure = any(certainty.field(row.name) in posted for row in rows)
    sent, refused = read(posted, rows, says_how_sure and sitting.asks_certainty)
    responses = [row for row in rows if row.position in sent]
    newer = Response.take_all(responses, sent, language, at, is_auto)
    page = min(row.page for row in rows)
    return Saved(sitting, page, responses, refused, newer | behind(posted, rows, refused))


@atomic_once_more
def hand_in(learner: User, pk: int, at: datetime) -> tuple[Attempt, bool] | None:
    """Hand in a quiz or an exam with what is saved in it; return it, and whether that was in time. At most 6 queries.

    Where time is over, it is handed in as of then. None where nothing is open.
    """
    responses = with_keys(HELD_KEYS(learner=learner.pk, attempt=pk))
    if not responses or not responses[0].attempt.is_open:
        return None
    sitting = responses[0].attempt
    if sitting.is_over(at):
        sitting.finish(responses, at, submitted_at=sitting.closes_at, expired_at=at)
        return sitting, False
    sitting.finish(responses, at, submitted_at=at)
    return sitting, True


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
