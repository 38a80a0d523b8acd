"""An editor helps somebody back in who lost password and words, and learns no secret (decision 0049)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from accounts import second_step
from accounts.models import Audit, SecurityEvent, User, WayIn
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
NEW = "a quiet river bend"
WHY = "came in person"


@pytest.fixture
def editor(db):
    return make.user("Ely", is_staff=True)


@pytest.fixture
def as_editor(editor):
    return browser_of(editor)


def at(person):
    return f"/en/admin/accounts/user/{person.pk}/help/"


def link_of(page):
    return re.search(r"http://testserver(/en/accounts/way-in/\w+/)", page.text)[1]


@pytest.fixture
def link(as_editor, awa):
    return link_of(as_editor.post(at(awa), {"why": WHY}))


def test_the_person_chooses_a_password_and_is_shown_new_words(client, as_awa, awa, editor, link):
    awa.renew_words("en")
    as_awa.get("/en/own/")
    page = client.get(link)
    assert "This link is for Awa." in page.text
    assert not page.wsgi_request.user.is_authenticated
    page = client.post(link, {"password": NEW})
    words = re.findall(r"<li>([a-z-]+)</li>", page.text)
    assert len(words) == 6
    assert not page.wsgi_request.user.is_authenticated
    assert not as_awa.get("/en/").wsgi_request.user.is_authenticated
    awa.refresh_from_db()
    assert awa.check_password(NEW)
    assert User.objects.by_words("Awa", " ".join(words)) == awa
    noted = list(Audit.objects.order_by("pk").values_list("who", "what", "on_what"))
    assert noted == [
        (editor.pk, "help back in", f"user {awa.pk}: link made, {WHY}"),
        (None, "help back in", f"user {awa.pk}: link used"),
    ]


def test_it_works_once(client, awa, link):
    client.post(link, {"password": NEW})
    page = Client().post(link, {"password": "another river bend"})
    assert page.status_code == 404
    assert "This link opens nothing any more" in page.text
    awa.refresh_from_db()
    assert awa.check_password(NEW)


@pytest.mark.parametrize("case", ["old", "ended", "newer", "never", "editor now", "closed"])
def test_a_link_that_opens_nothing_says_so_and_names_nobody(client, as_editor, as_awa, awa, link, case):
    if case == "old":
        WayIn.objects.update(made_at=timezone.now() - timedelta(hours=24))
    if case == "ended":
        as_awa.post("/en/own/warnings/", {"end_link": 1})
    if case == "newer":
        as_editor.post(at(awa), {"why": WHY})
    if case in ("editor now", "closed"):
        User.objects.filter(pk=awa.pk).update(**{"is_staff": True} if case == "editor now" else {"is_active": False})
    address = f"/en/accounts/way-in/{'0' * 32}/" if case == "never" else link
    for page in (client.get(address), client.post(address, {"password": NEW})):
        assert page.status_code == 404
        assert "Awa" not in page.text
        assert "ask your instructor for a new slip" in page.text
    awa.refresh_from_db()
    assert awa.check_password(make.PASSWORD)


@pytest.mark.parametrize("password", ["", "short", "password123", "x" * 300])
def test_a_weak_password_is_refused_and_the_link_stays(client, awa, link, password):
    assert client.post(link, {"password": password}).status_code == 422
    assert client.get(link).status_code == 200


def test_every_browser_that_is_signed_in_is_warned_and_can_end_it(as_awa, awa, link):
    text = unescape(as_awa.get("/en/").text)
    assert 'href="/en/own/warnings/"' in text
    page = as_awa.get("/en/own/warnings/")
    assert "an editor of this site made a link" in page.text
    assert "End this link" in page.text
    page = as_awa.post("/en/own/warnings/", {"end_link": 1}, follow=True)
    assert "it opens nothing any more" in page.text
    assert "End this link" not in page.text
    events = SecurityEvent.objects.filter(user=awa).order_by("pk").values_list("what", flat=True)
    assert list(events) == ["help-offered", "help-ended"]
    assert "made a link that opens this account" in as_awa.get("/en/accounts/sessions/").text


def test_to_end_what_is_no_more_is_nothing(as_awa, as_celia, awa, link):
    as_celia.post("/en/own/warnings/", {"end_link": 1})
    assert WayIn.objects.open(timezone.now()).count() == 1
    for _ in range(2):
        as_awa.post("/en/own/warnings/", {"end_link": 1})
    assert SecurityEvent.objects.filter(what="help-ended").count() == 1


def test_a_second_step_stays_on(client, as_editor, celia):
    second_step.turn_on(celia, "ab" * 20, -1, None, timezone.now())
    client.post(link_of(as_editor.post(at(celia), {"why": WHY})), {"password": NEW})
    celia.refresh_from_db()
    assert celia.second_step_at is not None
    page = client.post("/en/accounts/sign-in/", {"username": "Celia", "password": NEW})
    assert page["Location"] == "/en/accounts/sign-in/code/"


def test_only_the_hash_is_kept_and_the_page_tells_no_other_site(client, as_editor, awa, link):
    code = link.split("/")[-2]
    assert code not in str(WayIn.objects.values_list())
    assert code not in as_editor.get(at(awa)).text
    assert client.get(link)["Referrer-Policy"] == "same-origin"
    assert client.get(link)["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("who", ["guest", "another editor", "oneself", "closed"])
def test_for_these_no_link_is_made(as_editor, editor, guest, celia, who):
    celia.is_active = who != "closed"
    celia.is_staff = who == "another editor"
    celia.save()
    person = {"guest": guest, "oneself": editor}.get(who, celia)
    for page in (as_editor.get(at(person)), as_editor.post(at(person), {"why": WHY})):
        assert page.status_code == 403
        assert "way-in" not in page.text
    assert not WayIn.objects.exists()


@pytest.mark.parametrize("why", ["", " ", "x" * 81])
def test_without_a_reason_there_is_no_link(as_editor, awa, why):
    assert as_editor.post(at(awa), {"why": why}).status_code == 422
    assert not WayIn.objects.exists()


def test_the_action_of_the_list_leads_there_for_one_person(as_editor, awa, celia):
    people = "/en/admin/accounts/user/"
    page = as_editor.post(people, {"action": "help_back_in", "_selected_action": [awa.pk]})
    assert page["Location"] == at(awa)
    page = as_editor.post(people, {"action": "help_back_in", "_selected_action": [awa.pk, celia.pk]}, follow=True)
    assert "Choose one person alone." in page.text
    assert not WayIn.objects.exists()


def test_to_others_it_is_not_there(client, as_bakary, as_editor, awa):
    assert client.post(at(awa), {"why": WHY}).status_code == 302
    assert as_bakary.post(at(awa), {"why": WHY}).status_code == 404
    assert as_editor.get("/en/admin/accounts/user/999999/help/").status_code == 404
    assert not WayIn.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_it_at_once_one_sets_the_password(awa, in_parallel):
    editor = make.user("Ely", is_staff=True)
    WayIn.make(awa, editor, WHY, timezone.now())
    row = WayIn.objects.select_related("user").get()
    passwords = [f"{NEW} {number}" for number in range(4)]
    words = in_parallel(lambda number: row.use(passwords[number], "en", timezone.now()), 4)
    assert [each is not None for each in words].count(True) == 1
    awa.refresh_from_db()
    assert awa.check_password(passwords[next(number for number, each in enumerate(words) if each)])


@pytest.mark.parametrize("contact", ["", "Ask Ely, room 7"])
def test_whoever_has_lost_both_is_told_whom_to_ask(client, settings, contact):
    settings.OPERATOR = {"contact": {"": contact}} if contact else {}
    text = client.get("/en/accounts/recover/").text
    assert "ask your instructor for a new slip" in text
    assert (contact or "gave you its address") in text
