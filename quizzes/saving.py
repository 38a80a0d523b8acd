"""What an attempt's page sends: read as answers, and told to the script that saved them."""

from django.http import JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quizzes.kinds import NotOnOffer


def holds_answers(posted):
    """Whether a form holds a field of an item; that of the page for handing in does not."""
    return any(name[:1] == "q" and name[1:2].isdigit() for name in posted)


def read(posted, responses):
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


def keep_typed(responses, refused):
    """Let a number that could not be read stand in its field, to be put right."""
    for response in responses:
        if refused and response.position in refused and response.shown_version.kind == "number":
            response.answer = refused[response.position]


def autosaved(at, refused, closed=None):
    """What the script is told: when it was saved, or 409 with the reason, or 422 for what was not on offer."""
    if closed:
        return JsonResponse({"told": closed}, status=409)
    if refused:
        return JsonResponse({}, status=422)
    return JsonResponse({"saved": _("Last saved at %(time)s.") % {"time": date_format(timezone.localtime(at), "H:i")}})
