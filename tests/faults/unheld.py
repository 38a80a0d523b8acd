"""The site with nobody's row held: a save trusts what it read before. For the control in test_pairs."""

from time import sleep

from django.contrib.auth import get_user_model

from course.wsgi import application  # noqa: F401 - gunicorn's; and before any model
from quizzes import saving
from quizzes.models import Attempt, Response
from quizzes.views import attempts

User = get_user_model()
read_form = saving.read


def hold(*keys):
    return list(User.objects.filter(pk__in=keys))


def held(rows):
    return rows.order_by("pk")


def read(*form):
    sleep(0.05)  # as if much had to be thought about meanwhile
    return read_form(*form)


User.objects.hold = hold
type(User.objects.all()).held = type(Attempt.objects.all()).held = type(Response.objects.all()).held = held
saving.read = read
attempts.save_page = saving.save_page.__wrapped__  # in no transaction, which holds the whole file on SQLite
