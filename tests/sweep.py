"""Every form and every address, found by reading the pages of the cast, and the texts that break careless code."""

import copy
import logging
import time
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote_from_bytes, urljoin, urlsplit

from _pytest.logging import LogCaptureHandler
from django.db import transaction
from django.test import Client

from tests.crawl import LINK, entry

SECONDS = 2  # of CPU, the most that one request may take (quality R20)
BOUNDARY = "a-boundary-that-stands-in-no-text"
LARGE = 2_000_000  # bytes, what a text is made of
FITS = 250_000  # bytes, what a form may have in all, and a little less

# Repeated up to the size: each is slow, or impossible to keep, somewhere.
LONG = {
    "combining marks": "\u0301\u0327".encode(),
    "NUL": b"\0",
    "lone surrogates": b"\xed\xa0\x80",
    "overlong UTF-8": b"\xc0\x80\xe0\x80\x80",
    "no UTF-8": b"\xff\xfe",
    "letters that unfold": "\ufdfa".encode(),
    "brackets": b"[({<",
    "digits": b"9",
    "other directions and no width": "\u202e\u200b\u2066\ufeff".encode(),
    "line breaks": b"\r\n",
    "spaces": "\u00a0 \t".encode(),
    "percent signs": b"%00%ED%A0%80%",
    "one quotation mark each": b'"a,=',
}
SHORT = {
    text: text.encode()
    for text in (
        *("9223372036854775807", "9223372036854775808", "-9223372036854775809", "99999999999999999999"),
        *("2147483648", "1e999", "NaN", "-0", "²", "٣", "0x1", "a\0b", "\0", "", " ", "..", "%00", "'", "\ufeff"),
        *("0001-01-01T00:00", "9999-12-31T23:59", "0001-01-01", "9999-12-31", "2026-02-30T25:61"),
        *("javascript:alert(1)", "//evil.example", "{{ 7 }}", "[]", "null"),
    )
}
# In an address each stands for a number or a word.
PARTS = [
    *("0", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "18446744073709551616"),
    *("99999999999999999999", "9" * 5000, "-1", "%00", "1%00", "%ED%A0%80", "%C0%80", "%FF", "%", "%zz", "%u0000"),
    *("²", "%D9%A3", "a" * 101, "a" * 5000, "%CC%81" * 1000, "..", "%2e%2e", "%2F", "%5C", "%0A", "%EF%BB%BF"),
]


def long_texts(size):
    """{what it is: text} of `size` bytes each, behind a letter."""
    return {name: b"a" + piece * (size // len(piece)) for name, piece in LONG.items()}


@dataclass
class Form:
    """A form of a page as `role` sees it; `fields` holds what a browser would send if nothing were changed."""

    role: str
    page: str
    action: str = ""
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def send(self, client, name, text):
        """Send the form with `text`, bytes, in the field `name`; what it does is undone. Return (status, seconds)."""
        kept = [(other, value.encode()) for other, value in self.fields.items() if other != name]
        if self.method == "post":
            return send(client, "post", self.action, multipart([*kept, (name, text)], self.files))
        query = "&".join(f"{key}={quote_from_bytes(value)}" for key, value in [*kept, (name, text)])
        return send(client, "get", f"{self.action}?{query}")


class _Forms(HTMLParser):
    def __init__(self, role, page):
        super().__init__()
        self.role, self.page, self.forms, self.form, self.text, self.select = role, page, [], None, None, None
        self.ids, self.outside = {}, []  # a field may name its form from anywhere

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        name, value = has.get("name"), has.get("value") or ""
        if tag == "form":
            action = urljoin(self.page, has.get("action") or "")
            self.form = Form(self.role, self.page, action, (has.get("method") or "get").lower())
            self.forms.append(self.form)
            self.ids[has.get("id")] = self.form
        elif name and "form" in has:
            self.outside.append((has["form"], name, value))
        elif self.form and name and tag == "select":
            self.select = name
            self.form.fields.setdefault(name, "")
        elif self.form and tag == "option" and self.select and ("selected" in has or not self.form.fields[self.select]):
            self.form.fields[self.select] = value
        elif self.form and name and tag == "textarea":
            self.form.fields[name], self.text = "", name
        elif self.form and name and has.get("type") == "file":
            self.form.files.add(name)
        elif self.form and name and tag in ("input", "button"):
            self.form.fields.setdefault(name, value)

    def handle_data(self, data):
        if self.text:
            self.form.fields[self.text] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.text = None
        elif tag == "select":
            self.select = None


def forms_of(role, page, html):
    """The forms of a page, and each of its links with a query as a form by GET."""
    parser = _Forms(role, page)
    parser.feed(html)
    for place, name, value in parser.outside:
        parser.ids[place].fields.setdefault(name, value)
    links = [urlsplit(urljoin(page, unescape(link))) for link in LINK.findall(html)]
    asked = [Form(role, page, link.path, "get", dict(parse_qsl(link.query))) for link in links if link.query]
    return [form for form in parser.forms + asked if form.action.startswith("/")]


def forms_of_all(browsers, pages):
    """Each form that the browsers {role: client} see on the pages, once for each field that no form before had there.

    Returned as (form, field); a page that a role may not see has none.
    """
    known, fields = set(), []
    for role, client in browsers.items():
        for page in pages:
            response = client.get(page)
            if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
                continue
            for form in forms_of(role, page, response.text):
                for name in sorted({*form.fields, *form.files} - {"csrfmiddlewaretoken"}):
                    key = (entry(form.action), form.method, name)
                    if key not in known:
                        known.add(key)
                        fields.append((form, name))
    return fields


def multipart(fields, files=()):
    """The body of a form; `fields` are (name, bytes)."""
    parts = []
    for name, value in fields:
        file = '; filename="class.csv"\r\nContent-Type: text/csv' if name in files else ""
        parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode())
        parts.append(value + b"\r\n")
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def send(client, method, address, body=b"", content_type=f"multipart/form-data; boundary={BOUNDARY}", **extra):
    """Send it, undo whatever it did, and return (status, seconds of CPU)."""
    _forget_what_was_logged()
    cookies = copy.deepcopy(client.cookies)
    begun = time.process_time()
    with transaction.atomic():
        if method == "get":
            status = client.get(address, **extra).status_code
        else:
            status = client.generic(method.upper(), address, body, content_type, **extra).status_code
        transaction.set_rollback(True)
    seconds = time.process_time() - begun
    client.cookies = cookies
    return status, seconds


def _forget_what_was_logged():
    """Drop what pytest keeps of the requests before: each record holds one, and of 9,000 they are 14 GB."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, LogCaptureHandler):
            handler.clear()


def browser():
    """A client that is told of a failure as everybody is, by a page."""
    return Client(raise_request_exception=False)
