"""The board: who of a cohort is where, searched, filtered and sorted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.folding import cut
from accounts.pages import PersonRequest, page, page_of
from cohorts import board as boards
from cohorts.judging import SHOWN, Column
from cohorts.pages import cohort_with_assignments, modules_of
from lessons.models import Module


@dataclass(frozen=True)
class Choice:
    """What the address asks of the board: a filter, an order, words to look for, the id of a group (None: all)."""

    show: str
    order: str
    q: str
    group: int | None

    def query(self, module: Module, **other: str) -> str:
        """Return what keeps this choice in an address, but for `other`; what asks for nothing is left out."""
        asked = {"show": self.show, "order": self.order, "module": module.slug, "q": self.q, "group": self.group}
        return urlencode({name: value for name, value in (asked | other).items() if value})


@require_safe
@never_cache
def board(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show learners by sections, in words, to the cohort's staff. At most 12 queries, however many learners."""
    cohort, assignments = cohort_with_assignments(request.user, cohort_id)
    modules, chosen = modules_of(assignments, request.GET.get("module"))
    context = {"cohort": cohort, "modules": modules, "chosen": chosen}
    if chosen is None:
        return page(request, "cohorts/board.html", context)
    now = timezone.now()
    whole = boards.board_of(cohort, chosen, assignments, now, _group(request))
    orders = _orders(whole.columns)
    choice = _choice(request, dict(orders))
    rows = page_of(request, whole.among(choice.show, choice.order, choice.q))
    lines = whole.rows(rows)
    whole.add_memory(lines, cohort.zone)
    context |= {"board": whole, "now": now, "choice": choice, "rows": rows, "lines": lines}
    context |= {"told": _told(whole.counts), "filters": _filters(whole.counts), "orders": orders}
    context |= {"query": choice.query(chosen), "query_unordered": choice.query(chosen, order="")}
    context |= {"is_by_last": choice.order == "last", "has_groups": bool(whole.groups) and choice.group is None}
    return page(request, "cohorts/board.html", context)


def _choice(request: HttpRequest, orders: Collection[str]) -> Choice:
    """Return what the address asks for, the first filter and order where it asks for none of ours."""
    show, order = (request.GET.get(name, "") for name in ("show", "order"))
    return Choice(
        show=show if show in SHOWN else SHOWN[0],
        order=order if order in orders else boards.ORDERS[0],
        q=cut(request.GET.get("q", "")).strip(),
        group=_group(request),
    )


def _group(request: HttpRequest) -> int | None:
    """Return the id of the group that the address asks for; None where it asks for none."""
    text = request.GET.get("group", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _told(counts: dict[str, int]) -> str:
    """Return how many learners there are, and how many of them need somebody, in a line."""
    learners, away, idle, stuck, silent, late = (
        counts[shown] for shown in ("all", "not_joined", "not_started", "stuck", "silent", "late")
    )
    words = [
        (away, ngettext("%(count)s has not joined", "%(count)s have not joined", away)),
        (idle, ngettext("%(count)s has not begun", "%(count)s have not begun", idle)),
        (stuck, ngettext("%(count)s is stuck", "%(count)s are stuck", stuck)),
        (silent, ngettext("%(count)s is silent", "%(count)s are silent", silent)),
        (late, ngettext("%(count)s is late", "%(count)s are late", late)),
    ]
    told = ", ".join(text % {"count": count} for count, text in words if count)
    whole = ngettext("%(count)s learner.", "%(count)s learners.", learners) % {"count": learners}
    return f"{whole} {told}." if told else whole


def _filters(counts: dict[str, int]) -> list[tuple[str, str]]:
    """Return (filter, its words with how many it shows) of every filter."""
    words = {
        "all": _("All learners (%(count)s)"),
        "not_joined": _("Not joined (%(count)s)"),
        "not_started": _("Joined, not begun (%(count)s)"),
        "stuck": _("Stuck (%(count)s)"),
        "silent": _("Silent for two weeks (%(count)s)"),
        "late": _("Something overdue (%(count)s)"),
        "soon": _("Due this week (%(count)s)"),
        "passed": _("Everything passed (%(count)s)"),
    }
    return [(shown, words[shown] % {"count": counts[shown]}) for shown in SHOWN]


def _orders(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """Return (order, its words) of every order, one for each section at the end."""
    section = _("Section %(number)s, not passed first")
    by_section = [(column.order, section % {"number": column.section.position}) for column in columns]
    return [
        ("name", _("By name")),
        ("last", _("Longest away first")),
        ("passed", _("Fewest sections passed first")),
        *by_section,
    ]
