"""The site with nobody's row held: a save trusts what it read before. For the control in test_pairs."""

from time import sleep

from django.contrib.auth import get_user_model

from course.wsgi import application  # noqa: F401 - gunicorn's; and before any model
from quizzes.models import Attempt, Response

User = get_user_model()


def hold(*keys):
    return list(User.objects.filter(pk__in=keys))


def held(rows):
    return rows.order_by("pk")


def take(self, sent, language, at, is_auto=False):
    rows = list(self.responses.filter(position__in=sent, marked_at=None).select_related("shown_version"))
    sleep(0.05)  # as if much had to be thought about meanwhile
    for response in rows:
        response.answer, response.language, response.saved_at = sent[response.position].answer, language, at
    self.responses.bulk_update(rows, ["answer", "language", "saved_at"])
    return rows, {}


User.objects.hold = hold
type(User.objects.all()).held = type(Attempt.objects.all()).held = type(Response.objects.all()).held = held
Attempt.take = take
