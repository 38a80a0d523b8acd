"""What a person may change about their account."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import ChangePassword, Settings
from accounts.guests import is_shared, share
from accounts.limits import RateLimit
from accounts.pages import PersonRequest, page, posted


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
