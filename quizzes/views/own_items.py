"""One own question: as a learner sees it, its key, versions and figures; withdrawn, copied, moved by buttons."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button, require_page
from accounts.pages import PersonRequest, page, posted
from accounts.teaching import for_teachers
from quizzes import item_statistics, writing
from quizzes.editing import ItemForm
from quizzes.models import Bank, Item
from quizzes.own_banks import ItemRow, next_by_state
from quizzes.unkept import answer, unkept


def _item(request: PersonRequest, bank: int, number: int) -> Item:
    """Return a question of an owner's bank for whoever may see it, or 404. One query."""
    rows = Item.objects.filter(bank__in=Bank.objects.of_owners().seen_by(request.user), bank=bank)
    return get_object_or_404(
        rows.select_related("bank__owner", "current_version", "author", "passage__section__module"), pk=number
    )


def _own(request: PersonRequest, bank: int, number: int) -> Item:
    """Return a question of a bank of one's own, or 404. One query."""
    rows = Item.objects.filter(bank__in=Bank.objects.edited_by(request.user), bank=bank)
    return get_object_or_404(rows.select_related("bank", "current_version"), pk=number)


@require_safe
@never_cache
@for_teachers
def own_item(request: PersonRequest, bank: int, number: int) -> TemplateResponse:
    """Show an own question with key, feedback, versions, and what to look at. At most 13 queries."""
    item = _item(request, bank, number)
    version = item.current_version
    form = ItemForm(item.source, item.bank, "", item.pk)
    _checked, _about, written = writing.judge(item, item.source)
    lines = [*written.lacks, *written.refused, *written.warnings]
    context = {
        "bank": item.bank,
        "item": item,
        "row": ItemRow.of(item),
        "version": version,
        "edited": form,
        "sheet": version.rules.sheet(version.document, item.document["feedback"], version.language) if version else [],
        "versions": item.versions.order_by("-number"),
        "problems": [(*form.label_of(name), words) for name, words in writing.words_of(lines)],
        "banks": Bank.objects.edited_by(request.user).order_by("title", "pk"),
        "will_be_draft": bool(written.lacks) and not item.draft,
        "is_edited": item.bank.is_edited_by(request.user),
        "press": get_random_string(20),
    }
    if context["is_edited"]:
        context["following"] = next_by_state(item)
    return page(request, "quizzes/own_item.html", context)


@require_safe
@never_cache
@for_teachers
def own_item_statistics(request: PersonRequest, bank: int, number: int) -> TemplateResponse:
    """Show how an own question does, version by version; 404 where it is withdrawn or has none. At most 8 queries."""
    item = _item(request, bank, number)
    if item.withdrawn_at or item.current_version is None:
        raise Http404
    context = {"bank": item.bank, "item": item, "versions": item_statistics.of_versions(item)}
    context["is_edited"] = item.bank.is_edited_by(request.user)
    return page(request, "quizzes/own_item_statistics.html", context)


@require_page
@never_cache
@for_teachers
def item_try(request: PersonRequest, bank: int, number: int) -> HttpResponseBase:
    """Show a question as a learner sees it; after a POST at once as it is marked. Nothing is stored. 7 queries."""
    item = _item(request, bank, number)
    if item.current_version is None:
        return redirect("quizzes:own_item", bank, number)
    response, is_told = unkept(1, item), posted(request) is not None
    if request.method == "POST":
        answer(response, request.POST, timezone.now() if is_told else None)
    context = {"bank": item.bank, "item": item, "response": response, "is_told": is_told}
    return page(request, "quizzes/item_try.html", context)


@require_button("quizzes:own_item", "bank", "number")
@never_cache
@for_teachers
def item_withdraw(request: PersonRequest, bank: int, number: int) -> HttpResponseBase:
    """Withdraw a question of one's own, or bring it back; what was answered is marked again."""
    item, now = _own(request, bank, number), timezone.now()
    is_back = "back" in request.POST
    writing.withdraw(request.user, item, None if is_back else now)
    writing.mark_again(item, request.user, now)
    messages.success(request, _("It is back.") if is_back else _("It is withdrawn, and counts for nobody."))
    return redirect("quizzes:own_item", bank, number)


@require_button("quizzes:own_item", "bank", "number")
@never_cache
@for_teachers
def item_copy(request: PersonRequest, bank: int, number: int) -> HttpResponseBase:
    """Put a copy of a question that one may see into a bank of one's own."""
    item = _item(request, bank, number)
    target = get_object_or_404(Bank.objects.edited_by(request.user), pk=_number(request))
    new = writing.copy(request.user, item, target, request.POST.get("press", "")[:40], timezone.now())
    messages.success(request, _("This is the copy."))
    return redirect("quizzes:own_item", new.bank_id, new.pk)


@require_button("quizzes:own_item", "bank", "number")
@never_cache
@for_teachers
def item_move(request: PersonRequest, bank: int, number: int) -> HttpResponseBase:
    """Move a question of one's own to another bank of one's own."""
    item = _own(request, bank, number)
    target = get_object_or_404(Bank.objects.edited_by(request.user), pk=_number(request))
    try:
        writing.move(request.user, item, target)
    except Item.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("It stands in this bank now."))
    return redirect("quizzes:own_item", target.pk, number)


def _number(request: PersonRequest) -> int:
    """Return the number of the bank that was chosen; 0, which none has, where that is no number."""
    text = request.POST.get("to", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
