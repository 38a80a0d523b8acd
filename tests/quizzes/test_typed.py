"""What an author types in a form: rows with their ids, and the check by the rules of the kinds, in words for a page."""

import re
from decimal import Decimal

import pytest
from django.utils.translation import override

from quizzes import page_words, typed
from quizzes.kinds import KINDS
from tests import make

LANGUAGES = ("en", "fr")


def posted(source, languages=LANGUAGES):
    """What a browser sends of a form that shows this Source."""
    data = typed.fields(source)
    if source["kind"] == "single":
        data["key"] = next((row["id"] for row in source["option"] if row.get("key")), "")
    return {name: value for name, value in data.items() if value or name.endswith(("-id", "value"))}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_page_shows_comes_back_as_it_was(kind):
    source = make.typed(kind)
    again = typed.read(kind, posted(source), LANGUAGES)
    left_out = {"shuffle", "articles"}
    assert {key: value for key, value in again.items() if key not in left_out} == {
        key: value for key, value in source.items() if key not in left_out
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_item_of_each_kind_makes_a_version_that_marks_its_key_right(kind):
    checked = typed.check(typed.without_blanks(make.typed(kind)), LANGUAGES)
    assert [problem.text for problem in checked.problems if not problem.warning] == []
    rules = KINDS[kind]
    assert rules.mark(checked.version, rules.key(checked.version)) == 1
    assert checked.version["stem"] == make.text("What?")


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_was_just_opened_only_lacks_something(kind):
    source = typed.without_blanks(typed.read(kind, posted(typed.blank(kind)), LANGUAGES))
    errors = [problem.text for problem in typed.check(source, LANGUAGES).problems if not problem.warning]
    assert errors
    assert [text for text in errors if not page_words.is_missing(text)] == []


# Rows


def test_rows_come_go_and_rise_with_their_ids():
    source = make.typed("order")
    ids = [row["id"] for row in source["entry"]]
    longer = typed.more(source, "entry")
    assert [row["id"] for row in longer["entry"]][:4] == ids
    assert longer["entry"][4]["id"] not in ids
    assert [row["id"] for row in typed.less(source, "entry-1")["entry"]] == [ids[0], *ids[2:]]
    assert [row["id"] for row in typed.higher(source, "entry-2")["entry"]] == [ids[0], ids[2], ids[1], ids[3]]


@pytest.mark.parametrize("row", ["entry-9", "entry--1", "stem-0", "stem-en", "", "entry-²", "nothing-0"])
def test_a_row_that_is_not_there_changes_nothing(row):
    source = make.typed("order")
    assert typed.less(source, row) == typed.higher(source, row) == source


def test_there_are_no_more_rows_than_the_kind_has():
    source = make.typed("single")
    for _ in range(20):
        source = typed.more(source, "option")
    assert len(source["option"]) == 8


@pytest.mark.parametrize("key", ["../x", "", "A", "a" * 51, "ralpha é"])
def test_an_id_that_is_none_is_made_anew(key):
    [row] = typed.read("single", {"option-0-id": key, "option-0-text-en": "A"}, ["en"])["option"]
    assert re.fullmatch(r"r[0-9a-f]{8}", row["id"])


def test_an_id_that_comes_twice_is_one_row_s_alone():
    rows = typed.read("single", {"option-0-id": "ra", "option-1-id": "ra"}, ["en"])["option"]
    assert rows[0]["id"] == "ra" != rows[1]["id"]


def test_empty_rows_are_left_out_and_a_label_that_is_gone_with_them():
    source = make.typed("classify")
    source["label"][1]["text"] = make.both(" ")
    kept = typed.without_blanks(source)
    assert [label["id"] for label in kept["label"]] == ["spoken"]
    assert [row["key"] for row in kept["statement"]] == ["spoken", "spoken", "", ""]


# Faults, each under its field and in words of the page


def faults(kind, **changes):
    """[(field, sentence of the page)] of an item that is whole but for these changes."""
    checked = typed.check(typed.without_blanks(make.typed(kind) | changes), LANGUAGES)
    return {problem.path: page_words.on_page(problem.text) for problem in checked.problems if not problem.warning}


def options(kind, **first):
    name = {"single": "option", "multiple": "option", "order": "entry", "match": "pair"}[kind]
    rows = make.typed(kind)[name]
    return {name: [{**rows[0], **first}, *rows[1:]]}


FAULTS = [
    ("single", {"stem": {"en": "", "fr": "Quoi ?"}}, "stem-en", "This is still empty."),
    ("single", {"explanation": {"en": "So", "fr": " "}}, "explanation-fr", "This is still empty."),
    ("single", options("single", text={"en": "Beta", "fr": "Alpha"}), "option-0-text-en", "read the same"),
    ("single", options("single", key=False), "key", "Say which one is right."),
    ("single", {"option": make.typed("single")["option"][:1]}, "option", "There are 1 of these"),
    ("single", options("single", feedback={"en": "", "fr": ""}), "option-0-feedback-en", "still empty"),
    ("single", {"stem": {"en": "In 2013?", "fr": "En 2015 ?"}}, "stem-en", "in one language alone"),
    ("multiple", options("multiple", key=False), "key", "two or more"),
    ("order", options("order", text={"en": "", "fr": "x"}), "entry-0-text-en", "still empty"),
    ("match", options("match", match={"en": "Spare", "fr": "Spare"}), "key", "Two partners read the same"),
    ("number", {"value": "many"}, "value", "cannot be read as a number"),
    ("number", {"value": "1,250"}, "value", "between thousands"),
    ("number", {"value": "1.250"}, "value", "between thousands"),
    ("number", {"value": ""}, "value", "still empty"),
    ("number", {"value": "9" * 25}, "value", "cannot be read as a number"),
    ("number", {"tolerance": "-1"}, "tolerance", "0 or more"),
    ("short", {"accepted": {"en": ["Bamako"], "fr": [""]}}, "accepted-fr", "at least one answer"),
    ("single", {"stem": {"en": "a" * 2001, "fr": "b"}}, "stem-en", "at most 2000"),
]


@pytest.mark.parametrize(("kind", "changes", "name", "words"), FAULTS)
def test_a_fault_stands_under_its_field_in_words_of_the_page(kind, changes, name, words):
    told = faults(kind, **changes)
    assert words in told[name]


@pytest.mark.parametrize(("kind", "changes", "name", "words"), FAULTS)
def test_no_sentence_of_the_check_reaches_a_page_as_it_is(kind, changes, name, words):
    checked = typed.check(typed.without_blanks(make.typed(kind) | changes), LANGUAGES)
    assert [problem.text for problem in checked.problems if page_words.on_page(problem.text) == problem.text] == []


def test_a_mistake_within_the_tolerance_is_told_at_its_row():
    mistake = [{"id": "m", "value": "3505", "feedback": make.text("Near")}]
    assert "no mistake" in faults("number", mistake=mistake)["mistake-0-value"]


@pytest.mark.parametrize(("written", "value"), [("3,5", "3.5"), ("3.50", "3.5"), ("1 250", "1250"), ("-4", "-4")])
def test_a_number_is_read_as_a_learner_s_is(written, value):
    source = make.typed("number") | {"value": written, "tolerance": "", "mistake": []}
    version = typed.check(source, LANGUAGES).version
    assert Decimal(version["value"]) == Decimal(value)


def warnings(kind, **changes):
    checked = typed.check(typed.without_blanks(make.typed(kind) | changes), LANGUAGES)
    told = [page_words.on_page(problem.text) for problem in checked.problems if problem.warning]
    return told + [page_words.of_flaw(flaw) for _name, flaw in checked.flaws]


def test_the_faults_of_item_writing_are_warnings_in_words_of_the_page():
    long = {"en": "A much longer right option than all others", "fr": "Bien plus longue que toutes les autres"}
    told = warnings("single", **options("single", text=long))
    assert any(sentence.startswith("The key is over 1.5 times as long as the longest distractor") for sentence in told)
    told = warnings("single", option=make.typed("single")["option"][:2])
    assert "2 options: write 3 to 5." in told
    [said] = {sentence for sentence in warnings("single", stem=make.both("**What?**")) if "**" in sentence}
    assert "as it stands" in said


def test_what_the_ids_of_entries_tell_is_not_said():
    flaws = [flaw for _name, flaw in typed.check(make.typed("order"), LANGUAGES).flaws]
    assert [str(flaw) for flaw in flaws if "ids" in str(flaw)]
    assert None in [page_words.of_flaw(flaw) for flaw in flaws]


def test_a_sentence_without_words_stands_as_the_check_says_it():
    with override("fr"):
        assert page_words.on_page("something new") == "something new"


def alt_warnings(english, french="Deux rivières"):
    entry = {"file": "e" * 64, "width": 80, "height": 60, "alt": {"en": english, "fr": french}}
    checked = typed.check(make.typed("single") | {"pictures": [entry]}, LANGUAGES)
    return [(problem.path, page_words.on_page(problem.text)) for problem in checked.problems]


@pytest.mark.parametrize(
    "text", ["IMG_2041", "bridge-2.jpg", "image", "A picture", "Picture 1", "The photo.", "Drawing"]
)
def test_words_that_say_nothing_of_a_picture_are_warned_of(text):
    words = f"“{text}” says nothing of what the picture shows. Say what somebody would see in it."
    assert alt_warnings(text, text) == [(f"pictures-0-alt-{code}", words) for code in LANGUAGES]


def test_words_that_say_what_a_picture_shows_are_not():
    assert alt_warnings("A picture of two rivers", "Photographie de deux rivières") == []
    assert alt_warnings("Imagery", "Figures de style") == []


def test_what_a_picture_shows_is_the_same_in_both_languages():
    sentences = [words for _name, words in alt_warnings("3 bridges", "4 ponts")]
    assert any(words.startswith("“3” stands in one language alone") for words in sentences)
