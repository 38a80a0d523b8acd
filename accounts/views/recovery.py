"""Recovering an account by its words, and drawing new ones."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import NewWords, Recover
from accounts.limits import RateLimit, RateLimited, guess_tries, is_owner
from accounts.models import SecurityEvent, Token, User
from accounts.pages import PersonRequest, limited, page, posted, words_page


@login_not_required
@never_cache
@sensitive_post_parameters("words", "password")
def recover(request: HttpRequest) -> HttpResponse:
    """Set a new password for a name and its six words, which end; show new ones. Nobody is signed in by it."""
    form = Recover(posted(request))
    if request.method == "POST" and form.is_valid():
        name, today = form.cleaned_data["name"], timezone.now().date()
        tries = guess_tries(request, "recovery", name)
        try:
            tries.spend()
        except RateLimited as error:
            return limited(request, "accounts/recover.html", {}, form, error.wait)
        if user := User.objects.by_words(name, form.cleaned_data["words"], today):
            tries.give_back()
            RateLimit(request, "sign-in", user.name).forget()
            messages.success(request, _("Your password is changed, and all browsers are signed out."))
            return words_page(
                request, _restart(user, form.cleaned_data["password"], today), reverse("accounts:sign_in")
            )
        form.add_error(None, Recover.refused)
    return page(request, "accounts/recover.html", {}, form)


@transaction.atomic
def _restart(user: User, password: str, today: date) -> list[str]:
    """Set the new password, sign all browsers out, and return the new words."""
    user.set_password(password)
    user.save(update_fields=["password"])
    user.sign_ins.all().end()
    Token.objects.of(user).delete()
    SecurityEvent.objects.record(user, SecurityEvent.What.RECOVERY, today)
    return user.renew_words(get_language())


@never_cache
@sensitive_post_parameters("password")
def new_words(request: PersonRequest) -> HttpResponse:
    """Show six new recovery words for whoever knows the password; a guest has none yet and is sent to choose a name."""
    if request.user.is_guest:
        return redirect("accounts:sign_up")
    form = NewWords(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            right = is_owner(request, form.cleaned_data["password"])
        except RateLimited as error:
            return limited(request, "accounts/new_words.html", {}, form, error.wait)
        if right:
            SecurityEvent.objects.record(request.user, SecurityEvent.What.WORDS, timezone.now().date())
            return words_page(request, request.user.renew_words(get_language()), reverse("accounts:settings"))
        form.add_error("password", NewWords.refused)
    return page(request, "accounts/new_words.html", {}, form)
