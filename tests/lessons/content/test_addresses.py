"""What an address must be to be named as a source, and which may be a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.content.addresses import may_be_link, oddity

GOOD = [
    "https://www.un.org/en/ga",
    "https://docs.un.org/en/S/RES/2690(2023)",
    "http://news.abamako.com/h/211727.html",
    "https://fr.wikipedia.org/wiki/Mali_(%C3%89tat)",
    "https://hrf.org/?p=1017",
    "https://xn--caf-dma.fr/page",
    "https://unmissions.org/sites/default/files/v2_test.pdf",
    "https://bbc.co.uk/news/world-africa-1#more",
]
ODD = {
    "ftp://www.un.org/a": "should begin with https://",
    "javascript:alert(1)": "should begin with https://",
    "www.un.org": "should begin with https://",
    "": "should begin with https://",
    "https://": "no public site",
    "https://www.un.org/a b": "a sign in it",
    "https://www.un.org/a\nb": "a sign in it",
    "https://www.un.org/a\u200bb": "a sign in it",
    "https://www.un.org/“quoted”": "a sign in it",
    "https://www.un.org/<b>": "a sign in it",
    "https://[::1": "is not one",
    "https://www.un.org:port/": "is not one",
    "https://www.un.org:8443/": "a port",
    "https://name:secret@www.un.org/": "a password",
    "https://@www.un.org/": "a name",
    "https://ünder.org/": "letters in its host",
    "https://аpple.com/": "letters in its host",
    "https://192.168.0.1/page": "is a number",
    "https://[2001:db8::1]/page": "is a number",
    "https://3232235521/": "is a number",
    "https://localhost/page": "no public site",
    "https://intranet/page": "no public site",
    "https://www.un.org./page": "no public site",
    "https://www..un.org/page": "no public site",
    "https://leaks.onion/page": "no public site",
    "https://example.com/page": "no public site",
    "https://www.example.org/page": "no public site",
    "https://bit.ly/3xyz": "a short form",
    "https://t.co/abc": "a short form",
    "https://www-un-org.translate.goog/page": "a copy’s in a cache",
    "https://webcache.googleusercontent.com/search": "a copy’s in a cache",
    "https://www.un.org/page?utm_source=mail": "readers are followed",
    "https://www.un.org/page?id=1&fbclid=x": "readers are followed",
}


@pytest.mark.parametrize("address", GOOD)
def test_an_ordinary_address_is_taken(address):
    assert oddity(address) is None


@pytest.mark.parametrize(("address", "words"), ODD.items())
def test_an_odd_address_is_told_with_what_to_do(address, words):
    assert words.replace("’", "'") in (oddity(address) or "").replace("’", "'")


@pytest.mark.parametrize(
    "address",
    [
        "http://www.un.org/a",
        "https://search.wikileaks.org/plusd/cables/1.html",
        "https://fr.scribd.com/document/1",
        "https://staging.un.org/a",
        "https://www.staging.un.org/a",
        "https://dev.gazette.net/a",
        "https://gazette.wpengine.com/a",
    ],
)
def test_some_addresses_stand_as_text(address):
    assert not may_be_link(address)


@pytest.mark.parametrize("address", [address for address in GOOD if address.startswith("https")])
def test_others_are_links(address):
    assert may_be_link(address)


@pytest.mark.parametrize(
    "address", ["https://myscribd.com/a", "https://dev.to/a", "https://devoir.org/a", "https://test-achats.be/a"]
)
def test_a_name_that_only_resembles_is_another_site(address):
    assert may_be_link(address)


@given(st.text(max_size=60).map(lambda text: f"https://{text}"))
def test_no_text_breaks_the_check(text):
    assert oddity(text) is None or isinstance(oddity(text), str)


@given(st.text(max_size=60))
def test_what_is_taken_has_a_host_with_a_dot(text):
    if oddity(text) is None:
        assert text.startswith(("https://", "http://"))
        assert "." in text.split("/")[2]
