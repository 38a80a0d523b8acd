"""Responses that are marked at once and never saved: questions before a section, and one that anybody may try."""

from datetime import datetime

from quizzes.kinds import NotOnOffer
from quizzes.kinds.base import Posted
from quizzes.models import Item, Response
from quizzes.saving import keep_typed


def unkept(number: int, item: Item) -> Response:
    """Return the open response to an item, the `number`-th of its page. No query."""
    version = item.version
    order = version.rules.pieces(version.document)
    return Response(position=number, item=item, shown_version=version, option_order=order)


def answer(response: Response, data: Posted, at: datetime | None) -> None:
    """Take what was posted; mark it `at` that time, or let it stand there where it is None.

    What was not on offer is no answer, and stands in its field to be put right.
    """
    try:
        response.answer = response.read(data)
    except NotOnOffer as error:
        keep_typed([response], {response.position: str(error)})
    if at is not None:
        response.mark(at)
