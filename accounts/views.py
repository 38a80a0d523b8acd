"""Signing up, in and out, and changing a password."""

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import ChangePassword, SignIn, SignUp
from accounts.guests import BACKEND
from accounts.models import User


@login_not_required
@sensitive_post_parameters("password")
def sign_up(request):
    """A name and a password; a guest keeps all that the guest did, because the row stays."""
    if request.user.is_authenticated and not request.user.is_guest:
        return redirect("home")
    form = SignUp(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                user = _named(request.user, form.cleaned_data["name"], form.cleaned_data["password"])
        except IntegrityError:
            form.add_error("name", SignUp.taken)
        else:
            login(request, user, backend=BACKEND)
            messages.success(request, _("You are now %(name)s here. All that you did so far is kept.") % {"name": user})
            return redirect(_next(request))
    status = 422 if form.errors else 200
    return TemplateResponse(request, "accounts/sign_up.html", {"form": form, "next": _next(request, "")}, status=status)


def _named(user, name, password):
    if user.is_authenticated:
        user.keep(name, password)
        return user
    return User.objects.create_user(name, password, language=get_language())


def _next(request, default="home"):
    """The address to go on to, if it is one of ours."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else default


@method_decorator(login_not_required, name="dispatch")
class SignInView(LoginView):
    """Django's own sign-in, with our form and page."""

    form_class = SignIn
    template_name = "accounts/sign_in.html"

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response


def change_password(request):
    """For named people; a guest has no password yet and is sent to choose one."""
    if request.user.is_guest:
        return redirect("accounts:sign_up")
    form = ChangePassword(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, _("Your password is changed. Other browsers are signed out."))
        return redirect("home")
    status = 422 if form.errors else 200
    return TemplateResponse(request, "accounts/change_password.html", {"form": form}, status=status)
