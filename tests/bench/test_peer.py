"""A peer beside the product: what its table says, and what is said where there is none."""

import subprocess

import pytest

from bench.acts import VISITOR
from bench.peer import COACH, Peer, acts
from bench.results import Results
from bench.slices import Measured
from bench.table import beside, report
from bench.tree import NotPossible

NOTES = {"classes": {"60": "c60", "500": "c500", "crew": "crew"}, "quizzes": {"60": "q60", "500": "q500", "crew": "q"}}
WORDS = "ERROR: No matching distribution found for kolibri"


def measured(**ratios):
    return Measured(time={name.replace("_", " "): values for name, values in ratios.items()})


@pytest.fixture
def without_network(monkeypatch):
    """Every command fails as pip does that reaches no registry."""
    monkeypatch.setattr(
        subprocess, "run", lambda command, **how: subprocess.CompletedProcess(command, 1, "", f"Looking\n{WORDS}\n")
    )


def test_an_act_stands_beside_the_one_of_the_product_that_serves_the_same():
    peer = Results("Kolibri", measured(class_of_60=[8.0, 9.0, 12.0], start_page=[1.0]), {"class of 60": (0, 22213)})
    table = list(beside(peer, Results("SQLite", measured(board_of_60=[3.0, 4.0, 4.5]))))
    assert [line.split("|")[1:-1] for line in table if "class" in line] == [
        [" class of 60 ", " 9.00  ", " 8.00 – 12.00 ", " 22,213 ", " board of 60   ", " 4.00  "]
    ]
    [start] = [line for line in table if "start page" in line]
    assert [cell.strip() for cell in start.split("|")[1:-1]] == ["start page", "1.00", "1.00 – 1.00", "", "", ""]


def test_what_failed_of_a_peer_is_told_below_its_table():
    peer = Results("Kolibri", measured(start_page=[1.0]))
    peer.measured.failed["class of 60"] = "GET /coach/: 403"
    assert "class of 60: not measured: GET /coach/: 403" in list(beside(peer, Results("SQLite")))


def test_a_peer_has_a_section_only_where_it_was_asked_for():
    asked = report("# Today", [Results("SQLite")], None, Results("Kolibri, SQLite", notes=["There is none."]))
    assert "## A peer: Kolibri, SQLite\n\nThere is none.\n\n## Missed" in asked
    assert "A peer" not in report("# Today", [Results("SQLite")], None)


def test_a_peer_for_which_there_was_no_time_is_not_measured():
    assert list(beside(Results("Kolibri"), Results("SQLite"))) == ["not measured"]


def test_a_peer_that_cannot_be_installed_is_one_sentence_and_leaves_nothing(tmp_path, without_network):
    (tmp_path / "venv").mkdir()
    with pytest.raises(NotPossible) as sentence:
        Peer(tmp_path).prepare(lambda words: None)
    assert str(sentence.value) == f"Kolibri 0.19.5 is not measured, as it cannot be installed: {WORDS}"
    assert list(tmp_path.iterdir()) == []


def test_a_peer_whose_python_is_gone_is_installed_anew(tmp_path, without_network):
    peer = Peer(tmp_path)
    peer.command.parent.mkdir(parents=True)
    peer.command.touch()
    (peer.command.parent / "python").symlink_to(tmp_path / "gone")
    with pytest.raises(NotPossible, match="cannot be installed"):
        peer.prepare(lambda words: None)


def test_a_peer_that_takes_nobody_in_is_told_and_made_again_the_next_time(tmp_path, without_network):
    peer = Peer(tmp_path)
    peer.command.parent.mkdir(parents=True)
    for name in ("python", "kolibri"):
        (peer.command.parent / name).touch()
    with pytest.raises(NotPossible, match="takes no people in"):
        peer.prepare(lambda words: None)
    assert [path.name for path in tmp_path.iterdir()] == ["venv"]


def test_a_peer_asks_no_other_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "course.settings")
    environment = Peer(tmp_path).environment(tmp_path)
    assert environment["KOLIBRI_DISABLE_PING"] == "1"
    assert environment["KOLIBRI_LISTEN_ADDRESS"] == "127.0.0.1"
    assert "DJANGO_SETTINGS_MODULE" not in environment


def test_each_act_of_a_peer_is_done_by_whoever_may():
    people = {act.name: act.people for act in acts(NOTES)}
    assert people["sign in"] == [VISITOR]
    assert people["class of 500"] == [COACH]
    assert len(set(people["attempt"])) == 8
