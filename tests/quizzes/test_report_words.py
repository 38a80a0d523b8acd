"""Every code of the report on a file has words, in both languages, that take its detail."""

import pytest
from django.utils.translation import override

from quizzes.bank_files import LOST
from quizzes.formats.base import Loss, Note, Refusal, Whole
from quizzes.report_words import WORDS, said, where

WRITTEN_ONLY = {Loss.ARTICLES, Loss.ARROW, Loss.DOCUMENTS, Loss.FORMS}  # of files that leave


def test_every_code_has_words():
    assert {*Loss, *Refusal, *Whole} - WRITTEN_ONLY == set(WORDS)
    assert len(WORDS) == len(Loss) + len(Refusal) + len(Whole) - len(WRITTEN_ONLY)  # no two codes are alike
    assert set(LOST) >= WRITTEN_ONLY


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("what", WORDS, ids=lambda what: f"{type(what).__name__}-{what}")
def test_words_take_their_detail(what, language):
    with override(language):
        sentence = said(Note(what, "<100 %>"))
    assert "%(" not in sentence
    assert "%%" not in sentence
    assert ("<100 %>" in sentence) == ("%(detail)s" in str(WORDS[what]))


def test_a_place_has_its_line_and_where_there_is_one_its_column():
    with override("en"):
        assert [where(Note(Loss.TABLE, "", line, column)) for line, column in [(0, 0), (3, 0), (3, 5)]] == [
            "",
            "line 3",
            "line 3, column 5",
        ]
