"""A browser over real sockets, and a learner in it who remembers what the site acknowledged."""

import copy
import html
import re
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from bench.serve import PATIENCE
from quizzes.basis import Basis, field
from quizzes.models import Attempt
from tests import make

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class CutOff(Exception):
    """The connection ended before the answer was whole."""


@dataclass(frozen=True)
class Answer:
    """`told` says whether a message came along, to be shown on the next page."""

    status: int
    location: str
    text: str
    told: bool

    @property
    def went_well(self):
        return self.status in (200, 302)

    @property
    def page(self):
        """The text without its token, which differs each time."""
        return TOKEN.sub("", self.text)

    @property
    def returned(self):
        """The fields that the page holds to be sent again; a list of pairs."""
        pairs = [(name, html.unescape(value)) for name, value in HIDDEN.findall(self.text)]
        return [pair for pair in pairs if pair[0] != "csrfmiddlewaretoken"]


class Browser:
    """Cookies and forms, no script; a connection for each request; redirects are not followed."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}

    def copy(self):
        return copy.deepcopy(self)

    def get(self, path):
        return self.hold("GET", path).finish()

    def post(self, path, fields, autosave=False):
        """`fields` is a dict or a list of pairs; the token comes from the cookie, so a page must have been read."""
        return self.hold("POST", path, fields, autosave).finish()

    def hold(self, method, path, fields=(), autosave=False):
        """Send all of a request but the last byte of its form; a Held."""
        pairs = list(fields.items() if isinstance(fields, dict) else fields)
        pairs += [("csrfmiddlewaretoken", self.cookies["csrftoken"])] if method == "POST" else []
        body = urlencode(pairs).encode()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers["Connection"] = "close"
        if method == "POST":
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        headers |= {"X-Autosave": "1"} if autosave else {}
        return Held(self, method, path, headers, body)

    def keep(self, cookies):
        """Take the cookies of an answer; an empty one is forgotten."""
        for line in cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        self.cookies = {name: value for name, value in self.cookies.items() if value}


class Held:
    """A request of which the last byte is still to come. ConnectionRefusedError where nobody listens."""

    def __init__(self, browser, method, path, headers, body):
        self.browser, self.rest = browser, body[-1:]
        self.connection = HTTPConnection("127.0.0.1", browser.port, timeout=PATIENCE)
        self.connection.connect()
        try:
            self.connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                self.connection.putheader(name, value)
            if body:
                self.connection.putheader("Content-Length", str(len(body)))
            self.connection.endheaders(body[:-1] or None)
        except ConnectionError as error:
            self.connection.close()
            raise CutOff from error

    def finish(self):
        """Send the rest and read the answer; CutOff where it does not come whole."""
        try:
            if self.rest:
                self.connection.send(self.rest)
            answer = self.connection.getresponse()
            text = answer.read().decode()
        except (ConnectionError, HTTPException) as error:
            raise CutOff from error
        finally:
            self.connection.close()
        cookies = answer.headers.get_all("Set-Cookie") or []
        self.browser.keep(cookies)
        told = any(line.startswith("messages=") for line in cookies)
        return Answer(answer.status, answer.headers.get("Location", ""), text, told)


class Learner:
    """A guest in a quiz. `acknowledged` is {position: answer} of what the site said was saved; `doubtful` what was sent
    and not answered: the site may hold that, or what it acknowledged before.
    """

    def __init__(self, port, section):
        self.browser = Browser(port)
        self.home = section.get_absolute_url()
        self.acknowledged, self.doubtful, self.changes = {}, {}, 0

    def start(self):
        """Start the quiz, by which this browser becomes a guest's. Sent again, it is another guest's, or goes on."""
        self.browser.get(self.home)
        answer = self.browser.post(f"{self.home}quiz/", {})
        assert answer.status == 302, answer
        self.address = urlsplit(answer.location).path
        return answer

    def look_up(self):
        """Read what this quiz asks, from the database."""
        self.attempt = Attempt.objects.get(pk=int(self.address.split("/")[-2]))
        self.responses = list(self.attempt.responses.order_by("position").select_related("shown_version"))
        self.last_page = self.responses[-1].page

    def answers(self, responses, chance):
        """({position: answer}, the form's fields that say so) for items of one page, each right or wrong by chance."""
        answers, fields = {}, {"page": responses[0].page, "go": responses[0].page}
        self.changes += 1
        for response in responses:
            answer = chance.choice([make.right_answer, make.wrong_answer])(response)
            answers[response.position] = answer
            # One page that changes again and again, as the script counts it.
            fields |= make.fields(response, answer) | {field(response.name): Basis(0, self.changes, "page")}
        return answers, [(name, str(value)) for name, value in fields.items()]

    def save(self, answers, fields, autosave=False):
        """Send {position: answer} as those fields."""
        self.doubtful |= answers
        answer = self.browser.post(self.address, fields, autosave)
        if answer.went_well:
            self.acknowledge(answers)
        return answer

    def acknowledge(self, answers):
        self.acknowledged |= answers
        self.doubtful = {position: given for position, given in self.doubtful.items() if position not in answers}

    def submit(self):
        return self.browser.post(self.address, {"page": self.last_page + 1, "submit": 1})

    def lost(self):
        """Positions whose acknowledged answer is not in the database, nor one sent after it; a list."""
        held = dict(self.attempt.responses.values_list("position", "answer"))
        return [
            position
            for position, answer in self.acknowledged.items()
            if held[position] != answer and (position not in self.doubtful or held[position] != self.doubtful[position])
        ]
