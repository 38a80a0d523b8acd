"""The public log: what the course had wrong, with both texts, and what a load changed on this copy; as a feed too."""

import re
from datetime import timedelta
from xml.etree import ElementTree  # noqa: S405 - of our own making

import pytest

from course.front.log import card_changes
from lessons.models import Revision
from lessons.pages import CORRECTIONS_A_PAGE
from tests import make
from tests.course.front.test_pages import main

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def revise(claim, finding, days, stands="fact", reason="We erred"):
    """Keep what a claim said on a day, and let it say something else from then on."""
    was = {"document": claim.document, "stands": claim.stands, "verdict": claim.verdict}
    Revision.objects.create(
        claim=claim,
        document=was,
        checksum=claim.checksum,
        reason=make.text(reason),
        made_at=make.NOW + timedelta(days=days),
    )
    claim.document = claim.document | {"finding": make.text(finding)}
    claim.stands = stands
    claim.save()


@pytest.fixture
def claim():
    claim = make.claim()
    make.corrections(claim.module)
    return claim


def test_the_log_sets_both_texts_side_by_side_latest_first(client, claim):
    rows = [make.correction("late", "2026-10-25", [claim.key]), make.correction("early", "2026-10-01")]
    make.annex(claim.module, "log", {"entries": rows})
    page = main(client.get("/fr/corrections/"))
    assert page.index("late was (fr)") < page.index("late now (fr)") < page.index("early was (fr)")
    assert "25 octobre 2026" in page
    assert claim.key in page
    assert main(client.get(f"/fr/modules/{claim.module.slug}/corrections/")) == page


def test_each_change_of_a_card_stands_with_what_it_said_before_and_after(client, claim):
    revise(claim, "The second", 1)
    revise(claim, "The third", 2, stands="attributed", reason="Again")
    changes = card_changes(claim.module)
    assert [(change.was, change.now, change.why) for change in changes] == [
        ("The second", "The third", "Again"),
        ("As found", "The second", "We erred"),
    ]
    assert (changes[0].stood, changes[0].stands) == (["Fact", "Confirmed"], ["Attributed", "Confirmed"])
    page = main(client.get("/en/corrections/"))
    assert "2 changes of cards" in page
    assert page.index("The third") < page.index("As found")


def test_a_change_of_its_note_alone_is_none_of_what_it_says(claim):
    revise(claim, "As found", 1)
    assert card_changes(claim.module) == []


def test_a_withdrawn_card_is_not_told(claim):
    revise(claim, "Something else", 1)
    claim.withdrawn_at = make.NOW
    claim.save()
    assert card_changes(claim.module) == []


@pytest.mark.parametrize("count", [3, 60])
def test_however_many_changed_it_asks_as_often(client, claim, django_assert_max_num_queries, count):
    for number in range(count):
        revise(make.claim(claim.section), f"Number {number}", number)
    with django_assert_max_num_queries(6):
        page = main(client.get("/en/corrections/"))
    assert page.count("<article") == 1 + min(count, CORRECTIONS_A_PAGE)
    assert ("page=2" in page) == (count > CORRECTIONS_A_PAGE)
    if count > CORRECTIONS_A_PAGE:
        assert main(client.get("/en/corrections/?page=4")).count("<article") == count - 3 * CORRECTIONS_A_PAGE


def test_a_claim_leads_to_the_page_of_the_log_that_has_its_entry(client, claim):
    rows = [make.correction(f"entry-{number}", claims=[claim.key]) for number in range(CORRECTIONS_A_PAGE + 1)]
    make.annex(claim.module, "log", {"entries": rows})
    links = re.findall(r'href="(/en/modules/[^"]+/corrections/[^"]+)"', main(client.get(claim.get_absolute_url())))
    assert len(links) == len(rows)
    for link in links:
        address, anchor = link.replace("&amp;", "&").split("#")
        assert f'id="{anchor}"' in main(client.get(address))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_feed_has_the_log_and_the_cards_of_its_language(client, claim, language):
    make.annex(claim.module, "log", {"entries": [make.correction("late", "2026-10-25")]})
    revise(claim, "The second", 1)
    response = client.get(f"/{language}/corrections/feed/")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - of our own making
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 2
    assert [entry.find(f"{ATOM}updated").text[:10] for entry in entries] == ["2026-11-03", "2026-10-25"]
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == 2
    links = [entry.find(f"{ATOM}link").get("href") for entry in entries]
    assert links[1].endswith(f"/{language}/corrections/#log-late")
    assert links[0].endswith(claim.get_absolute_url().replace("/en/", f"/{language}/"))
    ending = " (fr)" if language == "fr" else ""
    assert f"late was{ending}" in entries[1].find(f"{ATOM}summary").text
    assert f"The second{ending}" in entries[0].find(f"{ATOM}summary").text


def test_what_a_feed_says_is_text_to_whoever_takes_it_for_html(client, claim):
    revise(claim, "<b>& more", 1)
    feed = ElementTree.fromstring(client.get("/en/corrections/feed/").content)  # noqa: S314 - of our own making
    assert "&lt;b&gt;&amp; more" in feed.find(f"{ATOM}entry/{ATOM}summary").text


def test_another_modules_corrections_name_no_feed_of_ours(client, claim):
    other = make.claim(make.section(make.module("other")))
    make.corrections(other.module)
    assert "atom+xml" not in client.get("/en/modules/other/corrections/").text


def test_the_page_names_its_feed(client, claim):
    assert 'type="application/atom+xml" href="/en/corrections/feed/"' in client.get("/en/corrections/").text


def test_whoever_is_told_of_their_own_corrections_finds_the_log_too(as_awa, claim):
    assert f"/en/modules/{claim.module.slug}/corrections/" in main(as_awa.get("/en/changes/"))
