"""Pairs: whatever the texts, the key marks 1, order and language change nothing, and the page does not tell the key."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds import KINDS, NotOnOffer
from tests.content import parsed

MATCH = KINDS["match"]
LEFT = ["Serval", "Barkhane", "MINUSMA", "Takuba"]
RIGHT = ["Mali alone", "Five states", "The United Nations", "Special forces"]


def written(partners=RIGHT, extra=("Nobody",)):
    lines = ["[[item]]", 'kind = "match"']
    for number, (left, right) in enumerate(zip(LEFT, partners, strict=True)):
        lines += ["[[item.pair]]", f'id = "p{number}"', f'text.en = "{left}"', f'text.fr = "{left} (fr)"']
        lines += [f'match.en = "{right}"', f'match.fr = "{right} (fr)"', 'feedback.en = "So."', 'feedback.fr = "Oui."']
    for number, spare in enumerate(extra):
        lines += ["[[item.extra]]", f'id = "e{number}"', f'text.en = "{spare}"', f'text.fr = "{spare} (fr)"']
    return "\n".join(lines)


@pytest.fixture(scope="module")
def version():
    found, feedback, problems = parsed(written())
    assert problems == []
    assert set(feedback) == {"p0", "p1", "p2", "p3"}
    return found


def test_the_key_marks_one_and_a_spare_partner_nothing(version):
    assert MATCH.mark(version, MATCH.key(version)) == 1
    assert MATCH.mark(version, {"p0": "extra-e0"}) == 0
    assert MATCH.mark(version, {"p0": "p0", "p1": "p2"}) == Fraction(1, 4)


partial = st.dictionaries(
    st.sampled_from(["p0", "p1", "p2", "p3"]), st.sampled_from(["p0", "p1", "p2", "p3", "extra-e0"])
)


@given(answer=partial, order=st.permutations(["p0", "p1", "p2", "p3"]))
def test_what_a_page_shows_is_what_it_sends(answer, order):
    version, _, _ = parsed(written())
    shown = MATCH.show(version, order, answer, "q1", "fr")
    sent = {
        pair["name"]: str(choice["value"]) for pair in shown["pairs"] for choice in pair["choices"] if choice["chosen"]
    }
    assert MATCH.read(version, order, sent, "q1") == (answer or None)
    assert 0 <= MATCH.mark(version, answer) <= 1
    assert MATCH.accepts(version, answer)
    assert MATCH.gaps(version, answer) == 4 - len(answer)


def test_a_partner_that_is_not_on_offer_is_refused(version):
    for value in ("5", "-1", "p0", "1.0"):
        with pytest.raises(NotOnOffer):
            MATCH.read(version, ["p0", "p1", "p2", "p3"], {"q1-0": value}, "q1")


def test_the_page_is_the_same_when_two_partners_change_places(version):
    other, _, _ = parsed(written(partners=[RIGHT[1], RIGHT[0], *RIGHT[2:]]))
    order = MATCH.pieces(version)
    assert MATCH.show(version, order, None, "q1", "en") == MATCH.show(other, order, None, "q1", "en")


def test_the_review_sets_ones_own_partner_beside_the_right_one(version):
    rows = MATCH.review(version, {"p0": {"fr": "Voilà."}}, ["p0"], {"p0": "p1"}, "fr")["rows"]
    assert rows[0]["given"] == "Five states (fr)"
    assert rows[0]["key"] == "Mali alone (fr)"
    assert rows[0]["feedback"] == "Voilà."
    assert not rows[0]["is_right"]


def test_an_answer_that_names_what_is_gone_can_no_longer_be_marked(version):
    assert not MATCH.accepts(version, {"p9": "p0"})
    assert not MATCH.accepts(version, {"p0": "extra-e9"})
    assert not MATCH.accepts(version, "p0")
    assert not MATCH.accepts(version, ["p0"])


def test_without_spare_partners_the_key_uses_all():
    version, _, _ = parsed(written(extra=()))
    assert MATCH.accepts(version, MATCH.key(version))


def test_nothing_chosen_leaves_every_pair_open(version):
    assert MATCH.gaps(version, None) == 4


def test_two_partners_that_read_the_same_are_refused():
    """They may come from a pair and a spare one; case makes no other word of it."""
    _, _, problems = parsed(written(extra=["mali alone"]))
    assert [problem.text for problem in problems] == ["two partners read the same: each belongs to one entry"]


@pytest.mark.parametrize(
    ("pairs", "choices", "warned"),
    [
        ("ab", "ab", ["two pairs without a spare choice are one question: add a spare choice"]),
        ("ab", "abc", []),
        ("abc", "abc", []),
    ],
)
def test_pairs_that_answer_each_other_are_warned_of(pairs, choices, warned):
    version = {"pairs": [{"id": each} for each in pairs], "choices": [{"id": each} for each in choices]}
    assert [str(flaw) for flaw in MATCH.lint(version)] == warned


def test_on_paper_each_pair_has_the_letter_of_its_partner(version):
    letters = dict(zip("ABCDE", (choice["text"]["en"] for choice in version["choices"]), strict=True))
    key = MATCH.paper_key(version, "en")
    partners = [letters[line.split()[1]] for line in key.split(" · ")]
    assert dict(zip((pair["text"]["en"] for pair in version["pairs"]), partners, strict=True)) == dict(
        zip(LEFT, RIGHT, strict=True)
    )
    assert key.startswith("1 ")
