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


FORMS = ["N’Djamena", "MINUSMA", "G5 Sahel", "œuvre", "Kidal"]


@pytest.mark.parametrize(
    "typed",
    [
        *("N‘Djamena", "NʼDjamena", "N`Djamena", "N´Djamena", "« N’Djamena »", '"N’Djamena"', "“N’Djamena”"),
        *(
            "N’Djamena,",
            "N’Djamena!",
            "n djamena",
            "M.I.N.U.S.M.A.",
            "M.I.N.U.S.M.A",
            "G5–Sahel",
            "G5—Sahel",
            "g5-sahel",
        ),
        *("oeuvre", "ŒUVRE", "Kidal\u200f", "Ki\u00addal", "Ｋidal", "(Kidal)", "Kidal…", "\u2068Kidal\u2069"),
    ],
)
def test_quotes_dashes_dots_and_unseen_signs_do_not_matter(typed):
    version = {"accepted": {"fr": FORMS}}
    assert SHORT.mark(version, SHORT.read(version, [], {"q1": typed}, "q1")) == 1


@pytest.mark.parametrize("typed", ["la MINUSMA", "MINUS MA", "Kidal Gao", "oeuvres", "G6 Sahel", "NDjamena"])
def test_what_says_something_else_stays_wrong(typed):
    assert SHORT.mark({"accepted": {"fr": FORMS}}, typed) == 0


ACRONYM = TEXT.replace('["Ségou", "Segu"]', '["ECOWAS"]').replace('["Ségou"]', '["CEDEAO"]')


def test_the_author_decides_about_an_article_and_is_told_so():
    _, _, problems = parsed(ACRONYM)
    assert [problem.warning for problem in problems] == [True, True]
    assert "“CEDEAO” with an article before it is wrong (fr)" in str(problems[1])
    for decided in ("articles = true\n", "articles = false\n"):
        assert parsed(ACRONYM + decided)[2] == []
    with_one = parsed(ACRONYM.replace('["ECOWAS"]', '["ECOWAS", "the ECOWAS"]'))[2]
    assert ["(fr)" in problem.text for problem in with_one] == [True]
    assert parsed(TEXT)[2] == []


@pytest.mark.parametrize("typed", ["la CEDEAO", "L’ECOWAS", "the ecowas", "CEDEAO"])
def test_where_no_article_matters_none_does(typed):
    version, _, _ = parsed(ACRONYM + "articles = true\n")
    assert SHORT.mark(version, typed) == 1
    assert SHORT.mark(version, "la CEDEAO du Sud") == 0
    assert SHORT.mark(parsed(ACRONYM)[0], typed) == (typed == "CEDEAO")


def test_a_decision_against_articles_makes_no_new_version():
    assert parsed(ACRONYM)[0] == parsed(ACRONYM + "articles = false\n")[0]


@pytest.mark.parametrize(
    ("length", "warned"),
    [(LONGEST, []), (LONGEST + 1, ["longer than 80 characters: accept a shorter one"])],
)
def test_a_form_that_nobody_can_type_whole_is_warned_of(length, warned):
    version = {"accepted": {"en": ["Segu"], "fr": ["Segu", "u" * length]}}
    assert [str(flaw).removeprefix("an accepted form is ") for flaw in SHORT.lint(version)] == warned
