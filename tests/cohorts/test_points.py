"""Points of 100 and of 20: read as people write them, shown by the language of the page, never more than there is."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from cohorts import points


@pytest.mark.parametrize(
    ("text", "whole", "score"),
    [
        ("15,5", 20, "0.775"),
        ("15.5", 20, "0.775"),
        (" 15.25 ", 20, "0.7625"),
        ("20", 20, "1"),
        ("0", 20, "0"),
        ("20,25", 20, None),
        ("15.3", 20, None),
        ("85", 100, "0.85"),
        ("100", 100, "1"),
        ("8.5", 100, None),
        ("101", 100, None),
        ("-1", 100, None),
        ("", 100, None),
        ("1e1", 100, None),
        ("NaN", 20, None),
        ("15,5,5", 20, None),
        ("9" * 5000, 100, None),
    ],
)
def test_points_are_read_with_a_comma_or_a_point(text, whole, score):
    assert points.read(text, whole) == (None if score is None else Decimal(score))


@given(st.integers(0, 80), st.sampled_from(["en", "fr"]))
def test_what_was_typed_is_what_is_shown(quarters, language):
    with override(language):
        shown = points.in_words(points.points_of(Decimal(quarters) / 80, 20))
        assert points.read(shown, 20) == Decimal(quarters) / 80
        assert ("." in shown, "," in shown) == (
            quarters % 4 > 0 and language == "en",
            quarters % 4 > 0 and language == "fr",
        )


@given(st.integers(0, 10_000), st.sampled_from([20, 100]))
def test_nothing_is_rounded_up(ten_thousandths, whole):
    score = Decimal(ten_thousandths) / 10_000
    shown, step = points.points_of(score, whole), Decimal(1).scaleb(-points.PLACES[whole])
    assert shown <= score * whole < shown + step
    total, step = (
        points.total_points(Fraction(ten_thousandths, 10_000), whole),
        Decimal(1).scaleb(-points.TOTAL_PLACES[whole]),
    )
    assert total <= score * whole < total + step


@pytest.mark.parametrize(("thirds", "shown"), [(1, "33.3"), (2, "66.6"), (3, "100")])
def test_a_total_is_exact_before_it_is_rounded_down(thirds, shown):
    assert points.in_words(points.total_points(Fraction(thirds, 3), 100)) == shown
