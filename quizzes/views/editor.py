"""The editor of an own question: a form that works without a script; its buttons for rows save nothing."""

from dataclasses import replace
from typing import cast

from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.addresses import require_page
from accounts.border import takes_picture
from accounts.pages import PersonRequest, page, shows_only
from accounts.teaching import for_teachers
from quizzes import pictures, typed, writing
from quizzes.editing import ItemForm
from quizzes.kinds import Version
from quizzes.models import Bank, Item, ItemVersion
from quizzes.page_words import NO_PICTURE
from quizzes.pictures import Encoded, NotAPicture
from quizzes.typed import PICTURES, SHAPES, Source
from quizzes.unkept import unkept
from quizzes.writing import Newer, Written, words_of

# Buttons that change the form and save nothing; each names a row, or a table of rows.
MORE, LESS, RISE, ADD, PREVIEW = "more", "less", "rise", "add", "preview"
LOOK = "X-Look"  # the header of the script that asks while one types

shows_unsaved = csp_update({"img-src": ["'self'", "data:"]})  # of a page with pictures that are kept nowhere yet


@takes_picture
@require_page
@never_cache
@for_teachers
def item_new(request: PersonRequest, bank: int, kind: str) -> HttpResponseBase:
    """Write a question of that kind in a bank of one's own."""
    if kind not in SHAPES:
        raise Http404
    row = _bank(request, bank)
    if request.method != "POST":
        form = ItemForm(typed.blank(kind), row, get_random_string(20))
        return _page(request, row, None, form)
    return _posted(request, row, None, kind)


@takes_picture
@require_page
@never_cache
@for_teachers
def item_edit(request: PersonRequest, bank: int, number: int) -> HttpResponseBase:
    """Change a question of a bank of one's own."""
    row = _bank(request, bank)
    item = get_object_or_404(row.items.select_related("current_version"), pk=number)
    if request.method != "POST":
        lacks = [] if item.draft else writing.judge(item, item.source)[2].lacks
        form = ItemForm(item.source, row, writing.basis(item.source), item.pk)
        return _page(request, row, item, form, problems=words_of(lacks), will_be_draft=bool(lacks))
    return _posted(request, row, item, item.source["kind"])


def _bank(request: PersonRequest, bank: int) -> Bank:
    return get_object_or_404(Bank.objects.edited_by(request.user), pk=bank)


def _posted(request: PersonRequest, bank: Bank, item: Item | None, kind: str) -> HttpResponseBase:
    """Show the form as its buttons change it, or save it: what is wrong, or newer, brings it back as it was typed."""
    source, sent, refused = _with_pictures(request, item, typed.read(kind, request.POST, bank.languages))
    reasons = {code: request.POST.get(f"reason-{code}", "")[: typed.LONGEST_TEXT] for code in bank.languages}
    why = {code: text for code, text in reasons.items() if text.strip()}
    basis = request.POST.get("basis", "")[:100]
    form = ItemForm(source, bank, basis, item.pk if item else None, sent, errors=refused, why=why)
    if LOOK in request.headers:
        return _look(request, bank, item, form)
    for name, change in ((MORE, typed.more), (LESS, typed.less), (RISE, typed.higher)):
        if name in request.POST:
            return _page(request, bank, item, replace(form, source=change(source, request.POST[name][:40])))
    if shows_only(request) or ADD in request.POST or refused:
        return _page(request, bank, item, form, status=422 if refused else 200)
    if PREVIEW in request.POST:
        return _preview(request, bank, item, form)
    try:
        written = writing.save(request.user, bank, form.item, source, basis, timezone.now(), why, sent)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if isinstance(written, Newer):
        form = replace(form, basis=writing.basis(written.item.source), item=written.item.pk)
        return _page(request, bank, written.item, form, status=409, newer=written)
    if written.is_saved:
        return _saved(request, written, why)
    form = replace(form, source=typed.without_blanks(source), asks_reason=written.asks_reason)
    return _page(request, bank, item, replace(form, errors=_errors(form, written)), status=422)


def _with_pictures(
    request: PersonRequest, item: Item | None, source: Source
) -> tuple[Source, list[Encoded], dict[str, list[str]]]:
    """Return the Source with the picture that was sent, what its form carries of pictures, and why one is refused."""
    carried = (pictures.carried(request.POST.get(f"pictures-{at}-sent", "")) for at in range(PICTURES))
    sent = [picture for picture in carried if picture]
    refused: dict[str, list[str]] = {}
    if file := request.FILES.get("picture"):
        try:
            picture = pictures.uploaded(file)
        except NotAPicture as error:
            refused["picture"] = [str(NO_PICTURE[error.code])]
        else:
            sent.append(picture)
            source = source | {"pictures": [*source.get("pictures", []), picture.entry({})]}
    if "pictures" in source:
        source = pictures.named(source, [*sent, *pictures.kept(item)])
    return source, sent, refused


def _errors(form: ItemForm, written: Written) -> dict[str, list[str]]:
    """Return {field: sentences} of what is wrong, and of the reason that is asked for."""
    errors: dict[str, list[str]] = {}
    for name, words in words_of(written.refused):
        errors.setdefault(name, []).append(words)
    if written.asks_reason:
        sentence = _("Another answer is right now than before. Say why, for those who answered it.")
        errors[f"reason-{form.bank.languages[0]}"] = [sentence]
    return errors


def _saved(request: PersonRequest, written: Written, why: dict[str, str]) -> HttpResponseBase:
    """Mark again what was answered, and lead to the question, which lists what it lacks and what to look at."""
    count = writing.mark_again(written.item, request.user, timezone.now(), why)
    messages.success(request, _("Saved as a draft.") if written.item.draft else _("Saved."))
    if count:
        words = ngettext("%(count)s answer was marked again.", "%(count)s answers were marked again.", count)
        messages.info(request, words % {"count": count})
    return redirect("quizzes:own_item", written.item.bank_id, written.item.pk)


def _look(request: PersonRequest, bank: Bank, item: Item | None, form: ItemForm) -> HttpResponseBase:
    """Show what is wrong or weak in what was typed so far, and not what is still to come; nothing is saved."""
    _checked, _about, written = writing.judge(item or Item(bank=bank), typed.without_blanks(form.source))
    lines = _lines(form, words_of([*written.refused, *written.warnings]))
    return TemplateResponse(request, "quizzes/_editor_look.html", {"lines": lines})


def _preview(request: PersonRequest, bank: Bank, item: Item | None, form: ItemForm) -> HttpResponseBase:
    """Show the form with what a learner would see of it, where nothing lacks; nothing is saved."""
    source = typed.without_blanks(form.source)
    checked, _about, written = writing.judge(item or Item(bank=bank), source)
    problems = words_of([*written.refused, *written.lacks, *written.warnings])
    shown = None
    if not (written.refused or written.lacks):
        version = ItemVersion(kind=checked.kind, document=checked.version | _as_shown(form, checked.version))
        shown = unkept(1, Item(bank=bank, current_version=version))
    return _page(request, bank, item, form, shown=shown, problems=problems, is_preview=True)


def _as_shown(form: ItemForm, version: Version) -> Version:
    """Return the pictures of a version that is kept nowhere, each with where it is shown from."""
    if "pictures" not in version:
        return {}
    rows = zip(version["pictures"], form.pictures, strict=True)
    return {"pictures": [entry | {"src": picture.src} for entry, picture in rows]}


def _lines(form: ItemForm, problems: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return (id, label, sentence) of each problem, for a link to its field."""
    return [(*form.label_of(name), words) for name, words in problems]


def _page(
    request: PersonRequest, bank: Bank, item: Item | None, form: ItemForm, status: int = 200, **context: object
) -> HttpResponseBase:
    newer = context.pop("newer", None)
    if isinstance(newer, Newer):
        stands = ItemForm(newer.item.source, bank, "")
        names = [name for name in newer.fields if not name.endswith(("-id", "-width", "-height"))]
        context["stands"] = [(stands.label_of(name)[1], stands.said(name, newer.fields[name])) for name in names]
        context["is_newer"] = True
    if problems := context.pop("problems", None):
        context["lines"] = _lines(form, cast(list[tuple[str, str]], problems))
    response = page(request, "quizzes/editor.html", {"bank": bank, "item": item, "edited": form, **context})
    response.status_code = status
    return shows_unsaved(lambda _request: response)(request) if form.sent else response
