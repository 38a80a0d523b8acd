"""Addresses of practice: attempts, checks, reports, and the pages of a section's bank."""

from django.urls import path

from lessons.urls import MODULE, SECTION
from quizzes.views import attempts, banks, before, reports

app_name = "quizzes"
urlpatterns = [
    path("reports/", reports.reports, name="reports"),
    path("attempts/<number:pk>/", attempts.attempt, name="attempt"),
    path("attempts/<number:pk>/answers/", attempts.answers, name="answers"),
    path("attempts/<number:pk>/retry/", attempts.retry, name="retry"),
    path("statistics/", banks.flagged, name="flagged"),
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
