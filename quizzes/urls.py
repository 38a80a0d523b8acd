"""Addresses of practice: attempts, checks, reports, the pages of a section's bank and of an owner's."""

from django.urls import path

from lessons.urls import MODULE, SECTION
from quizzes.views import attempts, banks, before, editor, own_banks, own_items, pictures, reports, uploads

app_name = "quizzes"
BANK = "banks/<number:bank>/"
ITEM = f"{BANK}items/<number:number>/"
urlpatterns = [
    path("reports/", reports.reports, name="reports"),
    path("attempts/<number:pk>/", attempts.attempt, name="attempt"),
    path("attempts/<number:pk>/answers/", attempts.answers, name="answers"),
    path("attempts/<number:pk>/retry/", attempts.retry, name="retry"),
    path("statistics/", banks.flagged, name="flagged"),
    path("banks/search/", own_banks.item_search, name="item_search"),
    path(BANK, own_banks.bank, name="bank"),
    path(f"{BANK}paper/", own_banks.bank_paper, name="bank_paper"),
    path(f"{BANK}statistics/", own_banks.bank_statistics, name="bank_statistics"),
    path(f"{BANK}import/", uploads.upload_new, name="upload_new"),
    path(f"{BANK}import/<number:upload>/", uploads.upload, name="upload"),
    path(f"{BANK}new/<word:kind>/", editor.item_new, name="item_new"),
    path(ITEM, own_items.own_item, name="own_item"),
    path(f"{ITEM}edit/", editor.item_edit, name="item_edit"),
    path(f"{ITEM}statistics/", own_items.own_item_statistics, name="own_item_statistics"),
    path(f"{ITEM}try/", own_items.item_try, name="item_try"),
    path(f"{ITEM}withdraw/", own_items.item_withdraw, name="item_withdraw"),
    path(f"{ITEM}copy/", own_items.item_copy, name="item_copy"),
    path(f"{ITEM}move/", own_items.item_move, name="item_move"),
    path("items/<number:number>/pictures/<word:file>/", pictures.picture, name="picture"),
    path(f"{MODULE}recall/", banks.recall, name="recall"),
    path(f"{MODULE}claims/<word:key>/report/", reports.report_claim, name="report_claim"),
    path(f"{SECTION}before/", before.before, name="before"),
    path(f"{SECTION}items/", banks.items, name="items"),
    path(f"{SECTION}items/paper/", banks.items_paper, name="items_paper"),
    path(f"{SECTION}items/statistics/", banks.statistics, name="statistics"),
    path(f"{SECTION}items/<word:item>/", banks.item, name="item"),
    path(f"{SECTION}items/<word:item>/statistics/", banks.item_in_figures, name="item_statistics"),
    path(f"{SECTION}items/<word:item>/report/", reports.report_item, name="report_item"),
    path(f"{SECTION}<content:lesson>/report/", reports.report_lesson, name="report_lesson"),
    path(f"{SECTION}<content:lesson>/checks/", attempts.checks, name="checks"),
    path(f"{SECTION}<content:lesson>/checks/<word:item>/", attempts.check, name="check"),
]
