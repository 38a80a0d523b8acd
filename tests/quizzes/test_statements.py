"""What a whole attempt asks of the database, on both databases (quality P2)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quizzes.models import Attempt
from tests import make

pytestmark = pytest.mark.django_db


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
    """A browser whose statements are counted.

    BEGIN and COMMIT too: within the transaction of a test, SAVEPOINT and RELEASE stand in their place.
    """

    def __init__(self, client):
        self.client, self.count = client, 0

    def _send(self, method, *args, **kwargs):
        with CaptureQueriesContext(connection) as queries:
            response = getattr(self.client, method)(*args, **kwargs)
        self.count += len(queries)
        return response

    def get(self, *args):
        return self._send("get", *args)

    def post(self, *args, **kwargs):
        return self._send("post", *args, **kwargs)


def sent(attempt):
    """What a browser posts for a page on which each item is answered rightly."""
    fields = {"page": 1, "next": 1}
    for response in attempt.responses.all():
        fields |= make.fields(response, make.right_answer(response))
    return fields


@pytest.fixture
def explained(section, bakary, as_bakary):
    """The process has shown somebody else a result with these items before."""
    type(section.module).objects.update(fingerprint="as it was loaded")
    as_bakary.get(make.quiz(bakary, section, right=10).get_absolute_url())


@pytest.mark.usefixtures("explained")
@pytest.mark.parametrize(("use", "most"), [("quiz", 33), ("exam", 43)])
def test_a_whole_attempt_of_ten_items_asks_little(as_awa, section, use, most):
    """Start, the page that is shown and saved, the page for handing in, submit and result, as without a script."""
    starts = {"quiz": f"{section.get_absolute_url()}quiz/", "exam": f"{section.module.get_absolute_url()}exam/"}
    as_awa.get("/en/")
    browser = Counted(as_awa)
    own = browser.post(starts[use])["Location"]
    attempt = section.module.attempts.get(use=use, submitted_at=None)
    browser.get(own)
    browser.get(browser.post(own, sent(attempt))["Location"])
    assert browser.post(own, {"page": 2, "submit": 1})["Location"] == own
    assert "10 of 10" in browser.get(own).text
    assert browser.count == most


@pytest.mark.parametrize("certainty", [False, True], ids=["", "with certainty"])
def test_what_saves_by_itself_asks_five_and_two_more_where_it_says_how_sure(as_awa, awa, section, certainty):
    """Who it is, BEGIN, the page with all that it hangs on, its answers, COMMIT; and if it asks how sure one is."""
    section.document["quiz"]["certainty"] = certainty
    section.save()
    attempt = Attempt.start_quiz(awa, section, make.NOW)
    as_awa.get("/en/")
    browser = Counted(as_awa)
    fields = sent(attempt) | ({"q1-sure": 3} if certainty else {})
    assert browser.post(attempt.get_absolute_url(), fields, headers={"X-Autosave": "1"}).status_code == 200
    assert browser.count == (7 if certainty else 5)
    assert attempt.responses.get(position=1).certainty == (3 if certainty else None)
