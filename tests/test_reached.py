"""The bounds on what the tests reach refuse what is below them, and what was not measured."""

import json

import pytest

from tests import reached

MARKING = "quizzes/kinds/single.py"


def report(percent=97.5, lines=(), branches=()):
    file = {"missing_lines": list(lines), "missing_branches": list(branches)}
    return {"summary": {"percent_covered": percent}, "files": {MARKING: file}}


def test_what_is_reached_passes():
    assert reached.lacks(report(), [MARKING]) == []
    assert reached.lacks(report(percent=95), []) == []
    assert reached.lacks(report(lines=[3]), []) == []


@pytest.mark.parametrize(
    ("found", "whole", "said"),
    [
        (report(percent=94.996), [], "95.00 % are reached, and 95 are asked"),
        (report(lines=[3, 4]), [MARKING], f"{MARKING}: must be reached entirely, and is not at 3, 4"),
        (report(branches=[[7, 0]]), [MARKING], f"{MARKING}: must be reached entirely, and is not at 7->0"),
        (report(), ["quizzes/kinds/new.py"], "quizzes/kinds/new.py: not measured"),
    ],
)
def test_what_is_not_reached_is_named(found, whole, said):
    assert reached.lacks(found, whole) == [said]


def test_the_command_fails_where_a_bound_is_not_met(tmp_path, capsys):
    file = tmp_path / "report.json"
    file.write_text(json.dumps(report(lines=[3])), encoding="utf-8")
    assert reached.main(file, []) == 0
    assert capsys.readouterr().out.splitlines() == [f"{MARKING}: 3", "97.50 % are reached, 0 files entirely"]
    assert reached.main(file, [MARKING]) == 1
