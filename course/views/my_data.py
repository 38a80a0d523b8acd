"""What is kept about oneself: to look at, to take along, and to erase."""

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.addresses import require_button
from accounts.forms import Crispy, NewWords
from accounts.limits import RateLimited, is_owner
from accounts.models import Audit
from accounts.pages import PersonRequest, cleared, limited, page, posted
from course import my_data as data
from course.erasing import erase_one


class Sure(Crispy, forms.Form):
    """A guest has no password: one box stands between a slip and the loss of all work."""

    sure = forms.BooleanField(label=_("Yes, erase all that ties this work to me. It cannot be undone."))


@require_safe
@never_cache
def my_data(request: PersonRequest) -> HttpResponse:
    """Show the ways to take one's data along and to erase it. 2 queries."""
    return TemplateResponse(request, "course/my_data.html")


@require_button("my_data")
@never_cache
def my_data_json(request: PersonRequest) -> HttpResponse:
    """Return all of it in one file. 28 queries, whatever there is."""
    Audit.record(request.user, "export", "own data, JSON", timezone.now())
    return _file(data.as_json(data.tables_of(request.user)), "application/json", "my-data.json")


@require_button("my_data")
@never_cache
def my_data_csv(request: PersonRequest) -> HttpResponse:
    """Return all of it as a zip of one CSV a table. 28 queries, whatever there is."""
    Audit.record(request.user, "export", "own data, CSV", timezone.now())
    archive = data.as_zip(data.tables_of(request.user), get_language())
    return _file(archive, "application/zip", "my-data.zip")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@never_cache
@sensitive_post_parameters("password")
def erase_me(request: PersonRequest) -> HttpResponse:
    """Say what goes and what stays; with the password, or a guest's box, erase it at once and end the session."""
    form = Sure(posted(request)) if request.user.is_guest else NewWords(posted(request))
    try:
        sure = request.method == "POST" and form.is_valid() and _is_owner(request, form)
    except RateLimited as error:
        return limited(request, "course/erase_me.html", {}, form, error.wait)
    if sure:
        if left := erase_one(request.user, timezone.now()):
            return TemplateResponse(request, "course/erase_me.html", {"form": form, "left": left}, status=409)
        logout(request)
        return _forget_here(request, cleared(redirect("erased")))
    return page(request, "course/erase_me.html", {}, form)


def _forget_here(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let every cookie of ours go that tells that somebody was here; that the device is shared stays."""
    for name in request.COOKIES:
        if name not in (settings.SHARED_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
            response.delete_cookie(name, samesite="Lax")
    return response


def _is_owner(request: PersonRequest, form: forms.Form) -> bool:
    """Return whether the password is right, of whoever has one; limited in this session."""
    if request.user.is_guest or is_owner(request, form.cleaned_data["password"]):
        return True
    form.add_error("password", NewWords.refused)
    return False


@login_not_required
@require_safe
@never_cache
def erased(request: HttpRequest) -> HttpResponse:
    """Say goodbye, to whoever looks. No query of its own."""
    return TemplateResponse(request, "course/erased.html")
