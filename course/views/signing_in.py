"""Signing in, where a guest of this browser may have worked before."""

from django.http import HttpResponse
from django.utils import timezone

from accounts.entering import Entering, Entry
from accounts.views import second_step, signing_in
from course.visits import ask_whose


class AskingWhose(Entering):
    """The signing in of accounts; whose work a guest of this browser did is asked next."""

    def enter(self, entry: Entry) -> HttpResponse:
        """Sign in; afterwards the session is another person's, and the guest's work waits for the answer."""
        before = self.request.user
        signed_in = super().enter(entry)
        return ask_whose(self.request, before, signed_in["Location"], timezone.now())


class SignInView(AskingWhose, signing_in.SignInView):
    """With the password."""


class CodeView(AskingWhose, second_step.CodeView):
    """With the code that is asked after it."""
