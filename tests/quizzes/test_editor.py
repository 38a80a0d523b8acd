"""The editor of an own question, as a browser without a script uses it."""

import html
import re

import pytest

from quizzes import typed
from quizzes.kinds import KINDS
from quizzes.models import Bank, Item
from tests import make
from tests.conftest import browser_of
from tests.quizzes.test_typed import posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(bakary):
    return make.bank(bakary, "Bridges")


def new(bank, kind="single"):
    return f"/en/banks/{bank.pk}/new/{kind}/"


def edit(item):
    return f"/en/banks/{item.bank_id}/items/{item.pk}/edit/"


def basis_of(page):
    return re.search(r'name="basis" value="([^"]*)"', page.text)[1]


def sent(client, address, source, **more):
    """What comes of sending the form of that page with this Source in it."""
    page = client.get(address)
    return client.post(address, {**posted(source), "basis": basis_of(page), **more})


# Every kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_is_written_shown_tried_and_printed(as_bakary, bank, kind):
    page = as_bakary.get(new(bank, kind))
    assert page.status_code == 200
    done = sent(as_bakary, new(bank, kind), make.typed(kind))
    assert done.status_code == 302
    item = Item.objects.get()
    assert (item.draft, item.version.kind, item.author) == ([], kind, bank.owner)
    shown = as_bakary.get(done.url)
    assert "So it is" in shown.text
    again = as_bakary.get(edit(item))
    for text in ("What?", "What? (fr)", "So it is (fr)"):
        assert text in again.text
    assert "What?" in as_bakary.get(f"{done.url}try/").text
    told = as_bakary.post(f"{done.url}try/", {"q1": "0"})
    assert "So it is" in told.text
    assert "Not from the course: Bakary wrote this question." in told.text
    for sheet in ("questions", "answers", "key", "feedback"):
        paper = as_bakary.get(f"/en/banks/{bank.pk}/paper/?sheet={sheet}")
        assert paper.status_code == 200
    assert Item.objects.get().responses.count() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_sent_as_it_is_shown_nothing_changes(as_bakary, bank, kind):
    item = make.own_item(bank, kind)
    before = (item.source, item.version.pk)
    sent(as_bakary, edit(item), item.source)
    item.refresh_from_db()
    assert (item.source, item.version.pk) == before


def test_it_is_written_in_the_languages_of_the_bank_alone(as_bakary, bakary):
    bank = make.bank(bakary, languages=["fr"])
    page = as_bakary.get(new(bank))
    assert 'name="stem-fr"' in page.text
    assert 'name="stem-en"' not in page.text


def test_a_kind_that_is_none_is_not_there(as_bakary, bank):
    assert as_bakary.get(new(bank, "essay")).status_code == 404


# Rows, by buttons that save nothing


@pytest.mark.parametrize(
    ("button", "rows"), [({"more": "option"}, 5), ({"less": "option-1"}, 3), ({"less": "option-99"}, 4)]
)
def test_a_button_for_rows_saves_nothing_and_loses_nothing(as_bakary, bank, button, rows):
    source = make.typed("single")
    page = sent(as_bakary, new(bank), source, **button)
    assert page.status_code == 200
    assert page.text.count('type="radio"') == rows
    assert "What? (fr)" in page.text
    assert 'value="r0alpha"' in page.text
    assert not Item.objects.exists()


@pytest.mark.parametrize(("kind", "name"), [("single", "shuffle"), ("short", "articles"), ("number", "value")])
def test_a_button_that_names_no_row_does_nothing(as_bakary, bank, kind, name):
    for button in ("more", "less", "rise"):
        assert sent(as_bakary, new(bank, kind), make.typed(kind), **{button: f"{name}-0"}).status_code == 200


def test_entries_rise(as_bakary, bank):
    page = sent(as_bakary, new(bank, "order"), make.typed("order"), rise="entry-1")
    ids = re.findall(r'name="entry-\d-id" value="([^"]+)"', page.text)
    assert ids[:2] == ["r1beta", "r0alpha"]


# Saved, refused, a draft


def test_what_is_wrong_is_refused_and_everything_typed_is_there(as_bakary, bank):
    source = make.typed("single")
    source["option"][1]["text"] = source["option"][0]["text"]
    page = sent(as_bakary, new(bank), source)
    assert page.status_code == 422
    assert 'href="#id_option-0-text-en"' in page.text
    assert "Two of these read the same" in page.text
    assert "So it is (fr)" in page.text
    assert not Item.objects.exists()


def test_in_french_it_is_said_in_french(as_bakary, bank):
    source = make.typed("number") | {"value": "beaucoup"}
    page = as_bakary.post(new(bank, "number").replace("/en/", "/fr/"), posted(source))
    assert page.status_code == 422
    assert "should be" not in page.text


def test_what_is_not_finished_is_a_draft_that_says_what_it_lacks(as_bakary, bank):
    done = sent(as_bakary, new(bank), make.typed("single") | {"explanation": make.both("")})
    page = as_bakary.get(done.url)
    assert "A draft: this is missing" in page.text
    assert "Why it is so (English)" in page.text
    assert "draft" in as_bakary.get(f"/en/banks/{bank.pk}/").text
    assert "What?" not in as_bakary.get(f"/en/banks/{bank.pk}/paper/").text


def test_the_same_press_makes_one(as_bakary, bank):
    data = {**posted(make.typed("single")), "basis": basis_of(as_bakary.get(new(bank)))}
    assert as_bakary.post(new(bank), data).url == as_bakary.post(new(bank), data).url
    assert Item.objects.count() == 1


def test_another_text_from_the_page_that_made_a_question_is_not_dropped(as_bakary, bank):
    data = {**posted(make.typed("single")), "basis": basis_of(as_bakary.get(new(bank)))}
    as_bakary.post(new(bank), data)
    item = Item.objects.get()
    page = as_bakary.post(new(bank), data | {"stem-en": "What else?"})
    assert page.status_code == 409
    assert "What else?" in page.text
    assert "<dd>What?</dd>" in page.text
    assert f'action="{edit(item)}"' in page.text
    again = as_bakary.post(edit(item), data | {"stem-en": "What else?", "basis": basis_of(page)})
    assert again.status_code == 302
    assert Item.objects.get().source["stem"]["en"] == "What else?"


def test_warnings_are_told_after_saving_and_block_nothing(as_bakary, bank):
    source = make.typed("single")
    source["option"] = source["option"][:2]
    done = sent(as_bakary, new(bank), source)
    assert "2 options: write 3 to 5." in as_bakary.get(done.url).text
    assert Item.objects.get().draft == []


def test_a_changed_key_asks_why_and_marks_again(as_bakary, awa, bank):
    item = make.own_item(bank)
    response = make.answered(awa, item)
    rows = [{**row, "key": number == 1} for number, row in enumerate(item.source["option"])]
    page = sent(as_bakary, edit(item), item.source | {"option": rows})
    assert page.status_code == 422
    assert 'name="reason-en"' in page.text
    done = sent(as_bakary, edit(item), item.source | {"option": rows}, **{"reason-en": "Beta was right."})
    assert "1 answer was marked again." in as_bakary.get(done.url).text
    response.refresh_from_db()
    assert response.score == 0
    assert "Beta was right." in browser_of(awa).get("/en/changes/").text


def test_each_change_of_the_key_is_told_with_its_own_reason(as_bakary, awa, bank):
    item = make.own_item(bank)
    make.answered(awa, item)
    first = item.source["option"]
    for right, why in ((1, "Beta was right."), (0, "Alpha was right after all.")):
        rows = [{**row, "key": number == right} for number, row in enumerate(first)]
        sent(as_bakary, edit(item), item.source | {"option": rows}, **{"reason-en": why})
        assert why in browser_of(awa).get("/en/changes/").text
    assert Item.objects.get().version.number == 1


def test_two_texts_that_change_places_take_their_ids_along(as_bakary, awa, bank):
    item = make.own_item(bank)
    response = make.answered(awa, item)
    first, second, *rest = item.source["option"]
    rows = [{**first, "text": second["text"]}, {**second, "text": first["text"]}, *rest]
    page = sent(as_bakary, edit(item), item.source | {"option": rows})
    assert page.status_code == 422
    assert 'name="reason-en"' in page.text
    sent(as_bakary, edit(item), item.source | {"option": rows}, **{"reason-en": "Beta was right."})
    response.refresh_from_db()
    assert response.score == 0
    assert response.remarks.get().version == Item.objects.get().version


def test_texts_in_a_language_that_the_bank_no_longer_has_are_kept(as_bakary, bank):
    item = make.own_item(bank)
    Bank.objects.update(languages=["en"])
    data = {name: value for name, value in posted(item.source).items() if not name.endswith("-fr")}
    as_bakary.post(edit(item), data | {"basis": basis_of(as_bakary.get(edit(item))), "stem-en": "Otherwise?"})
    again = Item.objects.get()
    assert again.source == item.source | {"stem": item.source["stem"] | {"en": "Otherwise?"}}
    assert "fr" not in again.version.document["stem"]


def test_with_a_language_more_a_question_says_before_and_after_that_it_becomes_a_draft(as_bakary, bakary):
    bank = make.bank(bakary, languages=["en"])
    item = make.own_item(bank)
    Item.objects.update(source=item.source | {"stem": {"en": "What?"}})
    assert "nobody is asked until it is written" in as_bakary.get(f"/en/banks/{bank.pk}/edit/").text
    Bank.objects.update(languages=["en", "fr"])
    shown = f"/en/banks/{bank.pk}/items/{item.pk}/"
    for address in (shown, edit(item)):
        text = as_bakary.get(address).text
        assert "Once you save, it is a draft" in text
        assert "Question (French)" in text
        assert "None of this keeps it from being asked" not in text
    sent(as_bakary, edit(item), Item.objects.get().source | {"stem": {"en": "What else?"}})
    text = as_bakary.get(shown).text
    assert "Nobody is asked it any more until this is written." in text
    assert "What stands below is its former version." in text
    assert "Once you save" not in text


def test_a_language_has_its_name_in_what_is_to_look_at(as_bakary, bakary):
    bank = make.bank(bakary, languages=["en"])
    source = make.typed("single")
    source["option"][3]["text"] = make.both("All of the above")
    text = as_bakary.get(sent(as_bakary, new(bank), source).url).text
    assert "write what it stands for (English)" in text


# Two browsers


def test_the_second_of_two_browsers_is_told_and_overwrites_nothing(as_bakary, bakary, bank):
    item = make.own_item(bank, stem="First?")
    other = browser_of(bakary)
    old = basis_of(other.get(edit(item)))
    sent(as_bakary, edit(item), item.source | {"stem": make.text("Second?")})
    mine = {**posted(item.source | {"stem": make.text("Third?")}), "basis": old}
    page = other.post(edit(item), mine)
    assert page.status_code == 409
    assert "Second?" in page.text
    assert "Third?" in page.text
    item.refresh_from_db()
    assert item.source["stem"]["en"] == "Second?"
    other.post(edit(item), mine | {"basis": basis_of(page)})
    item.refresh_from_db()
    assert item.source["stem"]["en"] == "Third?"


@pytest.mark.parametrize(
    ("kind", "rows", "lines"),
    [
        ("single", "option", [("Option 1 is right", "no"), ("Option 2 is right", "yes")]),
        ("multiple", "option", [("Option 1 is right", "no"), ("Option 3 is right", "yes")]),
        ("classify", "statement", [("Statement 1: its label", "Seen")]),
    ],
)
def test_a_newer_key_is_told_in_words(as_bakary, bank, kind, rows, lines):
    item = make.own_item(bank, kind)
    old = basis_of(as_bakary.get(edit(item)))
    keys = {"single": (False, True, False, False), "multiple": (False, True, True, False), "classify": ["seen"] * 4}
    newer = [{**row, "key": key} for row, key in zip(item.source[rows], keys[kind], strict=True)]
    sent(as_bakary, edit(item), item.source | {rows: newer})
    page = as_bakary.post(edit(item), {**posted(item.source | {"stem": make.text("Mine?")}), "basis": old})
    for label, words in lines:
        assert re.search(rf"<dt>{label}, as it stands now</dt>\s*<dd>{words}</dd>", page.text)


# Preview


def test_a_preview_shows_what_was_typed_and_saves_nothing(as_bakary, bank):
    page = sent(as_bakary, new(bank, "match"), make.typed("match"), preview="1")
    assert 'id="q1"' in page.text
    assert not Item.objects.exists()
    page = sent(as_bakary, new(bank, "match"), typed.blank("match"), preview="1")
    assert "This is still empty." in page.text


def test_the_script_is_told_of_what_is_typed_so_far_and_saves_nothing(as_bakary, bank):
    looks = {"headers": {"X-Look": "1"}}
    source = make.typed("single")
    source["option"][3]["text"] = make.both("All of the above")
    page = as_bakary.post(new(bank), posted(source), **looks)
    assert "write what it stands for (English)" in page.text
    assert 'href="#id_option"' in page.text
    assert "<main" not in page.text
    source["option"][3]["text"] = source["option"][2]["text"]
    assert "À regarder" in as_bakary.post(new(bank).replace("/en/", "/fr/"), posted(source), **looks).text
    assert as_bakary.post(new(bank), posted(typed.blank("single")), **looks).text.strip() == ""
    assert not Item.objects.exists()


def test_another_language_shows_what_was_typed_and_saves_nothing(as_bakary, bank):
    page = as_bakary.post(new(bank).replace("/en/", "/fr/"), {**posted(make.typed("single")), "show": "1"})
    assert page.status_code == 200
    assert "What? (fr)" in page.text
    assert not Item.objects.exists()


# Beside the text


def test_a_bank_of_a_module_offers_its_passages_and_claims(as_bakary, bakary):
    section = make.section()
    make.lesson(section, slug="first")
    make.claim(section, "M038")
    bank = make.bank(bakary, module=section.module)
    address = f"{section.slug}/first#why"
    assert address in as_bakary.get(new(bank)).text
    beside = {"passage": address, "claims": "m038", "objective": " 1 ", "level": "apply"}
    sent(as_bakary, new(bank), make.typed("single") | beside)
    item = Item.objects.get()
    assert (item.anchor, item.objective, item.level) == ("why", 1, "apply")
    assert [claim.key for claim in item.claims.all()] == ["M038"]
    page = sent(as_bakary, new(bank), make.typed("single") | {"claims": "M999", "passage": "no/such#why"})
    assert page.status_code == 422
    assert "No claim is called “M999”." in page.text
    assert "This passage is not there any more." in page.text


# Nothing typed is markup


def test_what_is_typed_is_shown_as_it_stands(as_bakary, bank):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 }}"
    for kind in KINDS:
        source = make.typed(kind) | {"stem": make.both(evil), "explanation": make.both(evil)}
        done = sent(as_bakary, new(bank, kind), source)
        for address in (done.url, f"{done.url}edit/", f"{done.url}try/", f"/en/banks/{bank.pk}/"):
            text = as_bakary.get(address).text
            assert html.escape("<img src=x") in text
            assert "<img src=x" not in text


# Whose


@pytest.mark.parametrize("part", ["edit/", "withdraw/", "copy/", "move/", "", "try/"])
def test_a_stranger_who_may_teach_finds_nothing(as_danso, bank, part):
    item = make.own_item(bank)
    address = f"/en/banks/{bank.pk}/items/{item.pk}/{part}"
    assert as_danso.post(address, {"to": bank.pk}).status_code in (404, 405)
    assert as_danso.get(address).status_code in (302, 404)


def test_staff_of_a_shared_bank_read_and_copy_and_do_not_write(as_danso, danso, bakary):
    cohort = make.cohort(bakary)
    make.staff(cohort, danso)
    bank = make.bank(bakary, cohort=cohort)
    item, theirs = make.own_item(bank, stem="Whose?"), make.bank(danso)
    address = f"/en/banks/{bank.pk}/items/{item.pk}/"
    assert "Whose?" in as_danso.get(address).text
    assert as_danso.get(f"{address}edit/").status_code == 404
    assert as_danso.post(f"{address}withdraw/").status_code == 404
    done = as_danso.post(f"{address}copy/", {"to": theirs.pk, "press": "x"})
    copy = theirs.items.get()
    assert done.url == f"/en/banks/{theirs.pk}/items/{copy.pk}/"
    assert (copy.author, copy.source) == (bakary, item.source)


def test_a_draft_of_somebody_else_says_so_and_names_no_field(as_danso, danso, bakary):
    cohort = make.cohort(bakary)
    make.staff(cohort, danso)
    item = make.own_item(make.bank(bakary, cohort=cohort), stem="Half?", is_draft=True)
    text = as_danso.get(f"/en/banks/{item.bank_id}/items/{item.pk}/").text
    assert "Half?" in text
    assert "A draft, which its owner has not finished." in text
    assert "edit/" not in text


@pytest.mark.parametrize(("is_open", "status"), [(True, 302), (False, 403)])
def test_where_all_accounts_may_teach_anybody_with_a_name_may_make_a_bank(as_celia, settings, is_open, status):
    settings.OPEN_TEACHING = is_open
    assert as_celia.post("/en/banks/new/", {"title": "Mine", "languages": ["en"]}).status_code == status


def test_the_owner_moves_withdraws_and_brings_back(as_bakary, bakary, bank):
    item, other = make.own_item(bank), make.bank(bakary)
    as_bakary.post(f"/en/banks/{bank.pk}/items/{item.pk}/move/", {"to": other.pk})
    item.refresh_from_db()
    assert item.bank == other
    for data, is_withdrawn in (({}, True), ({"back": "1"}, False)):
        as_bakary.post(f"/en/banks/{other.pk}/items/{item.pk}/withdraw/", data)
        item.refresh_from_db()
        assert bool(item.withdrawn_at) is is_withdrawn


def test_a_copy_is_its_first_author_s_until_somebody_changes_it(as_danso, danso, bakary):
    cohort = make.cohort(bakary)
    make.staff(cohort, danso)
    bank, theirs = make.bank(bakary, cohort=cohort), make.bank(danso)
    item = make.own_item(bank)
    as_danso.post(f"/en/banks/{bank.pk}/items/{item.pk}/copy/", {"to": theirs.pk, "press": "x"})
    copy = theirs.items.get()
    sent(as_danso, edit(copy), copy.source)
    assert theirs.items.get().author == bakary
    sent(as_danso, edit(copy), copy.source | {"stem": make.text("Mine?")})
    assert theirs.items.get().author == danso


def test_moved_away_and_made_again_it_moves_back_beside_the_other(as_bakary, bakary, bank):
    other = make.bank(bakary)
    item, same = make.own_item(bank), make.own_item(other)
    Item.objects.filter(pk=same.pk).update(slug=item.slug)
    address = f"/en/banks/{other.pk}/items/{same.pk}/move/"
    assert as_bakary.post(address, {"to": bank.pk}).status_code == 302
    assert set(bank.items.all()) == {item, same}


def test_the_same_press_makes_one_wherever_it_was_moved(as_bakary, bakary, bank):
    other, third = make.bank(bakary), make.bank(bakary)
    data = {**posted(make.typed("single")), "basis": basis_of(as_bakary.get(new(bank)))}
    as_bakary.post(new(bank), data)
    item = Item.objects.get()
    as_bakary.post(f"/en/banks/{bank.pk}/items/{item.pk}/move/", {"to": other.pk})
    assert as_bakary.post(new(bank), data).status_code == 302
    assert Item.objects.get().bank == other
    address = f"/en/banks/{other.pk}/items/{item.pk}/copy/"
    as_bakary.post(address, {"to": bank.pk, "press": "x"})
    copy = bank.items.get()
    as_bakary.post(f"/en/banks/{bank.pk}/items/{copy.pk}/move/", {"to": third.pk})
    as_bakary.post(address, {"to": bank.pk, "press": "x"})
    assert Item.objects.count() == 2
    as_bakary.post(address, {"to": other.pk, "press": "x"})
    assert Item.objects.count() == 3


# What it costs


@pytest.mark.parametrize(("page", "most"), [("", 10), ("items/{}/", 12), ("items/{}/edit/", 8), ("paper/", 8)])
def test_a_page_costs_the_same_with_more_questions(as_bakary, bank, page, most, django_assert_max_num_queries):
    item = make.own_item(bank)
    for kind in KINDS:
        make.own_item(bank, kind)
    as_bakary.get("/en/")
    with django_assert_max_num_queries(most):
        assert as_bakary.get(f"/en/banks/{bank.pk}/{page.format(item.pk)}").status_code == 200
