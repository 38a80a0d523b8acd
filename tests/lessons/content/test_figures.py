"""Pictures as text: bars, ties and the outlines of a map; what cannot be drawn is refused with file and line."""

import pytest

from lessons.content.figures import read_figures, read_map
from lessons.content.module import read_module
from lessons.content.source import Problems
from tests.content import LESSON_EN, LESSON_FR, write_module

BARS = """\
[[figure]]
id = "boats"
kind = "bars"
title.en = "Boats"
title.fr = "Bateaux"
  [[figure.bar]]
  text.en = "Counted"
  text.fr = "Comptés"
  value = 1277
  shown.en = "1,277"
  shown.fr = "1 277"
  claims = ["M001"]
  [[figure.bar]]
  text.en = "Hoped for"
  text.fr = "Espérés"
  value = 2000
  shown.en = "2,000"
  shown.fr = "2 000"
  other = true
  claims = []
"""
TIES = """\
[[figure]]
id = "who"
kind = "ties"
title.en = "Who asks whom"
title.fr = "Qui demande à qui"
  [[figure.actor]]
  id = "boatmen"
  text.en = "Boatmen"
  text.fr = "Bateliers"
  column = 1
  [[figure.actor]]
  id = "office"
  text.en = "River Office"
  text.fr = "Office du fleuve"
  column = 2
  [[figure.tie]]
  from = "boatmen"
  to = "office"
  text.en = "They ask for a count."
  text.fr = "Ils demandent un décompte."
  claims = ["M001"]
"""
MAP = """\
frame = [-4, 10, 4, 20]
title.en = "The land"
title.fr = "Le pays"
[[country]]
id = "here"
name.en = "Here"
name.fr = "Ici"
lat = 15
lon = 0
subject = true
outline = [[-4, 10], [4, 10], [0, 20]]
"""


def read(reader, path, text, *rest):
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    return reader(path, problems, *rest), problems


def test_bars_and_ties_are_read_with_their_claims(tmp_path):
    found, problems = read(read_figures, tmp_path / "figures.toml", BARS + TIES, {"M001": None})
    assert problems == []
    assert [bar["value"] for bar in found["boats"].document["bars"]] == [1277, 2000]
    assert [bar["is_other"] for bar in found["boats"].document["bars"]] == [False, True]
    assert found["boats"].claims == found["who"].claims == ["M001"]


def test_a_module_without_pictures_or_map_needs_no_file(tmp_path):
    assert read_figures(tmp_path / "figures.toml", Problems(), {}) == {}
    assert read_map(tmp_path / "map.toml", Problems()) == {}


@pytest.mark.parametrize(
    ("text", "old", "new", "words"),
    [
        (BARS, 'kind = "bars"', 'kind = "pie"', "it should be one of: bars, ties"),
        (BARS, 'shown.fr = "1 277"', 'shown.fr = "1 272"', "the English says 1277"),
        (BARS, "value = 1277", "value = 1272", "“shown.en” does not name the value, 1272"),
        (BARS, "value = 2000", "value = -2000", "0 or more"),
        (BARS, '"M001"', '"M777"', "no claim is called “M777”"),
        (BARS, '"Counted"', f'"{"Counted " * 6}"', "38 fit on a small phone"),
        (BARS, 'title.fr = "Bateaux"\n', "", "“title.fr” is missing"),
        (BARS, "other = true", "hollow = true", "nothing is known of a key “hollow”"),
        (TIES, 'to = "office"', 'to = "mayor"', "no actor of this picture is called “mayor”"),
        (TIES, 'to = "office"', 'to = "boatmen"', "a tie is between two actors"),
        (TIES, 'claims = ["M001"]', "claims = []", "names the claims that it rests on"),
        (TIES, "column = 2", "column = 3", "between 1 and 2"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_refused(tmp_path, text, old, new, words):
    assert old in text
    _, problems = read(read_figures, tmp_path / "figures.toml", text.replace(old, new), {"M001": None})
    assert any(words in problem.text for problem in problems.errors), problems
    assert all(problem.line > 1 for problem in problems.errors)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[-4, 10, 4, 20]", "[4, 10, -4, 20]", "west, south, east and north"),
        ("[-4, 10, 4, 20]", "[-4, 10]", "west, south, east and north"),
        ("[[-4, 10], [4, 10], [0, 20]]", "[[-4, 10], [4, 10]]", "three or more points"),
        ("[0, 20]]", "[0]]", "three or more points"),
        ('name.fr = "Ici"\n', "", "“name.fr” is missing"),
    ],
)
def test_a_map_without_a_shape_is_refused(tmp_path, old, new, words):
    assert old in MAP
    _, problems = read(read_map, tmp_path / "map.toml", MAP.replace(old, new))
    assert words in problems.errors[0].text


def module_with(folder, mark, **files):
    lessons = {"lesson_en": LESSON_EN + f"\n![Seen]({mark})\n", "lesson_fr": LESSON_FR + f"\n![Vu]({mark})\n"}
    write_module(folder, **lessons)
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    problems = Problems()
    return read_module(folder, problems), [problem.text for problem in problems.errors]


def test_a_lesson_shows_the_pictures_of_its_module(tmp_path):
    module, errors = module_with(tmp_path, "figure:boats", figures=BARS)
    assert errors == []
    assert set(module.figures) == {"boats"}


@pytest.mark.parametrize("mark", ["figure:boats", "figure:map"])
def test_a_lesson_with_a_picture_that_is_not_there_is_refused_in_both_languages(tmp_path, mark):
    _, errors = module_with(tmp_path, mark)
    assert len(errors) == 2
    assert "no picture is called" in errors[0]


def test_a_timeline_of_an_event_that_is_not_there_is_refused(tmp_path):
    _, errors = module_with(tmp_path, "figure:timeline?only=opening,flood")
    assert errors == ["no event of the timeline is called “flood”"] * 2
