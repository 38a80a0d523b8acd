"""Signing in, where a guest of this browser may have worked before."""

from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpResponse
from django.utils import timezone

from accounts.views import signing_in
from course.visits import ask_whose


class SignInView(signing_in.SignInView):
    """The sign-in of accounts; whose work a guest of this browser did is asked next."""

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in; afterwards the session is another person's, and the guest's work waits for the answer."""
        before = self.request.user
        signed_in = super().form_valid(form)
        return ask_whose(self.request, before, signed_in["Location"], timezone.now())
