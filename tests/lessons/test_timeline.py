"""The timeline's picture: every event once, in time, without two dots touching, on any scale."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.figures.timeline import APART, draw, first_day, last_day, within


@dataclass(frozen=True)
class Event:
    slug: str
    date: str


def events(*dates):
    return [Event(f"t{number:02}", moment) for number, moment in enumerate(dates)]


@pytest.mark.parametrize(
    ("moment", "first", "last"),
    [
        ("2012", date(2012, 1, 1), date(2012, 12, 31)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2012-12", date(2012, 12, 1), date(2012, 12, 31)),
        ("2012-03-22", date(2012, 3, 22), date(2012, 3, 22)),
        ("2012-03-30/2012-04-01", date(2012, 3, 30), date(2012, 4, 1)),
    ],
)
def test_a_moment_has_a_first_and_a_last_day(moment, first, last):
    assert first_day(moment) == first
    assert last_day(moment) == last


def test_a_period_keeps_what_begins_in_it_in_the_order_of_time():
    found = within(events("2013-01-11", "2012-03-22", "2011-10", "2014"), "2011-11", "2013-01")
    assert [event.date for event in found] == ["2012-03-22", "2013-01-11"]


def test_a_short_period_is_drawn_by_months_to_scale():
    picture = draw(events("2012-01-01", "2012-07-01", "2012-12-30"), "2012", "2012")
    assert not picture.is_stretched
    assert [tick.text for tick in picture.ticks][:2] == ["2012-01", "2012-02"]
    assert picture.dots[1].x == pytest.approx(49.7, abs=0.5)


def test_a_long_one_is_drawn_by_years_with_busy_years_wider():
    picture = draw(events("1960-09-22", "2012-01-17", "2012-03-22", "2012-04-06", "2020-08-18"))
    assert picture.is_stretched
    assert [tick.text for tick in picture.ticks] == ["1960", "2012", "2020"]
    assert picture.ticks[2].x - picture.ticks[1].x > picture.ticks[1].x - picture.ticks[0].x


def test_no_event_is_an_empty_picture():
    assert draw([]).dots == []


days = st.dates(date(1958, 1, 1), date(2027, 1, 1)).map(str)


@given(st.lists(days, min_size=1, max_size=60))
def test_every_event_stands_once_and_in_time_and_no_two_touch(moments):
    picture = draw(events(*moments))
    assert sorted(dot.event.date for dot in picture.dots) == sorted(moments)
    assert [dot.event.date for dot in picture.dots] == sorted(moments)
    assert all(3 <= dot.x <= 97 and dot.y < picture.axis for dot in picture.dots)
    lanes = {}
    for dot in picture.dots:
        assert dot.x - lanes.get(dot.y, -APART) >= APART - 0.1
        lanes[dot.y] = dot.x


@given(st.dates(date(2011, 1, 1), date(2013, 1, 1)), st.integers(1, 800))
def test_a_dot_lies_where_its_day_lies_in_a_short_period(start, length):
    end = start + timedelta(days=length)
    middle = start + timedelta(days=length // 2)
    picture = draw(events(str(middle)), str(start), str(end))
    share = (length // 2) * 100 / (length + 1)
    assert picture.dots[0].x == pytest.approx(min(max(share, 3), 97), abs=0.1)
