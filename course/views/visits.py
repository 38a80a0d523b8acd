"""A guest's visit: ended, come back to, and asked whose it was."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.addresses import require_button, require_page
from accounts.forms import Crispy, shared_field
from accounts.guests import enter, is_shared
from accounts.limits import RateLimit
from accounts.pages import PersonRequest, cleared, next_address, page, posted, words_page
from cohorts import codes, handovers
from cohorts.models import Enrolment
from cohorts.pages import carried_code, carry_code
from course.moving import Moved, move
from course.visits import WAITING, ask_whose, guest_of, waiting_guest, work_of


class WayBack(Crispy, forms.Form):
    """Six words, or a personal code; whether they lead anywhere is not for the form to know."""

    words = forms.CharField(
        label=gettext_lazy("Your six words, or your personal code"),
        max_length=200,
        help_text=gettext_lazy("In their order. Capital letters, accents and hyphens do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    shared = shared_field()
    refused = gettext_lazy(
        "This leads back to no visit of a guest. Look at it again. Once a guest has taken words, the personal code "
        "alone no longer does; whoever has a name here signs in instead."
    )


@require_page
@never_cache
def end_visit(request: PersonRequest) -> HttpResponse:
    """Say what a guest loses by ending the visit and what may be done first; a POST ends it. 6 queries to look."""
    if not request.user.is_guest:
        return redirect("home")
    if request.method == "POST":
        logout(request)
        return cleared(redirect("visit_ended"))
    has_code = Enrolment.objects.current().learners().of(request.user).exclude(personal_code=None).exists()
    context = {"work": work_of(request.user), "has_code": has_code, "is_shared": is_shared(request)}
    return TemplateResponse(request, "course/end_visit.html", context)


@login_not_required
@require_safe
@never_cache
def visit_ended(request: HttpRequest) -> HttpResponse:
    """Say that the visit is over, to whoever looks. No query of its own."""
    return TemplateResponse(request, "course/visit_ended.html")


@require_button("end_visit")
@never_cache
def visit_words(request: PersonRequest) -> HttpResponse:
    """Show a guest six words that lead back to this visit, once; whoever has a name asks for words with a password."""
    if not request.user.is_guest:
        return redirect("accounts:new_words")
    words = request.user.renew_words(get_language())
    return words_page(request, words, next_address(request, reverse("home")), of_guest=True)


@login_not_required
@require_page
@never_cache
@sensitive_post_parameters("words")
def way_back(request: HttpRequest) -> HttpResponse:
    """Lead back to a guest's visit by its words or by the personal code of its place.

    A visitor is that guest again. Whoever is signed in under a name is asked whether the guest's work is theirs. A code
    that staff made anew leads to the page that says what it brings.
    """
    initial = {"words": carried_code(request), "shared": is_shared(request)}
    form = WayBack(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        tries = RateLimit(request, "way back", form.cleaned_data["words"])
        tries.spend()
        before, onward = request.user, next_address(request, reverse("home"))
        if guest := guest_of(form.cleaned_data["words"], before, timezone.now()):
            tries.give_back()
            if before.is_authenticated and not before.is_guest:
                return ask_whose(request, guest, onward, timezone.now())
            enter(request, guest, form.cleaned_data["shared"])
            messages.success(request, _("You are back. What you did is here, as you left it."))
            return ask_whose(request, before, onward, timezone.now())
        if handovers.offered(form.cleaned_data["words"], before, timezone.now()):
            tries.give_back()
            return carry_code("cohorts:hand_over", codes.plain(form.cleaned_data["words"]))
        form.add_error("words", WayBack.refused)
    return page(request, "course/way_back.html", {"next": next_address(request, "")}, form)


@require_page
@never_cache
def whose_work(request: PersonRequest) -> HttpResponse:
    """Ask whose work a guest of this browser did, and do as is answered: move it, or leave it where it is."""
    guest, onward = waiting_guest(request), next_address(request, reverse("home"))
    if guest is None:
        return redirect(onward)
    if request.method == "POST" and "mine" in request.POST:
        moved = move(guest, request.user, timezone.now())
        if moved:
            messages.success(request, _what_came(moved))
    elif request.method == "POST" and "leave" in request.POST:
        messages.success(request, _("That work stays where it is: it is not yours, and nobody sees it here."))
    else:
        context: dict[str, Any] = {"work": work_of(guest), "has_words": bool(guest.recovery_words), "next": onward}
        return TemplateResponse(request, "course/whose_work.html", context)
    del request.session[WAITING]
    return redirect(onward)


def _what_came(moved: Moved) -> str:
    """Return what came over, in a sentence or two."""
    lessons = ngettext("%(count)d lesson read", "%(count)d lessons read", moved.readings)
    attempts = ngettext("%(count)d quiz or check", "%(count)d quizzes and checks", moved.attempts)
    counts = [(lessons, moved.readings), (attempts, moved.attempts)]
    came = [words % {"count": count} for words, count in counts if count]
    if not came:
        return _("What you did here as a guest was under your name already.")
    sentence = _("What you did here as a guest is now under your name: %(work)s.") % {"work": ", ".join(came)}
    if moved.handed_in:
        sentence += " " + _("What was still open has been handed in.")
    if moved.practice:
        sentence += " " + _(
            "An exam that was begun outside your cohort, or over its limit, is practice: it does not count there."
        )
    return sentence
