"""A file of questions for a bank of one's own: first the file, then what becomes of each, then its items at once."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.addresses import require_page
from accounts.border import takes_bank
from accounts.pages import PersonRequest, page, posted, shows_only
from accounts.teaching import for_teachers
from quizzes import incoming
from quizzes.formats.base import Unreadable
from quizzes.models import Bank, Upload
from quizzes.report_words import said
from quizzes.upload_form import UploadForm
from quizzes.upload_report import ReportPage, left_after
from quizzes.upload_steps import in_steps

TAKE, DROP, GO = "confirm", "remove", "go"


@takes_bank
@require_page
@never_cache
@for_teachers
def upload_new(request: PersonRequest, bank: int) -> HttpResponseBase:
    """Read a file of questions for a bank of one's own, and lead to the report on it; nothing is made of it yet.

    A large one is told of in steps; what is wrong in its first questions is told beside the form all the same.
    At most 14 queries, however many questions.
    """
    row = get_object_or_404(Bank.objects.edited_by(request.user).select_related("module"), pk=bank)
    form = UploadForm(row, request.user, posted(request), request.FILES or None)
    if form.is_valid():
        return _brought(request, row, form)
    waiting = Upload.objects.of(request.user).filter(bank=row, taken_at=None).order_by("-pk").defer("data", "rows")
    return page(request, "quizzes/upload_new.html", {"bank": row, "waiting": waiting}, form)


def _brought(request: PersonRequest, bank: Bank, form: UploadForm) -> HttpResponseBase:
    """Lead to the report on the file that a valid form brought."""

    def keep() -> str:
        language = form.cleaned_data["language"]
        row = incoming.bring(request.user, bank, form.sent, form.name, language, form.reading, timezone.now())
        return reverse("quizzes:upload", args=[bank.pk, row.pk])

    if not form.reading.is_done:
        return in_steps(request, bank, form.reading, _("Making the report…"), keep)
    try:
        return redirect(keep())
    except ObjectDoesNotExist as error:
        raise Http404 from error


@require_page
@never_cache
@for_teachers
def upload(request: PersonRequest, bank: int, upload: int) -> HttpResponseBase:
    """Show what becomes of each question of a file, and take those that are ticked. At most 8 queries for a look."""
    rows = Upload.objects.of(request.user).filter(bank=bank).select_related("bank", "bank__module")
    row = get_object_or_404(rows, pk=upload)
    if request.method == "POST" and not row.taken_at:
        row.left = left_after(row, request.POST)
        if not shows_only(request):
            return _pressed(request, row)
    if row.taken_at:
        return page(request, "quizzes/upload_taken.html", {"bank": row.bank, "result": incoming.result(row)})
    asked = request.POST if request.method == "POST" else request.GET
    return page(request, "quizzes/upload.html", {"bank": row.bank, "report": ReportPage(row, asked)})


def _pressed(request: PersonRequest, row: Upload) -> HttpResponseBase:
    """Keep the ticks, then go to another page of the report, take what is ticked, or forget the file."""
    if DROP in request.POST:
        Upload.objects.of(request.user).filter(pk=row.pk).delete()
        messages.success(request, _("The file is forgotten. Nothing was made of it."))
        return redirect(row.bank)
    try:
        incoming.leave_out(request.user, row)
        if TAKE not in request.POST:
            address = ReportPage.address(request.POST.get(GO, ""))
            return redirect(f"{request.path}{address}")
        reading = incoming.to_take(request.user, row)
        if not reading.is_done:
            finish = partial(_taken, request, row, reading)
            return in_steps(request, row.bank, reading, _("Writing the questions…"), finish)
        incoming.take(request.user, row, timezone.now(), reading)
    except Unreadable as error:
        messages.error(request, said(error.note))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return redirect(request.path)


def _taken(request: PersonRequest, row: Upload, reading: incoming.Reading[bytes]) -> str:
    """Take what is ticked of a file that was read; return the address of the page that tells what came."""
    incoming.take(request.user, row, timezone.now(), reading)
    return request.path
