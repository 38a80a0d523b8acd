"""An owner's bank for those who may see it: its questions, on paper too, how they do, and a search over all banks."""

from django.db.models import F
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest, page, page_of
from accounts.teaching import for_teachers
from quizzes import item_statistics
from quizzes.kinds import KINDS
from quizzes.models import Bank
from quizzes.own_banks import STATE_WORDS, STATES, ItemRow, counted_by_state, hits
from quizzes.paper import paper_context

PAGE = 50
LONGEST_QUERY = 200


@require_safe
@never_cache
@for_teachers
def bank(request: PersonRequest, bank: int) -> TemplateResponse:
    """Show the questions of an owner's bank, with their kind, state and author; withdrawn ones last. 10 queries.

    `show` is drafts or flagged: those that lack something, or that their author should look at.
    """
    rows = Bank.objects.of_owners().seen_by(request.user).select_related("owner", "module")
    row = get_object_or_404(rows.prefetch_related("cohorts"), pk=bank)
    counts = counted_by_state(row)
    show = request.GET.get("show", "") if request.GET.get("show") in STATES else ""
    items = row.items.select_related("current_version", "author", "bank__section__module")
    items = items.live().filter(STATES[show]) if show else items
    shown = page_of(request, items.order_by(F("withdrawn_at").asc(nulls_first=True), "pk"), PAGE)
    context = {"bank": row, "rows": shown, "items": [ItemRow.of(item) for item in shown], "show": show}
    context |= {"is_edited": row.is_edited_by(request.user), "kinds": list(KINDS), "count": counts[""]}
    if any(counts[name] for name in STATES):
        context["filters"] = [(name, words, counts[name]) for name, words in STATE_WORDS.items()]
    context["query"] = urlencode({"show": show}) if show else ""
    return page(request, "quizzes/bank.html", context)


@require_safe
@never_cache
@for_teachers
def bank_paper(request: PersonRequest, bank: int) -> TemplateResponse:
    """Show an owner's questions to print, but for drafts, as a section's are. 6 queries."""
    row = get_object_or_404(Bank.objects.of_owners().seen_by(request.user), pk=bank)
    items = row.items.whole().select_related("current_version").order_by("pk")
    return page(request, "quizzes/bank_paper.html", {"bank": row, **paper_context(request.GET, items)})


@require_safe
@never_cache
@for_teachers
def bank_statistics(request: PersonRequest, bank: int) -> TemplateResponse:
    """Show how the questions of an owner's bank do, those to be looked at first. At most 8 queries.

    Whoever it is shared with sees the same: what everybody answered, in whichever cohort.
    """
    row = get_object_or_404(Bank.objects.of_owners().seen_by(request.user), pk=bank)
    context = {"bank": row, **item_statistics.in_figures(item_statistics.of_bank(row))}
    return page(request, "quizzes/bank_statistics.html", context)


@require_safe
@never_cache
@for_teachers
def item_search(request: PersonRequest) -> TemplateResponse:
    """Find questions by their words in all banks that one may use: one's own, shared ones, the course's. 7 queries."""
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    rows = page_of(request, hits(request.user, query), PAGE)
    context = {"query": query, "rows": rows, "address": urlencode({"q": query})}
    return page(request, "quizzes/item_search.html", context)
