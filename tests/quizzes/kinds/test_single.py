"""One right option among several: its text, its page, its mark, its review, and what an author is warned of."""

import tomllib

import pytest

from lessons.content.source import Entry, Lines, Problems
from quizzes.kinds import KINDS
from tests.content import parsed, single

RULES = KINDS["single"]
TEXT = single("pier")
LONG = "the key is over 1.5 times as long as the longest distractor: shorten it, or say as much in a distractor"
ABSOLUTE = "absolute words stand only in distractors: take them out, or use one in the key too"


def version_of(**changes):
    """The version of the pier; `changes` replace the words of options, or its key."""
    version, *_ = parsed(TEXT)
    for option in version["options"]:
        words = changes.get(option["id"])
        if words:
            option["text"] = words if isinstance(words, dict) else {"en": words, "fr": words}
    return version | ({"key": changes["key"]} if "key" in changes else {})


def test_an_item_is_read_with_its_key_and_the_feedback_of_each_option():
    version, feedback, problems = parsed(TEXT)
    assert problems == []
    assert [option["id"] for option in version["options"]] == ["a", "b", "c"]
    assert version["options"][0]["text"] == {"en": "amber of the pier", "fr": "amber du sujet pier"}
    assert (version["key"], version["shuffle"]) == ("b", True)
    assert feedback["c"] == {"en": "Look at cedar again.", "fr": "Revoyez cedar."}


def test_an_author_may_keep_the_order_of_the_options():
    version, *_ = parsed(TEXT.replace("objective = 1", "objective = 1\nshuffle = false"))
    assert version["shuffle"] is False


def test_two_options_are_not_shuffled_unless_the_author_says_so():
    version, *_ = parsed(TEXT[: TEXT.rindex("\n  [[item.option]]")])
    assert version["shuffle"] is False


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  key = true\n", "", "one option is the key (key = true); here 0 are"),
        ('  id = "c"\n', '  id = "c"\n  key = true\n', "one option is the key (key = true); here 2 are"),
        ("key = true", 'key = "yes"', "“key” should be true or false"),
        ('id = "c"', 'id = "C"', "“C”: use small letters, digits and single hyphens"),
        ('id = "c"', 'id = "a"', "two tables [[item.option]] have the same id"),
        ("cedar of the pier", "Amber of the pier", "two of these read the same: “amber of the pier”"),
        ('  text.fr = "cedar du sujet pier"\n', "", "“text.fr” is missing or empty"),
        ('  feedback.en = "Look at cedar again."\n  feedback.fr = "Revoyez cedar."\n', "", "“feedback” is missing"),
        ("key = true", "key = true\n  weight = 2", "nothing is known of a key “weight” of [[item.option]]"),
    ],
)
def test_an_item_that_is_not_right_is_refused(old, new, told):
    assert old in TEXT
    *_, problems = parsed(TEXT.replace(old, new, 1))
    assert any(problem.text.startswith(told) for problem in problems)


def test_a_fault_of_an_option_is_told_on_its_own_line():
    text = TEXT.replace('  text.fr = "cedar du sujet pier"\n', "")
    *_, problems = parsed(text)
    assert [problem.line for problem in problems] == [text[: text.index("cedar of the")].count("\n") + 1]


def test_one_option_is_too_few_and_nine_are_too_many():
    row = TEXT[TEXT.rindex("\n  [[item.option]]") :]
    *_, problems = parsed(TEXT + "".join(row.replace("cedar", f"w{x}").replace('"c"', f'"{x}"') for x in "defghi"))
    assert [str(each) for each in problems] == [
        "items.toml:1: an item of this kind has 2 to 8 tables [[item.option]]; this one has 9"
    ]
    *_, problems = parsed(TEXT[: TEXT.index("\n  [[item.option]]")] + row + "  key = true\n")
    assert [each.text[-15:] for each in problems] == ["; this one has 1"[-15:]]


def test_the_right_option_marks_1_and_every_other_0():
    version = version_of()
    assert [RULES.mark(version, option) for option in "abc"] == [0, 1, 0]


def test_a_page_shows_the_options_in_the_learners_order_with_the_choice():
    shown = RULES.show(version_of(), ["c", "a", "b"], "a", "q7", "fr")
    assert shown["options"] == [
        {"name": "q7", "value": "0", "text": "cedar du sujet pier", "chosen": False},
        {"name": "q7", "value": "1", "text": "amber du sujet pier", "chosen": True},
        {"name": "q7", "value": "2", "text": "birch du sujet pier", "chosen": False},
    ]


def test_a_position_is_read_as_the_option_that_stood_there():
    assert RULES.read(version_of(), ["c", "a", "b"], {"q7": "2"}, "q7") == "b"
    assert RULES.read(version_of(), ["c", "a", "b"], {"q8": "2"}, "q7") is None


def test_a_wrong_answer_gets_its_own_feedback_and_the_right_option():
    version, feedback, _ = parsed(TEXT)
    assert RULES.review(version, feedback, ["c", "a", "b"], "a", "en") == {
        "given": "amber of the pier",
        "feedback": "Look at amber again.",
        "right": "birch of the pier",
    }
    assert RULES.review(version, feedback, ["c", "a", "b"], None, "en")["given"] == ""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        (
            {"b": {"en": "birch of the pier and of all that lies on it", "fr": "bouleau"}},
            [f"{LONG} (en)"],
        ),
        (
            {"b": {"en": "birch", "fr": "le bouleau du sujet pier, et ce qui est autour"}},
            [f"{LONG} (fr)"],
        ),
        ({"a": {"en": "It always holds", "fr": "ambre"}}, [f"{ABSOLUTE} (en)"]),
        ({"a": {"en": "amber", "fr": "Personne ne vient"}}, [f"{ABSOLUTE} (fr)"]),
        ({"a": {"en": "Only here", "fr": "ici"}, "b": {"en": "Never there", "fr": "là"}}, []),
        (
            {"b": {"en": "all of the above", "fr": "bouleau"}},
            ["an option says all or none of the above: write what it stands for (en)"],
        ),
        (
            {"b": {"en": "birch", "fr": "Aucune des réponses"}},
            ["an option says all or none of the above: write what it stands for (fr)"],
        ),
        ({"a": {"en": "a wallet", "fr": "un partout"}}, []),
    ],
)
def test_an_author_is_warned_of_options_that_give_the_key_away(changes, told):
    assert [str(flaw) for flaw in RULES.lint(version_of(**changes))] == told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"a": "one; two"}, ["a semicolon stands in 1 of 3 options: put one in none, or in three ({})"]),
        (
            {"a": "one; two", "b": "two; three"},
            ["a semicolon stands in 2 of 3 options: put one in none, or in three ({})"],
        ),
        ({"a": "one; two", "b": "two; three", "c": "three; four"}, []),
        ({"a": "in 2012"}, ["numbers tell one option from the 2 others: give a number to all, or to none ({})"]),
        (
            {"a": "in 2012", "b": "in 2013"},
            ["numbers tell one option from the 2 others: give a number to all, or to none ({})"],
        ),
        ({"a": "in 2012", "b": "in 2013", "c": "in 2014"}, []),
        (
            {"a": {"en": "because it rained", "fr": "car il a plu"}},
            ["distractors say why, and the key does not: give a reason in all, or in none ({})"],
        ),
        ({"b": {"en": "because it rained", "fr": "car il a plu"}}, []),
        (
            {"b": {"en": "perhaps a boat", "fr": "peut-être un bac"}},
            ["the key alone is careful: hedge a distractor as well, or the key no more ({})"],
        ),
        ({"a": {"en": "perhaps a boat", "fr": "peut-être un bac"}}, []),
    ],
)
def test_an_author_is_warned_of_a_form_that_tells_options_apart(changes, told):
    assert [str(flaw) for flaw in RULES.lint(version_of(**changes))] == [
        words.format(each) for each in ("en", "fr") for words in told
    ]


@pytest.mark.parametrize(("count", "warned"), [(2, True), (3, False), (5, False), (6, True)])
def test_an_author_is_warned_of_too_few_or_too_many_options(count, warned):
    options = [{"id": each, "text": {"en": f"wood {each}", "fr": f"bois {each}"}} for each in "abcdef"[:count]]
    told = [str(flaw) for flaw in RULES.lint({"options": options, "key": "a"})]
    assert told == ([f"{count} options: write 3 to 5"] if warned else [])


def habits_of(old="", new=""):
    """({wrong option: what it misses}, problems) of the pier, with `old` replaced by `new`."""
    problems = Problems()
    text = TEXT.replace(old, new, 1)
    (item,) = Entry("items.toml", tomllib.loads(text), Lines(text), 0, problems).entries("item")
    return RULES.parse(item).habits, [problem.text for problem in problems]


def test_a_wrong_option_may_say_what_it_misses():
    assert habits_of() == ({}, [])
    assert habits_of('  id = "c"\n', '  id = "c"\n  habit = "day"\n') == ({"c": "day"}, [])


def test_the_key_misses_nothing_and_a_habit_is_one_of_five():
    habits, told = habits_of('  id = "b"\n', '  id = "b"\n  habit = "day"\n')
    assert (habits, told) == ({}, ["a right option misses no habit"])
    habits, told = habits_of('  id = "c"\n', '  id = "c"\n  habit = "hour"\n')
    assert (habits, told) == ({}, ["“habit” is “hour”; it should be one of: author, day, verb, base, reply"])
