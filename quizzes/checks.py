"""What a page needs to show an item to try inside a lesson: open, or with the outcome of its reader's last answer."""

from typing import Any

from django.http import QueryDict

from accounts.models import Anyone
from quizzes.kinds import Answer, NotOnOffer
from quizzes.models import Item, ItemVersion, Response, Use


def open_check(item: Item, choose: bool = False, asked: QueryDict | None = None) -> dict[str, Any]:
    """Return the item as it is asked, the same for everybody; `choose` says that nothing on offer was chosen.

    `asked` is what was chosen and is not answered: in another language, as the address says, or what cannot be read.
    """
    version = item.version
    order = version.rules.pieces(version.document)
    chosen = _chosen(version, order, asked, item.slug) if asked else None
    shown = version.show(order, chosen, item.slug)
    shares = version.shares_a_place(chosen)
    return {"item": item, "version": version, "shown": shown, "choose": choose, "shares_a_place": shares}


def _chosen(version: ItemVersion, order: list[str], asked: QueryDict, name: str) -> Answer:
    """Return what is asked to be chosen; a number that cannot be read as it was typed, to be put right."""
    try:
        return version.rules.read(version.document, order, asked, name)
    except NotOnOffer as error:
        return str(error) if version.kind == "number" else None


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
    return {"item": response.item, "version": response.version, "response": response}
