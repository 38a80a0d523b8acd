"""Words that a template names are kept by language; all else is translated as Django does."""

from unittest import mock

import pytest
from django.template import Context, Engine, Template
from django.template.loader import get_template
from django.utils.translation import gettext, override


@pytest.fixture(autouse=True)
def loader():
    """Templates load our tags from when the first of them was loaded from a file."""
    get_template("base.html")


def django(source):
    """What Django makes of a template."""
    return Engine(libraries={"i18n": "django.templatetags.i18n"}).from_string(source)


@pytest.mark.parametrize(
    "tag",
    [
        '{% translate "Module" %}',
        '{% trans "Module" %}',
        '{% translate "Review" context "noun" %}',
        '{% translate "Module" as word %}[{{ word }}]',
        '{% translate "Review" context "noun" as word %}[{{ word }}{{ word|length }}]',
        '{% translate "Module" noop %}',
        '{% translate "100% of <b>it</b> & more" %}',
        '{% translate "Module"|upper %}',
        "{% translate title %}",
        '{% translate title context "noun" %}',
        '{% translate "Review" context where %}',
        '{% autoescape off %}{% translate "A <b>" %}{% endautoescape %}',
    ],
)
def test_words_are_those_that_django_finds_whatever_was_shown_before(tag):
    ours, theirs = Template("{% load i18n %}" + tag), django("{% load i18n %}" + tag)
    for language in ("en", "fr", "en", None, "fr"):
        for title in ("Module", "<Lesson>", "Review"):
            values = {"title": title, "where": "noun"}
            with override(language):
                assert ours.render(Context(values)) == theirs.render(Context(values))


def test_words_are_looked_for_once_in_each_language():
    template = Template('{% load i18n %}{% translate "Module" %}{% translate title %}')
    with mock.patch("django.template.base.gettext_lazy", wraps=gettext) as looked_for:
        for language in ("en", "fr", "fr", "en"):
            with override(language):
                template.render(Context({"title": "Lesson"}))
    assert [call.args[0] for call in looked_for.call_args_list].count("Module") == 2
    assert [call.args[0] for call in looked_for.call_args_list].count("Lesson") == 4
