"""The board: who of a cohort is where, searched, filtered and sorted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.folding import cut
from accounts.pages import PAGE, PersonRequest, page, page_of
from cohorts import board as boards
from cohorts.journal import Setting
from cohorts.judging import SHOWN, Column
from cohorts.members import matching
from cohorts.models import QuizAssignment
from cohorts.pages import cohort_with_assignments, modules_of
from cohorts.quiz_marks import quizzes_beside, short_of
from lessons.models import Module


@dataclass(frozen=True)
class Choice:
    """What the address asks of the board: a filter, an order, words to look for, the id of a group (None: all).

    And whether to `count` everybody, which else is left out where it would cost much.
    """

    show: str
    order: str
    q: str
    group: int | None
    count: bool

    @property
    def asks_names_alone(self) -> bool:
        """Whether nobody need be judged to say who is shown, and in what order."""
        return not self.count and (self.show, self.order) == (SHOWN[0], boards.ORDERS[0])

    def query(self, module: Module, **other: str) -> str:
        """Return what keeps this choice in an address, but for `other`; what asks for nothing is left out."""
        asked = {"show": self.show, "order": self.order, "module": module.slug, "q": self.q, "group": self.group}
        asked["count"] = "1" if self.count else ""
        return urlencode({name: value for name, value in (asked | other).items() if value})


@require_safe
@never_cache
def board(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show learners by sections and quizzes, in words, to the cohort's staff. At most 12 queries, however many.

    Of more than a page nobody else is judged, and counted, unless what is asked needs everybody.
    """
    cohort, assignments = cohort_with_assignments(request.user, cohort_id)
    modules, chosen = modules_of(assignments, request.GET.get("module"))
    context = {"cohort": cohort, "modules": modules, "chosen": chosen}
    if chosen is None:
        return page(request, "cohorts/board.html", context)
    now, columns = timezone.now(), boards.columns_of(chosen, assignments)
    quizzes = quizzes_beside(cohort, chosen, assignments)
    orders = _orders(columns, quizzes)
    choice = _choice(request, dict(orders))
    roll, setting = boards.roll_of(cohort, choice.group), Setting(cohort.pk, chosen.pk)
    is_long = len(roll.members) > PAGE
    if is_long and choice.asks_names_alone:
        rows = page_of(request, matching(roll.members, choice.q))
        whole = roll.part(setting, columns, now, list(rows), quizzes)
        people = whole.people
    else:
        if is_long:
            whole = roll.board(setting, columns, now, quizzes)
        else:
            whole = roll.part(setting, columns, now, roll.members, quizzes)
        rows = page_of(request, whole.among(choice.show, choice.order, choice.q))
        people = list(rows)
    lines = whole.rows(people)
    whole.add_memory(lines, cohort.zone)
    context |= {"board": whole, "now": now, "choice": choice, "rows": rows, "lines": lines}
    context |= {"summary": _summary(whole.counts), "filters": _filters(whole.counts), "orders": orders}
    context |= {"query": choice.query(chosen), "query_unordered": choice.query(chosen, order="")}
    context |= {"query_counted": choice.query(chosen, count="1")}
    context |= {"is_by_last": choice.order == "last", "has_groups": bool(roll.groups) and choice.group is None}
    return page(request, "cohorts/board.html", context)


def _choice(request: HttpRequest, orders: Collection[str]) -> Choice:
    """Return what the address asks for, the first filter and order where it asks for none of ours."""
    show, order = (request.GET.get(name, "") for name in ("show", "order"))
    return Choice(
        show=show if show in SHOWN else SHOWN[0],
        order=order if order in orders else boards.ORDERS[0],
        q=cut(request.GET.get("q", "")).strip(),
        group=_group(request),
        count="count" in request.GET,
    )


def _group(request: HttpRequest) -> int | None:
    """Return the id of the group that the address asks for; None where it asks for none."""
    text = request.GET.get("group", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _summary(counts: Mapping[str, int]) -> str:
    """Return how many learners there are, and how many of them need somebody, in a line; what is not counted is not."""
    away, idle, stuck, silent, late = (
        counts.get(shown, 0) for shown in ("not_joined", "not_started", "stuck", "silent", "late")
    )
    words = [
        (away, ngettext("%(count)s has not joined", "%(count)s have not joined", away)),
        (idle, ngettext("%(count)s has not begun", "%(count)s have not begun", idle)),
        (stuck, ngettext("%(count)s is stuck", "%(count)s are stuck", stuck)),
        (silent, ngettext("%(count)s is silent", "%(count)s are silent", silent)),
        (late, ngettext("%(count)s is late", "%(count)s are late", late)),
    ]
    needing = ", ".join(text % {"count": count} for count, text in words if count)
    learners = counts["all"]
    whole = ngettext("%(count)s learner.", "%(count)s learners.", learners) % {"count": learners}
    return f"{whole} {needing}." if needing else whole


def _filters(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return (filter, its words, with how many it shows if they are counted) of every filter."""
    words = {
        "all": _("All learners"),
        "not_joined": _("Not joined"),
        "not_started": _("Joined, not begun"),
        "stuck": _("Stuck"),
        "silent": _("Silent for two weeks"),
        "late": _("Something overdue"),
        "soon": _("Due this week"),
        "passed": _("Everything passed"),
    }
    return [(shown, f"{words[shown]} ({counts[shown]})" if shown in counts else words[shown]) for shown in SHOWN]


def _orders(columns: Sequence[Column], quizzes: Sequence[QuizAssignment]) -> list[tuple[str, str]]:
    """Return (order, its words) of every order, one for each section and each quiz at the end."""
    section = _("Section %(number)s, not passed first")
    by_section = [(column.order, section % {"number": column.section.position}) for column in columns]
    quiz = _("Quiz %(quiz)s, not handed in first")
    by_quiz = [
        (order, quiz % {"quiz": short_of(row.number)})
        for order, row in zip(boards.quiz_orders(quizzes), quizzes, strict=True)
    ]
    return [
        ("name", _("By name")),
        ("last", _("Longest away first")),
        ("passed", _("Fewest sections passed first")),
        *by_section,
        *by_quiz,
    ]
