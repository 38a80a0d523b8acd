"""What PostgreSQL says of a moment, whatever database the other tests use."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.datetime import TimestamptzLoader

from course.postgresql.base import Moments


def said(moment):
    """A moment as PostgreSQL says it in UTC: without zeros behind the last digit of a second."""
    text = f"{moment:%Y-%m-%d %H:%M:%S.%f}".rstrip("0").rstrip(".")
    return f"{moment.year:04}{text[text.index('-') :]}+00".encode()


@given(st.datetimes())
def test_a_moment_is_what_psycopg_makes_of_it(moment):
    ours, theirs = (loader(0).load(memoryview(said(moment))) for loader in (Moments, TimestamptzLoader))
    assert ours == theirs == moment.replace(tzinfo=UTC)
    assert ours.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "away"), [("+00", {}), ("+05:30", {"hours": 5, "minutes": 30}), ("-03", {"hours": -3})]
)
def test_another_zone_of_the_connection_tells_the_same_moment(text, away):
    moment = Moments(0).load(f"2026-11-30 23:59:59.5{text}".encode())
    assert moment == datetime(2026, 11, 30, 23, 59, 59, 500_000, UTC) - timedelta(**away)
