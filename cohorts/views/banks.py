"""Banks of owners: the list of one's own and of those that are shared; making, changing and deleting one."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_page
from accounts.locking import atomic_once_more
from accounts.models import User
from accounts.pages import PersonRequest, page, page_of, posted
from accounts.teaching import for_teachers
from cohorts.forms.banks import EditBankForm, NewBankForm
from cohorts.forms.once import press_of
from quizzes.models import Bank
from quizzes.own_banks import counted, end_banks, ties_of
from quizzes.writing import leave_module


@require_safe
@never_cache
@for_teachers
def banks(request: PersonRequest) -> TemplateResponse:
    """Show one's own banks and those that others share with one's cohorts. At most 9 queries."""
    rows = counted(Bank.objects.of_owners().seen_by(request.user)).select_related("owner", "module")
    shown = page_of(request, rows.prefetch_related("cohorts").order_by("title", "pk"))
    return page(request, "cohorts/banks.html", {"rows": shown})


@require_page
@never_cache
@for_teachers
def bank_new(request: PersonRequest) -> HttpResponseBase:
    """Make a bank."""
    form = NewBankForm(request.user, posted(request), initial={"languages": [get_language()]})
    if request.method == "POST" and form.is_valid():
        return redirect(_made(request.user, form))
    return page(request, "cohorts/bank_form.html", {"bank": None}, form)


@atomic_once_more
def _made(user: User, form: NewBankForm) -> Bank:
    """Return the bank that this form makes; that which the same press made before. 5 queries."""
    User.objects.hold(user.pk)
    values = form.cleaned_data
    press = press_of(form, user, "banks")
    if press and (made := Bank.objects.filter(press=press).first()):
        return made
    languages = sorted(values["languages"])
    bank = Bank.objects.create(
        owner=user, title=values["title"], languages=languages, module=values["module"], press=press
    )
    bank.cohorts.set(values["cohorts"])
    return bank


@require_page
@never_cache
@for_teachers
def bank_edit(request: PersonRequest, bank: int) -> HttpResponseBase:
    """Change a bank of one's own, and with whom it is shared."""
    with transaction.atomic():
        if request.method == "POST":
            User.objects.hold(request.user.pk)
        row = get_object_or_404(Bank.objects.edited_by(request.user).select_related("module"), pk=bank)
        initial = {
            "title": row.title,
            "languages": row.languages,
            "module": row.module and row.module.slug,
            "cohorts": list(row.cohorts.values_list("pk", flat=True)),
        }
        form = EditBankForm(request.user, posted(request), bank=row, initial=initial)
        if request.method == "POST" and form.is_valid():
            values = form.cleaned_data
            if values["module"] != row.module:
                leave_module(row.items.all())
            row.title, row.module, row.languages = values["title"], values["module"], sorted(values["languages"])
            row.save()
            row.cohorts.set(values["cohorts"])
            messages.success(request, _("Saved."))
            return redirect(row)
    return page(request, "cohorts/bank_form.html", {"bank": row}, form)


@require_page
@never_cache
@for_teachers
def bank_delete(request: PersonRequest, bank: int) -> HttpResponseBase:
    """Ask whether a bank of one's own is to go, and delete it; or say why it stays, and what can be done instead."""
    with transaction.atomic():
        if request.method == "POST":
            User.objects.hold(request.user.pk)
        row = get_object_or_404(Bank.objects.edited_by(request.user), pk=bank)
        ties = ties_of(row)
        if request.method == "POST" and not ties:
            end_banks(Bank.objects.filter(pk=row.pk))
            messages.success(request, _("The bank is deleted."))
            return redirect("cohorts:banks")
        context = {"bank": row, "ties": ties, "count": row.items.count()}
    answer = page(request, "cohorts/bank_delete.html", context)
    answer.status_code = 409 if request.method == "POST" else 200
    return answer
