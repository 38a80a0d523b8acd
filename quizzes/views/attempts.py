"""A check in a lesson, an attempt and its result, and the repeat of what was missed, for their own learner."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.addresses import require_button, require_page
from accounts.compiled import ID, Compiled, Parameter
from accounts.guests import learner_of
from accounts.leaving import saves_for_the_left
from accounts.models import User
from accounts.origins import csrf_by_origin
from accounts.pages import PersonRequest
from accounts.unsent import session_ended
from lessons import days, preview
from lessons.models import Lesson
from quizzes.checks import last_answer, marked_check, open_check
from quizzes.keys import held_back
from quizzes.kinds import NotOnOffer
from quizzes.models import Attempt, Item, Response, Use
from quizzes.models.responses import PAGE_SIZE, Newer, with_shown
from quizzes.results import result_of, score_of
from quizzes.review_page import review
from quizzes.saving import autosaved, hand_in, in_browser, keep_typed, positions, save_page


@login_not_required
@require_page
@csrf_by_origin
@never_cache
def check(request: HttpRequest, module: str, section: str, lesson: str, item: str) -> HttpResponseBase:
    """Save and mark an answer to a check, then show its outcome on the check's own page: to its reader alone.

    The lesson, which is the same for everybody, does not hold it (docs/decisions/0026). An empty answer, or one that
    the page did not offer, keeps nothing and makes no guest. 5 queries to look.
    """
    page = _lesson(request, module, section, lesson)
    row = next((row for row in _checks_of(page) if row.slug == item), None)
    if row is None:
        raise Http404
    if request.method != "POST":
        last = None if "again" in request.GET else last_answer(row, request.user, preview.is_active(request))
        return _check(request, page, marked_check(last) if last else open_check(row, asked=request.GET))
    if _answer(request, row):
        return redirect(request.path)
    return _check(request, page, open_check(row, choose=True, asked=request.POST), status=422)


@login_not_required
@require_button("lessons:lesson", "module", "section", "lesson")
@csrf_by_origin
@never_cache
def checks(request: HttpRequest, module: str, section: str, lesson: str) -> HttpResponseBase:
    """Take Enter in a field of a lesson's checks, whose fields come together: what was answered is saved and marked."""
    page = _lesson(request, module, section, lesson)
    rows = [row for row in _checks_of(page) if row.slug in page.checks]
    rows.sort(key=lambda row: page.checks.index(row.slug))
    if not rows:
        raise Http404
    if done := [row for row in rows if _answer(request, row)]:
        return redirect("quizzes:check", module, section, lesson, done[-1].slug)
    unread = next((row for row in rows if request.POST.get(row.slug)), rows[0])
    return _check(request, page, open_check(unread, choose=True, asked=request.POST), status=422)


def _lesson(request: HttpRequest, module: str, section: str, lesson: str) -> Lesson:
    rows = Lesson.objects.seen_by(request.user).select_related("section__module")
    return get_object_or_404(rows, slug=lesson, section__slug=section, section__module__slug=module)


def _checks_of(lesson: Lesson) -> list[Item]:
    """Return the live items of the lesson's section that may be tried in a lesson, as showing them needs. 2 queries."""
    rows = Item.objects.filter(bank__section=lesson.section).select_related("bank", "passage__section__module")
    return rows.prefetch_related("claims__module").drawable("check")


def _answer(request: HttpRequest, row: Item) -> bool:
    """Save and mark what was posted for a check; False, and nothing done, where that is no answer."""
    version = row.version
    order = version.rules.pieces(version.document)
    try:
        answer = version.rules.read(version.document, order, request.POST, row.slug)
    except NotOnOffer:
        answer = None
    if answer is None or version.shares_a_place(answer):
        return False
    client_id = _uuid(request.POST.get("client_id"))
    is_trial = preview.is_active(request)
    Attempt.answer_check(learner_of(request), row, answer, order, timezone.now(), client_id, is_trial)
    return True


def _check(request: HttpRequest, lesson: Lesson, shown: dict[str, Any], status: int = 200) -> TemplateResponse:
    section = lesson.section
    context = {"module": section.module, "section": section, "lesson": lesson, "check": shown}
    return TemplateResponse(request, "quizzes/check.html", context, status=status)


def _uuid(text: str | None) -> uuid.UUID | None:
    """Return the id that a browser gave to what it made offline; None where it is none, as without a script."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


@login_not_required
@saves_for_the_left
@never_cache
@require_page
def attempt(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show an open attempt's page, or its result; a POST saves the page's answers first, whatever its button says.

    Public only so that a lost session can be told from a stranger: a visitor's answers come back to be sent again.
    A check has no page: its lesson shows it.
    """
    if not request.user.is_authenticated:
        return _lost_session(request)
    if request.method == "POST" and (onward := _receive(request, request.user, pk)):
        return onward
    sitting = _sitting(request.user, pk)
    if sitting.use == Use.REVIEW:
        if sitting.retry_of and _held_back(request, sitting.retry_of):
            return redirect(sitting.retry_of)
        return review(request, sitting)
    if request.method == "POST":
        return _turn_away(request, sitting)
    if not sitting.is_open:
        return _result(request, sitting)
    return _time_over(request, sitting) if sitting.is_over(timezone.now()) else _page(request, sitting)


@login_not_required
@saves_for_the_left
@never_cache
@require_page
def answers(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take what a page of an attempt sends; looked at, lead back to that page.

    The address is another than the page's, so that a browser that could not send the page keeps it behind its Back key.
    """
    if request.method == "POST" or not request.user.is_authenticated:
        return attempt(request, pk)
    sitting = get_object_or_404(Attempt.objects.of(request.user).exclude(use=Use.CHECK), pk=pk)
    page = {name: request.GET[name] for name in ("page",) if name in request.GET}
    return redirect(f"{sitting.get_absolute_url()}?{urlencode(page)}" if page else sitting)


def _sittings(learner: Parameter, attempt: Parameter) -> QuerySet[Attempt]:
    attempts = Attempt.objects.filter(learner=learner, pk=attempt).exclude(use=Use.CHECK)
    return attempts.select_related("module", "bank__section", "quiz")


def _asked(attempt: Parameter) -> QuerySet[Response]:
    return Response.objects.filter(attempt=attempt).order_by("position")


SITTING, ASKED = Compiled(_sittings, learner=ID, attempt=ID), Compiled(_asked, attempt=ID)


def _sitting(user: User, pk: int) -> Attempt:
    """Return an attempt of this person with what showing it needs, or raise Http404. One query."""
    sittings = SITTING(learner=user.pk, attempt=pk)
    if not sittings:
        raise Http404
    [sitting] = sittings
    if sitting.section and sitting.module:
        sitting.section.module = sitting.module  # the same row: read once, as every page of an attempt asks for it
    return sitting


def _lost_session(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    return session_ended(request, by_address=True)


@require_button("quizzes:attempt", "pk")
def retry(request: PersonRequest, pk: int) -> HttpResponseRedirect:
    """Begin to repeat what was missed in an attempt that is handed in, or go on with that."""
    sitting = get_object_or_404(Attempt.objects.of(request.user).exclude(use=Use.CHECK), pk=pk)
    repeat = None if sitting.is_open or _held_back(request, sitting) else sitting.retry(timezone.now())
    if repeat is None:
        messages.info(request, _("There is nothing to repeat here."))
    return redirect(repeat or sitting)


def _receive(request: HttpRequest, user: User, pk: int) -> HttpResponseBase | None:
    """Save what was posted, then go where the button says: on, another page, submit, later, more time or language.

    Where something newer stood on the page, it is shown first. None where there is no open quiz or exam with such a
    page: nothing was done.
    """
    at, is_auto = timezone.now(), "X-Autosave" in request.headers
    if "submit" in request.POST and not positions(request.POST):
        done = hand_in(user, pk, at)
        return _handed_in(request, *done, at) if done else None
    saved = save_page(user, pk, request.POST, get_language(), at, is_auto)
    if saved is None:
        return None
    if is_auto:
        return autosaved(at, saved.refused, (saved.responses, saved.newer), request.POST)
    if saved.newer or saved.refused:
        return _page(request, _sitting(user, pk), saved.page, saved.refused, saved.newer)
    return _onward(request, saved.sitting, _number(request.POST.get("page")), at)


def _turn_away(request: HttpRequest, sitting: Attempt) -> HttpResponseBase:
    """Answer what was posted where nothing is saved: by the page for handing in, or once it is closed."""
    at = timezone.now()
    if "submit" in request.POST and not positions(request.POST):
        return _hand_in(request, sitting, at)
    taken = sitting.take({}, get_language(), at)
    if "X-Autosave" in request.headers:
        return autosaved(at, {}, taken or _closed(request, sitting, at), request.POST)
    if taken is None:
        return _hand_in(request, sitting, at)
    return _onward(request, sitting, _number(request.POST.get("page")), at)


def _onward(request: HttpRequest, sitting: Attempt, here: int, at: datetime) -> HttpResponseRedirect:
    """Go where the button of a page says, whose answers are saved."""
    if (language := request.POST.get("language", "")) in dict(settings.LANGUAGES):
        return redirect(translate_url(f"{sitting.get_absolute_url()}?page={here}", language))
    if "later" in request.POST:
        messages.success(request, _("Your answers are saved. They wait for you here."))
        return redirect(sitting.place or "review")
    if "submit" in request.POST:
        return _hand_in(request, sitting, at)
    _tell_more_time(request, sitting)
    onward = _number(request.POST.get("go", str(here + 1)))
    if "more" in request.POST:
        onward = here
        if sitting.extend(at):
            messages.success(request, _("You have ten minutes more."))
    return redirect(f"{sitting.get_absolute_url()}?page={onward}")


def _tell_more_time(request: HttpRequest, sitting: Attempt) -> None:
    """Say so where an exam has had a later end, or none, since the page was shown that was sent."""
    before = request.POST.get("ends", "")
    if before and "more" not in request.POST and (sitting.closes_at is None or sitting.closes_at.isoformat() != before):
        messages.success(request, _("There is more time for this exam than before: the end has moved."))


def _hand_in(request: HttpRequest, sitting: Attempt, at: datetime) -> HttpResponseRedirect:
    """Submit, or say why that is not possible any more; then the result."""
    return _handed_in(request, sitting, sitting.submit(at), at)


def _handed_in(request: HttpRequest, sitting: Attempt, is_done: bool, at: datetime) -> HttpResponseRedirect:
    if not is_done:
        messages.warning(request, _closed(request, sitting, at))
    return redirect(sitting)


def _closed(request: HttpRequest, sitting: Attempt, at: datetime) -> str:
    """Say why an attempt takes nothing any more, and what became of what was sent."""
    if sitting.is_over(at) and (sitting.is_open or sitting.expired_at):
        sentence = _("Time was over on %(date)s. What came later is not counted; what was saved in time is handed in.")
        return sentence % {"date": days.with_time(timezone.localtime(sitting.closes_at))}
    if "submit" in request.POST:
        return _("This was handed in already. Here is its result.")
    return _("This was handed in already; what you have just sent was not counted.")


def _responses(sitting: Attempt) -> list[Response]:
    """Return the responses in order, with what showing them needs. One query, and one for versions not read yet."""
    if sitting.quiz_id is not None:
        return sitting.responses.as_asked(names_authors=True)
    rows = ASKED(attempt=sitting.pk)
    for row in rows:
        row.attempt = sitting
    return with_shown(rows)


def _last_page(responses: Sequence[Response]) -> int:
    return (len(responses) - 1) // PAGE_SIZE + 1


def _number(text: str | None) -> int:
    """Return the page that is named; 1 where it makes no sense."""
    return max(int(text), 1) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1


def _page_number(text: str | None, responses: Sequence[Response]) -> int:
    """Return the page asked for; one beyond the last is the page for handing in."""
    return min(_number(text), _last_page(responses) + 1)


def _page(
    request: HttpRequest,
    sitting: Attempt,
    here: int | None = None,
    refused: Mapping[int, str] | None = None,
    newer: Mapping[int, Newer] | None = None,
) -> TemplateResponse:
    """Show ten items of an open attempt, or what is left to do before handing in. Queries as `_responses`."""
    responses = _responses(sitting)
    here = here or _page_number(request.GET.get("page"), responses)
    last = _last_page(responses)
    keep_typed(responses, refused)
    saved = [response.saved_at for response in responses if response.saved_at]
    seconds = sitting.seconds_left(timezone.now())
    context = {
        "attempt": sitting,
        "module": sitting.module,
        "section": sitting.section,
        "asks_certainty": sitting.asks_certainty,
        "responses": [response for response in responses if response.page == here],
        "unfinished": [response for response in responses if response.gaps()],
        "count": len(responses),
        "page": here,
        "pages": range(1, last + 1),
        "is_end": here > last,
        "saved_at": max(saved, default=None),
        "refused": [response for response in responses if response.position in (refused or {})],
        "newer": newer or {},
        "seconds": seconds,
        "minutes": seconds and seconds // 60,
    }
    status = 422 if refused else 409 if newer else 200
    return TemplateResponse(request, "quizzes/attempt.html", context | in_browser(request, sitting), status=status)


def _time_over(request: HttpRequest, sitting: Attempt) -> TemplateResponse:
    """Say that time is over, and nobody has handed in yet: a button does, with what was saved. 3 queries."""
    saved = sitting.responses.exclude(answer=None).count()
    context = {"attempt": sitting, "module": sitting.module, "section": sitting.section, "saved": saved}
    return TemplateResponse(request, "quizzes/time_over.html", context)


def _result(request: HttpRequest, sitting: Attempt) -> TemplateResponse:
    """Show what was right, what was wrong and why, and where to read it again. 6 queries, of an exam at most 8.

    An exam whose keys are held back shows its score and the sections that were weak.
    """
    held = held_back(request.user, timezone.now()) if sitting.use == Use.EXAM else {}
    if sitting.pk in held:
        context = score_of(sitting) | {"to_give_up": held[sitting.pk]} | in_browser(request, sitting)
        return TemplateResponse(request, "quizzes/result_held_back.html", context)
    page = request.GET.get("page")
    context = result_of(sitting, _number(page) if page else 0) | in_browser(request, sitting)
    return TemplateResponse(request, "quizzes/result.html", context)


def _held_back(request: HttpRequest, sitting: Attempt) -> bool:
    """Return whether that is an exam of which no item is shown yet. A repeat of a repeat is asked as the first."""
    while sitting.retry_of:
        sitting = sitting.retry_of
    return sitting.use == Use.EXAM and sitting.pk in held_back(request.user, timezone.now())
