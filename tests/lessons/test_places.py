"""The map: each place named at its dot, apart from all others, on every width, or by a number where it has no room."""

import re
from dataclasses import dataclass
from itertools import combinations

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from lessons.figures import places
from lessons.figures.words import width
from tests.lessons.test_timeline import Event

STYLES = settings.BASE_DIR / "static/site.css"
FRAME = [-10, 10, 10, 20]


@dataclass(frozen=True)
class Term:
    slug: str
    document: dict


def term(slug, lat=None, lon=None):
    at = {} if lat is None else {"lat": lat, "lon": lon}
    return Term(slug, {"name": {"en": slug.title()}, **at})


def country(name, lat, lon, outline, subject=False):
    return {"name": {"en": name}, "lat": lat, "lon": lon, "outline": outline, "is_subject": subject}


def boxes_of(picture, frame):
    """Every name and every dot of a map so many px wide, as boxes."""
    labels = [thing.label for thing in [*picture.places, *picture.outlines] if thing.label]
    dots = [(place.label.x * frame / 100, place.label.y * frame / places.ASPECT / 100) for place in picture.places]
    return [label.box(frame) for label in labels], [(x - 4, y - 4, x + 4, y + 4) for x, y in dots]


def meet(one, other):
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])


def test_a_place_stands_where_its_degrees_say():
    inside, outside, area = term("inside", 15, 0), term("outside", 43.6, 39.7), term("area")
    picture = places.draw({"frame": FRAME, "countries": []}, [outside, inside, area], "en")
    (place,) = picture.places
    assert (place.term, place.label.words, place.number) == (inside, "Inside", 0)
    assert (place.label.x, place.label.y) == (50, 50)
    assert [place.term for place in picture.elsewhere] == [outside, area]


def test_a_place_has_what_happened_there_in_the_order_of_time():
    happened = [
        Event("b", "2023", {"places": ["gao"]}),
        Event("a", "2012", {"places": ["gao", "kidal"]}),
        Event("c", "2013"),
    ]
    picture = places.draw({"frame": FRAME, "countries": []}, [term("gao", 15, 0), term("kidal")], "en", happened)
    assert [event.slug for event in picture.places[0].events] == ["a", "b"]
    assert [event.slug for event in picture.elsewhere[0].events] == ["a"]


points = st.tuples(st.floats(10.5, 19.5), st.floats(-9.5, 9.5))


@example([(10.5, 0.0), (10.5, 1.25), (10.5, 2.0)])
@given(st.lists(points, max_size=7, unique_by=lambda point: (round(point[0]), round(point[1]))))
def test_no_name_touches_another_a_dot_or_the_frame_at_any_width(points):
    terms = [
        Term(str(number), term("Place" * (1 + number % 3), *point).document) for number, point in enumerate(points)
    ]
    square = [[-10, 10], [10, 10], [10, 20], [-10, 20]]
    picture = places.draw({"frame": FRAME, "countries": [country("Land", 15, 0, square, True)]}, terms, "en")
    assert len(picture.places) == len(points)
    for frame in (286, 300, 360, 500, 720):
        names, dots = boxes_of(picture, frame)
        assert all(left >= 0 and top >= 0 and right <= frame for left, top, right, _ in names)
        assert not [pair for pair in combinations(names, 2) if meet(*pair)]
        assert not [name for name in names for dot in dots if meet(name, dot)]


def test_where_a_name_has_no_room_its_number_stands():
    crowd = [term("a-place-with-a-long-name" * 2, 15 + number / 4, number / 8) for number in range(8)]
    crowd = [Term(f"p{number}", each.document) for number, each in enumerate(crowd)]
    picture = places.draw({"frame": FRAME, "countries": []}, crowd, "en")
    numbered = [place for place in picture.places if place.number]
    assert numbered
    assert all(place.label.words == str(place.number) for place in numbered)
    assert [place.term.slug for place in picture.places] == [f"p{number}" for number in range(8)]


def test_a_country_is_named_inside_of_it_or_not_at_all():
    wide, thin = [[-10, 10], [8, 10], [8, 20], [-10, 20]], [[8, 10], [9, 10], [9, 20], [8, 20]]
    countries = [country("Wide", 15, 9.9, wide), country("A country with a very long name", 15, 8.5, thin)]
    picture = places.draw({"frame": FRAME, "countries": countries}, [], "en")
    thin, wide = picture.outlines
    assert thin.label is None
    assert wide.label.words == "Wide"
    assert wide.holds(wide.label.x, wide.label.y)


def test_a_point_lies_in_an_outline_or_beside_it():
    outline = places.Outline([(0, 0), (10, 0), (10, 10), (5, 5), (0, 10)], False)
    assert outline.holds(2, 5)
    assert not outline.holds(5, 8)
    assert not outline.holds(11, 5)


def test_words_are_taken_as_at_least_as_wide_as_any_usual_face_draws_them():
    assert width("Tombouctou") >= 87  # DejaVu Sans, 14 px
    assert width("Ill") < width("Ooo") < width("WWW")


def test_the_stylesheet_gives_the_map_the_shape_that_its_names_are_placed_for():
    assert f".map{{aspect-ratio:{places.ASPECT}" in re.sub(r"\s*([{}:;])\s*", r"\1", STYLES.read_text())


@pytest.mark.django_db
def test_a_module_without_outlines_has_no_map(client, loaded):
    loaded.document["map"] = False
    loaded.save()
    loaded.annexes.filter(part="map").delete()
    assert client.get(reverse("lessons:map", args=["mali"])).status_code == 404
    assert reverse("lessons:map", args=["mali"]) not in client.get(loaded.get_absolute_url()).text


@pytest.mark.django_db
def test_the_map_costs_five_queries(client, loaded, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        client.get(reverse("lessons:map", args=["mali"]))
