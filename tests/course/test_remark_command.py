"""manage.py remark: what a correction touches is listed first, then done, logged, told, and not done twice."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Audit, User
from cohorts.models import Certificate
from course import corrections
from course.changes import changes_of
from course.loading import load
from lessons.models import Claim, Lesson, Module, Reading
from quizzes.models import Attempt, Item, Remark
from tests import make
from tests.conftest import browser_of
from tests.content import ITEMS, broken, single, write_module
from tests.quizzes.test_remarking import correct, sit

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=3)
NOTHING = "nothing to mark again, and nobody to tell: no key or claim has changed since\n"


def run(*arguments):
    out = StringIO()
    call_command("remark", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def section():
    section = make.section(draw=5)
    for number in range(5):
        make.item(section, slug=f"item-{number}")
    return section


@pytest.fixture
def people(awa, celia, danso):
    return [awa, celia, danso, make.user("Efua"), make.user("Fanta")]


def writes(queries):
    return [each["sql"] for each in queries if each["sql"].lstrip().startswith(("INSERT", "UPDATE", "DELETE"))]


# What it says


def test_a_dry_run_counts_and_writes_nothing(section, people):
    attempts = [sit(user, section, *"abbbb") for user in people]
    make.certificate(people[0], section.module, at=LATER)
    correct(attempts[0].responses.get(position=2).item)
    with CaptureQueriesContext(connection) as queries:
        out = run("--dry-run")
    assert writes(queries) == []
    slug = attempts[0].responses.get(position=2).item.slug
    assert "to mark again: 5 learners: 5 attempts, on which 1 certificate rest and stay valid\n" in out
    assert f"   {slug}: 5 learners: 5 attempts, " in out
    assert out.endswith("nothing was written\n")
    assert not Remark.objects.exists()


def test_fewer_than_five_learners_are_not_broken_down(section, people):
    attempts = [sit(user, section, *"bbbbb") for user in people[:4]]
    item = attempts[0].responses.get(position=2).item
    correct(item)
    out = run("--dry-run")
    assert f"to mark again: fewer than 5 learners\n   {item.slug}: fewer than 5 learners\n" in out
    assert "4" not in out.replace(item.slug, "")


def test_it_tells_what_becomes_of_the_scores(section, people):
    for user in people:
        sit(user, section, *("abcda"))
    item = section.bank.items.get(slug="item-3")
    correct(item)
    given = [each.answer for each in item.responses.all()]
    out = run("--dry-run")
    told = {"rise": given.count("b"), "fall": given.count("a"), "stay": 5 - given.count("a") - given.count("b")}
    expected = ", ".join(f"{count} {word}" for word, count in told.items() if count)
    assert f"item-3: 5 learners: 5 attempts, {expected}\n" in out


def test_a_reworded_item_is_counted_and_nobody_told(section, awa):
    sit(awa, section, *"aaaaa")
    make.version(section.bank.items.first(), stem=make.text("Better?"))
    assert run("--yes") == "reworded, with key and score as before: 1 answer\ndone\n"
    assert not Audit.objects.exists()
    awa.refresh_from_db()
    assert awa.changed_at is None


# What it does


def test_it_marks_logs_and_tells(section, awa, celia):
    editor = make.user("Ely", is_staff=True)
    attempt = sit(awa, section, *"bbbbb")
    item = attempt.responses.get(position=1).item
    correct(item)
    assert run("--yes", "--by", "ely").endswith("done\n")
    attempt.refresh_from_db()
    assert str(attempt.score) == "0.2000"
    assert Remark.objects.get().made_by == editor
    line = Audit.objects.get()
    assert (line.who, line.what, line.on_what) == (editor, "remark", f"item {item.pk}: 1 marked again")
    awa.refresh_from_db(), celia.refresh_from_db()
    assert awa.changed_at is not None
    assert celia.changed_at is None


def test_a_second_run_writes_nothing(section, awa):
    sit(awa, section, *"bbbbb")
    correct(section.bank.items.first())
    run("--yes")
    with CaptureQueriesContext(connection) as queries:
        assert run("--yes") == NOTHING
    assert writes(queries) == []


@pytest.mark.parametrize(("answer", "done"), [("y", True), ("YES", True), ("", False), ("n", False)])
def test_it_asks_first(section, awa, monkeypatch, answer, done):
    sit(awa, section, *"bbbbb")
    correct(section.bank.items.first())
    monkeypatch.setattr("builtins.input", lambda prompt: answer)
    if done:
        assert run().endswith("done\n")
    else:
        with pytest.raises(CommandError, match=r"Nothing was written\."):
            run()
    assert Remark.objects.exists() == done


def test_where_nobody_can_answer_it_names_the_flag(section, awa, monkeypatch):
    sit(awa, section, *"bbbbb")
    correct(section.bank.items.first())
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CommandError, match=r"Pass --yes"):
        run()
    assert not Remark.objects.exists()


@pytest.mark.parametrize("name", ["Awa", "nobody"])
def test_only_an_editor_can_be_named(awa, name):
    with pytest.raises(CommandError, match="the name of no editor"):
        run("--yes", "--by", name)


def test_what_was_done_before_it_broke_off_is_kept_and_the_rest_done_later(section, people, monkeypatch):
    monkeypatch.setattr("quizzes.remarking.BATCH", 2)
    for user in people:
        sit(user, section, *"bbbbb")
    correct(section.bank.items.first())
    real, seen = corrections.remarking.remark, []

    def breaks(ids, by, at, why):
        seen.append(ids)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return real(ids, by, at, why)

    monkeypatch.setattr("quizzes.remarking.remark", breaks)
    with pytest.raises(KeyboardInterrupt):
        corrections.correct(None, LATER)
    assert Remark.objects.count() == 2
    assert User.objects.filter(changed_at__isnull=False).count() == 2
    monkeypatch.undo()
    corrections.correct(None, LATER)
    assert Remark.objects.count() == 5
    assert sorted(Audit.objects.values_list("on_what", flat=True))[0].endswith(": 2 marked again")


# Certificates


def address(certificate, language="en"):
    return f"/{language}/certificates/{certificate.public_id}/"


def test_a_certificate_stays_valid_with_a_note(client, section, awa, celia):
    attempt, other = sit(awa, section, *"aaaaa"), sit(celia, section, *"aaaaa")
    kept = make.certificate(awa, attempt.module, at=LATER)
    earlier = make.certificate(celia, other.module, at=make.NOW - timedelta(days=1))
    correct(attempt.responses.get(position=1).item)
    found = corrections.survey()
    assert found.certificates == {kept.pk}
    corrections.correct(None, LATER + timedelta(days=1))
    kept.refresh_from_db()
    assert kept.revoked_at is None
    assert [row.was_remarked for row in (kept, earlier)] == [True, False]
    note = "answers that it rests on were marked again"
    assert [note in client.get(address(row)).text for row in (kept, earlier)] == [True, False]
    lists = [browser_of(user).get("/en/certificates/").text for user in (awa, celia)]
    assert [note in text for text in lists] == [True, False]
    in_french = client.get(address(kept, "fr")).text
    assert "Ce qui est réussi le reste" in in_french
    assert Attempt.objects.get(pk=attempt.pk).has_passed


def test_a_check_that_is_marked_again_leaves_no_note(section, awa):
    """No certificate rests on a check: nor in the report to editors, nor on Awa's page of what was corrected."""
    item = section.bank.items.order_by("pk").first()
    check = Attempt.answer_check(awa, item, "b", ["a", "b", "c"], make.NOW)
    kept = make.certificate(awa, section.module, at=LATER)
    correct(item)
    assert corrections.survey().certificates == set()
    corrections.correct(None, LATER + timedelta(days=1))
    assert Remark.objects.filter(response__attempt=check).exists()
    assert not kept.was_remarked
    assert not changes_of(awa, make.NOW).certificates


def test_no_certificate_rests_on_what_is_tried_in_a_preview(section, bakary):
    trial = sit(bakary, section, *"aaaaa")
    certificate = make.certificate(bakary, section.module, at=LATER)
    assert list(Certificate.objects.resting_on([trial.pk])) == [certificate]
    Attempt.objects.filter(pk=trial.pk).update(is_trial=True)
    assert not Certificate.objects.resting_on([trial.pk]).exists()


# From the text files


@pytest.fixture
def folder(tmp_path):
    """A case study, loaded; Awa has read its lesson and answered its quiz, with `b` wherever there are options."""
    load(write_module(tmp_path), make.NOW)
    awa, section = make.user("Awa"), Module.objects.get().sections.get()
    make.reading(awa, section.lessons.get())
    attempt = make.quiz(awa, section)
    single_items = attempt.responses.filter(shown_version__kind="single")
    attempt.save_answers({response.position: "b" for response in single_items}, "en", make.NOW)
    attempt.submit(make.NOW)
    return tmp_path


def test_a_key_that_the_files_change_is_marked_again(folder):
    awa = User.objects.get(name="Awa")
    Attempt.answer_check(awa, Item.objects.get(slug="pier"), "b", list("abc"), make.NOW)
    reason = 'change.en = "The Gazette was read again."\nchange.fr = "La Gazette a été relue."\n'
    pier = single("pier", "c").replace("stem.en", f"{reason}stem.en")
    out = StringIO()
    call_command("load_content", str(write_module(folder, items=ITEMS.replace(single("pier"), pier))), stdout=out)
    assert out.getvalue().endswith("whom it touches: manage.py remark --dry-run\n")
    assert "   pier: fewer than 5 learners\n" in run("--yes")
    assert {remark.version.reason["en"] for remark in Remark.objects.all()} == {"The Gazette was read again."}
    assert run("--yes") == NOTHING


def test_a_claim_with_another_finding_lists_its_items_and_tells_its_learners(folder):
    broken(folder, "claims", "opened in October 2019", "opened in November 2019")
    broken(folder, "claims", "ouvert en octobre 2019", "ouvert en novembre 2019")
    load(folder, LATER)
    with CaptureQueriesContext(connection) as queries:
        out = run("--dry-run")
    assert writes(queries) == []
    assert (
        "claim M001: fewer than 5 learners; items on it: arch, deck, gate, lamp, pier, rail, toll, try-a-label" in out
    )
    run("--yes")
    assert User.objects.get(name="Awa").changed_at is not None
    line = Audit.objects.get(what=corrections.TOLD)
    assert line.on_what == f"revision {Claim.objects.get(key='M001').revisions.get().pk}"
    assert run("--yes") == NOTHING


def test_a_claim_whose_note_alone_changed_tells_nobody(folder):
    broken(folder, "claims", "The Gazette reported it.", "The Gazette reported it on page 2.")
    broken(folder, "claims", "La Gazette l’a rapporté.", "La Gazette l’a rapporté page 2.")
    load(folder, LATER)
    assert Claim.objects.get(key="M001").revisions.exists()
    assert run("--yes") == NOTHING


def test_a_lesson_that_reads_otherwise_tells_those_who_read_it_as_it_was(folder, celia):
    broken(folder, "lesson_en", "The ferries were not counted.", "Nobody counted the ferries.")
    load(folder, LATER)
    make.reading(celia, Lesson.objects.get())
    assert "lesson the-bridge: fewer than 5 learners\n" in run("--yes")
    told = {user.name for user in User.objects.filter(changed_at__isnull=False)}
    assert told == {"Awa"}
    assert Reading.objects.get(learner__name="Awa").checksum != Lesson.objects.get().checksum
    assert run("--yes") == NOTHING


def test_what_nobody_met_tells_nobody(folder):
    Reading.objects.all().delete()
    Attempt.objects.all().delete()
    broken(folder, "claims", "opened in October 2019", "opened in November 2019")
    broken(folder, "claims", "ouvert en octobre 2019", "ouvert en novembre 2019")
    load(folder, LATER)
    run("--yes")
    assert not User.objects.filter(changed_at__isnull=False).exists()
