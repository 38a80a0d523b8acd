"""What a page needs to show an item to try inside a lesson: open, or with the outcome of its reader's last answer."""

from typing import Any

from accounts.models import Anyone
from quizzes.models import Item, Response, Use


def open_check(item: Item, choose: bool = False) -> dict[str, Any]:
    """Return the item as it is asked, the same for everybody; `choose` says that nothing on offer was chosen."""
    version = item.version
    order = version.rules.pieces(version.document)
    return {"item": item, "version": version, "shown": version.show(order, None, item.slug), "choose": choose}


def last_answer(item: Item, learner: Anyone, is_trial: bool) -> Response | None:
    """Return the learner's last marked response to a check, with its versions; None for a visitor. One query."""
    if not learner.is_authenticated:
        return None
    rows = Response.objects.filter(attempt__learner=learner, attempt__use=Use.CHECK, attempt__is_trial=is_trial)
    rows = rows.filter(item=item).order_by("marked_at", "pk").select_related("shown_version", "marked_version")
    response = rows.last()
    if response is not None:
        response.item = item
    return response


def marked_check(response: Response) -> dict[str, Any]:
    """Return the item with key and feedback, as they were marked."""
    version = response.marked_version or response.shown_version
    return {"item": response.item, "version": version, "response": response}
