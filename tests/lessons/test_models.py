"""Each constraint of the lessons' tables refuses what it names."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import override

from lessons.models import Event, Lesson, Reading, Reference, Revision, Term
from tests import make

pytestmark = pytest.mark.django_db


def refused():
    return pytest.raises(IntegrityError)


def test_one_module_per_slug():
    make.module("mali")
    with refused(), transaction.atomic():
        make.module("mali")


def test_one_section_per_slug_and_module():
    first = make.section(slug="who")
    make.section(slug="who")
    with refused(), transaction.atomic():
        make.section(first.module, slug="who")


def test_one_lesson_per_slug_and_section():
    first = make.lesson(slug="why")
    make.lesson(slug="why")
    with refused(), transaction.atomic():
        make.lesson(first.section, slug="why")


def test_one_claim_per_key_and_module():
    first = make.claim(key="M001")
    make.claim(key="M001")
    with refused(), transaction.atomic():
        make.claim(first.section, key="M001")


@pytest.mark.parametrize("model", [Reference, Term, Event])
def test_one_name_per_slug_and_module(model):
    module = make.module()
    model.objects.create(module=module, slug="minusma", document={})
    model.objects.create(module=make.module(), slug="minusma", document={})
    with refused(), transaction.atomic():
        model.objects.create(module=module, slug="minusma", document={})


@pytest.mark.parametrize("labels", [{"stands": "rumour"}, {"presented": "rumour"}])
def test_a_claim_has_labels_of_the_list(labels):
    with pytest.raises(IntegrityError, match="a_claim_has_labels_of_the_list"), transaction.atomic():
        make.claim(**labels)


def test_a_claim_has_a_verdict_of_the_list():
    with pytest.raises(IntegrityError, match="a_claim_has_a_verdict_of_the_list"), transaction.atomic():
        make.claim(verdict="plausible")


@pytest.mark.parametrize(
    "fields",
    [
        {"origin": "omission"},
        {"origin": "development", "presented": None},
        {"origin": "omission", "verdict": None},
        {"presented": None},
        {"verdict": None},
    ],
)
def test_only_the_articles_claims_have_a_verdict(fields):
    with pytest.raises(IntegrityError, match="only_the_articles_claims_have_a_verdict"), transaction.atomic():
        make.claim(**fields)


def test_an_omission_stands_without_verdict():
    assert make.claim(key="O01", origin="omission", presented=None, verdict=None).pk


def test_what_stands_as_fact_was_verified():
    with pytest.raises(IntegrityError, match="what_stands_as_fact_was_verified"), transaction.atomic():
        make.claim(stands="fact", verdict="unverifiable")
    assert make.claim(stands="allegation", verdict="unverifiable").pk


def test_a_revision_is_of_exactly_one_thing():
    lesson, claim = make.lesson(), make.claim()
    rest = {"document": {}, "checksum": "0" * 64, "made_at": make.NOW}
    Revision.objects.create(lesson=lesson, **rest)
    Revision.objects.create(claim=claim, **rest)
    for of in ({}, {"lesson": lesson, "claim": claim}):
        with pytest.raises(IntegrityError, match="a_revision_is_of_exactly_one_thing"), transaction.atomic():
            Revision.objects.create(**of, **rest)


def test_one_reading_per_lesson(awa, celia):
    lesson = make.lesson()
    make.reading(awa, lesson)
    make.reading(celia, lesson)
    with refused(), transaction.atomic():
        make.reading(awa, lesson)


def test_a_reading_goes_with_its_learner_and_holds_its_lesson(awa):
    reading = make.reading(awa, make.lesson())
    with pytest.raises(ProtectedError):
        reading.lesson.delete()
    awa.delete()
    assert not Reading.objects.exists()
    assert Lesson.objects.count() == 1


def test_a_visitor_has_no_readings(client, awa):
    make.reading(awa, make.lesson())
    visitor = client.get("/en/").wsgi_request.user
    assert (Reading.objects.of(awa).count(), Reading.objects.of(visitor).count()) == (1, 0)


def test_what_has_changed_is_told_of_ones_own_readings(awa, celia):
    reading = make.reading(celia, make.lesson())
    Lesson.objects.update(checksum="c" * 64)
    assert list(Reading.objects.changed(celia)) == [reading]
    assert not Reading.objects.changed(awa).exists()


def test_readings_count_of_live_lessons_of_the_modules_asked_for(awa):
    lesson = make.lesson()
    for read in (lesson, make.lesson(lesson.section, withdrawn_at=make.NOW), make.lesson()):
        make.reading(awa, read)
    assert [row.lesson_id for row in Reading.objects.counted([lesson.section.module])] == [lesson.pk]


def test_what_is_withdrawn_is_not_live():
    lesson = make.lesson()
    gone = make.lesson(lesson.section, withdrawn_at=make.NOW)
    assert list(lesson.section.lessons.live()) == [lesson]
    assert gone in lesson.section.lessons.all()


def test_texts_are_those_of_the_language_of_the_page():
    lesson = make.lesson()
    title = lesson.document["title"]
    for language in ("en", "fr"):
        with override(language):
            assert lesson.title == title[language]
    assert lesson.text("no such text") == ""


def test_a_sections_threshold_is_its_own_or_the_modules():
    module = make.module(threshold=Decimal("0.75"))
    assert make.section(module).threshold == Decimal("0.75")
    assert make.section(module, threshold=0.58).threshold == Decimal("0.58")


def test_a_threshold_is_shown_as_it_is_written(client):
    """0.58 is no binary number; it must not read as 57 of 100."""
    section = make.section(threshold=0.58)
    assert "58 of 100 passes" in client.get(section.get_absolute_url()).text


# What a card says


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Confirmed"),
        ({"verdict": "wrong"}, "Wrong"),
        ({"presented": "allegation", "stands": "allegation"}, "Confirmed that it was said"),
        ({"presented": "attributed", "stands": "attributed"}, "Confirmed that it was said"),
        ({"presented": "estimate", "stands": "fact"}, "Confirmed that it was said"),
        ({"origin": "omission", "presented": None, "verdict": None}, ""),
    ],
)
def test_confirmed_of_somebodys_words_means_that_they_were_said(fields, words):
    assert str(make.claim(**fields).what_the_check_found()) == words


def test_a_card_names_who_said_so():
    section = make.section()
    term = Term.objects.create(module=section.module, slug="spokesman", document={"name": make.text("A spokesman")})
    claim = make.claim(section, presented="attributed", stands="attributed", said_by=term)
    assert claim.who() == "A spokesman"
    assert claim.what_the_check_found() == "Confirmed that A spokesman said so"


def test_the_words_of_the_article_are_set_against_the_finding_where_they_are_off():
    corrected = [
        verdict for verdict in ("confirmed", "nuance", "imprecise", "wrong") if make.claim(verdict=verdict).is_corrected
    ]
    assert corrected == ["imprecise", "wrong"]
