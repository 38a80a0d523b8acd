"""What a whole attempt asks of the database, on both databases (quality P2)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make

pytestmark = pytest.mark.django_db
MARKS = ("SAVEPOINT", "RELEASE")  # of transactions: inside a test, each has two of these


@pytest.fixture
def section():
    """Ten items in the quiz, and as many in the exam of its module, each with a claim to cite."""
    section = make.section(draw=10)
    section.module.document["exam"]["per_section"] = 10
    section.module.save()
    for number in range(10):
        make.item(section, kind="classify" if number % 3 == 2 else "single").claims.add(make.claim(section))
    return section


class Counted:
    """A browser whose statements are counted, those that mark transactions aside."""

    def __init__(self, client):
        self.client, self.count = client, 0

    def _send(self, method, *args):
        with CaptureQueriesContext(connection) as queries:
            response = getattr(self.client, method)(*args)
        self.count += sum(not query["sql"].startswith(MARKS) for query in queries)
        return response

    def get(self, *args):
        return self._send("get", *args)

    def post(self, *args):
        return self._send("post", *args)


def sent(attempt, number):
    """What a browser posts for a page on which each item is answered rightly."""
    fields = {"page": number, "next": 1}
    for response in attempt.responses.filter(position__gt=5 * number - 5, position__lte=5 * number):
        fields |= make.fields(response, make.right_answer(response))
    return fields


@pytest.mark.parametrize(
    ("use", "looks_at_each_page", "most"),
    [("quiz", False, 40), ("quiz", True, 48), ("exam", False, 49)],
    ids=["quiz", "quiz, with every page that is shown without a script", "exam"],
)
def test_a_whole_attempt_of_ten_items_asks_little(as_awa, section, use, looks_at_each_page, most):
    """Start, page, save of ten answers in two pages, submit and result; what reviews take note of has its share."""
    starts = {"quiz": f"{section.get_absolute_url()}quiz/", "exam": f"{section.module.get_absolute_url()}exam/"}
    as_awa.get("/en/")
    browser = Counted(as_awa)
    own = browser.post(starts[use])["Location"]
    attempt = section.module.attempts.get(use=use)
    browser.get(own)
    for number in (1, 2):
        onward = browser.post(own, sent(attempt, number))["Location"]
        if looks_at_each_page:
            browser.get(onward)
    assert browser.post(own, {"page": 3, "submit": 1})["Location"] == own
    assert "Passed: 10 of 10" in browser.get(own).text
    print(f"{use} on {connection.vendor}: {browser.count} statements")
    assert browser.count <= most
