"""Parts that this process renders once, for the same few values in the same language."""

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import override

from lessons.templatetags import content_tags
from lessons.templatetags.content_tags import once

TRAIL = "_parts/trail.html"
TITLE = "Kidal & Gao"


@pytest.fixture
def rendered(monkeypatch):
    """What was rendered, and not kept from before."""
    asked, render = [], content_tags.render_to_string
    monkeypatch.setattr(content_tags, "render_to_string", lambda *args: asked.append(args) or render(*args))
    content_tags._once.cache_clear()
    yield asked
    content_tags._once.cache_clear()


def test_a_part_is_rendered_once_for_the_same_values(rendered):
    first, again, other = (once(TRAIL, url="/", title=title) for title in (TITLE, TITLE, "Gao"))
    assert first == again
    assert (">Kidal &amp; Gao</a>" in first, ">Gao</a>" in other) == (True, True)
    assert len(rendered) == 2


def test_each_language_has_its_own(rendered):
    for language, words in {"en": "Section 3", "fr": "Section 3", "en-gb": "Section 3"}.items():
        with override(language):
            assert words in once(TRAIL, url="/", title=TITLE, place="/3/", number=3)
    assert len(rendered) == 3


def test_text_that_is_safe_is_not_taken_for_the_same_text_that_is_not(rendered):
    """They are equal, and have the same hash."""
    assert "<b>" in once(TRAIL, url="/", title=mark_safe("<b>Gao</b>"))
    assert "<b>" not in once(TRAIL, url="/", title="<b>Gao</b>")
    for points in (1, True, 1.0):
        once("quizzes/_outcome.html", outcome="partly", points=points)
    assert len(rendered) == 5


def test_a_template_that_is_being_written_is_read_anew(rendered, settings):
    settings.DEBUG = True
    assert once(TRAIL, url="/", title=TITLE) == once(TRAIL, url="/", title=TITLE)
    assert len(rendered) == 2
