"""What is drawn: bars to scale, ties between boxes, places on outlines, on every width and in both languages."""

import re
from dataclasses import dataclass
from itertools import combinations

import pytest
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lessons.figures import bars, places, ties, timeline
from tests.lessons.test_timeline import events


@dataclass(frozen=True)
class Term:
    document: dict


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


def test_a_place_stands_where_its_degrees_say():
    outlines = {"frame": [-10, 10, 10, 20], "countries": []}
    inside, outside, area = Term({"lat": 15, "lon": 0}), Term({"lat": 43.6, "lon": 39.7}), Term({})
    picture = places.draw(outlines, [outside, inside, area])
    (place,) = picture.places
    assert (place.number, place.term) == (1, inside)
    assert (place.x, place.y) == pytest.approx((picture.width / 2, picture.height / 2), abs=0.6)
    assert picture.elsewhere == [outside, area]


def test_neighbouring_places_keep_their_numbers_apart():
    near = [Term({"lat": 14.5, "lon": -4.2}), Term({"lat": 14.9, "lon": -3.9}), Term({"lat": 14.1, "lon": -3.5})]
    picture = places.draw({"frame": [-15.5, 8.5, 6.5, 26.0], "countries": []}, near)
    labels = [(place.label_x, place.label_y) for place in picture.places]
    for (x, y), (u, v) in combinations(labels, 2):
        assert max(abs(x - u), abs(y - v)) >= places.NEAR / 2


def test_a_timeline_may_show_chosen_events_only():
    found = events("2021-06-10", "2021-09-13", "2022-02-17")
    picture = timeline.draw(found, only="t00,t02")
    assert [dot.event.date for dot in picture.dots] == ["2021-06-10", "2022-02-17"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_picture_of_the_case_study_has_a_title_a_description_and_a_table(client, loaded, language):
    pages = [lesson for section in loaded.sections.all() for lesson in section.lessons.all()]
    drawn = 0
    with override(language):
        for address in [*(page.get_absolute_url() for page in pages), reverse("lessons:map", args=["mali"])]:
            for figure in client.get(address).text.split("<figure ")[1:]:
                figure = figure.split("</figure>")[0]
                assert figure.count("<title ") == figure.count("<desc ") == figure.count("<table ") == 1, address
                drawn += 1
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


@pytest.mark.django_db
def test_a_module_without_outlines_has_no_map(client, loaded):
    loaded.document["map"] = False
    loaded.save()
    loaded.annexes.filter(part="map").delete()
    assert client.get(reverse("lessons:map", args=["mali"])).status_code == 404
    assert reverse("lessons:map", args=["mali"]) not in client.get(loaded.get_absolute_url()).text


@pytest.mark.django_db
def test_the_map_costs_four_queries(client, loaded, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get(reverse("lessons:map", args=["mali"]))
