"""The second step: asked after the password, turned on and off, and its backup codes (decision 0029)."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import View

from accounts import second_step
from accounts.addresses import require_page
from accounts.entering import Entering, Entry, waiting_entry
from accounts.forms import Code, FirstCode, NewWords, PasswordAndCode
from accounts.limits import RateLimited, is_owner
from accounts.models import SecurityEvent
from accounts.pages import PersonRequest, limited, next_address, page, posted

BEGUN = "second_step_begun"  # in the session: the secret that an app is being given, for ten minutes
LIFE = timedelta(minutes=10)


@method_decorator([login_not_required, never_cache, sensitive_post_parameters("code")], name="dispatch")
class CodeView(Entering, View):
    """Asks whoever gave the right password for the code of their second step."""

    template_name = "accounts/code.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if waiting_entry(request, timezone.now()) is None:
            return redirect("accounts:sign_in")
        return page(request, self.template_name, {}, Code())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign in, for a right code; of a wrong one on a device that is new here its owner reads."""
        now = timezone.now()
        entry = waiting_entry(request, now)
        if entry is None:
            messages.info(request, _("Ten minutes have passed, or something changed meanwhile: begin again."))
            return redirect("accounts:sign_in")
        form = Code(posted(request))
        if form.is_valid():
            try:
                if self._is_right(entry, form.cleaned_data["code"]):
                    return self.enter(entry)
            except RateLimited as error:
                return limited(request, self.template_name, {}, form, error.wait)
            form.add_error("code", Code.refused)
        return page(request, self.template_name, {}, form)

    def _is_right(self, entry: Entry, code: str) -> bool:
        now = timezone.now()
        tries = second_step.tries_to_enter(self.request, entry.user)
        if second_step.spend_within(tries, entry.user, code, now):
            return True
        if not entry.is_known:
            SecurityEvent.objects.record_once(entry.user, SecurityEvent.What.WRONG_CODE, now.date())
        return False


@require_page
@never_cache
@sensitive_post_parameters("password")
def two_step(request: PersonRequest) -> HttpResponse:
    """Say whether the second step is on; a POST with the password begins to turn it on. A guest has no password yet."""
    if request.user.is_guest:
        return redirect("accounts:sign_up")
    form, template = NewWords(posted(request)), "accounts/two_step.html"
    context = {"next": next_address(request, ""), "left": request.user.backup_codes.count()}
    if request.method == "POST" and request.user.second_step_at:
        return redirect("accounts:two_step")
    if form.is_valid():
        try:
            right = is_owner(request, form.cleaned_data["password"])
        except RateLimited as error:
            return limited(request, template, context, form, error.wait)
        if right:
            begun = {"secret": second_step.new_secret(), "at": int(timezone.now().timestamp())}
            request.session[BEGUN] = begun | {"next": context["next"]}
            return redirect("accounts:two_step_confirm")
        form.add_error("password", NewWords.refused)
    return page(request, template, context, form)


@require_page
@never_cache
@sensitive_post_parameters("code")
@sensitive_variables("begun", "secret", "context")
def confirm(request: PersonRequest) -> HttpResponse:
    """Show the secret to an app, and turn the second step on by its first code; answer with the backup codes, once."""
    now, begun = timezone.now(), request.session.get(BEGUN)
    if begun is None or request.user.second_step_at or not 0 <= now.timestamp() - begun["at"] <= LIFE.total_seconds():
        return redirect("accounts:two_step")
    form, secret = FirstCode(posted(request)), begun["secret"]
    if form.is_valid():
        step = second_step.step_of(secret, form.cleaned_data["code"], now)
        if step is not None:
            codes = second_step.turn_on(request.user, secret, step, request.session.session_key, now)
            del request.session[BEGUN]
            return _codes_page(request, codes, begun["next"]) if codes else redirect("accounts:two_step")
        form.add_error("code", FirstCode.refused)
    address = second_step.address_of(secret, request.user)
    context = {"address": address, "secret": second_step.in_groups(secret)}
    return page(request, "accounts/two_step_confirm.html", context, form)


@require_page
@never_cache
@sensitive_post_parameters("password", "code")
def backup_codes(request: PersonRequest) -> HttpResponse:
    """Show eight new backup codes, once, for the password and a code; the former ones end."""
    form, answer = _asked(request, "accounts/backup_codes.html")
    if answer is None and form.is_valid():
        codes = second_step.renew_codes(request.user, request.session.session_key, timezone.now())
        return _codes_page(request, codes, "")
    return answer or page(request, "accounts/backup_codes.html", {}, form)


@require_page
@never_cache
@sensitive_post_parameters("password", "code")
def turn_off(request: PersonRequest) -> HttpResponse:
    """Turn the second step off, for the password and a code."""
    form, answer = _asked(request, "accounts/two_step_off.html")
    if answer is None and form.is_valid():
        what = SecurityEvent.What.SECOND_STEP_OFF
        second_step.turn_off(request.user, what, request.session.session_key, timezone.now())
        messages.success(request, _("The second step is off. Other browsers are signed out."))
        return redirect("accounts:two_step")
    return answer or page(request, "accounts/two_step_off.html", {}, form)


def _asked(request: PersonRequest, template: str) -> tuple[PasswordAndCode, HttpResponse | None]:
    """Return (the form, the answer that stands in the way): it is valid once password and code are right and spent."""
    form = PasswordAndCode(posted(request))
    if request.user.second_step_at is None:
        return form, redirect("accounts:two_step")
    if not form.is_valid():
        return form, None
    try:
        if not is_owner(request, form.cleaned_data["password"]):
            form.add_error("password", NewWords.refused)
        elif not second_step.spend_within(
            second_step.own_tries(request), request.user, form.cleaned_data["code"], timezone.now()
        ):
            form.add_error("code", Code.refused)
    except RateLimited as error:
        return form, limited(request, template, {}, form, error.wait)
    return form, None


def _codes_page(request: PersonRequest, codes: list[str], onward: str) -> TemplateResponse:
    """Show backup codes once: an answer to a POST, stored nowhere (docs/decisions/0006)."""
    context: dict[str, Any] = {"codes": codes, "onward": onward or reverse("accounts:two_step")}
    return TemplateResponse(request, "accounts/codes_once.html", context)
