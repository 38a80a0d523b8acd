"""A check in a lesson, an attempt and its result, and the repeat of what was missed, for their own learner."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.guests import learner_of
from accounts.pages import PersonRequest
from accounts.unsent import session_ended
from lessons import days, preview
from lessons.models import Lesson
from quizzes import certainty
from quizzes.kinds import Answer, NotOnOffer
from quizzes.models import Attempt, Item, Response, Use
from quizzes.models.responses import PAGE_SIZE
from quizzes.results import result_of
from quizzes.review_page import review
from quizzes.saving import autosaved, holds_answers, keep_typed, read


@login_not_required
@require_POST
def check(request: HttpRequest, module: str, section: str, lesson: str, item: str) -> HttpResponseRedirect:
    """Save and mark an answer to a check; back to it in the lesson, where it shows its outcome.

    An empty answer, or one that the page did not offer, keeps nothing and makes no guest.
    """
    page = _lesson(request, module, section, lesson)
    row = next((row for row in _checks_of(page) if row.slug == item), None)
    if row is None:
        raise Http404
    if _answer(request, row):
        return redirect(f"{page.get_absolute_url()}#check-{row.slug}")
    return redirect(f"{page.get_absolute_url()}?choose={row.slug}#check-{row.slug}")


@login_not_required
@require_POST
def checks(request: HttpRequest, module: str, section: str, lesson: str) -> HttpResponseRedirect:
    """Take Enter in a field of a lesson's checks, whose fields come together: what was answered is saved and marked."""
    page = _lesson(request, module, section, lesson)
    slugs = [part["check"] for part in page.parts if "check" in part]
    rows = sorted((row for row in _checks_of(page) if row.slug in slugs), key=lambda row: slugs.index(row.slug))
    if not rows:
        raise Http404
    done = [row for row in rows if _answer(request, row)]
    if done:
        return redirect(f"{page.get_absolute_url()}#check-{done[-1].slug}")
    return redirect(f"{page.get_absolute_url()}?choose={rows[0].slug}#check-{rows[0].slug}")


def _lesson(request: HttpRequest, module: str, section: str, lesson: str) -> Lesson:
    rows = Lesson.objects.seen_by(request.user).select_related("section__module")
    return get_object_or_404(rows, slug=lesson, section__slug=section, section__module__slug=module)


def _checks_of(lesson: Lesson) -> list[Item]:
    """Return the live items of the lesson's section that may be tried in a lesson, with bank and version. One query."""
    return Item.objects.filter(bank__section=lesson.section).select_related("bank").drawable("check")


def _answer(request: HttpRequest, row: Item) -> bool:
    """Save and mark what was posted for a check; False, and nothing done, where that is no answer."""
    version = row.version
    order = version.rules.pieces(version.document)
    try:
        answer = version.rules.read(version.document, order, request.POST, row.slug)
    except NotOnOffer:
        answer = None
    if answer is None:
        return False
    client_id = _uuid(request.POST.get("client_id"))
    is_trial = preview.is_active(request)
    Attempt.answer_check(learner_of(request), row, answer, order, timezone.now(), client_id, is_trial)
    return True


def _uuid(text: str | None) -> uuid.UUID | None:
    """Return the id that a browser gave to what it made offline; None where it is none, as without a script."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def attempt(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show an open attempt's page, or its result; a POST saves the page's answers first, whatever its button says.

    Public only so that a lost session can be told from a stranger: a visitor's answers come back to be sent again.
    A check has no page: its lesson shows it.
    """
    if not request.user.is_authenticated:
        return _lost_session(request)
    attempts = Attempt.objects.of(request.user).exclude(use=Use.CHECK)
    sitting = get_object_or_404(attempts.select_related("module", "bank__section__module"), pk=pk)
    if sitting.use == Use.REVIEW:
        return review(request, sitting)
    if request.method == "POST":
        return _receive(request, sitting)
    if not sitting.is_open:
        return _result(request, sitting)
    return _time_over(request, sitting) if sitting.is_over(timezone.now()) else _page(request, sitting)


def _lost_session(request: HttpRequest) -> HttpResponseBase:
    if request.method == "GET":
        return redirect_to_login(request.get_full_path())
    return session_ended(request, by_address=True)


@require_POST
def retry(request: PersonRequest, pk: int) -> HttpResponseRedirect:
    """Begin to repeat what was missed in an attempt that is handed in, or go on with that."""
    sitting = get_object_or_404(Attempt.objects.of(request.user).exclude(use=Use.CHECK), pk=pk)
    repeat = None if sitting.is_open else sitting.retry(timezone.now())
    if repeat is None:
        messages.info(request, _("There is nothing to repeat here."))
    return redirect(repeat or sitting)


def _receive(request: HttpRequest, sitting: Attempt) -> HttpResponseBase:
    """Save what was posted, then go where the button says: on, another page, submit, later, more time or language."""
    if "submit" in request.POST and not holds_answers(request.POST):
        return _hand_in(request, sitting, timezone.now())
    responses = _responses(sitting)
    here = _page_number(request.POST.get("page"), responses)
    answers, refused = read(request.POST, [response for response in responses if response.page == here])
    at = timezone.now()
    saved = sitting.save_answers(answers, get_language(), at, _sure(request.POST, sitting, answers))
    if "X-Autosave" in request.headers:
        return autosaved(at, refused, None if saved else _closed(request, sitting, at))
    if not saved:
        return _hand_in(request, sitting, at)
    if refused:
        return _page(request, sitting, here, refused)
    if (language := request.POST.get("language", "")) in dict(settings.LANGUAGES):
        return redirect(translate_url(f"{sitting.get_absolute_url()}?page={here}", language))
    if "later" in request.POST:
        messages.success(request, _("Your answers are saved. They wait for you here."))
        return redirect(sitting.place or "review")
    if "submit" in request.POST:
        return _hand_in(request, sitting, at)
    onward = _page_number(request.POST.get("go", str(here + 1)), responses)
    if "more" in request.POST:
        onward = here
        if sitting.extend(at):
            messages.success(request, _("You have ten minutes more."))
    return redirect(f"{sitting.get_absolute_url()}?page={onward}")


def _hand_in(request: HttpRequest, sitting: Attempt, at: datetime) -> HttpResponseRedirect:
    """Submit, or say why that is not possible any more; then the result."""
    if not sitting.submit(at):
        messages.warning(request, _closed(request, sitting, at))
    return redirect(sitting)


def _sure(posted: QueryDict, sitting: Attempt, answers: Mapping[int, Answer]) -> dict[int, int | None] | None:
    """Return {position: certainty} beside these answers; None where the attempt asks for none, whatever was sent."""
    if not sitting.asks_certainty:
        return None
    return {position: certainty.read(posted, f"q{position}") for position in answers}


def _closed(request: HttpRequest, sitting: Attempt, at: datetime) -> str:
    """Say why an attempt takes nothing any more, and what became of what was sent."""
    if sitting.is_over(at) and (sitting.is_open or sitting.expired_at):
        sentence = _("Time was over on %(date)s. What came later is not counted; what was saved in time is handed in.")
        return sentence % {"date": days.with_time(timezone.localtime(sitting.closes_at))}
    if "submit" in request.POST:
        return _("This was handed in already. Here is its result.")
    return _("This was handed in already; what you have just sent was not counted.")


def _responses(sitting: Attempt) -> list[Response]:
    """Return the responses in order, with what showing them needs. One query."""
    return list(sitting.responses.order_by("position").select_related("shown_version"))


def _last_page(responses: Sequence[Response]) -> int:
    return (len(responses) - 1) // PAGE_SIZE + 1


def _page_number(text: str | None, responses: Sequence[Response]) -> int:
    """Return the page asked for; 1 where it makes no sense; one beyond the last is the page for handing in."""
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1
    return min(max(number, 1), _last_page(responses) + 1)


def _page(
    request: HttpRequest, sitting: Attempt, here: int | None = None, refused: Mapping[int, str] | None = None
) -> TemplateResponse:
    """Show five items of an open attempt, or what is left to do before handing in. 4 queries."""
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
        "responses": [response for response in responses if response.page == here],
        "unfinished": [response for response in responses if response.gaps()],
        "count": len(responses),
        "page": here,
        "pages": range(1, last + 1),
        "is_end": here > last,
        "saved_at": max(saved, default=None),
        "refused": [response for response in responses if response.position in (refused or {})],
        "seconds": seconds,
        "minutes": seconds and seconds // 60,
    }
    return TemplateResponse(request, "quizzes/attempt.html", context, status=422 if refused else 200)


def _time_over(request: HttpRequest, sitting: Attempt) -> TemplateResponse:
    """Say that time is over, and nobody has handed in yet: a button does, with what was saved. 3 queries."""
    saved = sitting.responses.exclude(answer=None).count()
    context = {"attempt": sitting, "module": sitting.module, "section": sitting.section, "saved": saved}
    return TemplateResponse(request, "quizzes/time_over.html", context)


def _result(request: HttpRequest, sitting: Attempt) -> TemplateResponse:
    """Show what was right, what was wrong and why, and where to read it again. 6 queries."""
    return TemplateResponse(request, "quizzes/result.html", result_of(sitting))
