"""Two pages of one attempt: each changes only what the person changed on it, and says what was saved elsewhere."""

import re

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.models import Attempt, Use
from tests import make
from tests.conftest import browser_of
from tests.forms import form_of

KINDS = ["single", "multiple", "classify", "order", "match", "number", "short"]
LABELS = [{"id": "fact"}, {"id": "opinion"}]
PIECES = [{"id": each, "text": make.text(f"Piece {each}")} for each in "abc"]
DOCUMENTS = {
    "single": {"options": PIECES, "key": "a"},
    "multiple": {"options": PIECES, "keys": ["a", "b"]},
    "classify": {"labels": LABELS, "statements": PIECES, "key": dict.fromkeys("abc", "fact")},
    "order": {"entries": PIECES, "key": {"a": 1, "b": 2, "c": 3}},
    "match": {"pairs": PIECES, "choices": PIECES},
    "number": {"value": "12", "tolerance": "0", "unit": {}, "mistakes": []},
    "short": {"accepted": make.both(["Gao"])},
}  # fmt: skip
# The fields of each kind, one answer and another: `{0}` is the name of the item.
ONE = {
    "single": {"q": "0"},
    "multiple": {"q-0": "1"},
    "classify": {"q-0": "0"},
    "order": {"q-0": "0"},
    "match": {"q-0": "1"},
    "number": {"q": "12"},
    "short": {"q": "Gao"},
}
OTHER = {kind: {name: {"1": "2", "12": "13", "Gao": "Kidal"}.get(value, "1") for name, value in ONE[kind].items()}
         for kind in KINDS} | {"multiple": {"q-0": ""}}  # fmt: skip
BUTTONS = [{"next": "1"}, {"go": "2"}, {"later": "1"}, {"language": "fr"}, {"submit": "1"}, {"more": "1"}, {"go": "1"}]


def section_of(kinds, certainty=False):
    section = make.section(draw=len(kinds), certainty=certainty)
    for kind in kinds:
        item = make.item(section)
        make.version(item, kind, {"stem": item.current_version.document["stem"], "shuffle": False, **DOCUMENTS[kind]})
    return section


def sitting(learner, kinds, use=Use.QUIZ, certainty=False):
    """An open attempt with an item of each of these kinds, in this order."""
    section = section_of(kinds, certainty)
    items = list(section.bank.items.select_related("current_version").order_by("pk"))
    if use == Use.REVIEW:
        return Attempt.start_review(learner, items, make.NOW)
    attempt = Attempt.objects.create(
        learner=learner, use=use, seed=1, module=section.module, threshold="0.8", started_at=make.NOW,
        bank=section.bank if use == Use.QUIZ else None,
    )  # fmt: skip
    attempt.fix([item.version for item in items])
    return attempt


class Page:
    """One page of an open attempt in somebody's browser, without a script."""

    def __init__(self, client, attempt, number=1):
        self.client = client
        self.read(client.get(f"{attempt.get_absolute_url()}?page={number}"))

    def read(self, response):
        self.response = response
        self.action, self.fields = form_of(response)
        return self

    def fill(self, values, position=1):
        """Change fields of an item; an empty one of a box takes its tick away."""
        for name, value in values.items():
            self.fields[f"q{position}{name[1:]}"] = value
        return self

    def press(self, **button):
        return self.client.post(self.action, {**self.fields, **button})

    def autosave(self, position=1, count=1):
        """What the script sends of one item, as the page's change number `count`."""
        name = f"q{position}"
        self.count(position, count)
        fields = {key: value for key, value in self.fields.items() if key == name or key.startswith(f"{name}-")}
        sent = {"page": self.fields["page"], **fields}
        return self.client.post(self.action, sent, headers={"X-Autosave": "1"})

    def count(self, position, count):
        name = f"q{position}-was"
        revision, _, rest = self.fields[name].split(".", 2)
        self.fields[name] = f"{revision}.{count}.{rest}"


def answer(attempt, position=1):
    return attempt.responses.get(position=position).answer


def stored(attempt, kind, values):
    """The answer that those fields make."""
    response = attempt.responses.select_related("shown_version").get(position=1)
    return response.read({f"q1{name[1:]}": value for name, value in values.items()})


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("use", [Use.QUIZ, Use.EXAM])
@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: "-".join(*button.items()))
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_on_which_nothing_was_changed_empties_nothing_and_shows_what_is_newer(as_awa, awa, kind, button, use):
    attempt = sitting(awa, [kind], use)
    newest, stale = Page(as_awa, attempt), Page(as_awa, attempt)
    assert newest.fill(ONE[kind]).press(next=1).status_code == 302
    before = answer(attempt)
    assert before == stored(attempt, kind, ONE[kind])
    page = stale.press(**button)
    assert page.status_code == 409
    assert answer(attempt) == before
    assert "Answered elsewhere since you opened this page" in page.text
    assert Attempt.objects.get().is_open
    shown = Page(as_awa, attempt).fields
    own = {"q1-was": "", "whose": ""}  # of each page
    assert {**shown, **own} == {**form_of(page)[1], **own}
    assert stale.read(page).press(**button).status_code == 302
    assert answer(attempt) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_without_a_word_of_what_it_is_based_on_empties_nothing(as_awa, awa, kind):
    attempt = sitting(awa, [kind])
    own = attempt.get_absolute_url()
    blank = {name: "" for name in Page(as_awa, attempt).fields if name != "q1-was"} | {"page": 1, "next": 1}
    as_awa.post(own, {**blank, **{f"q1{name[1:]}": value for name, value in ONE[kind].items()}})
    before = answer(attempt)
    assert before is not None
    page = as_awa.post(own, blank, follow=True)
    assert answer(attempt) == before
    assert ("Answered elsewhere" in page.text) is (kind not in ("single", "classify"))  # whose radios send nothing


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "multiple"])
def test_where_both_changed_an_item_the_button_counts_and_both_are_shown(as_awa, awa, kind):
    attempt = sitting(awa, [kind])
    one, other = Page(as_awa, attempt), Page(as_awa, attempt)
    one.fill(ONE[kind]).press(next=1)
    page = other.fill(OTHER[kind]).press(next=1)
    assert page.status_code == 409
    assert answer(attempt) == stored(attempt, kind, OTHER[kind])
    assert "Yours is saved" in page.text
    elsewhere = page.text.split("<fieldset disabled>")[1].split("</fieldset>")[0]
    assert re.search(r'checked|selected|value="(12|Gao)"', elsewhere)
    assert other.read(page).press(next=1).status_code == 302
    assert answer(attempt) == stored(attempt, kind, OTHER[kind])


@pytest.mark.parametrize("kind", ["multiple", "classify", "order", "match"])
def test_parts_that_two_pages_gave_are_both_kept(as_awa, awa, kind):
    attempt = sitting(awa, [kind])
    one, other = Page(as_awa, attempt), Page(as_awa, attempt)
    value = {"multiple": "1"}.get(kind, "0")
    one.fill({"q-0": value}).press(next=1)
    page = other.fill({"q-1": "1"}).press(next=1)
    assert page.status_code == 409
    assert answer(attempt) == stored(attempt, kind, {"q-0": value, "q-1": "1"})
    assert "Saved elsewhere since you opened this page" in page.text


def test_boxes_are_weighed_one_by_one(as_awa, awa):
    """A tick taken away here, another set elsewhere."""
    attempt = sitting(awa, ["multiple"])
    Page(as_awa, attempt).fill({"q-0": "1", "q-1": "1"}).press(next=1)
    one, other = Page(as_awa, attempt), Page(as_awa, attempt)
    one.fill({"q-2": "1"}).press(next=1)
    del other.fields["q1-0"]
    other.press(next=1)
    assert answer(attempt) == ["b", "c"]


def test_certainty_is_weighed_by_itself(as_awa, awa):
    attempt = sitting(awa, ["single"], certainty=True)
    one, other, third = (Page(as_awa, attempt) for _ in range(3))
    one.fill({"q": "0", "q-sure": "3"}).press(next=1)
    page = other.fill({"q": "0"}).press(next=1)
    assert (page.status_code, attempt.responses.get().certainty) == (409, 3)
    page = third.fill({"q-sure": "1"}).press(next=1)
    assert (answer(attempt), attempt.responses.get().certainty) == ("a", 1)
    assert "Sure" in page.text.split("<fieldset disabled>")[1].split("</fieldset>")[0]


def test_what_both_gave_alike_is_nothing_to_tell(as_awa, awa):
    attempt = sitting(awa, ["short", "single"])
    one, other = Page(as_awa, attempt), Page(as_awa, attempt)
    for page in (one, other):
        assert page.fill({"q": "Gao"}).press(next=1).status_code == 302


def test_going_back_to_an_old_copy_of_a_page_and_sending_it_again_is_no_other_page(as_awa, awa):
    attempt = sitting(awa, ["short"])
    page = Page(as_awa, attempt)
    page.fill({"q": "Gao"}).press(next=1)
    assert page.fill({"q": "Kidal"}).press(next=1).status_code == 302
    assert answer(attempt) == "Kidal"
    assert page.fill({"q": ""}).press(next=1).status_code == 302
    assert answer(attempt) is None


def test_an_old_copy_that_is_sent_again_after_a_newer_choice_elsewhere_counts_as_pressed_and_shows_both(as_awa, awa):
    """Only the last page that wrote is remembered: the site cannot tell this press from a new choice, so it tells."""
    attempt = sitting(awa, ["short"])
    old, newer = Page(as_awa, attempt), Page(as_awa, attempt)
    old.fill({"q": "Gao"}).press(next=1)
    newer.read(newer.fill({"q": "Kidal"}).press(next=1))
    page = old.press(next=1)
    assert (page.status_code, answer(attempt)) == (409, "Gao")
    assert 'value="Kidal"' in page.text.split("<fieldset disabled>")[1].split("</fieldset>")[0]


def test_old_copies_of_a_page_do_not_empty_what_another_page_added(as_awa, awa):
    attempt = sitting(awa, ["match"])
    one, other = Page(as_awa, attempt), Page(as_awa, attempt)
    one.fill({"q-0": "1"}).press(next=1)
    other.fill({"q-1": "1"}).press(next=1)
    assert other.press(next=1).status_code == 409
    assert answer(attempt) == {"a": "b", "b": "b"}


# Saved by itself


@pytest.mark.parametrize("kind", KINDS)
def test_an_older_save_that_arrives_late_loses(as_awa, awa, kind):
    attempt = sitting(awa, [kind])
    page = Page(as_awa, attempt)
    assert page.fill(OTHER[kind]).autosave(count=2).status_code == 200
    assert page.fill(ONE[kind]).autosave(count=1).status_code == 200
    assert answer(attempt) == stored(attempt, kind, OTHER[kind])


def test_a_choice_taken_back_beats_the_older_one_that_arrives_late(as_awa, awa):
    attempt = sitting(awa, ["short"])
    page = Page(as_awa, attempt)
    page.fill({"q": ""}).autosave(count=2)
    page.fill({"q": "Gao"}).autosave(count=1)
    assert answer(attempt) is None


def test_an_older_save_loses_against_the_button_too(as_awa, awa):
    attempt = sitting(awa, ["short"])
    page = Page(as_awa, attempt)
    page.count(1, 2)
    page.fill({"q": "Kidal"}).press(next=1)
    page.fill({"q": "Gao"}).autosave(count=1)
    assert answer(attempt) == "Kidal"


@pytest.mark.parametrize("kind", KINDS)
def test_what_another_browser_saved_since_is_not_overwritten_by_itself(as_awa, awa, kind):
    attempt = sitting(awa, [kind])
    if kind == "multiple":
        Page(as_awa, attempt).fill({"q-0": "1", "q-1": "1"}).press(next=1)
    stale = Page(as_awa, attempt)
    Page(browser_of(awa), attempt).fill(OTHER[kind] if kind != "multiple" else {"q-2": "1"}).press(next=1)
    saved = answer(attempt)
    reply = stale.fill(ONE[kind]).autosave()
    if kind == "multiple":  # boxes are weighed one by one: nothing is against anything
        assert reply.json()["fields"]["q1-2"] == "1"
        return
    assert reply.status_code == 412
    assert "item 1 was answered otherwise elsewhere" in reply.json()["told"]
    assert answer(attempt) == saved
    page = stale.press(next=1)
    assert page.status_code == 409
    assert answer(attempt) == stored(attempt, kind, ONE[kind])


def test_the_script_learns_what_its_page_is_based_on_from_then_on(as_awa, awa):
    attempt = sitting(awa, ["match"])
    page, other = Page(as_awa, attempt), Page(as_awa, attempt)
    page.fields |= page.fill({"q-0": "1"}).autosave(count=1).json()["fields"]
    other.fields |= other.fill({"q-1": "2"}).autosave(count=1).json()["fields"]
    assert (other.fields["q1-0"], other.fields["q1-1"]) == ("1", "2")
    assert other.fill({"q-0": "0"}).autosave(count=2).status_code == 200
    assert answer(attempt) == {"a": "a", "b": "c"}
    assert page.press(next=1).status_code == 409
    assert answer(attempt) == {"a": "a", "b": "c"}


def test_a_number_that_cannot_be_read_stands_beside_what_was_saved_elsewhere(as_awa, awa):
    attempt = sitting(awa, ["number", "short"])
    stale = Page(as_awa, attempt)
    Page(as_awa, attempt).fill({"q": "12"}).press(next=1)
    page = stale.fill({"q": "a dozen"}).fill({"q": "Gao"}, 2).press(next=1)
    assert page.status_code == 422
    assert 'value="a dozen"' in page.text
    assert 'value="12"' in page.text.split("<fieldset disabled>")[1].split("</fieldset>")[0]
    assert [answer(attempt, number) for number in (1, 2)] == ["12", "Gao"]


@pytest.mark.parametrize(
    "forged", ["", "x", "9" * 30 + ".0.a.", "0.0..", "0.0.a", "-1.0.a.", "0.0.a." + "," * 999, "0.0.a.%", "²"]
)
def test_a_forged_basis_changes_nothing_beyond_what_its_owner_may(as_awa, awa, forged):
    attempt = sitting(awa, ["match"])
    page = Page(as_awa, attempt).fill({"q-0": "1"})
    page.fields["q1-was"] = forged
    assert page.press(next=1).status_code == 302
    assert answer(attempt) == {"a": "b"}


# A review


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("button", ["give", "unknown", "later", "go"])
def test_a_review_shows_what_was_saved_elsewhere_before_it_marks(as_awa, awa, kind, button):
    attempt = sitting(awa, [kind], Use.REVIEW)
    stale = Page(as_awa, attempt)
    Page(browser_of(awa), attempt).fill(ONE[kind]).press(later=1)
    page = stale.press(**{button: 1})
    assert page.status_code == 409
    assert "Answered elsewhere since you opened this page" in page.text
    response = attempt.responses.get()
    assert (response.answer, response.marked_at) == (stored(attempt, kind, ONE[kind]), None)
    assert stale.read(page).press(give=1).status_code == 302
    assert attempt.responses.get().marked_at
    assert attempt.responses.get().answer == response.answer


def test_in_a_review_too_an_unread_number_stays_whatever_the_button(as_awa, awa):
    attempt = sitting(awa, ["number"], Use.REVIEW)
    for button in ("later", "language", "give"):
        page = Page(as_awa, attempt).fill({"q": "a dozen"}).press(**{button: "fr"})
        assert (page.status_code, 'value="a dozen"' in page.text) == (422, True)


# The address


def test_answers_are_sent_to_an_address_of_their_own_which_leads_back_to_the_page(as_awa, awa, client):
    attempt = sitting(awa, ["short"])
    own = attempt.get_absolute_url()
    page = Page(as_awa, attempt)
    assert page.action.startswith(f"{own}answers/?page=1&copy=")
    assert as_awa.get(page.action)["Location"] == f"{own}?page=1"
    assert as_awa.get(f"{own}answers/")["Location"] == own
    assert client.get(f"{own}answers/?page=1")["Location"].startswith("/en/accounts/sign-in/?next=")
    ours = {"Sec-Fetch-Site": "same-origin"}
    lost = client.post(page.action, {**page.fields, "q1": "Gao", "next": 1}, headers=ours)
    assert (lost.status_code, f'action="{own}answers/"' in lost.text) == (401, True)
    assert 'name="q1-was"' in lost.text


def test_what_waits_in_a_browser_is_under_a_key_of_the_attempt_and_its_learner(as_awa, awa, celia):
    mine, theirs = sitting(awa, ["short"]), sitting(celia, ["short"])
    keys = [
        re.search(r'data-kept="(attempt-[0-9a-f]{20})"', client.get(attempt.get_absolute_url()).text)[1]
        for client, attempt in [(as_awa, mine), (as_awa, mine), (browser_of(celia), theirs)]
    ]
    assert keys[0] == keys[1] != keys[2]
    mine.submit(make.NOW)
    assert f'data-kept="{keys[0]}"' in as_awa.get(mine.get_absolute_url()).text


def test_on_a_shared_browser_it_waits_in_the_tab_alone(awa):
    attempt = sitting(awa, ["short"])
    client = browser_of(awa)
    assert "data-shared" not in client.get(attempt.get_absolute_url()).text
    session = client.session
    session.set_expiry(0)
    session.save()
    assert " data-shared" in client.get(attempt.get_absolute_url()).text


# Whatever the order


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["one", "other"]),
        st.sampled_from(["fill", "autosave", "press", "open"]),
        st.integers(1, 3),
        st.sampled_from(["0", "1", "2"]),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_answer_is_lost_whatever_two_pages_do_in_turn(awa, steps):
    """What only one side changed stands, and so does the last acknowledged choice of each item."""
    cache.clear()
    Attempt.objects.all().delete()
    attempt = sitting(awa, ["single", "match", "short"])
    fields = {1: "q", 2: "q-0", 3: "q"}
    client = browser_of(awa)
    pages = {side: Page(client, attempt) for side in ("one", "other")}
    counts = dict.fromkeys(pages, 0)
    unsent = {side: {} for side in pages}
    acknowledged = {}
    for side, step, position, value in steps:
        page = pages[side]
        if step == "fill":
            if page.fields.get(f"q{position}{fields[position][1:]}") == value:
                continue  # it stands there already: nobody changes anything
            page.fill({fields[position]: value}, position)
            counts[side] += 1
            page.count(position, counts[side])
            unsent[side][position] = value
        elif step == "autosave" and position in unsent[side]:
            reply = page.autosave(position, counts[side])
            if reply.status_code == 200:
                page.fields |= reply.json()["fields"]
                acknowledged[position] = unsent[side].pop(position)
            else:
                assert reply.status_code == 412
        elif step == "press":
            reply = page.press(next=1)
            acknowledged |= unsent[side]
            unsent[side] = {}
            if reply.status_code == 409:
                page.read(reply)
            else:  # the browser is led on, and shows the page anew when somebody comes back to it
                pages[side] = Page(client, attempt)
        elif step == "open":
            pages[side], unsent[side] = Page(client, attempt), {}
        shown = Page(client, attempt).fields
        for item, choice in acknowledged.items():
            assert shown[f"q{item}{fields[item][1:]}"] == choice
