"""A learner's recalls computed anew from the log, which is the responses themselves. Imports the tables."""

from collections import defaultdict

from accounts.locking import atomic_once_more
from accounts.models import User
from accounts.zones import zone
from quizzes import schedule
from quizzes.models import Recall, Response


@atomic_once_more
def replay(learner: User) -> None:
    """Compute all recalls of the learner from the responses in the order of marking. 5 queries for 500 items.

    For when the past has changed: work was moved to another person, or marked again. What was mastered stays so. What
    was predicted stands on the responses as it was predicted at the time.
    """
    User.objects.hold(learner.pk)
    local = zone(learner.time_zone)
    mastered = dict(Recall.objects.of(learner).values_list("item", "mastered_on"))
    logs = defaultdict(list)
    marked = Response.objects.filter(attempt__learner=learner, attempt__is_trial=False, score__isnull=False)
    ordered = marked.order_by("marked_at", "attempt_id", "position")
    for response in ordered.only("item_id", "score", "certainty", "marked_at"):
        if at := response.marked_at:
            logs[response.item_id].append((response.outcome, response.certainty, at.astimezone(local).date()))
    memories = {key: memory for key, log in logs.items() if (memory := schedule.replayed(log))}
    Recall.objects.of(learner).delete()
    Recall.keep(learner, {key: memory.still_mastered(mastered.get(key)) for key, memory in memories.items()})
