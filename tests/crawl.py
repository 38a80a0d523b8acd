"""Follows every link of the site as a browser does, and lists every address of the URL table."""

import re
from collections import Counter
from html import unescape

from django.urls import URLResolver, get_resolver, resolve, reverse
from django.utils.translation import override

LINK = re.compile(r'href="(/[^"]*)"')
TOKEN = re.compile(r'(name="(?:csrfmiddlewaretoken|press)" value=")[^"]+')
COPY = re.compile(r'(&amp;copy=|name="q\d+-was" value="\d+\.\d+\.)[\w-]+')  # a page's own mark


def crawl(client, *starts, of_each=None):
    """{address: response} of all pages that links lead to from `starts`; redirects are followed, files are not.

    With `of_each`, so many at most of each entry in the URL table: a case study has hundreds of sources.
    """
    pages, waiting, visits = {}, list(starts), Counter()
    while waiting:
        address = waiting.pop().split("#")[0]
        if address in pages or address.startswith("/static/"):
            continue
        if of_each:
            visits[name := entry(address)] += 1
            if visits[name] > of_each:
                continue
        pages[address] = response = client.get(address, follow=True)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        waiting += [unescape(link) for link in LINK.findall(response.text)]
    return pages


def entry(address):
    """The name in the URL table of an address, in whichever language."""
    path = address.split("?")[0]
    with override(path.split("/")[1]):
        return resolve(path).view_name


def without_token(response):
    """The bytes of a page but for its tokens and its own mark, which differ each time."""
    return COPY.sub(r"\1", TOKEN.sub(r"\1", response.text))


def addresses(given):
    """{name: address} of every entry in the URL table; `given` holds a value for each part, by the part's name.

    Django's admin is one. A part without a value is a KeyError: whoever adds an address says here how to reach it.
    """
    return {
        name: reverse(name, kwargs={part: given[part] for part in parts})
        for name, parts in _names(get_resolver().url_patterns)
    }


def _names(patterns, namespace=""):
    for entry in patterns:
        if isinstance(entry, URLResolver) and entry.namespace == "admin":
            yield "admin:index", []
        elif isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _names(entry.url_patterns, inner)
        else:
            yield f"{namespace}{entry.name}", list(entry.pattern.converters)
