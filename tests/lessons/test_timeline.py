"""The timeline as a list: every event once, in time, with its year, and every empty year told."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.figures.timeline import by_periods, by_years, chosen, first_day, kinds, last_day, within


@dataclass(frozen=True)
class Event:
    slug: str
    date: str
    document: dict = field(default_factory=dict, compare=False)


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


def test_a_cut_may_show_chosen_events_only():
    found = events("2021-06-10", "2021-09-13", "2022-02-17")
    assert [event.date for event in chosen(found, only="t00,t02")] == ["2021-06-10", "2022-02-17"]
    assert chosen(found, "2022", "2022", "t00,t01") == []


def test_the_years_without_an_event_stand_between_those_with_some():
    rows = by_years(events("1960-09-22", "1962", "1962-05", "1968-11-19"))
    assert [(row.first, row.last, len(row.events)) for row in rows] == [
        (1960, 1960, 1),
        (1961, 1961, 0),
        (1962, 1962, 2),
        (1963, 1967, 0),
        (1968, 1968, 1),
    ]
    assert by_years([]) == []


def test_periods_hold_the_events_of_their_years_and_none_is_empty():
    periods = [{"first": first, "last": last} for first, last in ((1960, 2012), (2013, 2015), (2016, 2020))]
    parts = by_periods(events("1960-09-22", "2012-12-31", "2016-01-03"), periods)
    assert [(part.period["first"], part.count) for part in parts] == [(1960, 2), (2016, 1)]


def test_without_periods_all_is_one():
    (part,) = by_periods(events("1960-09-22", "2012-12-31"), [])
    assert (part.period["first"], part.period["last"], part.count) == (1960, 2012, 2)
    assert by_periods([], []) == []


def test_the_key_names_those_who_act_in_the_order_of_all():
    acting = [
        Event("a", "2012", {"acts": ["armed", "mali"]}),
        Event("b", "2013", {"acts": ["mali"]}),
        Event("c", "2014"),
    ]
    assert kinds(acting, ["mali", "abroad", "armed"]) == ["mali", "armed"]


@given(st.lists(st.dates(date(1958, 1, 1), date(2027, 1, 1)).map(str), min_size=1, max_size=60))
def test_every_event_stands_once_and_in_time_and_every_year_is_told(moments):
    rows = by_years(chosen(events(*moments)))
    assert [event.date for row in rows for event in row.events] == sorted(moments)
    years = [year for row in rows for year in range(row.first, row.last + 1)]
    assert years == list(range(int(min(moments)[:4]), int(max(moments)[:4]) + 1))
    assert all(row.events == [] or row.first == row.last for row in rows)
