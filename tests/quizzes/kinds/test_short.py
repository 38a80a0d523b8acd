"""Short answers: compared without case, accents or outer space, in either language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds import KINDS
from quizzes.kinds.short import LONGEST, answer_key
from tests.content import parsed

SHORT = KINDS["short"]
TEXT = """[[item]]
kind = "short"
accepted.en = ["Ségou", "Segu"]
accepted.fr = ["Ségou"]
feedback.en = "It began in a city on the Niger."
feedback.fr = "Cela a commencé dans une ville du Niger."
"""


@pytest.fixture(scope="module")
def version():
    found, _, problems = parsed(TEXT)
    assert problems == []
    return found


@pytest.mark.parametrize("typed", ["Ségou", "segou", "  SÉGOU ", "Segu", "se\u0301gou"])
def test_case_accents_and_outer_space_do_not_matter(version, typed):
    answer = SHORT.read(version, [], {"q1": typed}, "q1")
    assert SHORT.mark(version, answer) == 1


@pytest.mark.parametrize("typed", ["Mopti", "Ségou Mopti", "s"])
def test_another_word_is_wrong(version, typed):
    assert SHORT.mark(version, typed) == 0


@pytest.mark.parametrize("posted", [{}, {"q1": ""}, {"q1": " \0 "}])
def test_nothing_typed_is_no_answer(version, posted):
    assert SHORT.read(version, [], posted, "q1") is None


@given(st.text(max_size=200))
def test_whatever_is_typed_is_kept_short_and_comes_back(typed):
    version, _, _ = parsed(TEXT)
    answer = SHORT.read(version, [], {"q1": typed}, "q1")
    if answer is None:
        assert SHORT.gaps(version, answer) == 1
        return
    assert len(answer) <= LONGEST
    assert "\0" not in answer
    shown = SHORT.show(version, [], answer, "q1", "en")["value"]
    assert SHORT.read(version, [], {"q1": shown}, "q1") == answer.strip()
    assert SHORT.mark(version, answer) in (0, 1)


def test_the_key_marks_one_and_the_review_shows_it_in_the_readers_language(version):
    assert SHORT.mark(version, SHORT.key(version)) == 1
    marked = SHORT.review(version, {"other": {"fr": "Une ville."}}, [], "Mopti", "fr")
    assert marked == {"given": "Mopti", "right": "Ségou", "feedback": "Une ville."}


def test_the_page_does_not_tell_the_key(version):
    other, _, _ = parsed(TEXT.replace("Ségou", "Mopti").replace("Segu", "Mopti 2"))
    assert SHORT.show(version, [], None, "q1", "en") == SHORT.show(other, [], None, "q1", "en")


@pytest.mark.parametrize(
    ("answer", "accepted"), [("Segu", True), ("", True), (None, False), (["Segu"], False), (7, False)]
)
def test_only_a_text_is_an_answer(answer, accepted):
    version, _, _ = parsed(TEXT)
    assert SHORT.accepts(version, answer) == accepted


def test_a_form_in_each_language_is_asked_for():
    _, _, problems = parsed(TEXT.replace('accepted.fr = ["Ségou"]\n', ""))
    assert any("accepted.fr" in problem.text for problem in problems)


def test_hyphens_and_apostrophes_do_not_matter():
    assert answer_key("Katiba-Macina") == answer_key("katiba macina")
    assert answer_key("N’Djamena") == answer_key("n'djaména")


@pytest.mark.parametrize(("length", "warned"), [(LONGEST, []), (LONGEST + 1, ["longer than 80 characters"])])
def test_a_form_that_nobody_can_type_whole_is_warned_of(length, warned):
    version = {"accepted": {"en": ["Segu"], "fr": ["Segu", "u" * length]}}
    assert [warning.removeprefix("an accepted form is ") for warning in SHORT.lint(version)] == warned
