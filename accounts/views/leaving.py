"""Leaving quickly, coming back from it, and signing out."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.addresses import require_button
from accounts.forms import NewWords
from accounts.leaving import LEFT, is_left, left_page, opens_to_the_left
from accounts.limits import is_owner
from accounts.origins import csrf_by_origin
from accounts.pages import PersonRequest, cleared, next_address


@login_not_required
@opens_to_the_left
@require_button("home")
@csrf_by_origin
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Remember that whoever is here left in a hurry; a visitor leaves nothing behind to be hidden."""
    if request.user.is_authenticated:
        request.session[LEFT] = True
    return HttpResponse(status=204)


@login_not_required
@opens_to_the_left
@require_button("home")
@never_cache
@sensitive_post_parameters("password")
def go_on(request: PersonRequest) -> HttpResponse:
    """Show the pages again to whoever knows the password, limited like signing in; a guest has none."""
    user = request.user
    if user.is_authenticated and is_left(request):
        form = NewWords(request.POST)
        if not user.is_guest and not _is_owner(request, form):
            return left_page(request, form)
        del request.session[LEFT]
    return redirect(next_address(request, reverse("home")))


def _is_owner(request: PersonRequest, form: NewWords) -> bool:
    """Return whether the password is right; else the form says so."""
    if not form.is_valid():
        return False
    if is_owner(request, form.cleaned_data["password"]):
        return True
    form.add_error("password", NewWords.refused)
    return False


@method_decorator([login_not_required, opens_to_the_left], name="dispatch")
class SignOutView(LogoutView):
    """Django's own sign-out, which also empties what the browser kept."""

    def post(self, request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        return cleared(super().post(request, *args, **kwargs))
