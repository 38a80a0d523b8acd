"""Web addresses in plain text become links, and nothing else of it becomes markup."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.links import linked
from cohorts.templatetags.notes import as_note

RUN = "alert(1)"
PAYLOADS = [
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><script>{RUN}</script>',
    f"[x](javascript:{RUN})",
    f"javascript:{RUN}",
    f"javascript://https://x.org/%0a{RUN}",
    "data:text/html,<script>x</script>",
    f'https://x.org/"onmouseover={RUN}',
    f"https://x.org/'onmouseover={RUN}",
    f"https://x.org/><script>{RUN}</script>",
    f"https://x.org/&quot;onmouseover={RUN}",
    f"https://javascript:{RUN}",
    f"http://https://<b>{RUN}</b>",
    "https://[::1",
    "https://x.org:99999/",
    "vbscript:https://x.org",
    "{% debug %}https://x.org/{{ x|safe }}",
]


class Reading(HTMLParser):
    """The links of a text, its other tags, and the text itself as it is read."""

    def __init__(self, html):
        super().__init__()
        self.links, self.tags, self.text = [], set(), ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, pairs):
        self.tags.add(tag)
        if tag == "a":
            self.links.append(dict(pairs))

    def handle_data(self, data):
        self.text += data


def addresses(text):
    return [link["href"] for link in Reading(linked(text)).links]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Read https://example.org/a?b=1&c=2#d first", ["https://example.org/a?b=1&c=2#d"]),
        ("HTTP://EXAMPLE.ORG", ["HTTP://EXAMPLE.ORG"]),
        ("(see http://example.org/a).", ["http://example.org/a"]),
        ("https://example.org/Mali_(pays), puis", ["https://example.org/Mali_(pays)"]),
        ("« https://example.org/a »", ["https://example.org/a"]),
        ("https://example.org/é/ à lire ; https://b.org!", ["https://example.org/é/", "https://b.org"]),
        ("https://a.org/x,https://b.org", ["https://a.org/x,https://b.org"]),
        ("www.example.org ftp://example.org mailto:a@b.org", []),
        ("https:// http://. https://?", []),
        ("https://example.org@evil.org/ https://a:b@evil.org", []),
        ("https://example.org\u202egro.live", ["https://example.org"]),
    ],
)
def test_what_begins_as_a_web_address_is_a_link(text, found):
    assert addresses(text) == found
    assert Reading(linked(text)).text == text


def test_a_link_gives_no_weight_and_no_hold_on_the_page():
    assert linked("https://a.org") == '<a href="https://a.org" rel="nofollow noopener">https://a.org</a>'


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_becomes_markup(payload):
    for text in (payload, f"See {payload} and https://good.org/{payload}"):
        reading = Reading(as_note(text))
        assert reading.tags <= {"p", "br", "a"}
        assert all(link["href"].lower().startswith(("http://", "https://")) for link in reading.links)
        assert {name for link in reading.links for name in link} <= {"href", "rel"}


@given(st.text() | st.lists(st.sampled_from([*PAYLOADS, "https://a.org/", " ", '"', "<", "&amp;", "\n"])).map("".join))
def test_whatever_is_written_is_read_as_it_was_written(text):
    reading = Reading(linked(text))
    assert reading.tags <= {"a"}
    assert reading.text.replace("\r\n", "\n") == text.replace("\r\n", "\n")
    assert all(link["href"].lower().startswith(("http://", "https://")) for link in reading.links)


def test_lines_and_paragraphs_stay_and_a_site_without_links_shows_addresses_as_text(settings):
    text = "One\ntwo\n\nhttps://a.org <b>"
    link = '<a href="https://a.org" rel="nofollow noopener">https://a.org</a>'
    assert as_note(text) == f"<p>One<br>two</p>\n\n<p>{link} &lt;b&gt;</p>"
    settings.ADDRESSES_AS_TEXT = True
    assert as_note(text) == "<p>One<br>two</p>\n\n<p>https://a.org &lt;b&gt;</p>"
