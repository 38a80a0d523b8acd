"""A bank of items: what is refused with file and line, and what its author is warned of."""

import pytest

from lessons.content.module import read_module
from lessons.content.source import Problems
from quizzes.banks import read_bank
from tests.content import ITEMS, NAMES, broken, classify, line_of, refused, single, write_module


def read(folder):
    """The items of the one section, and the problems in its bank."""
    module = read_module(folder, Problems())
    section, problems = module.sections[0], Problems()
    objectives = len(section.document["objectives"])
    path = folder / NAMES["items"]
    return read_bank(path, problems, module.claims, module.terms, objectives, section.anchors()), problems


def test_a_valid_bank_is_read_without_a_problem_or_warning(tmp_path):
    items, problems = read(write_module(tmp_path))
    assert problems == []
    assert [item.slug for item in items] == ["pier", "arch", "deck", "rail", "toll", "gate", "lamp", "try-a-label"]
    pier = items[0]
    assert (pier.kind, pier.level, pier.objective, pier.passage) == ("single", "remember", 1, "the-bridge#who-counts")
    assert (pier.claims, pier.rests_on) == (["M001", "M002"], ["M001"])
    assert pier.version["stem"]["fr"] == "Que vaut-il du sujet pier\u202f?"
    assert pier.document["explanation"]["en"] == "The Gazette reported it."
    assert pier.change == {}


def test_a_use_that_is_named_twice_counts_once(tmp_path):
    """Else an item that is kept for exams would be asked of everybody."""
    folder = write_module(tmp_path)
    broken(folder, "items", 'uses = ["quiz", "exam", "review"]', 'uses = ["exam", "exam"]')
    assert read(folder)[0][0].uses == ["exam"]


EASY = 'easy.en = "It reckons."\neasy.fr = "On calcule."\n'


def test_an_item_may_be_easy_on_purpose_with_the_reason(tmp_path):
    folder = write_module(tmp_path)
    before = read(folder)[0][0]
    broken(folder, "items", "objective = 1\n", f"objective = 1\n{EASY}")
    (pier, arch, *_rest), problems = read(folder)
    assert problems == []
    assert pier.document["easy"] == {"en": "It reckons.", "fr": "On calcule."}
    assert pier.checksum == before.checksum  # what learners are asked stays the same
    assert "easy" not in arch.document


# (what stands there, what a hurried author writes, words on the line that is told, words of the message);
# without words it is told on the changed line, and everywhere in the first item.
REFUSALS = {
    "an unknown kind": ('kind = "single"', 'kind = "essay"', "", "should be one of: single, multiple"),
    "no slug": ('slug = "pier"\n', "", "[[item]]", "“slug” is missing"),
    "a slug used twice": ('slug = "arch"', 'slug = "pier"', "", "“pier” stands already in line 2"),
    "an unknown level": ('"remember"', '"guess"', "", "should be one of: remember, understand"),
    "an objective that the section has not": ("objective = 1", "objective = 3", "", "between 1 and 2"),
    "no stem in French": ('stem.fr = "Que vaut-il du sujet pier ?"\n', "", "stem.en", "“stem.fr” is missing or empty"),
    "no explanation in French": (
        'explanation.fr = "La Gazette l’a rapporté."\n',
        "",
        "explanation.en",
        "“explanation.fr” is missing",
    ),
    "an item kept for exams that is easy": (
        'uses = ["quiz", "exam", "review"]\n',
        f'uses = ["exam"]\n{EASY}',
        "easy.en",
        "let it ask what only a reader knows",
    ),
    "no claims": ('claims = ["M001", "M002"]\n', "claims = []\n", 'rests_on = ["M001"]', "“M001” is missing in claims"),
    "nothing that the key rests on": ('rests_on = ["M001"]', "rests_on = []", "", "a key rests on at least one claim"),
    "an unknown claim": ('"M001", "M002"]', '"M001", "M009"]', "", "no claim is called “M009”"),
    "a key on a claim that it does not touch": (
        'claims = ["M001", "M002"]',
        'claims = ["M002"]',
        "rests_on",
        "“M001” is missing in claims",
    ),
    "a key on what cannot be tested": (
        'rests_on = ["M001"]\nclaims = ["M001"',
        'rests_on = ["O01"]\nclaims = ["O01"',
        'rests_on = ["O01"]',
        "“O01” cannot be tested, so no key rests on it",
    ),
    "a passage that is not there": (
        "#who-counts",
        "#who-count",
        "",
        "write lesson#anchor, as the lesson's heading has it",
    ),
    "a passage without its lesson": ('"the-bridge#who-counts"', '"who-counts"', "", "no passage “who-counts”"),
    "no passage": ('passage = "the-bridge#who-counts"\n', "", "[[item]]", "“passage” is missing"),
    "an unknown use": (
        '"review"]',
        '"homework"]',
        "",
        "“homework” is no use of an item (quiz, exam, review, check, pre)",
    ),
    "no use": ('["quiz", "exam", "review"]', "[]", "", "name at least one use"),
    "a check that is drawn": (
        '["quiz", "exam", "review"]',
        '["quiz", "check"]',
        "",
        "a check is never drawn in a quiz",
    ),
    "a pre-question with another use": (
        '["quiz", "exam", "review"]',
        '["pre", "quiz"]',
        "",
        "a pre-question has no other use",
    ),
    "a key of its own": ("objective = 1", "objective = 1\nweight = 2", "weight", "a key “weight” of [[item]]"),
    "a key below the wrong header": (
        "  key = true\n",
        '  key = true\n  level = "apply"\n',
        'level = "apply"',
        "below the wrong header",
    ),
    "two keys": ('id = "a"', 'id = "a"\n  key = true', "[[item]]", "one option is the key (key = true); here 2 are"),
    "an option without feedback": (
        '  feedback.fr = "Revoyez amber."\n',
        "",
        'feedback.en = "Look at amber',
        "“feedback.fr” is missing",
    ),
    "a stem whose year differs": ("What holds of the pier?", "What holds in 2019?", "", "says 2019 where the French"),
    "a reason in one language": (
        "objective = 1",
        'objective = 1\nchange.en = "New."',
        "change.en",
        "“change.fr” is missing",
    ),
    "a header misspelt": (
        '[[item]]\nslug = "arch"',
        '[[itme]]\nx = 1\n\n[[item]]\nslug = "arch"',
        "",
        "nothing is known of a key “itme”",
    ),
}


@pytest.mark.parametrize(("old", "new", "at", "words"), REFUSALS.values(), ids=REFUSALS)
def test_a_bank_is_refused_with_file_and_line(tmp_path, old, new, at, words):
    write_module(tmp_path)
    line = broken(tmp_path, "items", old, new)
    if at:
        line = line_of(tmp_path, "items", at)
    refused(read(tmp_path)[1], tmp_path, "items", line, words)


@pytest.mark.parametrize("table", ["stem", "explanation"])
def test_a_text_that_is_wholly_missing_is_refused_and_nothing_breaks(tmp_path, table):
    lines = [line for line in single("pier").split("\n") if not line.startswith(table)]
    _, problems = read(write_module(tmp_path, items="\n".join(lines)))
    refused(problems, tmp_path, "items", 1, f"“{table}” is missing")


def test_an_option_without_any_text_is_refused_and_nothing_breaks(tmp_path):
    lines = [line for line in single("pier").split("\n") if "amber of" not in line and "amber du" not in line]
    write_module(tmp_path, items="\n".join(lines))
    refused(read(tmp_path)[1], tmp_path, "items", line_of(tmp_path, "items", "[[item.option]]"), "“text” is missing")


def test_an_item_without_uses_is_told_so(tmp_path):
    write_module(tmp_path)
    broken(tmp_path, "items", 'uses = ["quiz", "exam", "review"]\n', "")
    _, problems = read(tmp_path)
    assert [(problem.line, problem.text) for problem in problems] == [
        (1, "“uses” is missing"),
        (1, "name at least one use"),
    ]


# Who says it


def resting_on(claim, item=None, **words):
    """An item whose key rests on `claim`; `words` replace its English or French stem."""
    text = (item or single("pier")).replace('rests_on = ["M001"]', f'rests_on = ["{claim}"]')
    text = text.replace("What holds of the pier?", words.get("en", "What holds of the pier?"))
    return text.replace("Que vaut-il du sujet pier ?", words.get("fr", "Que vaut-il du sujet pier ?"))


def test_a_key_that_rests_on_somebodys_word_names_who_says_it(tmp_path):
    _, problems = read(write_module(tmp_path, items=resting_on("M002")))
    line = line_of(tmp_path, "items", "rests_on")
    assert [(problem.path, problem.line) for problem in problems] == [(str(tmp_path / NAMES["items"]), line)] * 2
    told = "“M002” stands as attributed: name in {} who says it ({}) in the stem or in the key"
    assert [problem.text for problem in problems] == [
        told.format("en", "River Office, RO"),
        told.format("fr", "Office du fleuve, OF"),
    ]


@pytest.mark.parametrize(
    ("en", "fr"),
    [
        ("What does the river office say?", "Que dit l’office du fleuve ?"),
        ("What do the RO’s counts say?", "Que disent les comptes de l’OF ?"),
    ],
)
def test_a_name_or_an_alias_in_the_stem_will_do(tmp_path, en, fr):
    assert read(write_module(tmp_path, items=resting_on("M002", en=en, fr=fr)))[1] == []


def test_a_name_in_the_keyed_option_will_do_and_in_a_distractor_not(tmp_path):
    item = single("pier")
    keyed = item.replace("birch of the", "River Office, of the").replace("birch du", "Office du fleuve, du")
    assert read(write_module(tmp_path, items=resting_on("M002", keyed)))[1].errors == []
    other = item.replace("amber of the", "River Office, of the").replace("amber du", "Office du fleuve, du")
    assert len(read(write_module(tmp_path, items=resting_on("M002", other)))[1].errors) == 2


def test_letters_inside_another_word_name_nobody(tmp_path):
    words = {"en": "Is the hero from here?", "fr": "Que vaut l’offre du prof ?"}  # RO and OF, at either end of a word
    assert len(read(write_module(tmp_path, items=resting_on("M002", **words)))[1].errors) == 2


def test_both_languages_name_who_says_it(tmp_path):
    _, problems = read(write_module(tmp_path, items=resting_on("M002", en="What does the RO say?")))
    (problem,) = problems
    assert "name in fr who says it" in problem.text


@pytest.mark.parametrize("sayer", ["authors", "unnamed"])
def test_what_the_authors_or_somebody_unnamed_says_names_the_article(tmp_path, sayer):
    words = {"en": "What does the article say?", "fr": "Que dit l’article ?"}
    for stem, errors in (({}, 2), (words, 0), ({"en": "In the text?", "fr": "Dans le texte ?"}, 0)):
        write_module(tmp_path, items=resting_on("M002", **stem))
        broken(tmp_path, "claims", 'said_by = "river-office"', f'said_by = "{sayer}"')
        assert len(read(tmp_path)[1]) == errors


def test_several_keys_are_looked_through_for_the_name(tmp_path):
    several = single("pier").replace('"single"', '"multiple"').replace('id = "a"', 'id = "a"\n  key = true')
    _, problems = read(write_module(tmp_path, items=resting_on("M002", several)))
    assert ["who says it" in problem.text for problem in problems] == [True, True]
    named = several.replace("amber of the", "River Office, of the").replace("amber du", "Office du fleuve, du")
    assert read(write_module(tmp_path, items=resting_on("M002", named)))[1].errors == []


def test_where_the_task_is_to_judge_nobody_need_be_named(tmp_path):
    assert read(write_module(tmp_path, items=resting_on("M002", classify("pier"))))[1] == []


# Warnings


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "What holds of the pier?",
            "What is not so of the pier?",
            "the stem asks by a bare negative: ask for what holds (en)",
        ),
        (
            "What holds of the pier?",
            "What doesn’t the pier hold?",
            "the stem asks by a bare negative: ask for what holds (en)",
        ),
        (
            "Que vaut-il du sujet pier ?",
            "Que ne dit-on pas du sujet ?",
            "the stem asks by a bare negative: ask for what holds (fr)",
        ),
        (
            "Que vaut-il du sujet pier ?",
            "Que n’est-il pas ?",
            "the stem asks by a bare negative: ask for what holds (fr)",
        ),
    ],
)
def test_a_bare_negative_is_warned_of_on_the_line_of_the_stem(tmp_path, old, new, words):
    write_module(tmp_path)
    broken(tmp_path, "items", old, new)
    _, problems = read(tmp_path)
    assert [(problem.warning, problem.line, problem.text) for problem in problems] == [
        (True, line_of(tmp_path, "items", "stem.en"), words)
    ]


def test_a_fault_of_the_options_is_warned_of_on_the_line_of_the_item(tmp_path):
    write_module(tmp_path)
    broken(tmp_path, "items", "cedar of the arch", "never of the arch")
    (problem,) = read(tmp_path)[1]
    assert (problem.warning, problem.line) == (True, line_of(tmp_path, "items", 'slug = "arch"') - 1)
    assert problem.text == "absolute words stand only in distractors: take them out, or use one in the key too (en)"


def bank(keys):
    return "\n".join(single(f"item-{number}", key) for number, key in enumerate(keys)).replace("item-", "i")


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("aaaabbbccc", []),
        ("aaaaabbbcc", ["option 1 is the key in 5 of 10 items: move some keys to other options"]),
        ("abbbbbbccc", ["option 2 is the key in 6 of 10 items: move some keys to other options"]),
        ("bbbbbbbbb", []),  # nine items are too few to judge
    ],
)
def test_a_bank_whose_key_stands_mostly_in_one_place_is_warned_of(tmp_path, keys, told):
    items = bank(keys).replace("birch", "balsa").replace("amber", "alder")  # all options of one length
    assert [str(problem) for problem in read(write_module(tmp_path, items=items))[1]] == [
        f"{tmp_path / NAMES['items']}:1: warning: {words}" for words in told
    ]


def test_a_bank_whose_key_is_mostly_the_longest_option_is_warned_of(tmp_path):
    items = bank("aaaabbbccc")
    for number, key in enumerate("aaaabbbccc"):
        if number < 5:
            word = dict(zip("abc", ("amber", "birch", "cedar"), strict=True))[key]
            items = items.replace(f"{word} of the i{number}", f"{word} wood, i{number}, it")
    problems = read(write_module(tmp_path, items=items))[1]
    assert [problem.text for problem in problems] == [
        "the longest option is the key in 5 of 10 items: shorten keys, or say more in distractors (en)"
    ]


# Versions


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("What holds of the pier?", "What is said of the pier?", True),
        ("cedar of the pier", "ash of the pier", True),
        ('  id = "b"\n', '  id = "d"\n', True),
        ('level = "remember"', 'level = "apply"', False),
        ('explanation.en = "The Gazette', 'explanation.en = "A gazette', False),
        ("Look at amber again.", "Look once more.", False),
        ('["quiz", "exam", "review"]', '["quiz"]', False),
        ("the-bridge#who-counts", "the-bridge#missing", False),
    ],
)
def test_only_what_changes_the_question_or_its_mark_makes_a_version(tmp_path, old, new, changes):
    before = read(write_module(tmp_path))[0][0].checksum
    broken(tmp_path, "items", old, new)
    assert (read(tmp_path)[0][0].checksum != before) is changes


def test_the_bank_of_the_tests_is_as_small_as_it_says():
    assert ITEMS.count("[[item]]") == 8
