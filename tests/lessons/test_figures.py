"""What is drawn: bars to scale, ties between boxes, on every width and in both languages."""

import re
from itertools import combinations

import pytest
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lessons.figures import bars, ties


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


def tie(start, end):
    return {"from": start, "to": end}


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


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] != pair[1]), max_size=9))
def test_no_two_numbers_of_ties_touch(pairs):
    actors = [actor(str(number), 1 + number % 2) for number in range(6)]
    picture = ties.draw(actors, [tie(str(start), str(end)) for start, end in pairs], "en")
    for one, other in combinations(picture.lines, 2):
        assert abs(one.x - other.x) >= 8 or abs(one.y - other.y) >= ties.APART
    assert all(0 < line.y < picture.height for line in picture.lines)


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
                is_drawn = '<svg class="fig' in figure
                assert not is_drawn or figure.count("<title ") == figure.count("<desc ") == 1, address
                assert any(words in figure for words in SAID), address
                drawn += is_drawn
    assert drawn >= 8


@pytest.mark.django_db
def test_what_describes_a_picture_in_french_has_no_bare_colon(client, loaded):
    pages = [lesson for section in loaded.sections.all() for lesson in section.lessons.all()]
    bare = []
    with override("fr"):
        for address in [*(page.get_absolute_url() for page in pages), reverse("lessons:map", args=["mali"])]:
            described = re.findall(r"<(?:title|desc) id=[^>]*>([^<]*)<", client.get(address).text)
            bare += [words for text in described for words in re.findall(r".{0,20}(?<!\u00a0):\s.{0,20}", text)]
    assert bare == []
