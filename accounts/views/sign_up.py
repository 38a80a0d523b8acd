"""Signing up: a name and a password, answered with six words."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import SignUp
from accounts.guests import BACKEND, is_shared, share
from accounts.limits import SIGN_UPS_PER_NETWORK, OwnLimit, RateLimited, network
from accounts.models import Anyone, User
from accounts.pages import limited, next_address, page, posted, words_page


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_up(request: HttpRequest) -> HttpResponse:
    """Take a name and a password; answer with six words. A guest's work stays, because the row stays."""
    if request.user.is_authenticated and not request.user.is_guest:
        return redirect("home")
    form = SignUp(posted(request), initial={"shared": is_shared(request)})
    context = {"next": next_address(request, "")}
    if request.method == "POST" and form.is_valid():
        try:
            OwnLimit("sign-up", network(request), SIGN_UPS_PER_NETWORK).spend()
        except RateLimited as error:
            return limited(request, "accounts/sign_up.html", context, form, error.wait)
        if not form.is_free(timezone.now().date()):
            return page(request, "accounts/sign_up.html", context, form)
        try:
            with transaction.atomic():
                user = _named(request.user, form.cleaned_data["name"], form.cleaned_data["password"])
                words = user.renew_words(get_language())
        except IntegrityError:
            if request.user.is_authenticated:
                request.user.refresh_from_db()
            form.add_error("name", SignUp.taken)
        else:
            login(request, user, backend=BACKEND)
            share(request, form.cleaned_data["shared"])
            messages.success(request, _("You are now %(name)s here. All that you did so far is kept.") % {"name": user})
            return words_page(request, words, next_address(request, reverse("home")))
    return page(request, "accounts/sign_up.html", context, form)


def _named(user: Anyone, name: str, password: str) -> User:
    """Give the guest that name, or create somebody of it. IntegrityError if it is taken."""
    if user.is_authenticated:
        user.become_named(name, password)
        return user
    return User.objects.create_user(name, password, language=get_language())
