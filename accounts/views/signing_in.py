"""Signing in."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.entering import Entering, Entry, wait_for_code
from accounts.forms import SignIn, SignInWithWords
from accounts.guests import is_shared
from accounts.limits import LONGEST_NAME, OwnLimit, RateLimit, RateLimited, guess_tries
from accounts.models import User
from accounts.pages import limited


@method_decorator(login_not_required, name="dispatch")
class SignInView(Entering, LoginView):
    """Django's own sign-in, with our form and page, and limited. Whoever has a second step is asked for it next."""

    form_class = SignIn
    template_name = "accounts/sign_in.html"
    tries: RateLimit | None

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Leave out Django's `site_name`, which is the host and would stand for the site's own."""
        context = super().get_context_data(**context)
        return {name: value for name, value in context.items() if name not in ("site", "site_name")}

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"shared": is_shared(self.request)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at the password, if there is a try left for it; past that, only with the six words."""
        name = request.POST.get("username", "")[:LONGEST_NAME]
        self.tries = guess_tries(request, "sign-in", name)
        try:
            self.tries.spend()
        except RateLimited as error:
            if not User.objects.by_words(name, request.POST.get("words", "")[:200]):
                return self._wait(name, error.wait)
            self.tries = None
        return super().post(request, *args, **kwargs)

    def _wait(self, name: str, wait: int) -> HttpResponse:
        """Tell how long to wait, and ask for the words, on a fresh form: a sent one would try the password."""
        initial = self.get_initial() | {"username": name, "shared": "shared" in self.request.POST}
        form = SignInWithWords(self.request, initial=initial)
        return limited(self.request, self.template_name, self.get_context_data(form=form), form, wait)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        if self.tries:
            self.tries.give_back()
        user, is_known = form.get_user(), isinstance(self.tries, OwnLimit)
        entry = Entry(user, form.cleaned_data["shared"], is_known, self.get_success_url())
        if user.second_step_at is None:
            return self.enter(entry)
        wait_for_code(self.request, entry, timezone.now())
        return redirect("accounts:code")

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response
