"""Addresses of what is taught, under those of its module and section; no slug of content is one of these words."""

from django.urls import path, register_converter

from accounts.addresses import Word
from lessons.content import RESERVED_SLUGS
from lessons.views import ledger, lessons, reference, search


class ContentSlug(Word):
    """The slug of a section or lesson: never a word that is another page's address."""

    def to_python(self, value: str) -> str:
        if value in RESERVED_SLUGS:
            raise ValueError
        return value


register_converter(ContentSlug, "content")

app_name = "lessons"
MODULE = "modules/<word:module>/"
SECTION = f"{MODULE}<content:section>/"
urlpatterns = [
    path("preview/", lessons.look_round, name="look_round"),
    path(f"{MODULE}reference/", reference.reference, name="reference"),
    path(f"{MODULE}claims/", ledger.claims, name="claims"),
    path(f"{MODULE}claims/<word:key>/", ledger.claim, name="claim"),
    path(f"{MODULE}article/", ledger.article, name="article"),
    path(f"{MODULE}sources/", ledger.sources, name="sources"),
    path(f"{MODULE}sources/<word:source>/", ledger.source, name="source"),
    path(f"{MODULE}sources/<word:source>/open/", ledger.open_source, name="open_source"),
    path(f"{MODULE}search/", search.search, name="search"),
    path(f"{MODULE}glossary/", reference.glossary, name="glossary"),
    path(f"{MODULE}timeline/", reference.timeline, name="timeline"),
    path(f"{MODULE}map/", reference.map, name="map"),
    path(f"{SECTION}sheet/", lessons.sheet, name="sheet"),
    path(f"{SECTION}<content:lesson>/", lessons.lesson, name="lesson"),
    path(f"{SECTION}<content:lesson>/read/", lessons.read, name="read"),
]
