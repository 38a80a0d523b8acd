"""My data: all of it in two forms, nothing of anybody else's, and erased at once with what must stay (quality R13)."""

import base64
import csv
import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import models
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Audit, Outbox, User
from accounts.zones import zone
from cohorts.models import AttemptTerms, Certificate, Cohort, Comment, Enrolment, Extension, HandMark, Offer, Role
from cohorts.places import merge
from cohorts.spreadsheets import SIGNS, cell, rows_to_csv
from course import my_data
from course.headings import COLUMNS, TABLES
from lessons.models import Module
from quizzes.models import Attempt, Bank, Item, Recall, Remark, Report, Response
from tests import make
from tests.conftest import browser_of
from tests.quizzes.test_remarking import correct, run, sit

pytestmark = pytest.mark.django_db
ERASE = "/en/my-data/erase/"
LATER = make.NOW + timedelta(days=3)


@pytest.fixture
def section():
    section = make.section(draw=5)
    make.lesson(section)
    for _ in range(5):
        make.item(section)
    return section


@pytest.fixture
def full(awa, bakary, section):
    """Awa, of whom there is a row in every table."""
    make.reading(awa, section.lessons.first())
    attempt = sit(awa, section, *"aaaab")
    correct(attempt.responses.get(position=1).item)
    run(bakary)
    item = section.bank.items.first()
    assert Recall.objects.of(awa).exists()
    Report.objects.create(reporter=awa, item=item, reason="=cmd|calc", answer="Mended.", made_at=make.NOW)
    awa.may_teach_at = make.NOW
    awa.save(update_fields=["may_teach_at"])
    bank = make.bank(awa, "Awa’s own")
    make.own_quiz(awa, [make.own_item_with_picture(bank)[0]], [(bank, 1)])
    make.upload(bank)
    make.module(owner=awa)
    cohort = make.cohort(bakary, [awa])
    cohort.banks.add(bank)
    place = cohort.enrolments.get(user=awa)
    place.roster_name = "A. Traoré"
    place.save()
    work = make.assignment(cohort, section.module)
    AttemptTerms.objects.create(attempt=attempt, assignment=work)
    Extension.objects.create(assignment=work, enrolment=place, reason="Ill in May", made_by=bakary)
    HandMark.objects.create(
        assignment=work,
        enrolment=place,
        section=section,
        score="0.9",
        reason="Said it well",
        made_by=bakary,
        made_at=LATER,
    )
    Comment.objects.create(enrolment=place, section=section, text="Well read.", made_by=bakary, made_at=LATER)
    Certificate.objects.create(
        user=awa, module=section.module, document={"rule": "all"}, public_id="c" * 32, name_shown="Awa",
        as_of=date(2026, 10, 1), checksum="0" * 64, issued_at=LATER,
    )  # fmt: skip
    make.feed(awa, "f" * 43)
    Offer.objects.create(enrolment=place, assignment=work, name="Awa C.", made_by=bakary, made_at=LATER)
    Outbox.objects.create(user=awa, key="1", subject="Due soon", body="Section 1", made_at=make.NOW)
    merge(cohort, [place.pk, make.place(cohort, "Zerbo, M.").pk], bakary, LATER)
    place.change_role(Role.LEAD, bakary, LATER)
    awa.rename("Awa T.", LATER.date())
    awa.rename("Awa", LATER.date())
    browser_of(awa).get("/en/")
    Audit.objects.create(who=awa, what="role", on_what="enrolment 99999: learner to lead", made_at=LATER)
    Audit.objects.create(who=bakary, what="may teach", on_what=f"user {awa.pk}: granted", made_at=LATER)
    return awa


def exported(client):
    return json.loads(client.post("/en/my-data/json/").content)


def unzipped(client, language="en"):
    """{table: rows} of the CSV."""
    response = client.post(f"/{language}/my-data/csv/")
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# What it holds


def keys_to_people():
    """Every foreign key, one-to-one and many-to-many field that points at a person, by model and field."""
    for model in apps.get_models(include_auto_created=True):
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            if isinstance(field, models.ForeignKey | models.ManyToManyField) and field.related_model is User:
                yield f"{model._meta.label}.{field.name}"


def test_every_key_to_a_person_is_exported_or_says_why_not(awa):
    covered = [key for table in my_data.tables_of(awa) for key in table.covers]
    assert len(covered) == len(set(covered))
    assert sorted(keys_to_people()) == sorted([*covered, *my_data.NOT_ONES_OWN])
    assert all(len(reason) > 20 for reason in my_data.NOT_ONES_OWN.values())


def test_every_table_has_its_row(as_awa, full):
    tables = exported(as_awa)
    assert {name for name, rows in tables.items() if not rows} == set()
    assert tables["account"][0]["name"] == "Awa"
    assert tables["reports"][0]["answer"] == "Mended."
    assert tables["extensions"][0]["reason"] == "Ill in May"
    assert tables["hand_marks"][0]["score"] == "0.9000"
    assert tables["remarks"][0]["score_after"] == "0.0000"
    assert [row["what"] for row in tables["audit"]] == ["role", "role", "may teach", "export"]
    assert tables["offers"][0]["name_shown"] == "Awa C."
    assert tables["certificates"][0]["certified"] == {"rule": "all"}


def test_answers_are_in_words_and_authored_ids_stay_here(as_awa, full, section):
    rows = exported(as_awa)["responses"]
    texts = {
        option["text"]["en"] for item in section.bank.items.all() for option in item.current_version.document["options"]
    }
    assert len(rows) == 5
    assert {row["answer"] for row in rows} <= texts
    assert set(rows[0]) == set(next(table.columns for table in my_data.tables_of(full) if table.name == "responses"))


def test_no_hash_and_no_code_leaves(as_awa, full):
    Enrolment.objects.filter(user=full).update(personal_code="PERSONALCODE")
    full.renew_words("en")
    full.refresh_from_db()
    page = as_awa.post("/en/my-data/json/").text
    for secret in (full.password, full.recovery_words, "PERSONALCODE", "password", "recovery"):
        assert secret not in page


def test_an_open_quiz_gives_no_key_away(as_awa, awa, section):
    attempt = make.quiz(awa, section)
    attempt.save_answers({1: "c"}, "en", make.NOW)
    page = as_awa.post("/en/my-data/json/").text
    for item in section.bank.items.all():
        assert item.slug not in page
        assert item.document["explanation"]["en"] not in page
    row = exported(as_awa)["responses"][0]
    assert (row["score"], row["marked_at"]) == (None, None)
    assert row["answer"].startswith("Choice ")


def test_nothing_of_anybody_else_leaves(as_celia, celia, full):
    tables = exported(as_celia)
    assert {name for name, rows in tables.items() if rows} == {"account", "audit"}
    assert "Awa" not in json.dumps(tables)


def test_a_question_in_a_bank_that_its_author_may_not_see_does_not_leave(as_bakary, bakary, danso):
    cohort = make.cohort(bakary)
    make.staff(cohort, danso)
    private, shared, own = make.bank(danso), make.bank(danso, cohort=cohort), make.bank(bakary)
    items = [make.own_item(bank) for bank in (private, shared, own)]
    Item.objects.update(author=bakary)
    make.own_item(shared)
    assert {row["item"] for row in exported(as_bakary)["items"]} == {item.slug for item in items[1:]}


def test_pictures_of_questions_leave_as_files(as_bakary, bakary, danso):
    item, sent = make.own_item_with_picture(make.bank(bakary, "Bridges"))
    make.own_item_with_picture(make.bank(danso))
    name = f"{sent.checksum}.png"
    [row] = exported(as_bakary)["pictures"]
    assert (row["bank"], row["item"], row["picture"]["name"]) == ("Bridges", item.slug, name)
    assert base64.b64decode(row["picture"]["base64"]) == sent.data
    files = unzipped(as_bakary)
    assert files[name] == sent.data
    assert name in files["Pictures of my questions.csv"].decode()


def test_it_costs_the_same_with_more_of_everything(as_awa, full, section, django_assert_max_num_queries):
    for day in range(4):
        make.quiz(full, section, right=2, at=LATER + timedelta(days=day))
        Report.objects.create(reporter=full, claim=make.claim(section), reason="x", made_at=make.NOW)
        make.cohort(make.user(f"Teacher {day}"), [full])
    as_awa.get("/en/")
    for form in ("json", "csv"):
        with django_assert_max_num_queries(35):
            assert as_awa.post(f"/en/my-data/{form}/").status_code == 200
    with django_assert_max_num_queries(2):
        assert as_awa.get("/en/my-data/").status_code == 200


# How it leaves


def test_both_files_are_told_apart_from_pages_and_logged(as_awa, awa):
    for form, kind in (("json", "application/json"), ("csv", "application/zip")):
        response = as_awa.post(f"/en/my-data/{form}/")
        assert response["Content-Type"] == kind
        assert response["Content-Disposition"].startswith("attachment; filename=")
        assert "no-store" in response["Cache-Control"]
    assert [(line.who, line.what, line.on_what) for line in Audit.objects.order_by("pk")] == [
        (awa, "export", "own data, JSON"),
        (awa, "export", "own data, CSV"),
    ]


@pytest.mark.parametrize(
    ("language", "delimiter", "name", "heads"),
    [
        ("en", ",", "Reports.csv", ["About", "Reason", "Answer", "Made at", "Closed at"]),
        ("fr", ";", "Signalements.csv", ["Sujet", "Motif", "Réponse", "Fait le", "Clos le"]),
    ],
)
def test_each_table_is_a_csv_that_a_spreadsheet_opens(as_awa, full, language, delimiter, name, heads):
    files = {file: content for file, content in unzipped(as_awa, language).items() if file.endswith(".csv")}
    assert len(files) == len(exported(as_awa))
    assert all(content.startswith(b"\xef\xbb\xbf") for content in files.values())
    rows = list(csv.reader(io.StringIO(files[name].decode("utf-8-sig")), delimiter=delimiter))
    assert rows[0] == heads
    assert rows[1][1] == "'=cmd|calc"


def test_in_french_a_spreadsheet_says_no_word_of_english_and_tells_the_time_of_awa(as_awa, full):
    User.objects.filter(pk=full.pk).update(time_zone="Africa/Lagos", may_teach_at=make.NOW)
    files = unzipped(as_awa, "fr")
    [account] = csv.DictReader(io.StringIO(files["Compte.csv"].decode("utf-8-sig")), delimiter=";")
    assert account["En mode invité"] == "non"
    assert account["Peut enseigner depuis le"] == make.NOW.astimezone(zone("Africa/Lagos")).strftime(
        "%Y-%m-%d %H:%M:%S"
    )
    [mark] = csv.DictReader(io.StringIO(files["Notes mises à la main.csv"].decode("utf-8-sig")), delimiter=";")
    assert mark["Résultat, de 0 à 1"] == "0,9000"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_table_and_column_has_a_heading_of_its_own(awa, language):
    tables = my_data.tables_of(awa)
    assert {table.name for table in tables} == set(TABLES)
    assert {column for table in tables for column in table.columns} == set(COLUMNS)
    with override(language):
        assert len({str(name) for name in TABLES.values()}) == len(TABLES)
        for table in tables:
            assert len({str(COLUMNS[column]) for column in table.columns}) == len(table.columns), table.name


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1), max_size=5))
def test_rows_come_back_as_they_were_but_for_the_apostrophe(rows):
    for delimiter in ",;":
        text = rows_to_csv(rows, delimiter).decode("utf-8-sig")
        back = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert back == [[cell(each) for each in row] for row in rows]
        assert not any(re.match(rf'[\t\r]|(?:"|[^\S\t\r\n])*[{SIGNS}]', each) for row in back for each in row)


# Erasing


def test_with_the_password_it_is_done_at_once_and_the_session_ends(as_awa, full):
    page = as_awa.post(ERASE, {"password": make.PASSWORD}, follow=True)
    assert page.request["PATH_INFO"] == "/en/my-data/erased/"
    assert not User.objects.filter(pk=full.pk).exists()
    assert not page.wsgi_request.user.is_authenticated
    assert "Awa" not in page.text
    assert as_awa.get("/en/my-data/").status_code == 302


def test_what_was_chosen_and_how_it_was_marked_stays_without_a_name(as_awa, full):
    Response.objects.update(certainty=2)
    kept = list(Response.objects.order_by("pk").values_list("answer", "score", "is_first", "item", "option_order"))
    as_awa.post(ERASE, {"password": make.PASSWORD})
    assert (
        list(Response.objects.order_by("pk").values_list("answer", "score", "is_first", "item", "option_order")) == kept
    )
    assert set(Response.objects.values_list("certainty", flat=True)) == {None}
    assert set(Attempt.objects.values_list("learner", flat=True)) == {None}
    assert Remark.objects.count() == 1
    assert Report.objects.get().reporter is None
    gone = [Recall, Certificate, Offer, Outbox, Extension, HandMark]
    assert [model for model in gone if model.objects.exists()] == []
    assert Bank.objects.get(section=None).owner is None
    assert set(Module.objects.values_list("owner", flat=True)) == {None}


def test_typed_words_go(as_awa, full):
    typed = Response.objects.first()
    make.version(typed.item, kind="short")
    Response.objects.filter(pk=typed.pk).update(shown_version=typed.item.versions.get(kind="short"), answer="My aunt")
    as_awa.post(ERASE, {"password": make.PASSWORD})
    typed.refresh_from_db()
    assert typed.answer is None


def test_it_is_logged_without_a_name_and_older_lines_lose_theirs(as_awa, full):
    as_awa.post(ERASE, {"password": make.PASSWORD})
    lines = list(Audit.objects.order_by("pk"))
    last = lines[-1]
    assert (last.who, last.what, last.on_what) == (None, "erased", "a person")
    assert full.pk not in {line.who_id for line in lines}
    assert not any("Awa" in line.on_what for line in lines)


@pytest.mark.parametrize("posted", [{}, {"password": ""}, {"password": "not it"}, {"sure": "on"}])
def test_without_the_password_nothing_is_erased(as_awa, awa, posted):
    page = as_awa.post(ERASE, posted)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert User.objects.filter(pk=awa.pk).exists()


def test_passwords_cannot_be_guessed_here_either(as_awa, awa):
    codes = [as_awa.post(ERASE, {"password": f"guess {number}"}).status_code for number in range(11)]
    assert codes == [422] * 10 + [429]
    assert as_awa.post(ERASE, {"password": make.PASSWORD}).status_code == 429
    assert User.objects.filter(pk=awa.pk).exists()


def test_a_guest_confirms_with_a_box(as_guest, guest, section):
    sit(guest, section, *"aaaaa")
    assert "password" not in as_guest.get(ERASE).text.split("<form method")[-1]
    assert as_guest.post(ERASE, {}).status_code == 422
    assert as_guest.post(ERASE, {"sure": "on"}).status_code == 302
    assert not User.objects.filter(is_guest=True).exists()
    assert Audit.objects.get().on_what == "a guest"
    assert Attempt.objects.get().learner is None


@pytest.mark.parametrize("staff", ["nobody", "lead", "roster"])
def test_the_last_instructor_of_learners_is_told_what_to_do(as_bakary, bakary, awa, danso, staff):
    cohort = make.cohort(bakary, [] if staff == "roster" else [awa])
    if staff == "lead":
        make.staff(cohort, danso, Role.LEAD)
    if staff == "roster":
        cohort.enrolments.create(role=Role.LEARNER, roster_name="Efua")
    page = as_bakary.post(ERASE, {"password": make.PASSWORD})
    assert page.status_code == 409
    assert f"/en/cohorts/{cohort.pk}/members/" in page.text
    assert "Make somebody else an instructor" in page.text
    assert User.objects.filter(pk=bakary.pk).exists()
    assert not Audit.objects.exists()


@pytest.mark.parametrize("case", ["another instructor", "no learners", "archived", "left"])
def test_an_instructor_whom_nobody_needs_is_erased(as_bakary, bakary, awa, danso, case):
    cohort = make.cohort(bakary, [] if case == "no learners" else [awa])
    if case == "another instructor":
        make.staff(cohort, danso)
    if case == "archived":
        Cohort.objects.update(archived_at=make.NOW)
    if case == "left":
        make.staff(cohort, danso)
        cohort.enrolments.filter(user=bakary).update(left_at=make.NOW)
    assert as_bakary.post(ERASE, {"password": make.PASSWORD}).status_code == 302
    assert not User.objects.filter(pk=bakary.pk).exists()


def test_a_cohort_in_which_nobody_is_left_is_closed(as_bakary, bakary):
    cohort = make.cohort(bakary)
    as_bakary.post(ERASE, {"password": make.PASSWORD})
    cohort.refresh_from_db()
    assert (cohort.join_code, cohort.archived_at is None) == (None, False)


def test_a_wrong_try_that_is_blocked_costs_nothing(as_bakary, bakary, awa):
    make.cohort(bakary, [awa])
    for _ in range(12):
        assert as_bakary.post(ERASE, {"password": make.PASSWORD}).status_code == 409


def test_the_way_there_stands_in_the_settings_and_on_the_page_of_who_sees_what(as_awa, as_guest):
    for address in ("/en/accounts/settings/", "/en/who-sees-what/"):
        assert 'href="/en/my-data/"' in as_awa.get(address).text
        assert 'href="/en/my-data/"' in as_guest.get(address).text


def test_goodbye_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/en/my-data/erased/").status_code == 200
