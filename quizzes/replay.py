"""A learner's recalls computed anew from the log, which is the responses themselves. Imports the tables."""

from django.db import transaction

from accounts.zones import zone
from quizzes import schedule
from quizzes.models import Recall, Response


@transaction.atomic
def replay(learner):
    """Compute all recalls of the learner from the responses in the order of marking. 4 queries for 500 items.

    For when the past has changed: work was moved to another person, or marked again. What was mastered stays so. What
    was predicted stands on the responses as it was predicted at the time.
    """
    own = zone(learner.time_zone)
    mastered = dict(Recall.objects.of(learner).values_list("item", "mastered_on"))
    memories = {}
    marked = Response.objects.filter(attempt__learner=learner, attempt__is_trial=False, score__isnull=False)
    log = marked.order_by("marked_at", "attempt_id", "position")
    for response in log.only("item_id", "score", "certainty", "marked_at"):
        key, day = response.item_id, response.marked_at.astimezone(own).date()
        memories[key] = schedule.answered(memories.get(key), response.outcome, response.certainty, day)
    Recall.objects.of(learner).delete()
    Recall.keep(learner, {key: memory.still_mastered(mastered.get(key)) for key, memory in memories.items()})
