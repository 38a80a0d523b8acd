"""Django's admin: for staff alone, content read-only, people erased as they erase themselves, all of it logged."""

import itertools
import re
from datetime import date
from html import unescape

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Audit, FormerName, SecurityEvent, SignIn, User
from course.admin import admin_site
from lessons.models import Module
from quizzes.models import Attempt, Report
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
PEOPLE = "/en/admin/accounts/user/"
REPORTS = "/en/admin/quizzes/report/"
COHORTS = "/en/admin/cohorts/cohort/"
LOG = "/en/admin/accounts/audit/"
CONTENT = ["lessons.Module", "lessons.Section", "lessons.Lesson", "lessons.Claim", "quizzes.Item"]


@pytest.fixture
def editor(db):
    return make.user("Ely", is_staff=True)


@pytest.fixture
def as_editor(editor):
    return browser_of(editor)


@pytest.fixture
def section():
    section = make.section(make.module("mali"))
    make.lesson(section)
    make.item(section)
    make.claim(section)
    return section


def addresses(row=None):
    """The list of every table of the admin; with `row`, a function of the model, also its own page."""
    for model in admin_site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        if row:
            yield reverse(f"{name}_change", args=[row(model)])


def act(client, people, action):
    fields = {"action": action, "_selected_action": [person.pk for person in people]}
    return client.post(PEOPLE, fields, follow=True)


# Who gets in


@pytest.mark.parametrize("who", ["guest", "awa", "bakary"])
def test_to_everybody_but_staff_it_is_not_there(request, who, section):
    client = browser_of(request.getfixturevalue(who))
    for address in ["/en/admin/", "/en/admin/login/", "/en/admin/nowhere/", *addresses(lambda model: 1)]:
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404
    closed, nowhere = client.get("/en/admin/"), client.get("/en/nowhere/")
    assert closed.text == nowhere.text
    assert closed.headers == nowhere.headers


def test_a_visitor_is_sent_to_the_sites_own_sign_in(client):
    page = client.get(REPORTS, follow=True)
    assert page.redirect_chain[-1][0] == f"/en/accounts/sign-in/?next={REPORTS}"


def test_no_page_of_djangos_own_signs_out_or_changes_a_password():
    names = {
        pattern.name for pattern in admin_site.get_urls() if hasattr(pattern, "pattern") and hasattr(pattern, "name")
    }
    assert not names & {"logout", "password_change", "password_change_done", "autocomplete", "view_on_site"}
    assert "index" in names


@pytest.mark.parametrize("language", ["en", "fr"])
def test_staff_find_every_table_and_titles_tell_nothing(as_editor, editor, section, language):
    Report.objects.create(reporter=editor, claim=section.claims.get(), reason="x", made_at=make.NOW)
    make.cohort(editor)
    Audit.record(editor, "report", "report 1: closed", make.NOW)
    for address in ["/en/admin/", *addresses(lambda model: model.objects.first().pk)]:
        page = as_editor.get(address.replace("/en/", f"/{language}/"))
        assert page.status_code == 200, address
        [title] = re.findall(r"<title>(.*?)</title>", page.text, re.S)
        assert not re.search(r"mali|russi|ely|M\d", title, re.I), title
        assert " style=" not in page.text
        assert "<script>" not in page.text
        assert "no-store" in page["Cache-Control"]


def test_lists_cost_the_same_with_more_rows(as_editor, django_assert_max_num_queries):
    for number in range(12):
        section = make.section()
        lesson, claim, item = make.lesson(section), make.claim(section), make.item(section)
        about = [{"lesson": lesson}, {"claim": claim}, {"item": item}][number % 3]
        Report.objects.create(reporter=make.user(f"P{number}"), reason="x", made_at=make.NOW, **about)
    as_editor.get("/en/")
    for address in addresses():
        with django_assert_max_num_queries(12):
            assert as_editor.get(address).status_code == 200


# People


def test_no_hash_is_shown(as_editor, awa):
    awa.renew_words("en")
    awa.refresh_from_db()
    for address in (PEOPLE, f"{PEOPLE}{awa.pk}/change/"):
        page = as_editor.get(address).text
        assert awa.password not in page
        assert awa.recovery_words not in page


@pytest.mark.parametrize("row", ["x", "", "1.5", "²", "-", "9" * 5000, "9" * 20])
def test_a_selection_that_can_be_no_person_leads_nowhere(as_editor, awa, row):
    for action in ("let_teach", "end_sessions"):
        fields = {"action": action, "_selected_action": [awa.pk, row]}
        assert as_editor.post(PEOPLE, fields).status_code == 404
    awa.refresh_from_db()
    assert awa.may_teach_at is None


def test_the_grant_to_teach_is_given_taken_back_and_logged(as_editor, editor, awa, celia):
    page = act(as_editor, [awa, celia], "let_teach")
    assert "Changed for 2 people." in page.text
    awa.refresh_from_db()
    assert awa.may_teach_at is not None
    act(as_editor, [awa], "let_teach")
    act(as_editor, [awa], "stop_teaching")
    awa.refresh_from_db()
    assert awa.may_teach_at is None
    lines = [(line.who, line.what, line.on_what) for line in Audit.objects.order_by("pk")]
    granted = {(editor, "may teach", f"user {each.pk}: granted") for each in (awa, celia)}
    assert set(lines[:2]) == granted
    assert lines[2:] == [(editor, "may teach", f"user {awa.pk}: taken back")]


def test_people_are_signed_out_everywhere_told_so_and_it_is_logged(as_editor, editor, awa, celia, guest):
    browsers = {person: [browser_of(person), browser_of(person)] for person in (awa, celia, guest)}
    for each in itertools.chain(*browsers.values()):
        each.get("/en/")
    page = act(as_editor, [awa, guest, editor], "end_sessions")
    assert "Signed out: 2 people." in page.text
    signed_in = {
        person: [each.get("/en/").wsgi_request.user.is_authenticated for each in own]
        for person, own in browsers.items()
    }
    assert signed_in == {awa: [False] * 2, celia: [True] * 2, guest: [False] * 2}
    assert [event.what for event in SecurityEvent.objects.filter(user=awa)] == ["ended"]
    assert {line.on_what for line in Audit.objects.filter(who=editor, what="sessions")} == {
        f"user {awa.pk}: ended",
        f"user {guest.pk}: ended",
    }
    assert as_editor.get("/en/admin/").status_code == 200


def test_neither_sign_ins_nor_events_are_in_the_admin():
    assert not {SignIn, SecurityEvent, FormerName} & set(admin_site._registry)


def test_a_guest_is_not_let_teach(as_editor, guest):
    assert "Changed for 0 people." in act(as_editor, [guest], "let_teach").text
    assert not Audit.objects.exists()


def test_nothing_of_a_person_is_edited_and_nobody_is_made(as_editor, awa):
    page = as_editor.post(f"{PEOPLE}{awa.pk}/change/", {"name": "Other", "is_staff": "on"})
    assert page.status_code == 403
    assert as_editor.post(f"{PEOPLE}add/", {"name": "New"}).status_code == 403
    awa.refresh_from_db()
    assert (awa.name, awa.is_staff, User.objects.count()) == ("Awa", False, 2)


def test_a_page_of_a_person_says_days_in_the_readers_language_and_a_dash_where_there_is_none(as_editor, awa):
    User.objects.filter(pk=awa.pk).update(last_seen_on=date(2026, 3, 1))
    page = as_editor.get(f"{PEOPLE}{awa.pk}/change/".replace("/en/", "/fr/")).text
    assert "1 mars 2026" in page
    assert "None" not in page
    assert page.count('<div class="readonly">–</div>') == 2, "may teach, second step"


def test_many_cannot_be_deleted_at_once(as_editor, awa, celia):
    assert "delete_selected" not in as_editor.get(PEOPLE).text
    act(as_editor, [awa, celia], "delete_selected")
    assert User.objects.count() == 3


def test_a_person_is_erased_as_they_erase_themselves(as_editor, editor, awa):
    section = make.case_study().sections.get()
    quiz = make.quiz(awa, section, right=3)
    quiz.responses.update(certainty=2)
    address = f"{PEOPLE}{awa.pk}/delete/"
    page = as_editor.get(address)
    assert "Erase “Awa” at once?" in page.text
    assert User.objects.filter(pk=awa.pk).exists()
    as_editor.post(address, {"post": "yes"})
    assert not User.objects.filter(pk=awa.pk).exists()
    assert Attempt.objects.get().learner is None
    assert set(quiz.responses.values_list("certainty", flat=True)) == {None}
    line = Audit.objects.get()
    assert (line.who, line.what, line.on_what) == (editor, "erased", "a person")


def test_the_last_instructor_of_learners_is_not_erased(as_editor, bakary, awa):
    make.cohort(bakary, [awa])
    page = as_editor.post(f"{PEOPLE}{bakary.pk}/delete/", {"post": "yes"}, follow=True)
    assert "these cohorts would be left without an instructor: Autumn" in page.text
    assert User.objects.filter(pk=bakary.pk).exists()


@pytest.mark.parametrize(
    ("role", "names"),
    [("teaches", ["Bakary"]), ("edits", ["Ely"]), ("guest", ["guest"]), ("learns", ["Awa"]), ("x", None)],
)
def test_people_are_filtered_by_what_they_are(as_editor, awa, bakary, guest, role, names):
    found = [user.name.split("-")[0] for user in as_editor.get(f"{PEOPLE}?role={role}").context["cl"].result_list]
    assert found == (names or ["Awa", "Bakary", "Ely", "guest"])


def test_the_admin_is_in_french_too(as_editor, awa):
    page = as_editor.get(f"/fr/admin/accounts/user/{awa.pk}/change/").text.lower()
    for words in ("mode invité", "peut enseigner depuis", "fuseau horaire", "se déconnecter"):
        assert words in page


# Reports


@pytest.fixture
def report(awa, section):
    return Report.objects.create(reporter=awa, claim=section.claims.get(), reason="Wrong date", made_at=make.NOW)


def answer(client, report, **fields):
    return client.post(f"{REPORTS}{report.pk}/change/", fields)


def test_an_answer_over_a_newer_one_does_not_overwrite_and_is_not_lost(as_editor, report):
    def basis(page):
        return re.search(r'name="basis" value="([^"]+)"', page.text)[1]

    old = basis(as_editor.get(f"{REPORTS}{report.pk}/change/"))
    answer(as_editor, report, answer="It was 1913: mended.", closed="on")
    page = answer(as_editor, report, answer="It is right.", basis=old)
    assert page.status_code == 200
    for text in ("while you had this page open", "It was 1913: mended.", "It is right."):
        assert text in page.text
    report.refresh_from_db()
    assert (report.answer, report.closed_at is None) == ("It was 1913: mended.", False)
    page = answer(as_editor, report, answer="", basis=old)
    report.refresh_from_db()
    assert (report.answer, report.closed_at is None) == ("It was 1913: mended.", False)
    assert answer(as_editor, report, answer="It is right.", closed="on", basis=basis(page)).status_code == 302
    report.refresh_from_db()
    assert report.answer == "It is right."


def test_an_answer_is_kept_logged_and_told(as_editor, editor, as_awa, report):
    assert answer(as_editor, report, answer="It was 1913: mended.").status_code == 302
    report.refresh_from_db()
    assert (report.answer, report.closed_at) == ("It was 1913: mended.", None)
    assert "It was 1913: mended." in as_awa.get("/en/reports/").text
    answer(as_editor, report, answer=report.answer, closed="on")
    report.refresh_from_db()
    closed_at = report.closed_at
    assert closed_at is not None
    answer(as_editor, report, answer="Once more.", closed="on")
    report.refresh_from_db()
    assert report.closed_at == closed_at
    answer(as_editor, report, answer="Once more.")
    report.refresh_from_db()
    assert report.closed_at is None
    assert [line.on_what for line in Audit.objects.filter(who=editor, what="report").order_by("pk")] == [
        f"report {report.pk}: {done}" for done in ("answered", "closed", "closed", "answered")
    ]


def test_open_reports_come_first_the_oldest_of_them_on_top(as_editor, section, report):
    claim = section.claims.get()
    Report.objects.create(claim=claim, reason="Closed one", made_at="2026-10-01T00:00Z", closed_at=make.NOW)
    Report.objects.create(claim=claim, reason="Older one", made_at="2026-10-02T00:00Z")
    page = as_editor.get(REPORTS).text
    assert page.index("Older one") < page.index("Wrong date") < page.index("Closed one")
    assert "Closed one" not in as_editor.get(f"{REPORTS}?state=open").text
    assert "Older one" not in as_editor.get(f"{REPORTS}?state=closed").text


def test_what_was_reported_is_not_changed_and_its_sender_is_a_name_here_only(as_editor, awa, guest, report):
    awa.email = "awa@example.org"
    awa.save()
    answer(as_editor, report, answer="So.", reason="Other words", reporter=guest.pk)
    report.refresh_from_db()
    assert (report.reason, report.reporter) == ("Wrong date", awa)
    page = as_editor.get(f"{REPORTS}{report.pk}/change/").text
    assert "Awa" in page
    assert "awa@example.org" not in page
    for reporter, name in ((guest, f"Guest {guest.name[-4:]}"), (None, "–")):
        Report.objects.update(reporter=reporter)
        assert name in as_editor.get(f"{REPORTS}{report.pk}/change/").text
        assert guest.name not in as_editor.get(f"{REPORTS}{report.pk}/change/").text


def test_a_report_is_neither_made_nor_deleted_here(as_editor, report):
    assert as_editor.get(f"{REPORTS}add/").status_code == 403
    assert as_editor.post(f"{REPORTS}{report.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Report.objects.exists()


# Cohorts


@pytest.fixture
def cohort(bakary, awa, guest):
    row = make.cohort(bakary, [awa, guest], name="Monday group")
    row.enrolments.filter(user=awa).update(roster_name="Coulibaly Sira")
    return row


def put_in(client, cohort, name):
    return client.post(f"{COHORTS}{cohort.pk}/change/", {"instructor": name}, follow=True)


def test_an_editor_sees_whose_a_cohort_is_and_neither_code_nor_roster(as_editor, cohort):
    for address in (COHORTS, f"{COHORTS}{cohort.pk}/change/"):
        page = as_editor.get(address).text
        assert "Monday group" in page
        assert "Bakary" in page
        for hidden in ("Awa", "Coulibaly", cohort.join_code, cohort.grouped_code):
            assert hidden not in page
    assert as_editor.get(COHORTS).context["cl"].result_list[0].learners == 2


def test_a_cohort_whose_instructor_lost_the_account_gets_another(as_editor, editor, celia, cohort):
    page = put_in(as_editor, cohort, " CELIA ")
    assert "Celia is an instructor of “Monday group” now." in unescape(page.text)
    row = cohort.enrolments.get(user=celia)
    assert (row.role, row.left_at) == ("instructor", None)
    assert browser_of(celia).get(f"/en/cohorts/{cohort.pk}/board/").status_code == 200
    line = Audit.objects.get(what="role")
    assert (line.who, line.on_what) == (editor, f"enrolment {row.pk}: learner to instructor")


@pytest.mark.parametrize("name", ["Nobody", "guest", "x" * 5000])
def test_a_name_that_is_no_account_is_refused_and_nobody_is_let_in(as_editor, guest, cohort, name):
    page = put_in(as_editor, cohort, guest.name if name == "guest" else name)
    assert page.context["errors"]
    assert cohort.enrolments.filter(role="instructor").count() == 1
    assert not Audit.objects.exists()


def test_saving_a_cohort_without_a_name_changes_nothing(as_editor, cohort):
    as_editor.post(f"{COHORTS}{cohort.pk}/change/", {"name": "Other", "join_code": "x", "instructor": ""})
    before = cohort.name, cohort.join_code, cohort.enrolments.count()
    cohort.refresh_from_db()
    assert (cohort.name, cohort.join_code, cohort.enrolments.count()) == before
    assert not Audit.objects.exists()


def test_cohorts_are_filtered_by_the_archive_and_sought_by_their_staff(as_editor, bakary, danso, cohort):
    make.cohort(danso, name="Onboarding").archive(make.NOW)

    def shown(query):
        return [row.name for row in as_editor.get(f"{COHORTS}?{query}").context["cl"].result_list]

    assert shown("state=runs") == ["Monday group"]
    assert shown("state=archived") == ["Onboarding"]
    assert shown("state=x") == shown("") == ["Monday group", "Onboarding"]
    assert shown("q=danso") == ["Onboarding"]


# The log


def test_an_editor_reads_who_did_what_the_latest_first(as_editor, editor, bakary, awa):
    act(as_editor, [awa], "let_teach")
    Audit.record(bakary, "export", "assignment 4: marks, 12 rows", make.NOW)
    Audit.record(None, "erased", "a person", make.NOW)
    page = as_editor.get(LOG)
    lines = [(row.what, row.on_what) for row in page.context["cl"].result_list]
    assert lines[0] == ("may teach", f"user {awa.pk}: granted")
    assert lines[1:] == [("erased", "a person"), ("export", "assignment 4: marks, 12 rows")]
    of_exports = as_editor.get(f"{LOG}?what=export").context["cl"].result_list
    assert [row.what for row in of_exports] == ["export"]
    for sought in ("bakary", "assignment+4"):
        assert [row.what for row in as_editor.get(f"{LOG}?q={sought}").context["cl"].result_list] == ["export"]


@pytest.mark.parametrize(
    ("language", "titles"), [("en", ["By what was done", "By when"]), ("fr", ["Par ce qui a été fait", "Par quand"])]
)
def test_the_log_leads_to_whom_and_speaks_the_readers_language(as_editor, editor, awa, cohort, language, titles):
    Audit.record(editor, "help back in", f"user {awa.pk}: link made, <b>came</b>", make.NOW)
    Audit.record(editor, "more time", f"cohort {cohort.pk}", make.NOW)
    Audit.record(editor, "erased", "a person", make.NOW)
    page = as_editor.get(LOG.replace("/en/", f"/{language}/")).text
    people, cohorts = (f"/{language}/admin/{table}" for table in ("accounts/user", "cohorts/cohort"))
    awas = f'<a href="{people}/{awa.pk}/change/">user {awa.pk}: link made, &lt;b&gt;came&lt;/b&gt;</a>'
    assert awas in page
    assert f'<a href="{cohorts}/{cohort.pk}/change/">cohort {cohort.pk}</a>' in page
    assert "a person" in page
    assert [" ".join(words.split()) for words in re.findall(r"<summary>(.*?)</summary>", page, re.S)] == titles
    assert "on what" not in page.lower()


def test_the_log_is_only_read(as_editor, editor):
    line = Audit.record(editor, "export", "assignment 4", make.NOW)
    assert as_editor.post(f"{LOG}{line.pk}/change/", {"what": "x"}).status_code == 403
    assert as_editor.post(f"{LOG}{line.pk}/delete/", {"post": "yes"}).status_code == 403
    assert as_editor.get(f"{LOG}add/").status_code == 403
    assert Audit.objects.get().what == "export"


# Content


@pytest.mark.parametrize("label", CONTENT)
def test_content_is_read_only(as_editor, section, label):
    model = apps.get_model(label)
    row = model.objects.first()
    own = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    with CaptureQueriesContext(connection) as queries:
        codes = [as_editor.get(f"{own}add/").status_code, as_editor.post(f"{own}add/", {}).status_code]
        codes += [
            as_editor.post(f"{own}{row.pk}/{verb}/", {"post": "yes", "slug": "x"}).status_code
            for verb in ("change", "delete")
        ]
    assert codes == [403] * 4
    written = [each["sql"] for each in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", each["sql"])]
    assert [sql for sql in written if "last_seen_on" not in sql and "session" not in sql] == []
    assert "<textarea" not in as_editor.get(f"{own}{row.pk}/change/").text


@pytest.mark.parametrize("path", ["", "{}/change/"], ids=["list", "page"])
def test_a_module_shows_who_may_see_it_and_the_name_of_its_owner(as_editor, bakary, guest, path):
    bakary.email = "bakary@example.org"
    bakary.save()
    module = make.module("mali", visibility="cohorts", owner=bakary)
    address = "/en/admin/lessons/module/" + path.format(module.pk)
    page = as_editor.get(address).text
    assert "Cohorts" in page
    assert "Bakary" in page
    assert bakary.email not in page
    for owner, name in ((guest, f"Guest {guest.name[-4:]}"), (None, "–")):
        Module.objects.update(owner=owner)
        page = as_editor.get(address).text
        assert f">{name}<" in page
        assert guest.name not in page
        assert "Bakary" not in page


def test_an_item_shows_every_version_the_latest_first(as_editor, section):
    item = section.bank.items.get()
    make.version(item, stem=make.text("A second stem?"))
    page = as_editor.get(f"/en/admin/quizzes/item/{item.pk}/change/").text
    assert "A second stem?" in page
    first = item.versions.get(number=1).document["stem"]["en"]
    assert page.index("A second stem?") < page.index(first)


def test_all_tables_are_known_here(as_editor):
    shown = {f"{model._meta.app_label}.{model.__name__}" for model in admin_site._registry}
    assert shown == {"accounts.User", "accounts.Audit", "cohorts.Cohort", "quizzes.Report", *CONTENT}


def test_djangos_own_log_is_never_written(as_editor, awa, report):
    act(as_editor, [awa], "let_teach")
    answer(as_editor, report, answer="So.")
    as_editor.post(f"{PEOPLE}{awa.pk}/delete/", {"post": "yes"})
    assert not LogEntry.objects.exists()
    assert as_editor.get(f"{REPORTS}{report.pk}/history/").status_code == 404
