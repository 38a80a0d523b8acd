"""A browser as the bench needs one: kept connection, cookies, forms; redirects are followed by whoever asks."""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

HOST = "bench.local"
PATIENCE = 180  # seconds: a page may be as slow as that, and is measured all the same
Fields = list[tuple[str, str]]


class Failed(Exception):
    """The product answered otherwise than it should: where, and with what status."""


@dataclass(frozen=True)
class Answer:
    """`size` is the bytes of the body as sent; `statements` is None but from the server that counts."""

    status: int
    location: str
    etag: str
    size: int
    statements: int | None
    raw: bytes
    is_packed: bool

    @property
    def text(self) -> str:
        return (gzip.decompress(self.raw) if self.is_packed else self.raw).decode()


class Browser:
    """`cookies` sign somebody in. One connection, opened anew where the server has closed it."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self.port, self.cookies = port, dict(cookies or {})
        self.connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def get(self, address: str, etag: str = "") -> Answer:
        """Failed where it answers neither 200 nor, to a page that is kept, 304."""
        answer = self._ask("GET", address, {"If-None-Match": etag} if etag else {})
        if answer.status != (304 if etag else 200):
            raise Failed(f"GET {address}: {answer.status} {answer.location}".rstrip())
        return answer

    def post(self, address: str, fields: Fields, expected: int = 302, is_auto: bool = False) -> Answer:
        """Send a form; `is_auto`: as the script does. Failed where the status is not the expected one."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
        headers |= {"Sec-Fetch-Site": "same-origin"} | ({"X-Autosave": "1"} if is_auto else {})
        answer = self._ask("POST", address, headers, urlencode(fields).encode())
        if answer.status != expected:
            raise Failed(f"POST {address}: {answer.status}")
        return answer

    def _ask(self, method: str, address: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        sent = {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip", **headers}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            response = self._send(method, address, body, sent)
            raw = response.read()
        except TimeoutError as error:
            self.connection.close()
            raise Failed(f"{method} {address}: no answer within {PATIENCE} seconds") from error
        self._keep(response)
        counted = response.headers.get("X-Statements")
        return Answer(
            status=response.status,
            location=_path(response.headers.get("Location", "")),
            etag=response.headers.get("ETag", ""),
            size=len(raw),
            statements=int(counted) if counted else None,
            raw=raw,
            is_packed=response.headers.get("Content-Encoding") == "gzip",
        )

    def _send(self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]) -> HTTPResponse:
        try:
            self.connection.request(method, address, body, headers)
            return self.connection.getresponse()
        except (RemoteDisconnected, BrokenPipeError, ConnectionResetError):  # it was kept too long: nothing was asked
            self.connection.close()
            self.connection.request(method, address, body, headers)
            return self.connection.getresponse()

    def _keep(self, response: HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        self.cookies = {name: value for name, value in self.cookies.items() if value}

    def close(self) -> None:
        self.connection.close()


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


# Forms


@dataclass
class Form:
    """A form as it stands in a page. `offers` is {field: values to choose from}; a typed field offers none.

    `fields` is what it sends as it stands.
    """

    id: str
    action: str
    fields: Fields = field(default_factory=list)
    offers: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, bool] = field(default_factory=dict)  # {field: whether it is for a number}

    def filled(self, turn: int) -> Fields:
        """Return the form as sent by somebody who answers all of it; another `turn` answers otherwise."""
        answers: Fields = []
        for number, (name, values) in enumerate(self.offers.items()):
            answers.append((name, values[(turn + number) % len(values)]))
        for name, is_number in self.typed.items():
            answers.append((name, str(1200 + turn) if is_number else ("Bamako", "Gao")[turn % 2]))
        return [pair for pair in self.fields if pair[0] not in self.offers and pair[0] not in self.typed] + answers


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.select = ""

    def handle_starttag(self, tag: str, attributes: Sequence[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(named.get("id", ""), named.get("action", "")))
        if not self.forms or "disabled" in named:
            return
        form, name, value = self.forms[-1], named.get("name", ""), named.get("value", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and value:
            form.offers.setdefault(self.select, []).append(value)
        elif tag == "input" and name:
            kind = named.get("type", "text")
            if kind in ("radio", "checkbox"):
                form.offers.setdefault(name, []).append(value)
            elif kind == "hidden":
                form.fields.append((name, value))
            else:
                form.typed[name] = named.get("inputmode") == "decimal"


def forms(text: str) -> Iterator[Form]:
    """Yield the forms of a page, in order."""
    parser = _Forms()
    parser.feed(text)
    yield from parser.forms
