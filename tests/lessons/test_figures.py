"""What is drawn: to scale, and with words that stay apart and in the frame, on every width and in both languages."""

import datetime
import re
from itertools import combinations, pairwise
from math import hypot

import pytest
from django.urls import reverse
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from lessons.figures import bars, multiples, ranges, spans, ties, words


def rows(*values):
    return [{"value": value, "group": {}} for value in values]


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=20).filter(any))
def test_bars_are_to_scale_and_leave_room_for_their_value(values):
    picture = bars.draw(rows(*values))
    widths = [bar.width for bar in picture.bars]
    assert max(widths) == bars.WIDEST
    for bar, value in zip(picture.bars, values, strict=True):
        assert bar.width == pytest.approx(value * bars.WIDEST / max(values), abs=0.45)
        assert 0 < bar.text_y < bar.bar_y < picture.height


def test_a_heading_stands_where_a_group_begins():
    group = {"en": "2021", "fr": "2021"}
    picture = bars.draw([{"value": 1, "group": group}, {"value": 2, "group": group}, {"value": 3, "group": {}}])
    assert [bar.group_y is not None for bar in picture.bars] == [True, False, False]


def actor(name, column, words="Somebody with a long name"):
    return {"id": name, "column": column, "text": {"en": words, "fr": words}}


def tie(start, end, **more):
    return {"from": start, "to": end, "is_inferred": False, **more}


def test_ties_run_between_the_inner_edges_of_their_boxes():
    picture = ties.draw([actor("a", 1), actor("b", 2)], [tie("a", "b")], "en")
    (line,) = picture.lines
    assert (line.x1, line.x2) == (ties.WIDTH, ties.RIGHT)
    assert (line.y1, line.y2) == tuple(box.middle for box in picture.boxes)


def test_a_tie_within_a_column_runs_from_box_to_box():
    for pair in (("a", "b"), ("b", "a")):
        picture = ties.draw([actor("a", 1), actor("b", 1)], [tie(*pair)], "en")
        (line,) = picture.lines
        assert line.x1 == line.x2 == ties.WIDTH / 2
        assert {line.y1, line.y2} == {picture.boxes[0].height, picture.boxes[1].y}


pairs_of_six = st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] != pair[1])


@example([(0, 5), (2, 3), (2, 5), (3, 2)])
@given(st.lists(pairs_of_six, max_size=9, unique=True))
def test_no_two_numbers_of_ties_touch(pairs):
    actors = [actor(str(number), 1 + number % 2) for number in range(6)]
    picture = ties.draw(actors, [tie(str(start), str(end)) for start, end in pairs], "en")
    for one, other in combinations(picture.lines, 2):
        assert hypot((one.x - other.x) * words.ROOM / 100, one.y - other.y) >= ties.APART
    assert all(9 <= line.y < picture.height for line in picture.lines)


def test_a_number_stands_on_its_tie_where_there_is_room():
    actors = [actor(name, column) for name, column in (("a", 1), ("b", 1), ("c", 2), ("d", 2))]
    picture = ties.draw(actors, [tie("a", "d"), tie("b", "c")], "en")
    for line in picture.lines:
        along = (line.x - line.x1) / (line.x2 - line.x1)
        assert line.y == pytest.approx(line.y1 + (line.y2 - line.y1) * along, abs=1)


def test_two_ties_of_one_pair_lie_beside_each_other():
    picture = ties.draw([actor("a", 1), actor("b", 2)], [tie("a", "b"), tie("b", "a", is_inferred=True)], "en")
    one, other = picture.lines
    assert other.y1 - one.y1 == ties.BESIDE
    assert picture.boxes[0].y < one.y1 < other.y1 < picture.boxes[0].y + picture.boxes[0].height
    assert picture.infers


SIGNS = "".join(sign for sign in words.WIDTHS if sign.isalnum()) + " "
texts = st.text(SIGNS, min_size=1, max_size=28).map(str.strip).filter(lambda text: text and words.width(text) < 280)


@given(texts, st.floats(40, 300))
def test_lines_keep_every_word_and_their_width(text, room):
    cut = words.lines(text, room)
    assert " ".join(cut) == text
    assert all(words.width(line) <= room or " " not in line for line in cut)


def in_px(share):
    return share * words.ROOM / 100


def box(name, text):
    """Where the words of a span stand on the narrowest phone: left, right, baseline."""
    wide = words.width(text)
    start = in_px(name.x) + name.dx
    return (start - wide, start, name.y) if name.ends else (start, start + wide, name.y)


def row(text, start="", end="", date="", group=None):
    return {"text": {"en": text}, "from": start, "to": end, "date": date, "group": group or {}, "fill": "solid"}


moments = st.dates(min_value=datetime.date(1960, 1, 1), max_value=datetime.date(2026, 12, 31)).map(str)
lasting = st.builds(lambda text, pair: row(text, *sorted(pair)), texts, st.tuples(moments, moments))
going_on = st.builds(row, texts, moments)
dated = st.builds(lambda text, date: row(text, date=date), texts, moments)


@given(st.lists(lasting | going_on, min_size=1, max_size=8), st.lists(dated, max_size=4))
def test_names_of_what_lasts_stay_in_the_frame_and_apart(lasting_rows, dated_rows):
    picture = spans.draw(lasting_rows, dated_rows, "en")
    boxes = [box(drawn.name, drawn.row["text"]["en"]) for drawn in picture.rows]
    for left, right, _ in boxes:
        assert -1 <= left < right <= words.ROOM + 3
    for (_, _, y), (_, _, below) in pairwise(boxes):
        assert below - y >= words.SIZE
    assert all(drawn.x >= 0 and drawn.x + drawn.width <= 100.1 for drawn in picture.rows)
    for drawn in picture.rows:
        if drawn.name.is_above:
            assert drawn.y - spans.LINE < drawn.name.y < drawn.y
        else:
            assert drawn.y < drawn.name.y < drawn.y + spans.BAR
    named = [year.x for year in picture.years if year.is_named]
    assert all(in_px(after - before) >= 38 for before, after in pairwise(named))
    assert boxes[-1][2] < picture.axis < picture.height


def test_a_name_stands_in_its_bar_or_beside_it_or_above_it():
    rows = [
        row("Long", "2000", "2010"),
        row("Short at the start", "2000-01", "2000-06"),
        row("Short at the end", "2010-06", "2010-12"),
        row("In the middle, and with many words", "2005-01", "2005-12"),
    ]
    names = [drawn.name for drawn in spans.draw(rows, [], "en").rows]
    assert [(name.is_inside, name.ends, name.is_above) for name in names] == [
        (True, False, False),
        (False, False, False),
        (False, True, False),
        (False, True, True),
    ]


def test_what_goes_on_reaches_the_edge_and_a_day_is_a_dot():
    picture = spans.draw([row("On", "2014"), row("Off", "2013", "2013")], [row("Flood", date="2014-07-02")], "en")
    on, off, flood = picture.rows
    assert on.x + on.width == 100
    assert (off.x, off.width) == (0, 50)
    assert (flood.x, flood.width) == (pytest.approx(75, abs=0.2), 0)
    assert [drawn.moments for drawn in picture.rows] == ["2014/", "2013/2013", "2014-07-02"]


def test_spans_have_a_heading_where_a_group_begins():
    group = {"en": "On the river"}
    rows = [row("One", "2000", "2010", group=group), row("Two", "2000", "2010", group=group), row("Three", "2000")]
    assert [drawn.group_y is not None for drawn in spans.draw(rows, [], "en").rows] == [True, False, False]


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0.01, 1e6)).map(sorted), min_size=1, max_size=9))
def test_ranges_are_to_scale_on_round_ticks(ends):
    rows = [{"low": low, "high": high, "group": {}} for low, high in ends]
    highest = max(high for _, high in ends)
    picture = ranges.draw(rows)
    for drawn, (low, high) in zip(picture.ranges, ends, strict=True):
        assert drawn.x == pytest.approx(low * ranges.WIDEST / highest, abs=0.06)
        assert drawn.end == pytest.approx(high * ranges.WIDEST / highest, abs=0.12)
    assert 2 <= len(picture.ticks) <= ranges.MOST_TICKS
    for tick in picture.ticks:
        assert tick.x == pytest.approx(tick.value * ranges.WIDEST / highest, abs=0.06)
    assert all(before.x < after.x for before, after in pairwise(picture.ticks))


def counted(*values):
    return {
        "text": {"en": "A vote"},
        "parts": [{"text": {"en": "for"}, "name": {}, "value": value} for value in values],
    }


@given(st.lists(st.integers(0, 40), min_size=1, max_size=5).filter(any))
def test_a_square_is_drawn_for_each_that_is_counted(values):
    picture = multiples.draw([counted(*values), counted(*values)], "en")
    for panel in picture.panels:
        assert len(panel.squares) == sum(values)
        for part, value in zip(panel.panel["parts"], values, strict=True):
            assert sum(square.part is part for square in panel.squares) == value
        assert all(0 <= square.x < square.x + square.width <= 100 for square in panel.squares)
        places = [(square.x, square.y) for square in panel.squares]
        assert len(set(places)) == len(places)
        assert [line.text for line in panel.lines] == [f"{value} for" for value in values]
        assert all(line.y - 10 > panel.squares[-1].y + multiples.SIDE for line in panel.lines[:1])
    assert picture.panels[1].y > picture.panels[0].lines[-1].y
    assert picture.panels[1].lines[-1].y < picture.height


@given(st.lists(texts, min_size=1, max_size=4))
def test_words_of_parts_stay_in_their_columns(parts):
    panel = {"text": {"en": "A town"}, "parts": [{"text": {"en": text}, "name": {}, "value": None} for text in parts]}
    picture = multiples.draw([panel, panel], "en")
    pitch = words.ROOM / len(parts)
    for drawn in picture.panels:
        for line in drawn.lines:
            assert words.width(line.text) <= pitch - multiples.BETWEEN or " " not in line.text
        rows = {(line.x, line.y) for line in drawn.lines}
        assert len(rows) == len(drawn.lines)
        assert all(line.y > drawn.squares[0].y + multiples.BAND for line in drawn.lines)
    assert max(line.y for line in picture.panels[0].lines) < picture.panels[1].y < picture.height


SAID = ("<table ", '<ol class="tl">', 'href="#place-')  # a table, a list that is all of it, or one that stands below


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_picture_of_the_case_study_has_a_title_a_description_and_says_the_same_in_words(client, loaded, language):
    pages = [lesson for section in loaded.sections.all() for lesson in section.lessons.all()]
    drawn = 0
    with override(language):
        for address in [*(page.get_absolute_url() for page in pages), reverse("lessons:map", args=["mali"])]:
            for figure in client.get(address).text.split("<figure ")[1:]:
                figure = figure.split("</figure>")[0]
                if figure.startswith('class="doc"'):
                    continue  # a document is no picture: all of it is words
                assert figure.count("<title ") == figure.count("<desc "), address
                assert figure.count('role="img"') == figure.count("<title ") - figure.count('role="group"') <= 1, (
                    address
                )
                assert any(words in figure for words in SAID), address
                drawn += 1
    assert drawn >= 18


@pytest.mark.django_db
def test_a_picture_in_words_marks_the_claims_of_its_rows_by_cards_on_the_page(client, loaded):
    page = client.get("/en/modules/mali/information/broadcasters-and-networks/").text
    figure = page[page.index("<figure", page.index('id="named"')) : page.index("</figure>", page.index('id="named"'))]
    assert 'class="table stack three"' in figure
    for key in ("M065", "M066", "O12", "M068", "O13", "M090", "M091"):
        assert f'href="#{key}"' in figure
        assert f'id="{key}"' in page


@pytest.mark.django_db
def test_an_inferred_tie_has_a_line_of_its_own_kind_and_a_word(client, loaded):
    page = client.get("/fr/modules/mali/petitions-and-coup/sequence-is-not-cause/").text
    figure = page[page.index("<figure") : page.index("</figure>")]
    drawn, key = figure[figure.index('role="img"') :], figure[: figure.index('role="img"')]
    assert drawn.count('class="tie inferred"') == key.count('class="tie inferred"') == 1
    assert "montré" in key
    assert "déduit" in key


@pytest.mark.django_db
def test_every_fill_of_a_picture_is_a_pattern_of_its_own_or_a_class(client, loaded):
    page = client.get("/en/modules/mali/petitions-and-coup/lab/").text
    figure = next(each for each in re.findall(r"<figure.*?</figure>", page, re.DOTALL) if "<pattern" in each)
    names = set(re.findall(r"url\(#([\w-]+)\)", figure))
    assert {name.rpartition("-")[2] for name in names} == {"open", "solid", "striped"}
    assert len({name.rpartition("-")[0] for name in names}) == 1
    assert f'<pattern id="{next(name for name in names if name.endswith("striped"))}"' in figure


@pytest.mark.django_db
def test_what_describes_a_picture_in_french_has_no_bare_colon(client, loaded):
    pages = [lesson for section in loaded.sections.all() for lesson in section.lessons.all()]
    bare = []
    with override("fr"):
        for address in [*(page.get_absolute_url() for page in pages), reverse("lessons:map", args=["mali"])]:
            described = re.findall(r"<(?:title|desc) id=[^>]*>([^<]*)<", client.get(address).text)
            bare += [words for text in described for words in re.findall(r".{0,20}(?<!\u00a0):\s.{0,20}", text)]
    assert bare == []
