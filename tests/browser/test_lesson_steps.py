"""Lessons on a phone: something to do or to look at on every second screen, and the way back to where one was."""

import pytest
from playwright.sync_api import expect

from lessons.models import Lesson

pytestmark = pytest.mark.browser
SCREEN = 740  # px of a phone 360 px wide
# From the title to the end of the last step, cards closed: its height, and the things to do or to look at.
MEASURE = """() => {
  const top = (place) => place.getBoundingClientRect().top + scrollY;
  const things = [...document.querySelectorAll("article :is(figure, .check, table, textarea)")]
    .filter((thing) => !thing.parentElement.closest("figure"));
  const steps = [...document.querySelectorAll(".step")];
  return {
    height: steps.at(-1).getBoundingClientRect().bottom + scrollY - top(document.querySelector("h1")),
    first: top(things[0]),
    picture: top(things.find((thing) => !thing.matches(".check"))),
    things: things.length,
    bare: steps.filter((step) => !things.some((thing) => step.contains(thing)))
      .map((step) => step.querySelector("h2").id),
  };
}"""


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport={"width": 360, "height": SCREEN}, java_script_enabled=True)
    yield context.new_page()
    context.close()


def in_view(place):
    box = place.bounding_box()
    return 0 <= box["y"] < SCREEN


def test_every_second_screen_of_a_lesson_has_something_to_do_or_to_look_at(site, phone, language):
    found = {}
    for lesson in Lesson.objects.live().select_related("section__module"):
        phone.goto(f"{site}{lesson.get_absolute_url()}".replace("/en/", f"/{language}/"))
        measured = phone.evaluate(MEASURE)
        wrong = {name: round(measured[name]) for name in ("first", "picture") if measured[name] > 1.5 * SCREEN}
        if measured["things"] < int(measured["height"] / SCREEN / 2):
            wrong |= {"things": measured["things"], "screens": round(measured["height"] / SCREEN, 1)}
        if measured["bare"]:
            wrong["bare"] = measured["bare"]
        if wrong:
            found[lesson.slug] = wrong
    assert found == {}


def test_the_first_item_is_answered_in_three_taps_and_two_screens(site, phone, language):
    phone.goto(f"{site}/{language}/")
    begin = phone.locator("main a.btn-primary")
    assert in_view(begin)
    begin.click()
    option = phone.locator("main label.opt").first
    assert option.bounding_box()["y"] < 2 * SCREEN
    option.click()
    answer = phone.locator("main button.btn-primary")
    assert answer.bounding_box()["y"] + phone.evaluate("scrollY") < 3 * SCREEN
    answer.click()
    expect(phone.locator("main .verdict").first).to_be_visible()


def test_from_a_word_a_card_and_a_step_one_comes_back(site, phone, language):
    phone.goto(f"{site}/{language}/modules/mali/who-is-speaking/author-and-purpose/")
    term = phone.locator("article a.term").first
    place = term.get_attribute("id")
    term.click()
    entry = phone.locator(f"#{term.get_attribute('href')[1:]}")
    assert in_view(entry)
    entry.locator("a.back").first.click()
    assert phone.url.endswith(f"#{place}")
    assert in_view(phone.locator(f"#{place}"))

    again = phone.locator(".card .again a").first
    again.evaluate("link => { link.closest('details').open = true; }")
    step = again.get_attribute("href")[1:]
    again.click()
    assert in_view(phone.locator(f"#{step}"))

    phone.locator(".onward a").first.click()
    assert in_view(phone.locator(".step h2").nth(1))
