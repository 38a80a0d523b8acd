"""Every address of the site: pages under their language, and five for machines without one (architecture 7)."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe

from accounts import urls as accounts
from accounts.addresses import require_page
from accounts.leaving import opens_to_the_left
from course import errors, health, robots
from course.admin import admin_site
from course.feeds import corrections_feed
from course.front import PAGES
from course.sitemaps import PublicPages
from course.views import (
    bank_files,
    calendars,
    changes,
    ends,
    exams,
    front,
    home,
    my_data,
    own,
    reviews,
    visits,
    warnings,
)
from course.views.signing_in import CodeView, SignInView
from lessons.urls import MODULE, SECTION

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

public_pages = login_not_required(opens_to_the_left(require_safe(sitemap)))
signing_in = [
    path("sign-in/", SignInView.as_view(), name="sign_in"),
    path("sign-in/code/", require_page(CodeView.as_view()), name="code"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", robots.robots, name="robots"),
    path("calendar/<word:secret>.ics", calendars.calendar_feed, name="calendar_feed"),
    path("sitemap.xml", public_pages, {"sitemaps": {"pages": PublicPages}}, name="sitemap"),
]
urlpatterns += i18n_patterns(
    path("", home.home, name="home"),
    *(path(f"{part}/", front.page, {"part": part}, name=part.value) for part in PAGES),
    path("try/", front.try_it, name="try"),
    path("teach/sheet/", front.sample_sheet, name="sample_sheet"),
    path("teach/items/", front.sample_items, name="sample_items"),
    path("onboard/certificate/", front.specimen, name="specimen"),
    path("onboard/file/", front.sample_file, name="sample_file"),
    path("corrections/", front.corrections, name="corrections"),
    path("corrections/feed/", corrections_feed, name="corrections_feed"),
    path("sources/", front.sources, name="sources"),
    path("admin/", admin_site.urls),
    path("accounts/", include(([*signing_in, *accounts.urlpatterns], accounts.app_name))),
    path("who-sees-what/", home.who_sees_what, name="who_sees_what"),
    path("own/", own.own, name="own"),
    path("own/warnings/", warnings.warnings, name="warnings"),
    path("display/", own.display, name="display"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("calendar/end/", calendars.calendar_end, name="calendar_end"),
    path("changes/", changes.changes, name="changes"),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/json/", my_data.my_data_json, name="my_data_json"),
    path("my-data/csv/", my_data.my_data_csv, name="my_data_csv"),
    path("my-data/erase/", my_data.erase_me, name="erase_me"),
    path("my-data/erased/", my_data.erased, name="erased"),
    path("visit/end/", visits.end_visit, name="end_visit"),
    path("visit/ended/", visits.visit_ended, name="visit_ended"),
    path("visit/words/", visits.visit_words, name="visit_words"),
    path("visit/back/", visits.way_back, name="way_back"),
    path("visit/whose/", visits.whose_work, name="whose_work"),
    path("review/", reviews.review, name="review"),
    path("progress/", reviews.own_progress, name="progress"),
    path(MODULE, home.module, name="module"),
    path(f"{MODULE}exam/", exams.exam, name="exam"),
    path(f"{MODULE}go-on/", home.go_on, name="go_on"),
    path(f"{MODULE}end/", ends.end, name="end"),
    path(f"{MODULE}quotes/", home.quotes, name="quotes"),
    path(f"{MODULE}corrections/", front.corrections, name="module_corrections"),
    path(SECTION, home.section, name="section"),
    path(f"{SECTION}go-on/", home.section_go_on, name="section_go_on"),
    path(f"{SECTION}quiz/", home.quiz, name="quiz"),
    path(f"{SECTION}items/files/", bank_files.bank_ways, name="bank_ways"),
    path("banks/<number:bank>/files/", bank_files.own_bank_ways, name="own_bank_ways"),
    path("banks/<number:bank>/files/bank/", bank_files.own_bank_file, name="own_bank_file"),
    path(f"{SECTION}items/files/bank/", bank_files.bank_file, name="bank_file"),
    path("", include("cohorts.urls")),
    path("", include("quizzes.urls")),
    path("", include("lessons.urls")),
)
