"""Answers save themselves: seen as saved, seen as failed, sent once the line is back, and safe in two tabs."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from lessons.models import Module
from quizzes.models import Attempt, Item, Use
from tests import make
from tests.conftest import browser_of
from tests.quizzes.test_two_pages import sitting

pytestmark = pytest.mark.browser
AT = re.compile(r"\d\d(:|\sh\s)\d\d")  # the time in "last saved at"


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    yield context
    context.close()


@pytest.fixture
def quiz(site, context, language):
    """An open quiz in a browser with JavaScript."""
    page = context.new_page()
    page.goto(f"{site}/{language}/modules/mali/who-is-speaking/")
    with page.expect_navigation(wait_until="load"):
        page.locator("section[aria-labelledby=quiz] button").click()
    return page


def page_of(context, site, user):
    """A new page, in which that person is signed in."""
    cookie = browser_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    return context.new_page()


@pytest.fixture
def exam(site, context, language):
    """exam(seconds): a page of Awa's exam with so much time left."""

    def at(seconds):
        awa, now = make.user("Awa"), timezone.now()
        attempt = make.exam(awa, Module.objects.get(), due_at=now + timedelta(seconds=seconds))
        page = page_of(context, site, awa)
        page.goto(f"{site}/{language}{attempt.get_absolute_url()[3:]}")
        return page

    return at


def status(page):
    return page.locator("#attempt [role=status]")


def saved():
    """The positions with a saved answer."""
    attempt = Attempt.objects.get(use=Use.QUIZ)
    return set(attempt.responses.exclude(answer=None).values_list("position", flat=True))


# Whatever the kind of the item that was drawn: something is ticked, chosen or typed.
HOLDS_AN_ANSWER = """item => [...item.querySelectorAll("input:not([type=hidden]), select")].some(
    field => ["radio", "checkbox"].includes(field.type) ? field.checked : field.value)"""


def tick(page, position):
    field = page.locator(f"#i{position} input:not([type=hidden]), #i{position} select").first
    kind = field.evaluate("field => field.type")
    if kind == "select-one":
        field.select_option(index=1)
    elif kind == "text":
        field.fill("1")
    else:
        field.check()


def test_an_answer_is_saved_as_it_changes(quiz):
    tick(quiz, 1)
    expect(status(quiz)).to_contain_text(AT)
    assert saved() == {1}


def test_a_broken_line_is_told_within_ten_seconds_and_the_answer_goes_out_once_it_is_back(quiz, context):
    context.set_offline(True)
    tick(quiz, 1)
    expect(status(quiz)).to_have_class("saved is-wrong")
    assert saved() == set()
    context.set_offline(False)
    expect(status(quiz)).to_contain_text(AT)
    assert saved() == {1}


def test_two_tabs_keep_each_others_answers(quiz, context):
    other = context.new_page()
    other.goto(quiz.url)
    tick(quiz, 1)
    expect(status(quiz)).to_contain_text(AT)
    tick(other, 2)
    expect(status(other)).to_contain_text(AT)
    assert saved() == {1, 2}


def test_an_answer_after_handing_in_elsewhere_is_refused_in_words(quiz, context):
    other = context.new_page()
    other.goto(f"{quiz.url}?page=9")
    other.locator("main button[name=submit]").click()
    tick(quiz, 1)
    expect(status(quiz)).to_have_class("saved is-wrong")
    assert saved() == set()


def test_a_lost_session_is_told_and_the_form_comes_back_after_signing_in(quiz, context, site, language):
    context.clear_cookies()
    tick(quiz, 1)
    expect(status(quiz)).to_have_class("saved is-wrong")
    quiz.locator("main button[name=next]").click()
    expect(quiz.locator("form button.btn-primary")).to_be_visible()
    quiz.wait_for_load_state()
    assert quiz.locator("input[name^=q1]").count() >= 1


def test_the_switch_of_language_saves_what_is_on_the_page(browser, site, language):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{language}/modules/mali/who-is-speaking/")
    page.locator("section[aria-labelledby=quiz] button").click()
    tick(page, 2)
    page.locator("button[name=language]").click()
    other = {"en": "fr", "fr": "en"}[language]
    expect(page.locator("html")).to_have_attribute("lang", other)
    assert saved() == {2}
    assert page.locator("#i2").evaluate(HOLDS_AN_ANSWER)
    context.close()


def test_near_its_end_the_time_is_told_aloud_and_one_button_adds_some(exam):
    page = exam(45)
    clock = page.locator("#clock[role=status]")
    expect(clock).to_have_text(page.locator("#clock").get_attribute("data-at-60"))
    tick(page, 1)
    page.locator("main button[name=more]").click()
    expect(page.locator("#left")).to_have_text(re.compile("^10 minutes$"))
    expect(clock).to_have_text("")
    expect(page.locator("main button[name=more]")).to_have_count(0)
    assert Attempt.objects.get().responses.get(position=1).answer is not None


def test_once_nothing_is_taken_any_more_the_page_gives_way_to_the_one_that_says_so(exam):
    page = exam(-27)
    expect(page.locator("#clock")).to_have_text(page.locator("#clock").get_attribute("data-at-0"))
    expect(page.locator("fieldset")).to_have_count(0)
    expect(page.locator("main button[name=submit]")).to_be_visible()
    page.locator("main button[name=submit]").click()
    expect(page.locator("section.item").first).to_be_visible()
    assert Attempt.objects.get().expired_at is not None


def test_the_script_stands_every_kind_of_item(site, context):
    awa, errors = make.user("Awa"), []
    kinds = {item.current_version.kind: item for item in Item.objects.select_related("current_version")}
    review = Attempt.start_review(awa, list(kinds.values()), timezone.now())
    page = page_of(context, site, awa)
    page.on("pageerror", lambda error: errors.append(str(error)))
    for position, kind in enumerate(kinds, 1):
        page.goto(f"{site}{review.get_absolute_url()}?page={position}", wait_until="load")
        tick(page, position)
        expect(status(page)).to_contain_text(AT)
        assert errors == [], kind
    assert len(kinds) == 7
    assert review.responses.filter(answer=None).count() == 0


# Nothing is lost


NUMBER = {"value": "12", "tolerance": "0", "unit": {}, "mistakes": []}


@pytest.fixture
def typed(site, context):
    """typed(kind): a page of Awa's quiz of one item, of a kind into which one types, or with options."""

    def at(kind="short"):
        awa, section = make.user("Awa"), make.section(draw=1)
        item = make.item(section)
        stem = item.current_version.document["stem"]
        if kind != "single":
            rest = NUMBER if kind == "number" else {"accepted": make.both(["Gao"])}
            make.version(item, kind, {"stem": stem, "shuffle": False, **rest})
        attempt = make.quiz(awa, section)
        page = page_of(context, site, awa)
        page.goto(f"{site}/en/")
        page.goto(f"{site}{attempt.get_absolute_url()}", wait_until="load")
        return page

    return at


@pytest.fixture
def opened(site, context):
    """opened(kind, …): a page of Awa's quiz with an item of each of these kinds, in this order."""

    def at(*kinds, **fields):
        awa = make.user("Awa")
        page, attempt = page_of(context, site, awa), sitting(awa, kinds, **fields)
        page.goto(f"{site}{attempt.get_absolute_url()}", wait_until="load")
        return page

    return at


def field(page):
    return page.locator("input[name=q1]")


def answer():
    return Attempt.objects.get().responses.get(position=1).answer


def waiting(page):
    """What the browser keeps because the site has not said that it has it."""
    return page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length")


def choose(page, name, place):
    page.locator(f"[name={name}]").nth(place).check()
    expect(status(page)).to_contain_text(AT)


def again(page):
    """The same address once more, in another tab."""
    other = page.context.new_page()
    other.goto(page.url, wait_until="load")
    return other


def hang(page):
    """Let the line swallow what is sent."""
    page.route("**/attempts/*/answers/**", lambda route: None if route.request.method == "POST" else route.continue_())


def ask(page, act):
    """Whether the browser asks before leaving, when `act` would leave; it is answered with staying."""
    questions = []

    def stay(dialog):
        questions.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    act()
    page.wait_for_timeout(500)
    page.remove_listener("dialog", stay) if not questions else None
    return questions == ["beforeunload"]


@pytest.mark.parametrize(("kind", "text"), [("short", "Gao"), ("number", "12")])
def test_what_is_typed_is_saved_without_leaving_the_field(typed, kind, text):
    page = typed(kind)
    field(page).press_sequentially(text)
    assert waiting(page) == 1
    expect(status(page)).to_contain_text(AT)
    assert answer() == text
    assert waiting(page) == 0


def test_leaving_before_that_asks_and_what_was_typed_is_sent_all_the_same(typed, site):
    page = typed()
    field(page).press_sequentially("Gao")
    assert ask(page, lambda: page.evaluate("location.assign('/en/')"))
    field(page).press_sequentially("x")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site}/en/progress/")
    page.goto(f"{site}{Attempt.objects.get().get_absolute_url()}", wait_until="load")
    expect(field(page)).to_have_value("Gaox")
    expect(status(page)).to_contain_text(AT)
    assert answer() == "Gaox"


@pytest.mark.parametrize("kind", ["single", "short"])
def test_while_the_line_hangs_leaving_asks_and_the_answer_comes_back_and_is_sent(typed, site, kind):
    page = typed(kind)
    hang(page)
    field(page).first.check() if kind == "single" else field(page).fill("Gao")
    expect(status(page)).to_contain_text("Saving")
    assert ask(page, lambda: page.locator("header a").first.click(no_wait_after=True))
    assert answer() is None
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("header a").first.click()
    page.unroute_all()
    page.goto(f"{site}{Attempt.objects.get().get_absolute_url()}", wait_until="load")
    expect(status(page)).to_contain_text(AT)
    assert field(page).first.is_checked() if kind == "single" else field(page).input_value() == "Gao"
    assert answer() is not None
    assert waiting(page) == 0


def test_a_page_that_is_hidden_sends_what_was_typed_at_once(typed):
    page = typed()
    page.evaluate("() => { window.setTimeout = () => 0; }")  # the pause after which it would be sent never ends
    field(page).press_sequentially("Gao")
    page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", { value: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    expect(status(page)).to_contain_text(AT)
    assert answer() == "Gao"


def test_a_button_on_a_cut_line_then_back_keeps_the_answer(typed, context):
    page = typed()
    own = page.url
    context.set_offline(True)
    field(page).fill("Gao")
    page.locator("main button[name=next]").click()
    page.wait_for_url(lambda address: not address.startswith("http") or "answers" in address)
    context.set_offline(False)
    page.go_back(wait_until="load")
    assert page.url == own
    expect(field(page)).to_have_value("Gao")
    expect(status(page)).to_contain_text(AT)
    assert answer() == "Gao"


def test_the_back_key_and_a_reload_show_what_is_newest(typed, site):
    """The browser would put its own old choice back, which the script would take for a new one."""
    page = typed()
    own = page.url
    field(page).fill("Gao")
    expect(status(page)).to_contain_text(AT)
    page.goto(f"{site}/en/progress/")
    Attempt.objects.get().save_answers({1: "Kidal"}, "en", timezone.now())
    page.go_back(wait_until="load")
    assert page.url == own
    page.reload(wait_until="load")
    expect(field(page)).to_have_value("Kidal")
    page.wait_for_timeout(1500)
    assert answer() == "Kidal"


def test_a_reload_while_the_line_hangs_keeps_what_was_typed(typed):
    page = typed()
    hang(page)
    field(page).press_sequentially("Gao")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload(wait_until="load")
    expect(field(page)).to_have_value("Gao")
    page.unroute_all()
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload(wait_until="load")
    expect(status(page)).to_contain_text(AT)
    assert answer() == "Gao"


def test_an_older_save_that_the_line_holds_back_loses(typed):
    page, older = typed("single"), []

    def hold(route):
        older.append(route) if not older else route.continue_()

    page.route("**/attempts/*/answers/**", hold)
    field(page).nth(0).check()
    page.wait_for_timeout(300)
    field(page).nth(2).check()
    expect(status(page)).to_contain_text(AT)  # the first is given up after eight seconds
    newest = answer()
    sent = older[0].request
    reply = page.request.post(
        sent.url, data=sent.post_data_buffer, headers={**sent.headers, "referer": page.url}, max_redirects=0
    )
    assert reply.status == 200
    assert answer() == newest


def test_what_another_person_of_the_same_browser_left_is_neither_shown_nor_sent(typed, context, site):
    page = typed()
    hang(page)
    field(page).press_sequentially("Gao")
    page.wait_for_timeout(1500)
    page.close(run_before_unload=False)
    theirs = make.quiz(make.user("Celia"), Attempt.objects.get().bank.section)
    context.clear_cookies()
    other = page_of(context, site, theirs.learner)
    sent = []
    other.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    other.goto(f"{site}{theirs.get_absolute_url()}", wait_until="load")
    assert waiting(other) == 1
    expect(field(other)).to_have_value("")
    other.wait_for_timeout(1500)
    assert sent == []


def test_once_it_is_handed_in_nothing_stays_in_the_browser(typed, context):
    page = typed()
    hang(page)
    field(page).press_sequentially("Gao")
    other = context.new_page()
    hang(other)
    other.goto(page.url.split("?")[0] + "?page=2", wait_until="load")
    Attempt.objects.get().submit(timezone.now())
    assert waiting(other) == 1
    other.reload(wait_until="load")
    assert waiting(other) == 0


def test_a_stale_page_is_told_and_its_own_choice_waits_for_a_button(typed, context):
    page = typed()
    other = again(page)
    field(page).fill("Gao")
    expect(status(page)).to_contain_text(AT)
    field(other).fill("Kidal")
    expect(status(other)).to_contain_text("answered otherwise elsewhere")
    assert answer() == "Gao"
    other.locator("main button[name=next]").click()
    expect(other.locator("fieldset[disabled] input")).to_have_value("Gao")
    expect(field(other)).to_have_value("Kidal")
    assert answer() == "Kidal"
    other.locator("main button[name=next]").click()
    expect(other.locator("main button[name=submit]")).to_be_visible()


def test_what_was_given_elsewhere_stands_on_a_stale_page_whichever_option_it_was(opened):
    page = opened("classify")
    choose(page, "q1-1", 0)
    other = again(page)
    choose(page, "q1-1", 1)
    other.locator("[name=q1-0]").nth(0).check()
    expect(status(other)).to_contain_text("both stand here now")
    expect(other.locator("[name=q1-1]").nth(1)).to_be_checked()


def test_a_certainty_given_elsewhere_stands_on_a_stale_page(opened):
    page = opened("single", certainty=True)
    choose(page, "q1-sure", 0)
    other = again(page)
    choose(page, "q1-sure", 2)
    field(other).first.check()
    expect(status(other)).to_contain_text("both stand here now")
    expect(other.locator("[name=q1-sure]").nth(2)).to_be_checked()


def test_what_cannot_be_read_is_told_again_once_another_item_is_saved(opened):
    page = opened("number", "single")
    field(page).press_sequentially("a dozen")
    expect(status(page)).to_contain_text("cannot be read")
    page.locator("[name=q2]").first.check()
    expect(status(page)).to_contain_text("cannot be read")
    page.wait_for_timeout(1500)
    expect(status(page)).to_have_class("saved is-wrong")
    assert saved() == {2}


def test_what_waits_for_a_button_is_told_again_once_another_item_is_saved(opened, context):
    page = opened("short", "single")
    other = again(page)
    field(page).fill("Gao")
    expect(status(page)).to_contain_text(AT)
    field(other).fill("Kidal")
    expect(status(other)).to_contain_text("item 1 was answered otherwise elsewhere")
    other.locator("[name=q2]").first.check()
    other.wait_for_timeout(1500)
    expect(status(other)).to_contain_text("item 1 was answered otherwise elsewhere")
    assert saved() == {1, 2}


def test_what_a_button_could_not_send_goes_before_handing_in(opened, context):
    """On a slow line the button comes before the page has sent what it brought along."""
    page = opened("short")
    own = page.url
    context.set_offline(True)
    field(page).fill("Gao")
    page.locator("main button[name=next]").click()
    page.wait_for_url(lambda address: not address.startswith("http") or "answers" in address)
    context.set_offline(False)
    end, sent = context.new_page(), []

    def swallow_the_first(route):
        sent.append(route) if not sent else route.continue_()

    end.route("**/attempts/*/answers/**", swallow_the_first)
    end.goto(f"{own}?page=2", wait_until="load")
    assert waiting(end) == 1
    end.locator("main button[name=submit]").click()
    expect(end.locator("section.item")).to_be_visible()
    assert answer() == "Gao"
