"""Answers and keys in words, for every kind and in both languages."""

import pytest
from django.utils.translation import override

from quizzes.models import ItemVersion
from quizzes.wording import in_words, key_in_words
from tests import make

PIECES = [{"id": each, "text": make.text(words)} for each, words in (("a", "Amber"), ("b", "Birch"), ("c", "Cedar"))]
NUMBER = {"value": "3.5", "tolerance": "0.5", "unit": make.text("km"), "mistakes": [], "whole": False}
LABELS = [{"id": "fact"}, {"id": "own", "text": make.text("Ours")}]
VERSIONS = {
    "single": ({"options": PIECES, "key": "b"}, "a", ["Amber"], ["Birch"]),
    "multiple": ({"options": PIECES, "keys": ["a", "c"]}, ["b", "c"], ["Birch", "Cedar"], ["Amber", "Cedar"]),
    "classify": (
        {"labels": LABELS, "statements": PIECES[:2], "key": {"a": "fact", "b": "own"}},
        {"a": "own"},
        ["Amber → Ours"],
        ["Amber → Fact", "Birch → Ours"],
    ),
    "order": (
        {"entries": PIECES, "key": {"a": 2, "b": 1, "c": 3}},
        {"a": 1, "c": 1},
        ["Amber → 1", "Cedar → 1"],
        ["Birch → 1", "Amber → 2", "Cedar → 3"],
    ),
    "match": (
        {
            "pairs": PIECES[:2],
            "choices": [{"id": each["id"], "text": make.text(each["id"].upper())} for each in PIECES],
        },
        {"a": "c"},
        ["Amber → C"],
        ["Amber → A", "Birch → B"],
    ),
    "number": (NUMBER, "4", ["4 km"], ["3.5 ± 0.5 km"]),
    "short": ({"accepted": {"en": ["Bamako"], "fr": ["Bamako"]}}, "Ségou", ["Ségou"], ["Bamako"]),
}


@pytest.mark.parametrize("kind", VERSIONS)
def test_an_answer_and_the_key_in_words(kind):
    document, answer, words, key = VERSIONS[kind]
    version = ItemVersion(kind=kind, document=document)
    assert in_words(version, answer) == words
    assert key_in_words(version) == key
    assert in_words(version, None) == []


def test_they_are_in_the_language_of_the_page():
    document, answer, *_ = VERSIONS["classify"]
    with override("fr"):
        assert in_words(ItemVersion(kind="classify", document=document), answer) == ["Amber (fr) → Ours (fr)"]
        assert key_in_words(ItemVersion(kind="number", document=NUMBER)) == ["3,5 ± 0,5 km (fr)"]


@pytest.mark.django_db
def test_every_item_of_the_case_study_says_its_key(loaded):
    for language in ("en", "fr"):
        with override(language):
            assert all(all(key_in_words(version)) and key_in_words(version) for version in ItemVersion.objects.all())
