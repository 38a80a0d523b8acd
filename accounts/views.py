"""Signing up and in, recovering an account, and its settings."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import ChangePassword, NewWords, Recover, Settings, SignIn, SignUp
from accounts.guests import BACKEND, is_shared, share
from accounts.limits import RateLimit
from accounts.models import Anyone, User
from accounts.pages import PersonRequest, page, posted


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_up(request: HttpRequest) -> HttpResponse:
    """Take a name and a password; answer with six words. A guest's work stays, because the row stays."""
    if request.user.is_authenticated and not request.user.is_guest:
        return redirect("home")
    form = SignUp(posted(request), initial={"shared": is_shared(request)})
    if request.method == "POST" and form.is_valid():
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
            return _words_page(request, words, _next(request, reverse("home")))
    return page(request, "accounts/sign_up.html", {"next": _next(request, "")}, form)


def _named(user: Anyone, name: str, password: str) -> User:
    """Give the guest that name, or create somebody of it. IntegrityError if it is taken."""
    if user.is_authenticated:
        user.become_named(name, password)
        return user
    return User.objects.create_user(name, password, language=get_language())


def _next(request: HttpRequest, default: str) -> str:
    """Return the address to go on to, if it is one of ours, else `default`."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else default


def _words_page(request: HttpRequest, words: list[str], onward: str) -> HttpResponse:
    """Show recovery words once: an answer to a POST, stored nowhere (docs/decisions/0006)."""
    return TemplateResponse(request, "accounts/words.html", {"words": words, "onward": onward})


@method_decorator(login_not_required, name="dispatch")
class SignInView(LoginView):
    """Django's own sign-in, with our form and page, and limited. What a guest did is moved by course."""

    form_class = SignIn
    template_name = "accounts/sign_in.html"
    tries: RateLimit

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Leave out Django's `site_name`, which is the host and would stand for the site's own."""
        context = super().get_context_data(**context)
        return {name: value for name, value in context.items() if name not in ("site", "site_name")}

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"shared": is_shared(self.request)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.tries = RateLimit(request, "sign-in", request.POST.get("username", ""))
        self.tries.spend()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        self.tries.give_back()
        response = super().form_valid(form)
        share(self.request, form.cleaned_data["shared"])
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@login_not_required
@never_cache
@sensitive_post_parameters("words", "password")
def recover(request: HttpRequest) -> HttpResponse:
    """Set a new password for a name and its six words, which end; show new ones. Nobody is signed in by it."""
    form = Recover(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        tries = RateLimit(request, "recovery", data["name"])
        tries.spend()
        if user := User.objects.by_words(data["name"], data["words"]):
            tries.give_back()
            RateLimit(request, "sign-in", user.name).forget()
            messages.success(request, _("Your password is changed, and all browsers are signed out."))
            return _words_page(request, _restart(user, data["password"]), reverse("accounts:sign_in"))
        form.add_error(None, Recover.refused)
    return page(request, "accounts/recover.html", {}, form)


@transaction.atomic
def _restart(user: User, password: str) -> list[str]:
    """Set the new password and return the new words."""
    user.set_password(password)
    user.save(update_fields=["password"])
    return user.renew_words(get_language())


@never_cache
@sensitive_post_parameters("password")
def new_words(request: PersonRequest) -> HttpResponse:
    """Show six new recovery words for whoever knows the password; a guest has none yet and is sent to choose a name."""
    if request.user.is_guest:
        return redirect("accounts:sign_up")
    form = NewWords(posted(request))
    if request.method == "POST" and form.is_valid():
        tries = RateLimit(request, "sign-in", request.user.name)
        tries.spend()
        if request.user.check_password(form.cleaned_data["password"]):
            tries.give_back()
            return _words_page(request, request.user.renew_words(get_language()), reverse("accounts:settings"))
        form.add_error("password", NewWords.refused)
    return page(request, "accounts/new_words.html", {}, form)


@never_cache
def settings(request: PersonRequest) -> HttpResponse:
    """Change name, language, time zone, and whether the session ends with the browser; guests, all but the name."""
    user = request.user
    initial = {"name": user.name, "language": user.language, "time_zone": user.time_zone, "shared": is_shared(request)}
    form = Settings(user, posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error("name", Settings.taken)
        else:
            share(request, form.cleaned_data["shared"])
            with override(user.language):
                messages.success(request, _("Your settings are saved."))
                return redirect("accounts:settings")
        user.refresh_from_db()
    return page(request, "accounts/settings.html", {}, form)


@never_cache
@sensitive_post_parameters()
def change_password(request: PersonRequest) -> HttpResponse:
    """Change the password, limited like signing in; a guest has none yet and is sent to choose a name."""
    if request.user.is_guest:
        return redirect("accounts:sign_up")
    tries = RateLimit(request, "sign-in", request.user.name)
    if request.method == "POST":
        tries.spend()
    form = ChangePassword(request.user, posted(request))
    if request.method == "POST" and "old_password" not in form.errors:
        tries.give_back()
    if form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, _("Your password is changed. Other browsers are signed out."))
        return redirect("accounts:settings")
    return page(request, "accounts/change_password.html", {}, form)
