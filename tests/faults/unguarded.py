"""The site with the guard of a submission off: it reads, checks and saves. For the control in test_submits."""

from course.wsgi import application  # noqa: F401 - gunicorn's; and before any model
from quizzes.models import Attempt


def submit(self, at):
    if not self.is_open:
        return False
    self.submitted_at = at
    self._mark(at)
    self.save()
    return True


Attempt.submit = submit
