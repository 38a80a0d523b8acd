"""What was typed is not lost: on a line that hangs or is cut, on the way to another page, and in two tabs."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from quizzes.models import Attempt
from tests import make
from tests.browser.test_autosave import AT, page_of, saved, status
from tests.quizzes.test_two_pages import sitting

pytestmark = pytest.mark.browser
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
    with page.expect_event("framenavigated"):  # to the browser's own page, that there is no line
        page.locator("main button[name=next]").click()
    context.set_offline(False)
    page.go_back(wait_until="load")
    assert page.url == own
    expect(field(page)).to_have_value("Gao")
    expect(status(page)).to_contain_text(AT)
    assert answer() == "Gao"


def test_a_button_does_not_slip_away_while_it_is_held_down(typed, context):
    """Leaving the field sends it, which fails at once on a cut line; the words that say so move what stands below."""
    page = typed()
    context.set_offline(True)
    field(page).fill("Gao")
    button = page.locator("main button[name=next]")
    button.hover()
    before = button.bounding_box()
    with page.expect_event("requestfailed"):
        page.mouse.down()
    page.wait_for_timeout(300)
    assert button.bounding_box() == before
    page.mouse.move(before["x"] + 5, before["y"] + 5)
    with page.expect_event("framenavigated"):
        page.mouse.up()


def test_words_that_waited_for_a_button_are_said_once_it_is_let_go(typed, context):
    page = typed()
    context.set_offline(True)
    field(page).fill("Gao")
    page.locator("main button[name=next]").hover()
    with page.expect_event("requestfailed"):
        page.mouse.down()
    page.mouse.move(1, 1)
    page.mouse.up()
    expect(status(page)).to_have_class("saved is-wrong")


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
    with page.expect_event("framenavigated"):  # to the browser's own page, that there is no line
        page.locator("main button[name=next]").click()
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
