"""Signing in."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from accounts.forms import SignIn
from accounts.guests import is_shared, share
from accounts.limits import RateLimit


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
