"""An instructor's questions in a browser without scripts: from a file to a corrected key of which learners are told."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from cohorts.models import Cohort
from cohorts.set_quizzes import begin
from lessons.templatetags.content_tags import points
from quizzes.models import Attempt, Bank, Item, Quiz
from tests import make
from tests.browser import generated
from tests.browser.generated import BY_STEM, LEARNERS, MENDED, MISKEYED, QUESTIONS, UNKNOWN
from tests.browser.walker import Walker
from tests.conftest import browser_of

pytestmark = pytest.mark.browser
LONG, PLACES, SILENT = MENDED
REASON = "116 was marked as right by mistake: 7 × 18 is 126."


def test_forty_questions_come_in_are_sat_and_the_key_of_one_is_put_right(site, desk, phones, capsys):
    bakary = Walker(desk, site)
    begin_to_teach(bakary)
    take_forty(bakary)
    mend_three(bakary)
    make_and_set_a_quiz(bakary)

    learners = [make.user(f"Learner {number:02}") for number in range(LEARNERS)]
    before = sat_by(learners)

    assert flagged(bakary) == {MISKEYED.stem, UNKNOWN.stem}
    correct_the_key(bakary)
    after = dict(Attempt.objects.values_list("learner", "score"))
    moved = [moved_by_the_key(number) for number in range(LEARNERS)]
    assert [after[one.pk] - before[one.pk] for one in learners] == moved
    assert set(moved) == {Decimal("0.025"), Decimal(0), Decimal("-0.025")}
    assert flagged(bakary) == {UNKNOWN.stem}

    assert {*User.objects.exclude(changed_at=None)} == {*learners}
    number = moved.index(Decimal("0.025"))
    is_told(signed_in(phones(), site, learners[number]), before[learners[number].pk], after[learners[number].pk])
    marks_are_new(bakary, learners[number], after[learners[number].pk])
    # What is refused is the changed key without a reason.
    assert (len(bakary.pages), bakary.refused) == (45, 1), bakary.pages
    with capsys.disabled():
        print(f"\n{len(bakary.pages)} pages, {bakary.fields} fields, one try refused", end="")


def begin_to_teach(bakary):
    bakary.open("/en/")
    bakary.follow("Teach")
    bakary.sign_up("Bakary", "Choose a name and a password")
    bakary.fill("name", "Licence 2")
    bakary.fill("time_zone", "Africa/Bamako")
    bakary.press()


def take_forty(bakary):
    """Make a bank of one language, once keys are open to Bakary, and take the file after a look at each question."""
    User.objects.update(may_teach_at=timezone.now())
    bakary.follow("Cohorts", "header")
    bakary.follow("Banks of questions", "main")
    bakary.follow("Make a bank", "main")
    bakary.fill("title", "Sums")
    bakary.tick("languages", "en")
    bakary.press()
    bakary.follow("Questions from a file", "main")
    bakary.attach("sums.gift", generated.file_of_questions())
    bakary.press("Look at it first")
    bakary.press("Take 40 questions into the bank")
    bank = Bank.objects.of_owners().get()
    assert (bank.items.count(), bank.items.whole().count()) == (40, 39)


def mend_three(bakary):
    """Finish the draft, then put right the two that are to be looked at."""
    bakary.follow("Finish the drafts", "main")
    bakary.follow(SILENT.stem, "main")
    bakary.follow("Change it", "main")
    bakary.fill("explanation-en", SILENT.why)
    bakary.press("Save")
    for question, option, text in ((LONG, 0, LONG.true), (PLACES, 3, PLACES.others[-1])):
        bakary.follow("Sums", "nav.crumbs")
        bakary.press_link("be looked at")
        bakary.follow(question.stem, "main")
        bakary.follow("Change it", "main")
        bakary.fill(f"option-{option}-text-en", text)
        bakary.press("Save")
        expect(bakary.page.locator("main")).not_to_contain_text("To look at")
    assert Item.objects.filter(bank=Bank.objects.of_owners().get()).whole().count() == len(QUESTIONS)


def make_and_set_a_quiz(bakary):
    """Make a quiz that asks all of them, set it for the cohort, and let it be open now."""
    bakary.follow("Cohorts", "header")
    bakary.follow("My quizzes", "main")
    bakary.follow("Make a quiz", "main")
    bakary.fill("title", "Sums, first week")
    bakary.press()
    bakary.follow("Sums", "main")
    bakary.fill("draw-0", str(len(QUESTIONS)))
    bakary.press("Save")
    bakary.press_link("Set it")
    bakary.press()
    expect(bakary.page.locator("main")).to_contain_text("The quiz is set.")
    assert Quiz.objects.get().size() == len(QUESTIONS)


def sat_by(learners):
    """Let each of these join the cohort, begin the quiz and hand it in; return {learner: score}."""
    cohort, quiz = Cohort.objects.get(), Quiz.objects.get()
    for number, learner in enumerate(learners):
        cohort.join(learner, timezone.now())
        attempt = begin(learner, quiz, timezone.now())
        responses = attempt.responses.select_related("shown_version")
        attempt.save_answers({one.position: chosen_by(number, one) for one in responses}, "en", timezone.now())
        assert attempt.submit(timezone.now())
    return dict(Attempt.objects.values_list("learner", "score"))


def chosen_by(number, response):
    """Return the id of the option that the learner of that number chooses."""
    text = BY_STEM[response.shown_version.stem].answer_of(number)
    return next(one["id"] for one in response.shown_version.document["options"] if one["text"]["en"] == text)


def flagged(bakary):
    """Return the questions that the statistics of the quiz name first, as those to be looked at."""
    bakary.open(Quiz.objects.get().get_absolute_url())
    bakary.follow("How it does: statistics", "main")
    return {*bakary.page.locator("main ol.sections h3").all_inner_texts()}


def correct_the_key(bakary):
    """Go from the statistics to the question, choose the right key, and say why when asked."""
    bakary.follow(MISKEYED.stem, "main ol.sections")
    bakary.follow("Change the question", "main")
    bakary.page.get_by_label("Option 1 is right").check()
    bakary.fields += 1
    bakary.press("Save")
    bakary.fill("reason-en", REASON)
    bakary.press("Save")
    expect(bakary.page.locator("main")).to_contain_text("answers were marked again.")


def moved_by_the_key(number):
    """Return by how much the corrected key moves the score of the learner of that number."""
    choice = MISKEYED.answer_of(number)
    return Decimal((choice == MISKEYED.true) - (choice == MISKEYED.key)) / len(QUESTIONS)


def signed_in(page, site, person):
    cookie = browser_of(person).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    return Walker(page, site)


def is_told(learner, before, after):
    """Open the site, follow the line about what was corrected, and read the reason and both scores."""
    learner.open("/en/")
    learner.press_link("Something that you answered or read has been corrected")
    main = learner.page.locator("main")
    for words in (MISKEYED.stem, REASON):
        expect(main).to_contain_text(words)
    whole = main.get_by_role("row", name="That result as a whole")
    expect(whole).to_contain_text(str(points(before)))
    expect(whole).to_contain_text(str(points(after)))
    learner.press("I have seen this")
    learner.open("/en/")
    expect(learner.page.locator("main")).not_to_contain_text("has been corrected")


def marks_are_new(bakary, learner, score):
    """Find the new mark of a learner on the page of the quiz in the cohort."""
    bakary.open(Quiz.objects.get().get_absolute_url())
    bakary.follow("Licence 2", "main")
    row = bakary.page.get_by_role("row", name=learner.name)
    expect(row.locator("a[href*=attempts]")).to_have_text(str(points(score)))
