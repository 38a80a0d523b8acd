"""What was corrected of that which one answered or read: told side by side, and only to those whom it touches."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from cohorts.models import Certificate
from cohorts.set_quizzes import begin
from course import corrections
from course.changes import see
from course.moving import move
from lessons.models import Lesson, Reading, Revision
from quizzes import writing
from quizzes.models import Attempt, Remark
from tests import make
from tests.quizzes.test_remarking import correct, sit

pytestmark = pytest.mark.django_db
ADDRESS = "/en/changes/"
LATER = make.NOW + timedelta(days=3)
LINE = "has been corrected: see what changed"


@pytest.fixture
def section():
    section = make.section(draw=5)
    for _ in range(5):
        make.item(section)
    return section


@pytest.fixture
def corrected(awa, section):
    """Awa's quiz, in which the key of the first item has moved from `a` to `b`, with another stem."""
    attempt = sit(awa, section, "a", "a", "b", "b", "b")
    item = attempt.responses.get(position=1).item
    version = make.version(item, key="b", stem=make.text("What is so now?"))
    version.reason = {"en": "The record was read again.", "fr": "Le registre a été relu."}
    version.save()
    corrections.correct(None, LATER)
    return attempt


def revise_claim(claim, finding, at=LATER, **changes):
    """What the claim said before, kept; then the new finding."""
    document = {"document": claim.document, "stands": claim.stands, "verdict": claim.verdict}
    reason = {"en": "A source was found.", "fr": "Une source a été trouvée."}
    Revision.objects.create(claim=claim, document=document, checksum=claim.checksum, reason=reason, made_at=at)
    claim.document = claim.document | {"finding": make.text(finding)}
    for name, value in changes.items():
        setattr(claim, name, value)
    claim.save()


def revise_lesson(lesson, before, after, at=LATER):
    document = {"title": lesson.document["title"], "source": make.both(before)}
    Revision.objects.create(lesson=lesson, document=document, checksum=lesson.checksum, made_at=at)
    lesson.texts.update(source=after)
    lesson.checksum = "e" * 64
    lesson.save()


def test_an_item_is_told_before_and_now_with_its_reason_and_both_scores(as_awa, corrected):
    page = as_awa.get(ADDRESS).text.split("<main")[1]
    first = corrected.responses.get(position=1)
    texts = {option["id"]: option["text"]["en"] for option in first.shown_version.document["options"]}
    for words in (first.shown_version.stem, "What is so now?", texts["a"], texts["b"], "The record was read again."):
        assert words in page
    assert f"You answered: {texts['a']}" in page
    for points in ("100 of 100", "0 of 100", "40 of 100", "20 of 100"):
        assert points in page
    assert f"{corrected.get_absolute_url()}#i1" in page
    assert "not seen yet" in page


def test_it_is_told_in_french_with_the_french_reason(as_awa, corrected):
    page = as_awa.get("/fr/changes/").text
    assert "Le registre a été relu." in page
    assert "The record" not in page


def test_a_withdrawn_item_is_told_to_count_for_nobody(as_awa, awa, section):
    attempt = sit(awa, section, "a", "a", "a", "b", "b")
    gone = attempt.responses.get(position=5).item
    gone.withdrawn_at = LATER
    gone.save()
    corrections.correct(None, LATER)
    page = as_awa.get(ADDRESS).text
    assert "counts for nobody" in page
    assert "75 of 100" in page


def test_of_several_statements_the_corrected_one_is_told(as_awa, awa):
    section = make.section(draw=1)
    item = make.item(section, kind="classify")
    fact, attributed, _ = make.LABELS_OF_AN_ITEM
    attempt = make.quiz(awa, section)
    attempt.save_answers({1: dict.fromkeys("abcd", fact)}, "en", make.NOW)
    attempt.submit(make.NOW)
    make.version(item, key=dict.fromkeys("abc", fact) | {"d": attributed})
    corrections.correct(None, LATER)
    page = as_awa.get(ADDRESS).text
    texts = [piece["text"]["en"] for piece in item.current_version.document["statements"]]
    assert f"{texts[3]} → Fact" in page
    assert f"{texts[3]} → Attributed" in page
    assert not any(f"{text} →" in page for text in texts[:3])


def test_a_check_is_told_too(as_awa, awa, section):
    item = make.item(section, uses=["check"])
    Attempt.answer_check(awa, item, "a", list("abcd"), make.NOW)
    correct(item)
    corrections.correct(None, LATER)
    page = as_awa.get(ADDRESS).text
    assert "Your answer of 2 November 2026" in page
    assert "That result as a whole" not in page


def test_a_held_result_says_what_its_answers_come_to(as_awa, awa, section):
    attempt = sit(awa, section, *"aaaaa")
    for position in (1, 2):
        correct(attempt.responses.get(position=position).item)
    corrections.correct(None, LATER)
    page = as_awa.get(attempt.get_absolute_url()).text
    assert "these answers come to 60 of 100" in page
    assert "the score stands at 80" in page
    assert "stays passed" in as_awa.get(ADDRESS).text


@pytest.mark.parametrize("given", ["aaaab", "bbbbb", "aaaaa"])
def test_a_result_that_is_the_mean_says_nothing_of_it(as_awa, awa, section, given):
    attempt = sit(awa, section, *given)
    assert "these answers come to" not in as_awa.get(attempt.get_absolute_url()).text


def certify(user, module):
    fields = {"document": {}, "public_id": "0" * 32, "name_shown": "Awa", "as_of": LATER.date(), "checksum": "0" * 64}
    return Certificate.objects.create(user=user, module=module, issued_at=LATER, **fields)


def test_a_certificate_is_said_to_stay_valid(as_awa, awa, section):
    attempt = sit(awa, section, *"aaaaa")
    certify(awa, section.module)
    correct(attempt.responses.get(position=1).item)
    corrections.correct(None, LATER)
    assert "Your certificate stays valid." in as_awa.get(ADDRESS).text
    Certificate.objects.all().delete()
    assert "Your certificate stays valid." not in as_awa.get(ADDRESS).text


def test_a_certificate_of_another_module_is_not_said_to_rest_on_it(as_awa, awa, section):
    other = make.section()
    make.item(other)
    make.quiz(awa, other, right=1)
    certify(awa, other.module)
    attempt = sit(awa, section, *"aaaaa")
    correct(attempt.responses.get(position=1).item)
    assert corrections.survey().certificates == set()
    corrections.correct(None, LATER)
    page = as_awa.get(ADDRESS).text
    assert "Items that you answered" in page
    assert "Your certificate stays valid." not in page


# Claims


def test_a_claim_that_one_answered_on_is_told_with_both_findings_and_labels(as_awa, awa, section):
    claim = make.claim(section, "M901")
    attempt = sit(awa, section, *"aaaaa")
    attempt.responses.first().item.claims.add(claim)
    revise_claim(claim, "As found anew", stands="allegation", verdict="nuance")
    page = as_awa.get(ADDRESS).text.split("<main")[1]
    for words in ("As found<", "As found anew", "Fact; Confirmed", "Allegation; ", "A source was found."):
        assert words in page
    assert claim.get_absolute_url() in page


def test_a_claim_that_one_read_in_a_lesson_is_told(as_awa, awa, section):
    claim, lesson = make.claim(section, "M901"), make.lesson(section)
    lesson.claims.add(claim)
    make.reading(awa, lesson)
    revise_claim(claim, "As found anew")
    assert "As found anew" in as_awa.get(ADDRESS).text


def test_of_several_revisions_the_first_unseen_one_stands_beside_today(as_awa, awa, section):
    claim, lesson = make.claim(section, "M901"), make.lesson(section)
    lesson.claims.add(claim)
    revise_claim(claim, "Second finding", at=make.NOW - timedelta(days=1))
    make.reading(awa, lesson)
    revise_claim(claim, "Third finding")
    revise_claim(claim, "Fourth finding", at=LATER + timedelta(days=1))
    page = as_awa.get(ADDRESS).text
    assert ["Second finding" in page, "Third finding" in page, "Fourth finding" in page] == [True, False, True]


@pytest.mark.parametrize("met", ["later", "never"])
def test_a_claim_that_one_met_later_or_never_is_not_told(as_awa, awa, section, met):
    claim, lesson = make.claim(section, "M901"), make.lesson(section)
    lesson.claims.add(claim)
    revise_claim(claim, "As found anew")
    if met == "later":
        make.reading(awa, lesson, at=LATER + timedelta(hours=1))
    assert "As found anew" not in as_awa.get(ADDRESS).text


def test_a_claim_that_says_the_same_again_is_not_told(as_awa, awa, section):
    claim, lesson = make.claim(section, "M901"), make.lesson(section)
    lesson.claims.add(claim)
    make.reading(awa, lesson)
    revise_claim(claim, "As found anew")
    revise_claim(claim, "As found")
    assert "M901" not in as_awa.get(ADDRESS).text


# Lessons


def test_a_lesson_says_that_it_changed_and_shows_the_difference(as_awa, awa):
    lesson = make.lesson()
    make.reading(awa, lesson)
    section = lesson.section.get_absolute_url()
    assert "has changed since you read it" not in as_awa.get(section).text
    revise_lesson(
        lesson,
        "# A\n\nIt opened in 2015 near here.\n\nBoats pass.",
        "# A\n\nIt opened in 2013 near here.\n\nBoats pass.",
    )
    page = as_awa.get(section).text
    assert "has changed since you read it" in page
    assert f'href="{ADDRESS}#lesson-{lesson.pk}"' in page
    assert "I have read this" in as_awa.get(lesson.get_absolute_url()).text
    told = as_awa.get(ADDRESS).text
    assert f'id="lesson-{lesson.pk}"' in told
    assert '<del><span class="visually-hidden">Before: </span>2015 </del>' in told
    assert '<ins><span class="visually-hidden">Now: </span>2013 </ins>' in told
    assert "Boats pass" not in told


def test_read_again_it_is_told_no_more_and_the_first_day_stays(as_awa, awa):
    lesson = make.lesson()
    make.reading(awa, lesson)
    revise_lesson(lesson, "Before", "After")
    as_awa.post(f"{lesson.get_absolute_url()}read/")
    reading = Reading.objects.get()
    assert (reading.read_at, reading.checksum) == (make.NOW, lesson.checksum)
    assert "has changed since" not in as_awa.get(lesson.section.get_absolute_url()).text
    assert lesson.title not in as_awa.get(ADDRESS).text


def test_a_lesson_that_was_withdrawn_is_not_told(as_awa, awa):
    lesson = make.lesson()
    make.reading(awa, lesson)
    revise_lesson(lesson, "Before", "After")
    Lesson.objects.update(withdrawn_at=LATER)
    assert lesson.title not in as_awa.get(ADDRESS).text


def test_what_a_text_holds_is_shown_as_text(as_awa, awa):
    lesson = make.lesson()
    make.reading(awa, lesson)
    revise_lesson(lesson, "Before", "<script>alert(1)</script>")
    page = as_awa.get(ADDRESS).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


# Seen


@pytest.mark.parametrize("place", ["home", "module"])
def test_one_line_leads_there_until_it_is_seen(as_awa, corrected, place):
    address = "/en/" if place == "home" else corrected.module.get_absolute_url()
    assert f'<a href="{ADDRESS}">' in as_awa.get(address).text
    page = as_awa.post(ADDRESS, follow=True)
    assert "Noted: you have seen these corrections." in page.text
    assert LINE not in as_awa.get(address).text
    assert Remark.objects.get().seen_at <= timezone.now()
    assert "What is so now?" in page.text
    assert "not seen yet" not in page.text


def test_what_is_corrected_while_one_looks_is_not_seen_yet(awa, corrected):
    see(awa, LATER - timedelta(minutes=1))
    awa.refresh_from_db()
    assert awa.changed_at == LATER
    assert Remark.objects.get().seen_at is None
    see(awa, LATER)
    awa.refresh_from_db()
    assert awa.changed_at is None
    assert Remark.objects.get().seen_at == LATER


def test_the_first_correction_that_one_has_not_seen_dates_the_line(awa, section, corrected):
    correct(corrected.responses.get(position=2).item)
    corrections.correct(None, LATER + timedelta(days=1))
    assert Remark.objects.count() == 2
    awa.refresh_from_db()
    assert awa.changed_at == LATER


def test_nobody_else_is_told(as_awa, as_celia, client, corrected):
    for browser in (as_celia, client):
        assert LINE not in browser.get("/en/").text
    assert "Nothing that you answered or read has been corrected since." in as_celia.get(ADDRESS).text
    as_celia.post(ADDRESS)
    assert Remark.objects.get().seen_at is None
    assert LINE in as_awa.get("/en/").text


def test_what_an_owner_corrected_is_not_called_the_course_s(as_awa, awa, bakary, section):
    own = make.own_item(make.bank(bakary))
    quiz = make.own_quiz(bakary, [own])
    make.set_quiz(make.cohort(bakary, [awa]), quiz)
    attempt = begin(awa, quiz, make.NOW)
    attempt.submit(make.NOW)
    writing.withdraw(bakary, own, LATER)
    writing.mark_again(own, bakary, LATER)
    page = as_awa.get(ADDRESS).text
    assert "Whoever wrote these questions corrected them." in page
    assert "This course corrects itself" not in page
    sit(awa, section, *"bbbbb")
    correct(section.bank.items.first())
    corrections.correct(None, LATER)
    assert "This course corrects itself" in as_awa.get(ADDRESS).text


def test_a_guest_takes_the_news_along(guest, section, awa):
    sit(guest, section, *"bbbbb")
    correct(section.bank.items.first())
    corrections.correct(None, LATER)
    guest.refresh_from_db()
    move(guest, awa, LATER)
    assert User.objects.get(pk=awa.pk).changed_at == LATER


def test_the_page_costs_the_same_with_more_corrections(as_awa, awa, django_assert_max_num_queries):
    section = make.section(draw=8)
    for number in range(8):
        item, lesson, claim = make.item(section), make.lesson(section), make.claim(section, f"M8{number}")
        item.claims.add(claim)
        make.reading(awa, lesson)
        revise_claim(claim, "Anew")
        revise_lesson(lesson, "Before", "After")
        lesson.checksum = f"{number:064}"
        lesson.save()
    sit(awa, section, *"aaaaaaaa")
    for item in section.bank.items.all():
        correct(item)
    corrections.correct(None, LATER)
    as_awa.get(ADDRESS)
    with django_assert_max_num_queries(10):
        assert as_awa.get(ADDRESS).text.count('<article class="item"') >= 16
