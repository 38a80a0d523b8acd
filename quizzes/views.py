"""A check in a lesson, an attempt and its result, for their own learner."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import translate_url
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.guests import learner_of
from lessons import preview
from lessons.content import LANGUAGES
from lessons.models import Lesson
from quizzes.kinds import NotOnOffer
from quizzes.models import Attempt, Item
from quizzes.models.attempts import PAGE_SIZE


@login_not_required
@require_POST
def check(request, module, section, lesson, item):
    """An answer to a check: kept and marked at once; back to it in the lesson, where it shows its outcome.

    An empty answer, or one that the page did not offer, keeps nothing and makes no guest.
    """
    lessons = Lesson.objects.live().filter(section__withdrawn_at=None, section__module__withdrawn_at=None)
    page = get_object_or_404(
        lessons.select_related("section__module"),
        slug=lesson,
        section__slug=section,
        section__module__slug=module,
    )
    items = Item.objects.live().filter(bank__section=page.section, slug=item)
    found = get_object_or_404(items.select_related("bank", "current_version"))
    if "check" not in found.uses:
        raise Http404
    version = found.current_version
    order = version.rules.pieces(version.document)
    try:
        answer = version.rules.read(version.document, order, request.POST, found.slug)
    except NotOnOffer:
        answer = None
    if answer is None:
        return redirect(f"{page.get_absolute_url()}?choose={found.slug}#check-{found.slug}")
    is_trial = preview.is_on(request)
    Attempt.answer_check(learner_of(request), found, answer, order, timezone.now(), is_trial)
    return redirect(f"{page.get_absolute_url()}#check-{found.slug}")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def attempt(request, pk):
    """An open attempt's page, or its result; a POST saves the page's answers first, whatever its button says.

    Public only so that a lost session can be told from a stranger: a visitor's answers come back to be sent again.
    """
    if not request.user.is_authenticated:
        return _lost_session(request)
    attempts = Attempt.objects.of(request.user).select_related("module", "bank__section__module")
    sitting = get_object_or_404(attempts, pk=pk)
    if request.method == "POST":
        return _receive(request, sitting)
    return _page(request, sitting) if sitting.is_open else _result(request, sitting)


def _lost_session(request):
    if request.method == "GET":
        return redirect_to_login(request.get_full_path())
    fields = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    kept = [field for field in fields if field[0] != "csrfmiddlewaretoken"]
    return TemplateResponse(request, "quizzes/lost_session.html", {"kept": kept}, status=401)


def _receive(request, sitting):
    """Save what was posted, then go where the button says: on, another page, submit, later or another language."""
    responses = _responses(sitting)
    here = _page_number(request.POST.get("page"), responses)
    answers, refused = _read(request.POST, [response for response in responses if response.page == here])
    at = timezone.now()
    saved = not answers or sitting.save_answers(answers, get_language(), at)
    if "X-Autosave" in request.headers:
        return _autosaved(saved, refused, at)
    if not saved:
        messages.warning(request, _("This quiz was handed in already; what you have just sent was not counted."))
        return redirect(sitting)
    if refused and sitting.is_open:
        return _page(request, sitting, here, refused)
    if (language := request.POST.get("language")) in LANGUAGES:
        return redirect(translate_url(f"{sitting.get_absolute_url()}?page={here}", language))
    if "later" in request.POST:
        messages.success(request, _("Your answers are saved. The quiz waits for you here."))
        return redirect(sitting.bank.section)
    if "submit" in request.POST:
        if not sitting.submit(timezone.now()):
            messages.info(request, _("This quiz was handed in already. Here is its result."))
        return redirect(sitting)
    onward = _page_number(request.POST.get("go", str(here + 1)), responses)
    return redirect(f"{sitting.get_absolute_url()}?page={onward}")


def _autosaved(saved, refused, at):
    """What the script is told: when it was saved, or 409 after handing in, or 422 for what was not on offer."""
    if not saved or refused:
        return JsonResponse({}, status=422 if refused else 409)
    return JsonResponse({"saved": _("Last saved at %(time)s.") % {"time": date_format(timezone.localtime(at), "H:i")}})


def _read(posted, responses):
    """({position: answer} of what stands in the form, {position: what was sent} of what was not on offer)."""
    answers, refused = {}, {}
    for response in responses:
        if not any(name == response.name or name.startswith(f"{response.name}-") for name in posted):
            continue
        try:
            answers[response.position] = response.read(posted)
        except NotOnOffer as error:
            refused[response.position] = str(error)
    return answers, refused


def _responses(sitting):
    """The responses in order, with what showing them needs. One query."""
    return list(sitting.responses.order_by("position").select_related("shown_version"))


def _last_page(responses):
    return (len(responses) - 1) // PAGE_SIZE + 1


def _page_number(text, responses):
    """The page asked for; 1 where it makes no sense; one beyond the last is the page for handing in."""
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1
    return min(max(number, 1), _last_page(responses) + 1)


def _page(request, sitting, here=None, refused=None):
    """Five items of an open attempt, or what is left to do before handing in. 4 queries."""
    responses = _responses(sitting)
    here = here or _page_number(request.GET.get("page"), responses)
    last = _last_page(responses)
    for response in responses:
        if refused and response.position in refused and response.shown_version.kind == "number":
            response.answer = refused[response.position]  # what was typed stays, to be put right
    saved = [response.saved_at for response in responses if response.saved_at]
    context = {
        "attempt": sitting,
        "module": sitting.module,
        "section": sitting.bank.section,
        "responses": [response for response in responses if response.page == here],
        "unfinished": [response for response in responses if response.gaps()],
        "count": len(responses),
        "page": here,
        "pages": range(1, last + 1),
        "is_end": here > last,
        "saved_at": max(saved, default=None),
        "refused": [response for response in responses if response.position in (refused or {})],
    }
    return TemplateResponse(request, "quizzes/attempt.html", context, status=422 if refused else 200)


def _result(request, sitting):
    """What was right, what was wrong and why, and where to read it again. 6 queries."""
    return TemplateResponse(request, "quizzes/result.html", result_of(sitting))


def result_of(sitting):
    """What a page needs to show the result of a marked attempt, to its learner or to staff. 3 queries."""
    rows = sitting.responses.order_by("position").prefetch_related("item__claims__module")
    responses = list(rows.select_related("shown_version", "marked_version", "item__passage__section__module"))
    return {
        "attempt": sitting,
        "module": sitting.module,
        "section": sitting.bank and sitting.bank.section,
        "responses": responses,
        "passages": {
            response.item.get_passage_url(): response.item.passage_heading()
            for response in responses
            if response.outcome in ("wrong", "partly")
        },
        "right": sum(response.outcome == "right" for response in responses),
        "points": sum(response.score or 0 for response in responses),
        "counted": sum(response.score is not None for response in responses),
    }
