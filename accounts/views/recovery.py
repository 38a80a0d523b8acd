"""Recovering an account by its words, or by a link of an editor, and drawing new words."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.addresses import require_page
from accounts.forms import NewPasswordForm, NewWords, Recover
from accounts.limits import RateLimit, RateLimited, guess_tries, is_owner
from accounts.models import SecurityEvent, User, WayIn
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
            words = user.restart(form.cleaned_data["password"], get_language(), SecurityEvent.What.RECOVERY, today)
            return words_page(request, words, reverse("accounts:sign_in"))
        form.add_error(None, Recover.refused)
    return page(request, "accounts/recover.html", {}, form)


@login_not_required
@require_page
@never_cache
@sensitive_post_parameters("password")
def way_in(request: HttpRequest, code: str) -> HttpResponse:
    """Set a new password by the link that an editor made for somebody, and show new words; nobody is signed in by it.

    A link that opens nothing any more is told so: whoever has its 128 bits was given them.
    """
    now = timezone.now()
    row = WayIn.objects.by_code(code, now)
    form = NewPasswordForm(posted(request), name=row.user.name) if row else None
    words = row.use(form.cleaned_data["password"], get_language(), now) if row and form and form.is_valid() else None
    if row and words:
        RateLimit(request, "sign-in", row.user.name).forget()
        messages.success(request, _("Your password is changed, and all browsers are signed out."))
        response = words_page(request, words, reverse("accounts:sign_in"))
    else:
        response = page(request, "accounts/way_in.html", {"person": row.user if row else None}, form)
        response.status_code = response.status_code if row else 404
    return response


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
