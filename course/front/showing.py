"""What views of the front door and the first page show: the figures of the check, items that anybody may try or see."""

from typing import Any

from lessons.figures import bars
from lessons.models import Module, Verdict
from quizzes.models import Item, Response


def verdicts(counts: list[tuple[str, int]]) -> dict[str, Any]:
    """Return the figure and picture of what the check found, of [(verdict, how many statements)]."""
    rows = [
        {
            "group": {},
            "text": {"": str(Verdict(verdict).label)},
            "value": number,
            "shown": {"": str(number)},
            "fill": "solid",
            "claims": [],
        }
        for verdict, number in counts
    ]
    return {"figure": {"bars": rows, "title": {}}, "picture": bars.draw(rows)} if rows else {}


def items_of(module: Module, names: list[list[str]]) -> list[Item]:
    """Return the live items of [(section, item)], in that order. One query."""
    rows = Item.objects.live().filter(bank__module=module, slug__in=[slug for _section, slug in names])
    rows = rows.select_related("current_version", "passage__section__module").prefetch_related("claims__module")
    found = {row.slug: row for row in rows}
    return [found[slug] for _section, slug in names if slug in found]


def question(module: Module, home: dict[str, Any]) -> Response | None:
    """Return the question to try as a response that is never saved, or None. At most 2 queries."""
    items = items_of(module, home.get("try", []))
    if not items:
        return None
    version = items[0].version
    order = version.rules.pieces(version.document)
    return Response(position=1, item=items[0], shown_version=version, option_order=order)
