"""A learner's recalls computed anew from the log, which is the responses themselves. Imports the tables."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Least

from accounts.locking import atomic_once_more
from accounts.models import User
from accounts.zones import zone
from quizzes import schedule
from quizzes.models import Recall, Response


@atomic_once_more
def replay(learner: User, at: datetime) -> None:
    """Compute all recalls of the learner from the responses in the order of marking. 5 queries for 500 items.

    For when the past has changed: work was moved to another person, or marked again, or was dated by a clock that ran
    ahead: what is marked after `at` counts as of then. What was mastered stays so. What was predicted stands on the
    responses as it was predicted at the time.
    """
    User.objects.hold(learner.pk)
    local = zone(learner.time_zone)
    today = at.astimezone(local).date()
    mastered = dict(Recall.objects.of(learner).filter(mastered_on__lte=today).values_list("item", "mastered_on"))
    logs = defaultdict(list)
    marked = Response.objects.filter(attempt__learner=learner, attempt__is_trial=False, score__isnull=False)
    ordered = marked.order_by(Least("marked_at", Value(at)), "attempt_id", "position")
    for response in ordered.only("item_id", "score", "certainty", "marked_at"):
        if marked_at := response.marked_at:
            day = min(marked_at, at).astimezone(local).date()
            logs[response.item_id].append((response.outcome, response.certainty, day))
    memories = {key: memory for key, log in logs.items() if (memory := schedule.replayed(log))}
    Recall.objects.of(learner).delete()
    Recall.keep(learner, {key: memory.still_mastered(mastered.get(key)) for key, memory in memories.items()})
