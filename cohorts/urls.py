"""Addresses of cohorts, of joining them, and of certificates."""

from django.urls import path

from accounts import addresses  # noqa: F401 # the converters
from cohorts.views import certificates, cohorts, exams, lead, marks, notes, roster, roster_import

app_name = "cohorts"
COHORT = "cohorts/<number:cohort_id>/"
ASSIGNMENT = f"{COHORT}assignments/<number:assignment>/"
LEARNER = f"{ASSIGNMENT}learners/<number:enrolment>/"
CERTIFICATE = "certificates/<word:public_id>/"
urlpatterns = [
    path("join/", cohorts.join, name="join"),
    path("join/cohort/", cohorts.join_cohort, name="join_cohort"),
    path("join/<word:code>/", cohorts.join_by_link, name="join_by_link"),
    path("join/<pasted:pasted>", cohorts.join_pasted, name="join_pasted"),
    path("cohorts/", cohorts.cohorts, name="cohorts"),
    path("cohorts/new/", cohorts.cohort_new, name="cohort_new"),
    path("cohorts/overview/", lead.overview, name="overview"),
    path(COHORT, cohorts.cohort, name="cohort"),
    path(f"{COHORT}edit/", cohorts.cohort_edit, name="cohort_edit"),
    path(f"{COHORT}code/", cohorts.cohort_code, name="cohort_code"),
    path(f"{COHORT}copy/", lead.cohort_copy, name="cohort_copy"),
    path(f"{COHORT}archive/", lead.cohort_archive, name="cohort_archive"),
    path(f"{COHORT}leave/", cohorts.cohort_leave, name="cohort_leave"),
    path(f"{COHORT}board/", cohorts.board, name="board"),
    path(f"{COHORT}members/", cohorts.cohort_members, name="cohort_members"),
    path(f"{COHORT}members/<number:enrolment>/", cohorts.cohort_member, name="cohort_member"),
    path(f"{COHORT}roster/", roster_import.roster, name="roster"),
    path(f"{COHORT}slips/", roster.slips, name="slips"),
    path(f"{COHORT}merge/", roster.merge, name="merge"),
    path(f"{COHORT}places/<number:enrolment>/", roster.place, name="place"),
    path(f"{COHORT}places/<number:enrolment>/remove/", roster.place_remove, name="place_remove"),
    path(f"{COHORT}learners/<number:enrolment>/", marks.learner, name="learner"),
    path(f"{COHORT}attempts/<number:attempt>/", marks.attempt, name="attempt"),
    path(f"{COHORT}exams/", exams.running, name="running"),
    path("attempts/<number:pk>/give-up/", exams.give_up, name="give_up"),
    path(f"{COHORT}notes/", notes.notes, name="notes"),
    path(f"{COHORT}notes/<number:section_id>/", notes.note, name="note"),
    path(f"{COHORT}assignments/new/", cohorts.assignment_new, name="assignment_new"),
    path(ASSIGNMENT, cohorts.assignment, name="assignment"),
    path(f"{ASSIGNMENT}delete/", cohorts.assignment_delete, name="assignment_delete"),
    path(f"{ASSIGNMENT}marks/", marks.sheet, name="marks"),
    path(f"{ASSIGNMENT}marks/csv/", marks.marks_csv, name="marks_csv"),
    path(f"{ASSIGNMENT}done/csv/", marks.done_csv, name="done_csv"),
    path(f"{LEARNER}extension/", marks.extension, name="extension"),
    path(f"{LEARNER}sections/<number:section_id>/mark/", marks.hand_mark, name="hand_mark"),
    path(f"{ASSIGNMENT}certificate/", certificates.cohort_certificate, name="cohort_certificate"),
    path(f"{ASSIGNMENT}certificates/", certificates.cohort_certificates, name="cohort_certificates"),
    path(f"{ASSIGNMENT}certificates/print/", certificates.cohort_certificates_print, name="cohort_certificates_print"),
    path(
        f"{COHORT}certificates/<number:certificate>/revoke/", certificates.certificate_revoke, name="certificate_revoke"
    ),
    path("certificates/", certificates.certificates_of, name="certificates"),
    path("certificates/new/<word:module>/", certificates.certificate_new, name="certificate_new"),
    path(CERTIFICATE, certificates.certificate, name="certificate"),
    path(f"{CERTIFICATE}print/", certificates.certificate_print, name="certificate_print"),
    path(f"{CERTIFICATE}withdraw/", certificates.certificate_withdraw, name="certificate_withdraw"),
]
