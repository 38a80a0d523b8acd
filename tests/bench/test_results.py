"""What follows from the figures: P1 to P8, and whether each holds."""

import pytest

from bench.results import Loading, Results, at_least, at_most, loading_rows, rows, throughput
from bench.slices import Measured
from bench.table import lines, report


def row(results, what):
    [row] = [row for row in rows(results) if row.what == what]
    return row


@pytest.mark.parametrize(("values", "holds"), [([1.9, 2.0, 2.4], True), ([1.9, 2.1, 2.1], False), ([], None)])
def test_a_goal_holds_by_its_median(values, holds):
    assert at_most("P1", "lesson", 2, values).holds is holds


def test_a_row_says_goal_figure_and_range():
    row = at_most("P1", "lesson", 2, [2.5, 1.04, 3])
    assert (row.goal, row.figure, row.spread, row.verdict) == ("≤ 2 ×", "2.5 ×", "1.0 – 3.0", "**no**")


@pytest.mark.parametrize(("value", "holds"), [(1.8, True), (1.79, False)])
def test_a_goal_that_is_to_be_reached(value, holds):
    row = at_least("P7", "two processes", 1.8, [value])
    assert (row.goal, row.holds) == ("≥ 1.8 ×", holds)


def test_what_was_not_measured_neither_holds_nor_fails():
    table = [row for row in rows(Results("SQLite")) if row.goal]
    assert len(table) > 10
    assert {row.verdict for row in table} == {"not measured"}


def test_ten_items_are_weighed_on_as_many_pages_as_they_take():
    measured = Measured()
    measured.request["attempt: page"], measured.time["attempt: page"] = [2.0], [4.0]
    shown = row(Results("SQLite", measured), "quiz page(s) with ten items")
    assert (shown.figure, shown.holds) == ("4.0 ×", False)


@pytest.mark.parametrize(("values", "holds"), [([4.9, 5.0, 6.0], True), ([5.1], False), ([], None)])
@pytest.mark.parametrize("word", ["wagner", "mali"])
def test_each_search_is_held_to_five_base_pages(word, values, holds):
    measured = Measured()
    measured.request[f"search {word}"] = values
    shown = row(Results("SQLite", measured), f"“{word}”")
    assert (shown.key, shown.goal, shown.holds) == ("search", "≤ 5 ×", holds)


def test_the_slowest_twentieth_is_weighed_against_the_median_of_its_run():
    shown = row(
        Results("SQLite", writers={"submit": [(40, 160, 900), (50, 300, 900)]}), "8 at once, submit: p95 to median"
    )
    assert (shown.figure, shown.spread, shown.holds) == ("5.0 ×", "4.0 – 6.0", True)


def test_every_page_with_too_many_statements_is_named():
    counts = {"lesson": (9, 0), "map": (4, 0), "article": (25, 0), "board of 60": (12, 0)}
    results = Results("SQLite", counts=counts, learner=["lesson", "map", "article"], staff=["board of 60"])
    learner, staff = row(results, "statements of a learner's page"), row(results, "statements of an instructor's page")
    assert (learner.figure, learner.spread, learner.holds) == ("25", "lesson, article", False)
    assert (staff.figure, staff.holds) == ("12", True)


def test_processes_serve_by_what_a_request_costs_in_each():
    nodes = {"one": [0.010, 0.012], "two": [0.010, 0.010], "nodes": [0.016, 0.010]}
    assert throughput(nodes, "one", "two", 2) == pytest.approx([2, 2.4])
    assert throughput(nodes, "two", "nodes", 1) == pytest.approx([0.625, 1])


def test_a_second_node_is_judged_where_there_was_one():
    nodes = {"one": [0.01], "two": [0.01], "nodes": [0.02]}
    assert row(Results("PostgreSQL", nodes=nodes), "a second node, by CPU").holds is False
    assert "a second node, by CPU" not in [row.what for row in rows(Results("SQLite"))]


def test_loading_counts_for_a_thousand_items_and_unchanged_as_a_whole():
    first, unchanged = loading_rows(Loading(2000, [8.0], [1.2, 0.6, 0.7]))
    assert (first.figure, first.holds) == ("4.0 s", True)
    assert (unchanged.figure, unchanged.spread, unchanged.holds) == ("0.70 s", "0.60 – 1.20", True)


def test_each_goal_that_is_missed_stands_at_the_end_of_the_report():
    measured = Measured()
    measured.request["lesson"], measured.request["attempt: submit"] = [3.0], [2.0]
    text = report("# Today", [Results("SQLite", measured)], None)
    assert text.startswith("# Today\n")
    assert text.endswith("## Missed\n\n- SQLite: P1, lesson, learner: 3.0 ×\n")


def test_the_report_says_what_could_not_be_measured_and_why():
    measured = Measured(failed={"map": "GET /map/: 404"})
    text = report("# Today", [Results("PostgreSQL", measured, notes=["PostgreSQL is not measured: none."])], None)
    assert "map: not measured: GET /map/: 404\n" in text
    assert "PostgreSQL is not measured: none.\n" in text


def test_columns_of_a_table_stand_below_each_other():
    assert list(lines([["act", "ratio"], ["home", "1"]])) == [
        "| act  | ratio |",
        "|------|-------|",
        "| home | 1     |",
    ]
