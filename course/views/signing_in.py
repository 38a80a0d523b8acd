"""Signing in, with what a guest of this browser did."""

from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.views import signing_in
from course.moving import Moved, move


class SignInView(signing_in.SignInView):
    """The sign-in of accounts; what was done here as a guest goes over to the account first."""

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Move what the guest did, then sign in: afterwards the session is another person's."""
        guest, user = self.request.user, form.get_user()
        moved = move(guest, user, timezone.now()) if guest.is_authenticated and guest.is_guest else None
        response = super().form_valid(form)
        if moved:
            messages.success(self.request, _what_came(moved))
        return response


def _what_came(moved: Moved) -> str:
    """Return what came over, in a sentence or two."""
    lessons = ngettext("%(count)d lesson read", "%(count)d lessons read", moved.readings)
    attempts = ngettext("%(count)d quiz or check", "%(count)d quizzes and checks", moved.attempts)
    counts = [(lessons, moved.readings), (attempts, moved.attempts)]
    came = [words % {"count": count} for words, count in counts if count]
    if not came:
        return _("What you did here as a guest was under your name already.")
    sentence = _("What you did here as a guest is now under your name: %(work)s.") % {"work": ", ".join(came)}
    if moved.handed_in:
        sentence += " " + _("What was still open has been handed in.")
    if moved.practice:
        sentence += " " + _(
            "An exam that was begun outside your cohort, or over its limit, is practice: it does not count there."
        )
    return sentence
