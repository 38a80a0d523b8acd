"""Cards of claims, which functions draw: what they say of their sources, and that every text in them is escaped."""

import pytest
from django.urls import reverse

from lessons.models import Claim
from lessons.templatetags.cards import Named, card_text, cards, document_sources, row_source, words
from tests import make

pytestmark = pytest.mark.django_db
RISKY = "<b>“A” & 'B'</b>"
ESCAPED = "&lt;b&gt;“A” &amp; &#x27;B&#x27;&lt;/b&gt;"


@pytest.fixture
def section():
    return make.section(make.module("mali"), slug="roots")


def card(claim, references=()):
    claim.references.set(references)
    return card_text(Claim.objects.for_cards().get(pk=claim.pk), "h3")


@pytest.mark.parametrize("verdict", ["confirmed", "wrong"])
def test_every_text_of_a_claim_is_escaped(section, verdict):
    said_by = make.term(section.module, "kremlin", name=RISKY, kind="organisation")
    texts = {name: make.both(RISKY) for name in ("article", "finding", "note", "method")}
    claim = make.claim(
        section, "M901", verdict=verdict, presented="attributed", stands="estimate", said_by=said_by, document=texts
    )
    html = card(claim, [make.reference(section.module, publisher=make.both(RISKY))])
    assert "<b>" not in html
    assert html.count(ESCAPED) == 6 + html.count(f"Confirmed that {ESCAPED} said so")


def test_a_card_has_three_sources_and_leads_to_the_others(section):
    references = [make.reference(section.module, slug=f"letter-{number}") for number in range(4)]
    claim = make.claim(section, "M901")
    assert "All sources of this claim" not in card(claim, references[:3])
    html = card(claim, references)
    assert "All sources of this claim" in html
    assert "letter-2" in html
    assert "letter-3" not in html


@pytest.mark.parametrize(("link", "name"), [(True, "lessons:open_source"), (False, "lessons:source")])
def test_a_source_leads_to_its_publisher_or_to_its_own_page(section, link, name):
    card_of_it = card(make.claim(section, "M901"), [make.reference(section.module, slug="letter", link=link)])
    address = reverse(name, args=["mali", "letter"])
    assert f'<a href="{address}"' in card_of_it
    assert ('rel="external noreferrer"' in card_of_it) == link


def test_a_claim_without_sources_says_why(section):
    assert "<div>A judgement; nothing to open.</div>" in card(make.claim(section, "M901", checked="none"))


def test_cards_lead_back_to_the_steps_that_name_their_claim(section):
    claim = make.claim(section, "M901")
    html = cards([(claim, "what it says", [Named("use-M901-1", 0), Named("use-M901-2", 3)])])
    assert '<a class="back" href="#use-M901-1">Back to the beginning</a>' in html
    assert '<a class="back" href="#use-M901-2">Back to step 3</a>' in html
    assert 'class="again"' not in cards([(claim, "what it says", [])])


def test_words_of_a_lesson_are_escaped():
    term = {"name": make.both(RISKY), "meaning": make.both(RISKY)}
    html = words([("kremlin", term, [])])
    assert "<b>“" not in html
    assert html.count(ESCAPED) == 2


def test_sources_of_a_document_are_escaped_and_lead_out():
    source = {
        "id": "letter",
        "publisher": make.both(RISKY),
        "title": make.both(RISKY),
        "is_printed": True,
        "language": "fr",
        "kind": "press",
        "copy": False,
        "read": "page",
        "date": "",
        "opened": "2026-10-01",
        "url": "https://www.river-gazette.net/?a=1&b=2",
    }
    document = {"module": "mali", "sources": [source]}
    html = document_sources(document)
    assert html.count(ESCAPED) == 2
    assert '<cite lang="fr">' in html
    assert "?a=1&amp;b=2" in html
    assert "Journalism, in French, read whole on 1 October 2026" in html
    address = reverse("lessons:open_source", args=["mali", "letter"])
    assert f'<li><a href="{address}" rel="external noreferrer">' in html
    row = row_source(document, {"source": "letter"})
    assert row.startswith(f' <a class="small" href="{address}"')
    assert row.endswith(f">{ESCAPED}</a>")
    assert row_source(document, {"source": ""}) == row_source(document, {}) == ""
