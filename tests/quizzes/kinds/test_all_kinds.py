"""What holds of every kind of item, for any text, key, order and answer; and what several and order refuse."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.content import LABELS
from quizzes.kinds import KINDS, NotOnOffer
from quizzes.kinds.base import position
from tests.content import parsed

NAME = "q1"
TABLES = {"single": "option", "multiple": "option", "classify": "statement", "order": "entry"}
WORDS = st.lists(st.text("abcdefghij ", min_size=1).map(str.strip).filter(bool), min_size=3, max_size=6, unique=True)


def keys(kind, ids):
    """Any key that an author may set."""
    return {
        "single": st.sampled_from(ids),
        "multiple": st.sets(st.sampled_from(ids), min_size=2, max_size=len(ids) - 1),
        "classify": st.fixed_dictionaries(dict.fromkeys(ids, st.sampled_from(LABELS[:3]))),
        "order": st.permutations(ids),
    }[kind]


def answers(kind, ids):
    """Any answer that a learner may give, in canonical form; None where nothing was given."""
    given = {
        "single": st.sampled_from(ids),
        "multiple": st.sets(st.sampled_from(ids), min_size=1).map(sorted),
        "classify": st.dictionaries(st.sampled_from(ids), st.sampled_from(LABELS[:3]), min_size=1),
        "order": st.dictionaries(st.sampled_from(ids), st.integers(1, len(ids)), min_size=1),
    }[kind]
    return st.none() | given


def written(kind, texts, key):
    """The item as an author writes it; `texts` is {id: words}."""
    lines = ["[[item]]", f'kind = "{kind}"']
    if kind == "classify":
        lines.append(f"labels = {list(LABELS[:3])}")
    for each in key if kind == "order" else texts:
        words = texts[each]
        lines += [f"[[item.{TABLES[kind]}]]", f'id = "{each}"', f'text.en = "{words}"', f'text.fr = "{words} (fr)"']
        lines += ['feedback.en = "So."', 'feedback.fr = "Ainsi."']
        if kind == "classify":
            lines.append(f'key = "{key[each]}"')
        elif kind != "order" and (each == key or (kind == "multiple" and each in key)):
            lines.append("key = true")
    return "\n".join(lines)


def version_of(kind, texts, key):
    version, _, problems = parsed(written(kind, texts, key))
    assert problems == []
    return version


@st.composite
def items(draw, kind):
    """{id: words}, a version, and the orders in which two learners see it."""
    words = draw(WORDS)
    texts = dict(zip(draw(st.permutations("abcdefgh"[: len(words)])), words, strict=True))
    version = version_of(kind, texts, draw(keys(kind, list(texts))))
    orders = st.permutations(KINDS[kind].pieces(version))
    return texts, version, draw(orders), draw(orders)


def sent(kind, shown):
    """What a browser sends for a page that shows an answer."""
    if kind == "single":
        return {option["name"]: option["value"] for option in shown["options"] if option["chosen"]}
    if kind == "multiple":
        return {shown["name"]: "", **{option["name"]: "1" for option in shown["options"] if option["chosen"]}}
    if kind == "classify":
        return {row["name"]: cell["value"] for row in shown["statements"] for cell in row["cells"] if cell["chosen"]}
    return {
        entry["name"]: next((each["value"] for each in entry["places"] if each["chosen"]), "")
        for entry in shown["entries"]
    }


def fields(kind, shown):
    """The names under which a page of that kind sends answers."""
    rows = {"single": "options", "multiple": "options", "classify": "statements", "order": "entries"}[kind]
    return {row["name"] for row in shown[rows]}


every_kind = pytest.mark.parametrize("kind", TABLES)


def test_every_kind_is_proven_here():
    assert {*TABLES, "match", "number", "short"} == set(KINDS)  # these three have a file of properties each
    assert all(rules.name == name for name, rules in KINDS.items())


@every_kind
@given(st.data())
def test_the_key_marks_one(kind, data):
    _, version, *_ = data.draw(items(kind))
    rules = KINDS[kind]
    assert rules.accepts(version, rules.key(version))
    assert rules.mark(version, rules.key(version)) == 1
    assert rules.gaps(version, rules.key(version)) == 0


def answer_on_paper(kind, version, key):
    """The answer that somebody gives who copies the letters of the key from paper."""
    at = ["ABCDEFGHIJ".index(sign) for sign in key if sign.isalpha()]
    pieces = KINDS[kind].pieces(version)
    if kind == "single":
        return pieces[at[0]]
    if kind == "multiple":
        return sorted(pieces[index] for index in at)
    if kind == "classify":
        return {piece: version["labels"][index]["id"] for piece, index in zip(pieces, at, strict=True)}
    return {pieces[index]: number for number, index in enumerate(at, 1)}


@every_kind
@given(st.data())
def test_whoever_copies_the_letters_of_the_key_on_paper_is_right(kind, data):
    _, version, *_ = data.draw(items(kind))
    rules = KINDS[kind]
    assert answer_on_paper(kind, version, rules.paper_key(version, "en")) == rules.key(version)


@every_kind
@given(st.data())
def test_any_answer_marks_from_0_to_1_exactly(kind, data):
    texts, version, *_ = data.draw(items(kind))
    answer = data.draw(answers(kind, list(texts)).filter(lambda answer: answer is not None))
    share = KINDS[kind].mark(version, answer)
    assert isinstance(share, Fraction)
    assert 0 <= share <= 1
    assert (share == 1) == (answer == KINDS[kind].key(version) or (kind == "order" and in_order(version, answer)))


def in_order(version, answer):
    """Whether all entries have places that rise as the key's do."""
    places = [answer.get(each) for each in sorted(version["key"], key=version["key"].get)]
    return None not in places and places == sorted(set(places))


@every_kind
@given(st.data())
def test_what_is_shown_and_sent_back_is_the_same_answer(kind, data):
    texts, version, order, _ = data.draw(items(kind))
    answer = data.draw(answers(kind, list(texts)))
    rules = KINDS[kind]
    back = rules.read(version, order, sent(kind, rules.show(version, order, answer, NAME, "fr")), NAME)
    assert back == answer
    assert answer is None or rules.accepts(version, answer)


@every_kind
@given(st.data())
def test_marking_ignores_the_order_in_which_a_learner_saw_it(kind, data):
    texts, version, one, other = data.draw(items(kind))
    answer = data.draw(answers(kind, list(texts)).filter(lambda answer: answer is not None))
    rules = KINDS[kind]
    marks = [
        rules.mark(
            version, rules.read(version, order, sent(kind, rules.show(version, order, answer, NAME, "en")), NAME)
        )
        for order in (one, other)
    ]
    assert marks[0] == marks[1]


@every_kind
@given(st.data())
def test_the_page_is_the_same_wherever_the_key_is(kind, data):
    """The canary of R1: an open item tells nothing of its key."""
    texts, version, order, _ = data.draw(items(kind))
    moved = version_of(kind, texts, data.draw(keys(kind, list(texts))))
    answer = data.draw(answers(kind, list(texts)))
    rules = KINDS[kind]
    assert rules.pieces(moved) == rules.pieces(version)
    assert rules.show(moved, order, answer, NAME, "en") == rules.show(version, order, answer, NAME, "en")


@every_kind
@given(st.data())
def test_a_page_names_positions_and_never_authored_ids(kind, data):
    texts, version, order, _ = data.draw(items(kind))
    renamed = {f"secret-{each}": words for each, words in texts.items()}
    key = {"single": f"secret-{order[0]}", "multiple": {f"secret-{each}" for each in order[:2]}}.get(kind)
    key = key or ([f"secret-{each}" for each in order] if kind == "order" else dict.fromkeys(renamed, LABELS[0]))
    page = KINDS[kind].show(version_of(kind, renamed, key), [f"secret-{each}" for each in order], None, NAME, "en")
    assert "secret" not in str(page)


@every_kind
@given(st.data())
def test_a_page_is_in_the_language_asked_for(kind, data):
    texts, version, order, _ = data.draw(items(kind))
    pages = {language: str(KINDS[kind].show(version, order, None, NAME, language)) for language in ("en", "fr")}
    assert all(words in pages["en"] and f"{words} (fr)" in pages["fr"] for words in texts.values())
    assert "(fr)" not in pages["en"]


@every_kind
@given(st.data(), st.sampled_from(["-1", "99", "1000", "x", "on", "1.5", " 1", "²", "１", "a", "0x1"]))
def test_a_value_that_is_not_on_offer_is_refused(kind, data, value):
    _, version, order, _ = data.draw(items(kind))
    names = fields(kind, KINDS[kind].show(version, order, None, NAME, "en"))
    with pytest.raises(NotOnOffer):
        KINDS[kind].read(version, order, {data.draw(st.sampled_from(sorted(names))): value}, NAME)


@every_kind
@given(st.data())
def test_nothing_sent_is_no_answer_and_leaves_gaps(kind, data):
    _, version, order, _ = data.draw(items(kind))
    names = fields(kind, KINDS[kind].show(version, order, None, NAME, "en"))
    for posted in ({}, dict.fromkeys(names, ""), {"another": "1"}):
        assert KINDS[kind].read(version, order, posted, NAME) is None
    assert KINDS[kind].gaps(version, None) > 0


@every_kind
@given(st.data())
def test_an_answer_that_names_what_is_gone_can_no_longer_be_marked(kind, data):
    texts, *_ = data.draw(items(kind))
    left = dict(list(texts.items())[:-1]) | {"z": "another"}
    version = version_of(kind, left, data.draw(keys(kind, list(left))))
    gone = list(texts)[-1]
    answer = {"single": gone, "multiple": [gone], "classify": {gone: LABELS[0]}, "order": {gone: 1}}[kind]
    assert not KINDS[kind].accepts(version, answer)


TEXTS = {"a": "amber", "b": "birch", "c": "cedar", "d": "dune"}


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("single", ["a"]),
        ("multiple", "ab"),
        ("multiple", {"a": 1}),
        ("classify", ["a"]),
        ("classify", {"a": "none of these"}),
        ("order", ["a"]),
        ("order", {"a": 1, "b": 5}),
        ("order", {"a": 1, "b": 0}),
    ],
)
def test_an_answer_of_another_form_can_not_be_marked(kind, answer):
    assert not KINDS[kind].accepts(version_of(kind, TEXTS, keys_of_four(kind)), answer)


def test_a_box_is_ticked_or_not():
    with pytest.raises(NotOnOffer):
        KINDS["multiple"].read(version_of("multiple", TEXTS, {"a", "b"}), list(TEXTS), {"q1-0": "2"}, NAME)


@pytest.mark.parametrize("value", ["0001", "9" * 5000])
def test_a_position_is_short(value):
    """int() refuses thousands of digits with an error of its own, which no view expects."""
    with pytest.raises(NotOnOffer):
        position(value, 2)


@pytest.mark.parametrize(
    ("chosen", "share"),
    [
        (["a", "b"], 1),
        (["a"], Fraction(1, 2)),
        (["a", "b", "c"], Fraction(1, 2)),
        (["a", "c"], 0),
        (["c", "d"], 0),
        (["a", "b", "c", "d"], 0),
    ],
)
def test_of_several_a_wrong_one_takes_back_a_right_one(chosen, share):
    assert KINDS["multiple"].mark(version_of("multiple", TEXTS, {"a", "b"}), chosen) == share


@pytest.mark.parametrize(
    ("places", "share"),
    [
        ({"a": 1, "b": 2, "c": 3, "d": 4}, 1),
        ({"b": 1, "a": 2, "c": 3, "d": 4}, Fraction(5, 6)),
        ({"d": 1, "c": 2, "b": 3, "a": 4}, 0),
        ({"a": 1, "b": 1, "c": 1, "d": 1}, 0),
        ({"a": 1, "b": 2}, Fraction(1, 6)),
        ({"a": 1}, 0),
    ],
)
def test_an_order_marks_the_share_of_its_pairs_in_right_order(places, share):
    assert KINDS["order"].mark(version_of("order", TEXTS, list("abcd")), places) == share


def test_two_entries_on_one_place_leave_a_gap():
    assert KINDS["order"].gaps(version_of("order", TEXTS, list("abcd")), {"a": 1, "b": 1, "c": 3, "d": 4}) == 1


@pytest.mark.parametrize("key", [{"a"}, set("abcd"), set()])
def test_several_asks_for_two_keys_and_a_distractor(key):
    *_, problems = parsed(written("multiple", TEXTS, key))
    (problem,) = problems
    assert str(problem).startswith("items.toml:1: two or more options are keys, and at least one is none; here ")


@pytest.mark.parametrize(("kind", "key"), [("multiple", {"a", "b"}), ("order", ["a", "b"])])
def test_too_few_tables_are_refused(kind, key):
    *_, problems = parsed(written(kind, {"a": "amber", "b": "birch"}, key))
    words = f"an item of this kind has 3 to 8 tables [[item.{TABLES[kind]}]]; this one has 2"
    assert f"items.toml:1: {words}" in [str(problem) for problem in problems]


@every_kind
def test_an_item_of_no_tables_is_refused_where_it_says_so(kind):
    *_, problems = parsed(f'[[item]]\nkind = "{kind}"\nlabels = ["fact", "estimate"]\n{TABLES[kind]} = []\n')
    assert "; this one has 0" in problems[0].text


@every_kind
def test_two_tables_of_one_id_or_one_text_are_refused_with_their_lines(kind):
    key = {"single": "a", "multiple": {"a", "b"}, "classify": dict.fromkeys("abc", "fact"), "order": list("abc")}[kind]
    text = written(kind, {"a": "Amber", "b": "birch", "c": "amber"}, key)
    *_, problems = parsed(text)
    lines = [number for number, line in enumerate(text.split("\n"), 1) if line.casefold().startswith('text.en = "amb')]
    assert [(problem.line, problem.text) for problem in problems[:2]] == [
        (line, "two of these read the same: “amber”") for line in lines
    ]
    *_, problems = parsed(written(kind, TEXTS, keys_of_four(kind)).replace('id = "d"', 'id = "c"'))
    assert f"two tables [[item.{TABLES[kind]}]] have the same id" in [problem.text for problem in problems]


def keys_of_four(kind):
    return {"single": "a", "multiple": {"a", "b"}, "classify": dict.fromkeys("abcd", "fact"), "order": list("abcd")}[
        kind
    ]


@every_kind
def test_no_piece_goes_without_feedback(kind):
    *_, problems = parsed(written(kind, TEXTS, keys_of_four(kind)).replace('feedback.fr = "Ainsi."', "", 1))
    assert [problem.text for problem in problems] == ["“feedback.fr” is missing or empty"]


def test_an_order_whose_letters_give_it_away_is_warned_of():
    assert [str(flaw) for flaw in KINDS["order"].lint(version_of("order", TEXTS, list("abcd")))] == [
        "the ids are in the order of the key: shuffle the letters"
    ]
    assert list(KINDS["order"].lint(version_of("order", TEXTS, list("bacd")))) == []


def test_several_of_many_options_is_warned_of():
    texts = dict(zip("abcdefg", ["ax", "bx", "cx", "dx", "ex", "fx", "gx"], strict=True))
    assert [str(flaw) for flaw in KINDS["multiple"].lint(version_of("multiple", texts, {"a", "b"}))] == [
        "7 options: write 3 to 6"
    ]


def test_a_line_of_five_pieces_has_room_for_three_wrong_ones():
    texts = {letter: f"{letter}x" for letter in "abcdefgh"}
    assert list(KINDS["multiple"].lint(version_of("multiple", texts, set("abcde")))) == []
    assert [str(flaw) for flaw in KINDS["multiple"].lint(version_of("multiple", texts, set("abcd")))] == [
        "8 options: write 3 to 7"
    ]
