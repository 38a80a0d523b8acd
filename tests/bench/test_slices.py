"""Slices in turn: what a ratio is, and what is dropped when time is short."""

import pytest

from bench.acts import Act
from bench.browser import Answer, Failed
from bench.slices import Bench, Figure, Measured, measure, ratio

ANSWER = Answer(200, "", "", 0, None, b"", False)


class Clockwork:
    """A server whose CPU is counted by hand: each step of an act adds what it costs."""

    def __init__(self):
        self.spent, self.asked = 0.0, []

    def seconds(self):
        return self.spent

    def rest(self):
        self.asked.append("rest")

    def of(self, person):
        return person

    def act(self, name, *costs, least=1):
        def steps(browser):
            self.asked.append(name)
            for number, cost in enumerate(costs):
                self.spent += cost
                yield f"part {number}" if len(costs) > 1 else "", ANSWER

        return Act(name, ["Awa", "Celia"], steps, least=least)

    @property
    def bench(self):
        return Bench(self, self)


def do(acts, clockwork, rounds=2, until=float("inf")):
    return measure(
        acts, clockwork.bench, clockwork.bench, rounds, until, lambda words: None, clockwork.act("unit", 0.1)
    )


def test_a_ratio_is_to_what_the_base_page_costs_before_and_after():
    assert ratio(0.012, 0.002, 0.004) == pytest.approx(4)


def test_a_figure_is_the_median_and_the_range():
    assert Figure.of([3, 1, 2]) == Figure(2, 1, 3, 3)


def test_a_figure_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no values"):
        Figure.of([])


def test_parts_count_by_request_and_by_time():
    """Two attempts of three requests: a page costs 2, both of an attempt 4; all of it 10."""
    measured = Measured()
    act = Act("attempt", ["Awa"], iter)
    measured.add(act, 2, {"page": (8.0, 4), "submit": (12.0, 2)}, 1, 1)
    assert measured.request == {"attempt: page": [2], "attempt: submit": [6]}
    assert measured.time == {"attempt: page": [4], "attempt: submit": [6], "attempt": [10]}


def test_acts_and_the_base_page_take_turns():
    clockwork = Clockwork()
    measured = do([clockwork.act("lesson", 0.3), clockwork.act("board", 2)], clockwork)
    assert measured.request["lesson"] == pytest.approx([3, 3])
    assert measured.request["board"] == pytest.approx([20, 20])
    assert (measured.rounds, len(measured.base)) == (2, 6)
    assert clockwork.asked[-5:] == ["unit", "lesson", "unit", "board", "unit"]


def test_steps_of_several_people_go_side_by_side():
    clockwork = Clockwork()
    parts = clockwork.bench.run(clockwork.act("attempt", 0.1, 0.2), 3)
    assert parts == {"part 0": (pytest.approx(0.3), 3), "part 1": (pytest.approx(0.6), 3)}


def test_a_short_act_is_done_as_often_as_fills_a_slice():
    clockwork = Clockwork()
    assert clockwork.bench.fitting(clockwork.act("short", 0.01)) == 9
    assert clockwork.bench.fitting(clockwork.act("shortest", 0.0001)) == 30
    assert clockwork.bench.fitting(clockwork.act("long", 5, least=2)) == 2


def test_what_a_cold_process_takes_does_not_count():
    clockwork = Clockwork()
    costs = iter([5, *[0.01] * 50])

    def steps(browser):
        clockwork.spent += next(costs)
        yield "", ANSWER

    unit = Act("unit", ["Awa"], steps)
    lesson = clockwork.act("lesson", 0.03)
    measured = measure([lesson], clockwork.bench, clockwork.bench, 1, float("inf"), lambda words: None, unit)
    assert measured.in_a_slice == 9
    assert measured.base == pytest.approx([10, 10])
    assert measured.request["lesson"] == pytest.approx([3])


def test_where_time_is_over_rounds_are_dropped_and_no_act():
    clockwork = Clockwork()
    measured = do([clockwork.act("lesson", 0.3), clockwork.act("board", 2)], clockwork, rounds=7, until=0)
    assert measured.rounds == 1
    assert {name: len(values) for name, values in measured.request.items()} == {"lesson": 1, "board": 1}


def test_an_act_that_fails_is_named_and_the_others_go_on():
    def steps(browser):
        raise Failed("GET /gone/: 404")
        yield

    clockwork = Clockwork()
    measured = do([Act("gone", ["Awa"], steps), clockwork.act("lesson", 0.3)], clockwork)
    assert measured.failed == {"gone": "GET /gone/: 404"}
    assert clockwork.asked.count("rest") == 1
    assert measured.request == {"lesson": pytest.approx([3, 3])}
