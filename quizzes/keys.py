"""Which marked exams show no keys yet: the setting KEYS_HELD_BACK says it (docs/decisions/0024). Imports no table."""

from datetime import datetime
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Anyone


def held_back(user: Anyone, at: datetime) -> dict[int, int]:
    """Return {id of an exam whose keys, reasons and marks item by item are not for this learner yet: attempts left}.

    The attempts are those that can be given up to see them; 0 where none can. What shows a learner marked answers asks
    it first; the staff of a cohort may see them. At most 2 queries.
    """
    if not user.is_authenticated:
        return {}
    return cast(dict[int, int], import_string(settings.KEYS_HELD_BACK)(user, at))
