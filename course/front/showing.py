"""What views of the front door and the first page show: the figures of the check, items that anybody may try or see."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lessons.figures import bars
from lessons.models import Module, Part, Verdict
from quizzes.models import Item, Response
from quizzes.unkept import unkept


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
    note = _("Confirmed means that it holds or, of somebody’s words, that they were said.")
    figure = {"bars": rows, "title": {}, "note": {"": note}}
    return {"figure": figure, "picture": bars.draw(rows)} if rows else {}


def items_of(module: Module, names: list[list[str]]) -> list[Item]:
    """Return the live items of [(section, item)], in that order, with what marking them shows. 3 queries."""
    rows = _rows(module, names).select_related("passage__section__module").prefetch_related("claims__module")
    return _in_order(rows, names)


def _rows(module: Module, names: list[list[str]]) -> QuerySet[Item]:
    rows = Item.objects.of_sections().live().filter(bank__module=module, slug__in=[slug for _section, slug in names])
    return rows.select_related("current_version")


def _in_order(rows: QuerySet[Item], names: list[list[str]]) -> list[Item]:
    by_slug = {row.slug: row for row in rows}
    return [by_slug[slug] for _section, slug in names if slug in by_slug]


def question(items: Sequence[Item]) -> Response | None:
    """Return the first item as a response that is never saved, or None. No query."""
    return unkept(1, items[0]) if items else None


def first_page(module: Module) -> dict[str, Any]:
    """Return what the first page says to whoever has not begun, {} where the module says nothing of it.

    At most 2 queries, none where this process has read it before: it hangs on the module's fingerprint alone.
    """
    read = _first_page if module.fingerprint else _first_page.__wrapped__
    return read(module.pk, module.fingerprint, get_language())


@lru_cache(maxsize=8)
def _first_page(pk: int, fingerprint: str, language: str | None) -> dict[str, Any]:
    module = Module.objects.get(pk=pk)
    home = module.annexes.read(Part.HOME)
    if not home:
        return {}
    items = _in_order(_rows(module, home["try"]), home["try"])
    return {"home": home, "response": question(items), "verdicts": verdicts(home["counts"])}
