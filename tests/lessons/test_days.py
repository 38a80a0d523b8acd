"""Days and hours as each language writes them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from lessons import days
from lessons.templatetags import content_tags

NOON = datetime(2026, 11, 1, 18, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["1 November 2026", "Nov 2026", "1 Nov 2026", "Sunday 1 November", "18:05", "1 November 2026, 18:05"]),
        (
            "fr",
            [
                "1er novembre 2026",
                "nov. 2026",
                "1er nov. 2026",
                "dimanche 1er novembre",
                "18\u00a0h\u00a005",
                "1er novembre 2026, 18\u00a0h\u00a005",
            ],
        ),
    ],
)
def test_a_day_is_written_by_the_rules_of_the_language(language, words):
    functions = [days.in_words, days.month, days.short, days.weekday, days.clock, days.with_time]
    with override(language):
        assert [function(NOON) for function in functions] == words


@pytest.mark.parametrize(("month", "words"), [(2, "févr."), (5, "mai"), (7, "juill."), (12, "déc.")])
def test_months_are_shortened_as_french_does(month, words):
    with override("fr"):
        assert days.short(date(2026, month, 13)) == f"13 {words} 2026"


def test_no_page_writes_an_hour_by_a_format_of_its_own():
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    assert [path.name for path in templates if "|time" in path.read_text()] == []


def test_a_language_without_rules_is_written_as_django_does():
    with override("de"):
        assert days.short(date(2026, 11, 1)).startswith("1 Nov")


@pytest.mark.parametrize(
    ("language", "when", "in_year"),
    [("en", "1–3 April 2012", "1–3 April"), ("fr", "1er–3 avril 2012", "1er–3 avril")],
)
def test_some_days_of_a_month_begin_as_the_language_writes_its_first(language, when, in_year):
    with override(language):
        assert content_tags.when("2012-04-01/2012-04-03") == when
        assert content_tags.in_year("2012-04-01/2012-04-03") == in_year


@pytest.mark.parametrize(
    ("filter", "words"),
    [
        ("day", "11 décembre 2026"),
        ("short_day", "11 déc. 2026"),
        ("weekday", "vendredi 11 décembre"),
        ("moment", "11 décembre 2026, 18\u00a0h\u00a005"),
        ("clock", "18\u00a0h\u00a005"),
    ],
)
def test_months_are_written_small_in_french_by_every_filter_of_a_page(filter, words):
    with override("fr"):
        assert getattr(content_tags, filter)(datetime(2026, 12, 11, 18, 5, tzinfo=UTC)) == words


@pytest.mark.parametrize(
    ("language", "this_year", "another"), [("en", "11 Dec", "11 Dec 2026"), ("fr", "11 déc.", "11 déc. 2026")]
)
def test_where_there_is_no_room_a_day_says_its_year_only_where_that_is_another(language, this_year, another):
    with override(language):
        assert days.brief(date(2026, 12, 11), date(2026, 1, 31)) == this_year
        assert days.brief(date(2026, 12, 11), date(2027, 1, 1)) == another
