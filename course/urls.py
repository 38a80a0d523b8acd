"""Every address of the site: pages under their language, and two for machines without one (design 7)."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, register_converter
from django.urls.converters import SlugConverter

from accounts import urls as accounts
from course import certificate_views as certificates
from course import changes_views as changes
from course import cohort_views as cohorts
from course import errors, health, lead_views, roster_views, views
from course import exam_views as exams
from course import marks_views as marks
from course import my_data_views as my_data
from course import note_views as notes
from course import preview_views as previews
from course import review_views as memory
from course.admin import desk
from course.signing_in import SignInView
from lessons import views as lessons
from lessons.content import RESERVED_SLUGS
from quizzes import before
from quizzes import report_views as reports
from quizzes import review_views as reviews
from quizzes import views as quizzes


class ContentSlug(SlugConverter):
    """The slug of a section or lesson: never a word that is another page's address."""

    def to_python(self, value):
        if value in RESERVED_SLUGS:
            raise ValueError
        return value


register_converter(ContentSlug, "content")
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

section = "modules/<slug:module>/<content:section>/"
cohort = "cohorts/<int:cohort>/"
assignment = f"{cohort}assignments/<int:assignment>/"
place = f"{assignment}learners/<int:enrolment>/"
signing_in = path("sign-in/", SignInView.as_view(), name="sign_in")
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path("admin/", desk.urls),
    path("accounts/", include(([signing_in, *accounts.urlpatterns], accounts.app_name))),
    path("who-sees-what/", views.who_sees_what, name="who_sees_what"),
    path("changes/", changes.changes, name="changes"),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/json/", my_data.my_data_json, name="my_data_json"),
    path("my-data/csv/", my_data.my_data_csv, name="my_data_csv"),
    path("my-data/erase/", my_data.erase_me, name="erase_me"),
    path("my-data/erased/", my_data.erased, name="erased"),
    path("modules/<slug:module>/", views.module, name="module"),
    path("modules/<slug:module>/claims/", lessons.claims, name="claims"),
    path("modules/<slug:module>/search/", lessons.search, name="search"),
    path("modules/<slug:module>/glossary/", lessons.glossary, name="glossary"),
    path("modules/<slug:module>/timeline/", lessons.timeline, name="timeline"),
    path("modules/<slug:module>/map/", lessons.map, name="map"),
    path("modules/<slug:module>/recall/", memory.recall, name="recall"),
    path("modules/<slug:module>/claims/<slug:key>/", lessons.claim, name="claim"),
    path("modules/<slug:module>/exam/", exams.exam, name="exam"),
    path(section, views.section, name="section"),
    path("modules/<slug:module>/claims/<slug:key>/report/", reports.report_claim, name="report_claim"),
    path(f"{section}items/<slug:item>/report/", reports.report_item, name="report_item"),
    path(f"{section}<content:lesson>/report/", reports.report_lesson, name="report_lesson"),
    path("reports/", reports.reports, name="reports"),
    path(f"{section}before/", before.before, name="before"),
    path(f"{section}sheet/", lessons.sheet, name="sheet"),
    path(f"{section}quiz/", views.quiz, name="quiz"),
    path(f"{section}items/", previews.items, name="items"),
    path(f"{section}items/paper/", previews.items_paper, name="items_paper"),
    path(f"{section}items/<slug:item>/", previews.item, name="item"),
    path(f"{section}<content:lesson>/", lessons.lesson, name="lesson"),
    path(f"{section}<content:lesson>/read/", lessons.read, name="read"),
    path(f"{section}<content:lesson>/checks/<slug:item>/", quizzes.check, name="check"),
    path("review/", memory.review, name="review"),
    path("progress/", memory.own_progress, name="progress"),
    path("preview/", previews.preview, name="preview"),
    path("attempts/<int:pk>/", quizzes.attempt, name="attempt"),
    path("attempts/<int:pk>/retry/", reviews.retry, name="retry"),
    path("join/", cohorts.join, name="join"),
    path("join/<slug:code>/", cohorts.join_cohort, name="join_cohort"),
    path("cohorts/", cohorts.cohorts, name="cohorts"),
    path("cohorts/new/", cohorts.cohort_new, name="cohort_new"),
    path("cohorts/overview/", lead_views.overview, name="overview"),
    path(cohort, cohorts.cohort, name="cohort"),
    path(f"{cohort}edit/", cohorts.cohort_edit, name="cohort_edit"),
    path(f"{cohort}code/", cohorts.cohort_code, name="cohort_code"),
    path(f"{cohort}copy/", lead_views.cohort_copy, name="cohort_copy"),
    path(f"{cohort}archive/", lead_views.cohort_archive, name="cohort_archive"),
    path(f"{cohort}leave/", cohorts.cohort_leave, name="cohort_leave"),
    path(f"{cohort}board/", cohorts.board, name="board"),
    path(f"{cohort}members/", cohorts.cohort_members, name="cohort_members"),
    path(f"{cohort}members/<int:enrolment>/", cohorts.cohort_member, name="cohort_member"),
    path(f"{cohort}roster/", roster_views.roster, name="roster"),
    path(f"{cohort}slips/", roster_views.slips, name="slips"),
    path(f"{cohort}merge/", roster_views.merge, name="merge"),
    path(f"{cohort}places/<int:enrolment>/", roster_views.place, name="place"),
    path(f"{cohort}places/<int:enrolment>/remove/", roster_views.place_remove, name="place_remove"),
    path(f"{cohort}assignments/new/", cohorts.assignment_new, name="assignment_new"),
    path(f"{cohort}assignments/<int:assignment>/", cohorts.assignment, name="assignment"),
    path(f"{cohort}assignments/<int:assignment>/delete/", cohorts.assignment_delete, name="assignment_delete"),
    path(f"{cohort}learners/<int:enrolment>/", marks.learner, name="cohort_learner"),
    path(f"{cohort}attempts/<int:attempt>/", marks.attempt, name="cohort_attempt"),
    path(f"{assignment}marks/", marks.sheet, name="marks"),
    path(f"{assignment}marks/csv/", marks.marks_csv, name="marks_csv"),
    path(f"{assignment}done/csv/", marks.done_csv, name="done_csv"),
    path(f"{place}extension/", marks.extension, name="extension"),
    path(f"{place}sections/<int:section_id>/mark/", marks.hand_mark, name="hand_mark"),
    path(f"{cohort}notes/", notes.notes, name="notes"),
    path(f"{cohort}notes/<int:section_id>/", notes.note, name="note"),
    path(f"{assignment}certificate/", certificates.cohort_certificate, name="cohort_certificate"),
    path(f"{assignment}certificates/", certificates.cohort_certificates, name="cohort_certificates"),
    path(f"{assignment}certificates/print/", certificates.cohort_certificates_print, name="cohort_certificates_print"),
    path(f"{cohort}certificates/<int:certificate>/revoke/", certificates.certificate_revoke, name="certificate_revoke"),
    path("certificates/", certificates.certificates_of, name="certificates"),
    path("certificates/new/<slug:module>/", certificates.certificate_new, name="certificate_new"),
    path("certificates/<slug:public_id>/", certificates.certificate, name="certificate"),
    path("certificates/<slug:public_id>/print/", certificates.certificate_print, name="certificate_print"),
    path("certificates/<slug:public_id>/withdraw/", certificates.certificate_withdraw, name="certificate_withdraw"),
)
