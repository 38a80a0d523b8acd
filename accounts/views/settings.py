"""What a person may change about their account."""

from django.conf import settings as site
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import ChangePassword, NewWords, Settings
from accounts.guests import is_shared, share
from accounts.limits import OwnLimit, RateLimited, is_owner, owner_tries
from accounts.models import SecurityEvent, Token
from accounts.pages import PersonRequest, limited, page, posted


@never_cache
@sensitive_post_parameters("password")
def settings(request: PersonRequest) -> HttpResponse:
    """Change name, language, time zone, and whether the session ends with the browser; guests, all but the name."""
    user, context = request.user, {"sends_mail": site.SENDS_MAIL}
    initial = {"name": user.name, "language": user.language, "time_zone": user.time_zone, "shared": is_shared(request)}
    form = Settings(user, posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if _may_save(request, form):
                form.save(timezone.now().date())
        except RateLimited as error:
            return limited(request, "accounts/settings.html", context, form, error.wait)
        except IntegrityError:
            form.add_error("name", Settings.taken)
        if form.is_valid():
            share(request, form.cleaned_data["shared"])
            with override(user.language):
                messages.success(request, _("Your settings are saved."))
                return redirect("accounts:settings")
        user.refresh_from_db()
    return page(request, "accounts/settings.html", context, form)


def _may_save(request: PersonRequest, form: Settings) -> bool:
    """Return whether nothing stands against a new name: the password is asked first, then whether the name is free."""
    if not form.renames:
        return True
    if not form.cleaned_data["password"]:
        form.add_error("password", Settings.asked)
        return False
    if not is_owner(request, form.cleaned_data["password"]):
        form.add_error("password", NewWords.refused)
        return False
    OwnLimit("rename", str(request.user.pk)).spend()
    return form.is_free(timezone.now().date())


@never_cache
@sensitive_post_parameters()
def change_password(request: PersonRequest) -> HttpResponse:
    """Change the password, limited like signing in; a guest has none yet and is sent to choose a name."""
    if request.user.is_guest:
        return redirect("accounts:sign_up")
    tries = owner_tries(request)
    if request.method == "POST":
        try:
            tries.spend()
        except RateLimited as error:
            fresh = ChangePassword(request.user)
            return limited(request, "accounts/change_password.html", {}, fresh, error.wait)
    form = ChangePassword(request.user, posted(request))
    if request.method == "POST" and "old_password" not in form.errors:
        tries.give_back()
    if form.is_valid():
        _change(request, form)
        messages.success(request, _("Your password is changed. Other browsers are signed out."))
        return redirect("accounts:settings")
    return page(request, "accounts/change_password.html", {}, form)


@transaction.atomic
def _change(request: PersonRequest, form: ChangePassword) -> None:
    """Save the new password; end every session but this one, which goes on under another key, and every token."""
    update_session_auth_hash(request, form.save())
    request.user.sign_ins.exclude(session=request.session.session_key).end()
    Token.objects.of(request.user).delete()
    SecurityEvent.objects.record(request.user, SecurityEvent.What.PASSWORD, timezone.now().date())
