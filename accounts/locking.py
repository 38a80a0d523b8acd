"""One order of locks, and once more after a deadlock (docs/decisions/0023). May import Django only.

Every verb that writes what a person did is `atomic_once_more` and locks that person's row before anything else of
theirs, by `User.objects.hold`. The order is: cohorts, users, enrolments, attempts, responses, recalls, each by id.
Whoever holds a person's row is alone with all that is theirs.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
T = TypeVar("T")
BROKEN_OFF = ("40P01", "40001")  # PostgreSQL's SQLSTATE of a deadlock, and of a serialization that failed


class PersonGone(Exception):
    """The person is there no more: erased meanwhile, or a guest whose work went over to an account."""


class ChangedMeanwhile(OperationalError):
    """What was read to know which rows to lock is another by the time they are locked."""


def atomic_once_more(verb: Callable[P, T]) -> Callable[P, T]:
    """Run a verb in a transaction, and once more where that was broken off for another's sake.

    It reads what it decides by inside, so that the second time it decides anew. Within another transaction it is part
    of that, which is broken off as a whole. OperationalError where the second is broken off too: the page says 503.
    """

    @wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            with transaction.atomic():
                return verb(*args, **kwargs)
        except OperationalError as error:
            if connection.in_atomic_block or not _was_broken_off(error):
                raise
        with transaction.atomic():
            return verb(*args, **kwargs)

    return run


def _was_broken_off(error: OperationalError) -> bool:
    return isinstance(error, ChangedMeanwhile) or getattr(error.__cause__, "sqlstate", None) in BROKEN_OFF
