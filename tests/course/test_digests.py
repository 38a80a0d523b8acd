"""What a mail tells: each thing once, in a person's language and zone, and nothing of the subject."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Outbox, User
from cohorts.models import Extension
from course.digests import make_digests
from quizzes.remarking import notify
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)  # a Wednesday


@pytest.fixture(autouse=True)
def sends_mail(settings):
    settings.SENDS_MAIL, settings.SITE_URL = True, "https://learn.example.org"


@pytest.fixture
def module():
    return make.case_study(sections=4, lessons=1, items=3)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


@pytest.fixture
def cohort(bakary, awa):
    make.reads_mail(awa)
    row = make.cohort(bakary, [awa], name="The Mali class")
    make.joined(awa, NOW - 90 * DAY)
    return row


@pytest.fixture
def set_work(cohort, module):
    def set_work(sections, due_at, **fields):
        return make.assignment(cohort, module, sections, **{"opens_at": NOW - 60 * DAY, "due_at": due_at} | fields)

    return set_work


def digest(at=NOW):
    """What is new in the outbox once the digests of that moment are made: (subject, lines) of each, all sent then."""
    known = set(Outbox.objects.values_list("pk", flat=True))
    make_digests(at)
    mails = list(Outbox.objects.exclude(pk__in=known).order_by("pk"))
    Outbox.objects.filter(sent_at=None).update(sent_at=at)
    return [(mail.subject, [line for line in mail.body.splitlines() if line.startswith("– ")]) for mail in mails]


DUE = "– Section 1 is due on Thursday 5 November, at 18:00."
LATE = "– Section 1 was due on Thursday 5 November, at 18:00."
THURSDAY = datetime(2026, 11, 5, 18, tzinfo=UTC)


def test_what_is_due_within_two_days_is_told_once_and_once_more_when_it_is_late(set_work, sections):
    set_work(sections[:1], THURSDAY)
    assert digest(THURSDAY - 2 * DAY - timedelta(minutes=1)) == []
    assert digest(THURSDAY - 2 * DAY) == [("Something is due", [DUE])]
    assert digest(THURSDAY - DAY) == []
    assert digest(THURSDAY - timedelta(hours=1)) == []
    assert digest(THURSDAY + DAY) == [("Something is due", [LATE])]
    assert digest(THURSDAY + 2 * DAY) == []


def test_what_is_passed_excused_optional_or_not_open_is_not_told(set_work, sections, cohort, awa):
    set_work(sections[:1], THURSDAY)
    make.quiz(awa, sections[0], right=3, at=NOW - DAY)
    excused = set_work(sections[1:2], THURSDAY)
    Extension.objects.create(assignment=excused, enrolment=cohort.enrolments.get(user=awa), is_excused=True)
    set_work(sections[2:3], THURSDAY, is_required=False)
    set_work(sections[3:4], THURSDAY, opens_at=NOW + timedelta(hours=1))
    assert digest() == []


def test_ones_own_date_holds_and_a_date_that_moves_is_told_again(set_work, sections, cohort, awa):
    row = set_work(sections[:1], NOW + DAY)
    assert len(digest()) == 1
    later = Extension.objects.create(
        assignment=row, enrolment=cohort.enrolments.get(user=awa), due_at=datetime(2026, 11, 9, 18, tzinfo=UTC)
    )
    assert digest(NOW + DAY) == []
    (_subject, lines) = digest(later.due_at - DAY)[0]
    assert lines == ["– Section 1 is due on Monday 9 November, at 18:00."]


def test_a_certificate_is_told_thirty_days_before_it_runs_out_and_once(awa, module):
    make.reads_mail(awa)
    make.certificate(awa, module, expires_at=NOW + 30 * DAY)
    make.certificate(awa, make.module(), expires_at=NOW + 9 * DAY, replaced_at=NOW)
    assert digest(NOW - DAY) == []
    assert digest() == [("Something is due", ["– A certificate of yours runs out on 4 December 2026."])]
    Outbox.objects.forget_old(NOW + 30 * DAY)
    assert digest(NOW + 30 * DAY - timedelta(minutes=1)) == []


def test_a_correction_is_told_once_and_asks_for_nothing(awa):
    make.reads_mail(awa)
    notify(User.objects.filter(pk=awa.pk), NOW - DAY)
    assert digest() == [
        ("Something is new for you", ["– Something that you answered or read has been corrected."]),
    ]
    assert digest(NOW + DAY) == []


def test_one_mail_a_day_tells_of_all(set_work, sections, awa, module):
    set_work(sections[:1], NOW - DAY)
    set_work(sections[1:2], NOW + DAY)
    make.certificate(awa, module, expires_at=NOW + 9 * DAY)
    notify(User.objects.filter(pk=awa.pk), NOW)
    ((_subject, lines),) = digest()
    assert [line.split()[1:3] for line in lines] == [
        ["Section", "1"], ["Section", "2"], ["A", "certificate"], ["Something", "that"],
    ]  # fmt: skip
    set_work(sections[2:3], NOW + DAY)
    assert digest(NOW + timedelta(hours=3)) == []
    assert len(digest(NOW + timedelta(hours=19))) == 1


def test_of_the_weekly_rhythm_there_is_one_a_week_and_it_looks_further_ahead(set_work, sections, awa):
    set_work(sections[:1], NOW + 8 * DAY)
    set_work(sections[1:2], NOW + 10 * DAY)
    make.reads_mail(awa, "weekly")
    assert len(digest()) == 1
    set_work(sections[2:3], NOW + 2 * DAY)
    assert [digest(NOW + number * DAY) for number in range(1, 4)] == [[], [], []]
    ((_subject, lines),) = digest(NOW + 5 * DAY)
    assert [line.split()[2] for line in lines] == ["3", "2"]


def test_no_mail_is_made_before_seven_in_the_morning_of_its_person(set_work, sections, awa):
    set_work(sections[:1], NOW + DAY)
    make.reads_mail(awa, time_zone="America/New_York")  # five hours behind
    assert digest(NOW - timedelta(minutes=1)) == []
    assert len(digest()) == 1


def test_it_is_written_in_the_language_and_zone_of_its_person(set_work, sections, awa):
    make.reads_mail(awa, language="fr", time_zone="Asia/Dubai")
    set_work(sections[:1], THURSDAY + timedelta(hours=3))
    digest()
    mail = Outbox.objects.get()
    assert "vendredi 6 novembre" in mail.body
    assert "01\xa0h\xa000" in mail.body
    assert "Asia/Dubai" in mail.body
    assert "https://learn.example.org/fr/progress/" in mail.body


def test_neither_subject_nor_text_says_what_is_taught_or_by_whom(set_work, sections, awa, module):
    set_work(sections[:1], NOW + DAY, title="Wagner in Mali")
    make.certificate(awa, module, expires_at=NOW + 9 * DAY)
    digest()
    mail = Outbox.objects.get()
    assert "Section 1" in mail.body
    for word in ("Mali", "Wagner", "case", "Awa", "Bakary", "class", module.slug, sections[0].slug):
        assert word not in mail.subject + mail.body


@pytest.mark.parametrize(
    "fields",
    [{"mail_rhythm": "never"}, {"email_confirmed_at": None}, {"email": ""}, {"is_active": False}],
    ids=["none wanted", "not confirmed", "no address", "shut out"],
)
def test_nobody_gets_one_who_did_not_ask_for_it(set_work, sections, awa, fields):
    set_work(sections[:1], NOW + DAY)
    User.objects.filter(pk=awa.pk).update(**fields)
    assert digest() == []


def test_while_one_waits_none_is_made_and_what_was_given_up_is_told_anew(set_work, sections):
    set_work(sections[:1], NOW + DAY)
    make_digests(NOW)
    set_work(sections[1:2], NOW + 2 * DAY)
    make_digests(NOW + DAY)
    assert Outbox.objects.count() == 1
    Outbox.objects.update(given_up_at=NOW + DAY)
    ((_subject, lines),) = digest(NOW + DAY)
    assert [line.split()[2] for line in lines] == ["1", "2"]


def test_the_same_moment_twice_and_at_once_makes_each_mail_once(in_parallel, set_work, sections):
    set_work(sections[:1], NOW + DAY)
    in_parallel(lambda number: make_digests(NOW), 4)
    make_digests(NOW)
    assert Outbox.objects.count() == 1


def test_whoever_took_the_address_away_meanwhile_gets_none(set_work, sections, awa, monkeypatch):
    set_work(sections[:1], NOW + DAY)
    keep = User.objects.all().__class__.held

    def held(self):
        User.objects.filter(pk=awa.pk).update(email="")
        return keep(self)

    monkeypatch.setattr(User.objects.all().__class__, "held", held)
    assert digest() == []


def asked(at):
    with CaptureQueriesContext(connection) as queries:
        make_digests(at)
    return len([row for row in queries if "SAVEPOINT" not in row["sql"]])


def test_queries_do_not_grow_with_people_sections_or_cohorts(set_work, sections, cohort, module, bakary, celia):
    set_work(sections[:2], NOW + DAY)
    few = asked(NOW)
    people = [make.reads_mail(make.user(f"Person {number}"), "weekly") for number in range(12)]
    make.reads_mail(celia)
    for number in range(3):
        other = make.cohort(bakary, [*people, celia])
        make.assignment(other, make.case_study(sections=2, items=3), due_at=NOW + number * DAY, opens_at=NOW - 9 * DAY)
    Outbox.objects.all().delete()
    assert asked(NOW) == few <= 9
    assert Outbox.objects.count() == 14
    assert {mail.user for mail in Outbox.objects.filter(user__in=people)} == set(people)
