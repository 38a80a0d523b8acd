"""Pictures as text, of every kind, and the outlines of a map; what cannot be drawn is refused with file and line."""

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
  fill = "striped"
  claims = []
  [[figure.key]]
  fill = "solid"
  text.en = "counted by the office"
  text.fr = "comptés par l’office"
  [[figure.key]]
  fill = "striped"
  text.en = "hoped for"
  text.fr = "espérés"
"""
RANGES = """\
[[figure]]
id = "catch"
kind = "ranges"
title.en = "Tonnes of fish"
title.fr = "Tonnes de poisson"
  [[figure.range]]
  text.en = "Sold"
  text.fr = "Vendu"
  value = 65.7
  shown.en = "65.7"
  shown.fr = "65,7"
  claims = ["M001"]
  [[figure.range]]
  group.en = "By the boatmen"
  group.fr = "Selon les bateliers"
  text.en = "Eaten"
  text.fr = "Mangé"
  low = 30
  high = 57
  shown.en = "30 to 57"
  shown.fr = "30 à 57"
  claims = []
"""
SPANS = """\
[[figure]]
id = "offices"
kind = "spans"
title.en = "Offices"
title.fr = "Bureaux"
  [[figure.span]]
  group.en = "On the river"
  group.fr = "Sur le fleuve"
  text.en = "River Office"
  text.fr = "Office du fleuve"
  from = "2013-01-11"
  to = "2014-07"
  claims = ["M001"]
  [[figure.span]]
  text.en = "Ferry Office"
  text.fr = "Office des bacs"
  from = "2014"
  claims = []
  [[figure.point]]
  text.en = "A flood"
  text.fr = "Une crue"
  date = "2014-05-21"
  claims = []
"""
VOTES = """\
[[figure]]
id = "votes"
kind = "multiples"
title.en = "Boatmen"
title.fr = "Bateliers"
  [[figure.panel]]
  text.en = "First vote"
  text.fr = "Premier vote"
  claims = ["M001"]
    [[figure.panel.part]]
    text.en = "for"
    text.fr = "pour"
    value = 3
    fill = "solid"
    [[figure.panel.part]]
    text.en = "against"
    text.fr = "contre"
    value = 2
    fill = "dark"
  [[figure.panel]]
  text.en = "Second vote"
  text.fr = "Second vote"
  claims = []
    [[figure.panel.part]]
    text.en = "all for"
    text.fr = "tous pour"
    value = 5
    fill = "solid"
"""
TOWNS = """\
[[figure]]
id = "towns"
kind = "multiples"
title.en = "Who kept the ferry"
title.fr = "Qui tenait le bac"
  [[figure.panel]]
  text.en = "May"
  text.fr = "Mai"
  claims = ["M001"]
    [[figure.panel.part]]
    name.en = "Landing"
    name.fr = "Quai"
    text.en = "the office"
    text.fr = "l’office"
    [[figure.panel.part]]
    name.en = "Island"
    name.fr = "Île"
    text.en = "the boatmen"
    text.fr = "les bateliers"
    fill = "striped"
"""
TABLE = """\
[[figure]]
id = "words"
kind = "table"
title.en = "Words"
title.fr = "Mots"
  [[figure.column]]
  text.en = "One reads"
  text.fr = "On lit"
  [[figure.column]]
  text.en = "We write"
  text.fr = "Nous écrivons"
  [[figure.row]]
  cells.en = ["a flood of boats", "12 boats"]
  cells.fr = ["un flot de bateaux", "12 bateaux"]
  claims = ["M001"]
  [[figure.row]]
  cells.en = ["the best", ""]
  cells.fr = ["le meilleur", ""]
  claims = []
"""
EVERY = {"bars": BARS, "ranges": RANGES, "spans": SPANS, "votes": VOTES, "towns": TOWNS, "table": TABLE}
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
    assert [bar["fill"] for bar in found["boats"].document["bars"]] == ["solid", "striped"]
    assert [tie["is_inferred"] for tie in found["who"].document["ties"]] == [False]
    assert found["boats"].claims == found["who"].claims == ["M001"]


@pytest.mark.parametrize("text", EVERY.values(), ids=EVERY)
def test_every_kind_is_read_with_its_claims(tmp_path, text):
    found, problems = read(read_figures, tmp_path / "figures.toml", text, {"M001": None})
    assert problems == []
    (figure,) = found.values()
    assert figure.claims == ["M001"]


def test_a_point_of_a_scale_is_a_range_of_no_width(tmp_path):
    found, _ = read(read_figures, tmp_path / "figures.toml", RANGES, {"M001": None})
    assert [(row["low"], row["high"]) for row in found["catch"].document["ranges"]] == [(65.7, 65.7), (30, 57)]


def test_what_lasts_may_go_on(tmp_path):
    found, _ = read(read_figures, tmp_path / "figures.toml", SPANS, {"M001": None})
    assert [row["to"] for row in found["offices"].document["spans"]] == ["2014-07", ""]


def test_parts_have_words_or_a_number_each(tmp_path):
    found, _ = read(read_figures, tmp_path / "figures.toml", VOTES + TOWNS, {"M001": None})
    values = {
        slug: [part["value"] for panel in figure.document["panels"] for part in panel["parts"]]
        for slug, figure in found.items()
    }
    assert values == {"votes": [3, 2, 5], "towns": [None, None]}


def test_a_module_without_pictures_or_map_needs_no_file(tmp_path):
    assert read_figures(tmp_path / "figures.toml", Problems(), {}) == {}
    assert read_map(tmp_path / "map.toml", Problems()) == {}


@pytest.mark.parametrize(
    ("text", "old", "new", "words"),
    [
        (BARS, 'kind = "bars"', 'kind = "pie"', "one of: bars, ranges, spans, multiples, ties, table"),
        (BARS, 'shown.fr = "1 277"', 'shown.fr = "1 272"', "the English says 1277"),
        (BARS, "value = 1277", "value = 1272", "“shown.en” does not name the value, 1272"),
        (BARS, "value = 2000", "value = -2000", "0 or more"),
        (BARS, '"M001"', '"M777"', "no claim is called “M777”"),
        (BARS, '"Counted"', f'"{"Counted " * 6}"', "has 48 characters; about 35 fit on a small phone"),
        (BARS, '"1,277"', '"exactly 1,277 boats"', "has 19 characters"),
        (BARS, 'fill = "striped"', 'fill = "red"', "one of: solid, striped, dotted, open, dark"),
        (BARS, BARS[BARS.index("  [[figure.key]]") :], "", "does not of solid, striped"),
        (BARS, 'fill = "striped"\n  claims', 'fill = "solid"\n  claims', "tells of striped, which no row has"),
        (BARS, 'fill = "striped"\n  text', 'fill = "solid"\n  text', "“solid” stands already"),
        (RANGES, "low = 30", "low = 58", "a range goes up"),
        (RANGES, "value = 65.7", "value = -65.7", "a range goes up, from 0 or more"),
        (RANGES, "value = 65.7", "value = 65.7\n  low = 3", "nothing is known of a key “low”"),
        (RANGES, '"30 to 57"', '"30 to 58"', "“shown.en” does not name the value, 57"),
        (RANGES.replace("65.7", "0").replace("65,7", "0"), "low = 30\n  high = 57", "value = 0", "one range at least"),
        (SPANS, 'from = "2014"', 'from = "2014-13"', "“from” is written 2012, 2012-03 or 2012-03-22"),
        (SPANS, 'from = "2014"', 'from = "2014-02-31"', "there is no 2014-02-31"),
        (SPANS, 'to = "2014-07"', 'to = "2012-07"', "ends before it begins"),
        (SPANS, 'date = "2014-05-21"', 'date = "2014/2015"', "“date” is written 2012"),
        (SPANS, '"On the river"', f'"{"River " * 7}"', "“group.en” has 42 characters"),
        (VOTES, "value = 2\n", "", "each part of every panel has a value"),
        (VOTES, "value = 5", "value = 6", "add up to 6 here and to 5 in the first panel"),
        (VOTES.replace("value = 5", "value = 0"), "value = 3", "value = 0", "add up to 0 here and to 2"),
        (VOTES, "value = 5\n", "", "each part of every panel has a value"),
        (
            VOTES.replace("value = 5", "value = 0").replace("value = 2", "value = 0"),
            "value = 3",
            "value = 0",
            "1 to 200",
        ),
        (VOTES, '"for"', f'"{"for " * 15}"', "fit on a small phone"),
        (VOTES, '"First vote"', f'"{"First " * 7}"', "fit on a small phone"),
        (TOWNS, '"the boatmen"', '"the incomprehensibilities"', "wider than its part of a small phone"),
        (TOWNS, '"Landing"', '"The very first landing"', "“name.en” has 22 characters"),
        (TOWNS, TOWNS, TOWNS + TOWNS[TOWNS.index("  [[figure.panel]]") : TOWNS.rindex("    [[")], "all the same form"),
        (TABLE, TABLE, TABLE.replace("  [[figure.column]]\n", "  [[figure.row]]\n", 1), "a table has 2 to 5 columns"),
        (TABLE, '["the best", ""]', '["the best"]', "one text for each of the 2 columns"),
        (TABLE, '["le meilleur", ""]', '["le meilleur", "le plus vieux"]', "text 2 is empty in one language"),
        (TABLE, '"12 bateaux"', '"13 bateaux"', "the English says 12 where the French does not"),
        (TABLE, 'cells.fr = ["un flot de bateaux", "12 bateaux"]\n', "", "one text for each of the 2 columns"),
        (TIES, '"Boatmen"', '"Incomprehensibilities"', "wider than its box on a small phone"),
        (TIES, TIES, TIES + TIES[TIES.index("  [[figure.tie]]") :] * 2, "two actors have at most 2 ties"),
        (TIES, 'id = "office"', 'id = "boatmen"', "“boatmen” stands already"),
        (BARS, 'title.fr = "Bateaux"\n', "", "“title.fr” is missing"),
        (BARS, 'fill = "striped"\n  claims', "hollow = true\n  claims", "nothing is known of a key “hollow”"),
        (TIES, 'to = "office"', 'to = "mayor"', "no actor of this picture is called “mayor”"),
        (TIES, 'to = "office"', 'to = "boatmen"', "a tie is between two actors"),
        (TIES, 'claims = ["M001"]', "claims = []", "names the claims that it rests on"),
        (TIES, "column = 2", "column = 3", "between 1 and 2"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_refused(tmp_path, text, old, new, words):
    assert old in text
    _, problems = read(
        read_figures, tmp_path / "figures.toml", f"# Pictures\n{text.replace(old, new, 1)}", {"M001": None}
    )
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


def test_a_lesson_has_the_claims_of_its_pictures(tmp_path):
    module, _ = module_with(tmp_path, "figure:boats", figures=BARS.replace("claims = []", 'claims = ["O01"]'))
    lesson = module.sections[0].lessons[0]
    assert {"M001", "O01"} <= set(lesson.claims)
    assert lesson.claims[-1] == "O01"
    (block,) = (block for block in lesson.pages["fr"].blocks if block.figure)
    assert block.claims == ["M001", "O01"]


@pytest.mark.parametrize("mark", ["figure:boats", "figure:map"])
def test_a_lesson_with_a_picture_that_is_not_there_is_refused_in_both_languages(tmp_path, mark):
    _, errors = module_with(tmp_path, mark)
    assert len(errors) == 2
    assert "no picture is called" in errors[0]


def test_a_timeline_of_an_event_that_is_not_there_is_refused(tmp_path):
    _, errors = module_with(tmp_path, "figure:timeline?only=opening,flood")
    assert errors == ["no event of the timeline is called “flood”"] * 2
