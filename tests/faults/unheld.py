"""The site with nobody's row held: a save trusts what it read before. For the control in test_pairs."""

from django.contrib.auth import get_user_model

from course.wsgi import application  # noqa: F401 - gunicorn's; and before any model
from quizzes.models import Attempt, Response

User = get_user_model()


def hold(*keys):
    return list(User.objects.filter(pk__in=keys))


def held(rows):
    return rows.order_by("pk")


def save_answers(self, answers, language, at, sure=None):
    rows = list(self.responses.filter(position__in=answers, marked_at=None))
    for response in rows:
        response.answer, response.language, response.saved_at = answers[response.position], language, at
    self.responses.bulk_update(rows, ["answer", "language", "saved_at"])
    return bool(rows)


User.objects.hold = hold
type(User.objects.all()).held = type(Attempt.objects.all()).held = type(Response.objects.all()).held = held
Attempt.save_answers = save_answers
