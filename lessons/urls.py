"""Addresses of what is taught, under those of its module and section; no slug of content is one of these words."""

from django.urls import path, register_converter
from django.urls.converters import SlugConverter

from lessons import views
from lessons.content import RESERVED_SLUGS


class ContentSlug(SlugConverter):
    """The slug of a section or lesson: never a word that is another page's address."""

    def to_python(self, value: str) -> str:
        if value in RESERVED_SLUGS:
            raise ValueError
        return value


register_converter(ContentSlug, "content")

app_name = "lessons"
MODULE = "modules/<slug:module>/"
SECTION = f"{MODULE}<content:section>/"
urlpatterns = [
    path("preview/", views.look_round, name="look_round"),
    path(f"{MODULE}claims/", views.claims, name="claims"),
    path(f"{MODULE}claims/<slug:key>/", views.claim, name="claim"),
    path(f"{MODULE}search/", views.search, name="search"),
    path(f"{MODULE}glossary/", views.glossary, name="glossary"),
    path(f"{MODULE}timeline/", views.timeline, name="timeline"),
    path(f"{MODULE}map/", views.map, name="map"),
    path(f"{SECTION}sheet/", views.sheet, name="sheet"),
    path(f"{SECTION}<content:lesson>/", views.lesson, name="lesson"),
    path(f"{SECTION}<content:lesson>/read/", views.read, name="read"),
]
