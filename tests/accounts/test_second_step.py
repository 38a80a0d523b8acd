"""The second step: a code after the password, exact under parallel tries, and no way round it (quality R12, R23)."""

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from hypothesis import given
from hypothesis import strategies as st

from accounts import backup_codes, second_step
from accounts.limits import OwnLimit, RateLimited
from accounts.models import Audit, BackupCode, RateLimitBucket, SecurityEvent, SignIn, User
from lessons.models import Reading
from tests import make
from tests.conftest import browser_of
from tests.crawl import without_token

pytestmark = pytest.mark.django_db
SIGN_IN, CODE = "/en/accounts/sign-in/", "/en/accounts/sign-in/code/"
PAGE, CONFIRM = "/en/accounts/two-step/", "/en/accounts/two-step/confirm/"
CODES, OFF = "/en/accounts/two-step/codes/", "/en/accounts/two-step/off/"
SECRET = "3132333435363738393031323334353637383930"  # of RFC 6238, appendix B
NEW = "quatre pirogues sous la pluie"
What = SecurityEvent.What


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self):
        self.at = timezone.now().replace(microsecond=0)

    def __call__(self):
        return self.at

    def go_on(self, **time):
        self.at += timedelta(**time)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def code(secret=SECRET, steps=0):
    """What an app shows, whose clock is so many half-minutes off."""
    totp = TOTP(bytes.fromhex(secret))
    totp.time = timezone.now().timestamp() + 30 * steps
    return f"{totp.token():06}"


def wrong():
    """Six digits that no clock near ours shows."""
    near = {code(steps=steps) for steps in range(-3, 4)}
    return next(text for text in ("000000", "111111", "222222", "333333", "444444") if text not in near)


def sign_in(client, password=make.PASSWORD, **fields):
    return client.post(SIGN_IN, {"username": "Awa", "password": password, **fields})


def give(client, text, **fields):
    return client.post(CODE, {"code": text, **fields})


def reader(client):
    return client.get("/en/").wsgi_request.user


def events(user):
    return list(user.security_events.order_by("pk").values_list("what", flat=True))


def shown(page):
    return re.findall(r"<li>([^<]+)</li>", page.text.split('<ol class="words">')[1].split("</ol>")[0])


def secret_on(page):
    """The secret as a person types it, in hex."""
    text = re.search(r'<b class="num">([A-Z2-7 ]+)</b>', page.text)[1].replace(" ", "")
    return base64.b32decode(text).hex()


@pytest.fixture
def codes(awa):
    """Awa's second step is on; her backup codes."""
    return second_step.turn_on(awa, SECRET, -1, None, timezone.now())


@pytest.fixture
def waiting(client, codes):
    """A browser in which Awa's password was given."""
    assert sign_in(client)["Location"] == CODE
    return client


# The codes themselves


@pytest.mark.parametrize(
    ("seconds", "token"),
    [(59, 94287082), (1111111109, 7081804), (1111111111, 14050471), (1234567890, 89005924), (2000000000, 69279037)],
)
def test_codes_are_those_of_the_standard(seconds, token):
    at = datetime.fromtimestamp(seconds, UTC)
    assert second_step.step_of(SECRET, f"{token % 10**6:06}", at) == seconds // 30


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_one_step_off_either_way(waiting, steps, taken):
    assert give(waiting, code(steps=steps)).status_code == (302 if taken else 422)


@pytest.mark.parametrize(
    "typed", ["{0[0]}{0[1]} {0[2]}{0[3]} {0[4]}{0[5]}", "  {0}\n", "{0}.", "{0[0]}-{0[1]}{0[2]}{0[3]}{0[4]}{0[5]}"]
)
def test_spaces_and_dashes_do_not_matter(waiting, typed):
    assert give(waiting, typed.format(code())).status_code == 302


def test_digits_of_every_script_do(waiting):
    other = code().translate({ord(str(digit)): 0x0660 + digit for digit in range(10)})
    assert give(waiting, other).status_code == 302


@pytest.mark.parametrize(
    "typed", ["", " ", "12345", "1234567", "+{0}", "{0}0", "0{0}", "{0}e0", "\0{0}", "²²²²²²", "x" * 41, "é" * 5000]
)
def test_what_is_no_code_is_refused_and_not_repeated(waiting, typed):
    typed = typed.format(code())
    if backup_codes.plain(typed) == code():
        return
    page = give(waiting, typed)
    assert page.status_code == 422
    assert 'href="#id_code"' in page.text
    assert "value=" not in re.search(r'<input[^>]+name="code"[^>]*>', page.text)[0]
    assert not reader(waiting).is_authenticated


@given(st.text(max_size=60))
def test_any_text_is_read_as_letters_and_digits(text):
    plain = backup_codes.plain(text)
    assert len(plain) <= 40
    assert plain.isalnum() or not plain


def test_backup_codes_are_eight_of_40_bits_and_more_and_cannot_be_mistaken():
    drawn = backup_codes.draw()
    assert len(set(drawn)) == 8
    assert len(backup_codes.ALPHABET) ** backup_codes.LENGTH >= 2**40
    assert not set(backup_codes.ALPHABET) & set("AEIOU01258BLSZ")
    assert set(drawn).isdisjoint(backup_codes.draw())
    for each in drawn:
        assert backup_codes.plain(backup_codes.grouped(each).lower()) == each


def test_a_secret_has_160_bits_and_is_another_each_time():
    assert len(second_step.new_secret()) == 40
    assert second_step.new_secret() != second_step.new_secret()
    assert second_step.in_groups(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


# Signing in


def test_the_password_alone_signs_nobody_in(waiting, awa):
    assert not reader(waiting).is_authenticated
    page = waiting.get(CODE)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "Awa" not in page.text
    assert SignIn.objects.count() == 0
    assert "device" not in waiting.cookies
    assert events(awa) == [What.SECOND_STEP_ON]


def test_password_and_code_sign_in_as_ever(waiting, awa):
    assert give(waiting, code())["Location"] == "/en/"
    assert reader(waiting) == awa
    assert waiting.cookies["device"].value
    assert SignIn.objects.get().user == awa
    assert events(awa) == [What.SECOND_STEP_ON, What.SIGN_IN]
    assert CODE not in str(Session.objects.get().get_decoded())
    assert waiting.get(CODE)["Location"] == SIGN_IN


def test_a_device_that_is_known_is_no_news(waiting, awa, clock):
    give(waiting, code())
    waiting.post("/en/accounts/sign-out/")
    clock.go_on(minutes=1)
    sign_in(waiting)
    give(waiting, wrong())
    give(waiting, code())
    assert events(awa) == [What.SECOND_STEP_ON, What.SIGN_IN]


@pytest.mark.parametrize(("next", "goes"), [("/en/review/", "/en/review/"), ("//evil.example/", "/en/"), ("", "/en/")])
def test_the_way_goes_on_where_it_was(client, codes, next, goes):
    sign_in(client, next=next)
    assert give(client, code())["Location"] == goes


@pytest.mark.parametrize("shared", [True, False])
def test_a_shared_device_is_remembered_over_the_second_step(client, codes, shared):
    sign_in(client, **({"shared": "on"} if shared else {}))
    give(client, code())
    assert client.session.get_expire_at_browser_close() == shared
    assert (client.session.get_expiry_age() == site.SESSION_COOKIE_AGE) != shared
    assert SignIn.objects.get().is_shared == shared


def test_the_session_gets_another_key_at_each_step(client, codes):
    client.post(SIGN_IN, {"username": "Awa", "password": make.PASSWORD})
    keys = [client.session.session_key]
    sign_in(client)
    keys.append(client.session.session_key)
    give(client, code())
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    assert Session.objects.count() == 1


def test_a_wrong_code_signs_nobody_in_and_its_owner_reads_of_it_once_a_day(waiting, awa):
    for _ in range(3):
        page = give(waiting, wrong())
        assert page.status_code == 422
        assert 'href="#id_code"' in page.text
    assert not reader(waiting).is_authenticated
    assert events(awa) == [What.SECOND_STEP_ON, What.WRONG_CODE]
    assert give(waiting, code()).status_code == 302


def test_a_code_is_taken_once(waiting, codes, clock):
    spent = code()
    assert give(waiting, spent).status_code == 302
    other = Client()
    sign_in(other)
    assert give(other, spent).status_code == 422
    assert give(other, code(steps=-1)).status_code == 422  # an older one is spent with it
    clock.go_on(seconds=30)
    assert give(other, code()).status_code == 302


def test_a_failure_gives_no_spent_code_back(waiting, codes):
    spent = code()
    give(waiting, spent)
    other = Client()
    sign_in(other)
    give(other, wrong())
    assert give(other, spent).status_code == 422


def test_ten_minutes_are_given(waiting, clock):
    clock.go_on(minutes=9, seconds=59)
    assert waiting.get(CODE).status_code == 200
    clock.go_on(seconds=2)
    assert waiting.get(CODE)["Location"] == SIGN_IN
    page = waiting.post(CODE, {"code": code()}, follow=True)
    assert not reader(waiting).is_authenticated
    assert page.redirect_chain == [(SIGN_IN, 302)]


def test_a_visitors_session_lasts_no_longer_than_the_wait(waiting, clock):
    assert Session.objects.get().expire_date == clock.at + timedelta(minutes=10)


def test_a_clock_that_was_set_back_gives_no_more(waiting, clock):
    clock.go_on(days=-2)
    assert give(waiting, code())["Location"] == SIGN_IN


def test_whoever_comes_without_a_password_is_sent_to_give_one(client, awa, as_awa):
    for browser in (client, as_awa):
        assert browser.get(CODE)["Location"] == SIGN_IN
        assert give(browser, "000000")["Location"] == SIGN_IN


def change_password(awa):
    here = browser_of(awa)
    fields = {"old_password": make.PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/en/accounts/password/", fields).status_code == 302


def close(awa):
    User.objects.filter(pk=awa.pk).update(is_active=False)


def erase(awa):
    awa.delete()


def take_off(awa):
    second_step.turn_off(awa, What.SECOND_STEP_LOST, None, timezone.now())


@pytest.mark.parametrize("happens", [change_password, close, erase, take_off])
def test_what_changes_meanwhile_ends_the_wait(waiting, awa, happens):
    happens(awa)
    assert waiting.get(CODE)["Location"] == SIGN_IN
    assert give(waiting, code())["Location"] == SIGN_IN
    assert not reader(waiting).is_authenticated


def test_another_name_may_be_signed_in_instead(waiting, celia):
    waiting.post(SIGN_IN, {"username": "Celia", "password": make.PASSWORD})
    assert reader(waiting) == celia
    assert give(waiting, code())["Location"] == SIGN_IN
    assert reader(waiting) == celia


# Telling nothing


def test_only_the_right_password_tells_that_there_is_a_second_step(client, codes, celia):
    pages = []
    for name in ("Awa", "Celia", "Nobody"):
        page = client.post(SIGN_IN, {"username": name, "password": "not the password"})
        assert page.status_code == 422
        pages.append(without_token(page).replace(f'value="{name}"', ""))
    assert len(set(pages)) == 1
    assert "waiting_for_code" not in client.session


def statements(send):
    with CaptureQueriesContext(connection) as queries:
        send()
    return [re.sub(r"'[^']*'|\d+", "?", row["sql"]) for row in queries]


def test_a_wrong_password_does_the_same_work(client, codes, celia):
    client.get("/en/")
    counts = []
    for name in ("Awa", "Celia", "Awa", "Celia"):
        fields = {"username": name, "password": "not the password"}
        counts.append(len(statements(lambda fields=fields: client.post(SIGN_IN, fields))))
    assert counts[2] == counts[3]


def test_whoever_has_none_is_asked_no_more_of_the_database(awa, settings):
    settings.REAL_MACHINE = True
    done = statements(lambda: sign_in(Client()))
    done += statements(lambda: browser_of(awa).get("/en/accounts/settings/"))
    assert not [sql for sql in done if "otp_totp" in sql or "backupcode" in sql]


# Limits


@pytest.fixture
def drained(codes):
    """Somebody else who has the password has used up all tries at a code."""
    thief = Client()
    sign_in(thief)
    assert [give(thief, wrong()).status_code for _ in range(11)] == [422] * 10 + [429]
    return thief


def test_ten_wrong_codes_an_hour_and_then_a_right_one_has_to_wait_too(drained, clock):
    page = give(drained, code())
    assert (page.status_code, page["Retry-After"]) == (429, "360")
    assert not reader(drained).is_authenticated
    clock.go_on(minutes=6, seconds=1)
    assert give(drained, code()).status_code == 302


def test_a_new_session_brings_no_new_tries(drained):
    other = Client()
    sign_in(other)
    assert give(other, code()).status_code == 429


def test_no_page_that_must_wait_says_whether_the_code_was_right(drained):
    pages = [without_token(give(drained, text)) for text in (code(), wrong())]
    assert pages[0] == pages[1]


def test_a_right_code_costs_no_try(waiting):
    assert give(waiting, wrong()).status_code == 422
    [bucket] = RateLimitBucket.objects.all()
    assert give(waiting, code()).status_code == 302
    [after] = RateLimitBucket.objects.all()
    assert after.tokens == bucket.tokens == 9


def test_a_known_device_has_tries_of_its_own(waiting, clock):
    give(waiting, code())
    waiting.post("/en/accounts/sign-out/")
    thief = Client()
    sign_in(thief)
    for _ in range(11):
        give(thief, wrong())
    clock.go_on(seconds=30)
    sign_in(waiting)
    assert give(waiting, code()).status_code == 302


def test_a_backup_code_need_not_wait(drained, codes):
    page = give(drained, wrong())
    assert "backup codes at hand" in page.text
    assert give(drained, codes[0]).status_code == 302


def test_wrong_codes_close_nothing_but_codes(drained, awa):
    assert sign_in(Client())["Location"] == CODE
    own = browser_of(awa)
    assert own.post(CODES, {"password": make.PASSWORD, "code": code()}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_parallel_tries_are_counted_each(in_parallel, awa, codes):
    at = timezone.now()
    RateLimitBucket.objects.take("x", "y", 5, 5, at)  # the pepper of the hour is there

    def guess(number):
        try:
            return second_step.spend_within(OwnLimit("code", str(awa.pk)), awa, wrong(), at)
        except RateLimited:
            return "limited"

    results = in_parallel(guess, 16)
    assert sorted(map(str, results)) == ["False"] * 10 + ["limited"] * 6


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "backup"])
def test_of_many_who_send_one_code_at_once_one_gets_in(in_parallel, awa, codes, kind):
    text, at = (code() if kind == "app" else codes[3]), timezone.now()
    assert sorted(in_parallel(lambda number: second_step.spend(awa, text, at), 8)) == [False] * 7 + [True]


# A guest of this browser


@pytest.fixture
def worked(as_guest, guest, codes):
    """A guest who read a lesson, in whose browser Awa's password was given."""
    make.reading(guest, make.lesson())
    as_guest.get("/en/")
    assert sign_in(as_guest, next="/en/progress/")["Location"] == CODE
    return as_guest


def test_the_guest_stays_until_the_code_is_right(worked, guest):
    assert reader(worked) == guest
    give(worked, wrong())
    assert reader(worked) == guest
    assert worked.get("/en/progress/").status_code == 200
    assert Reading.objects.get().learner == guest


def test_the_guest_keeps_a_session_as_long_as_before(worked, clock):
    assert worked.session.get_expiry_age() == site.SESSION_COOKIE_AGE
    clock.go_on(minutes=20)
    assert reader(worked).is_guest
    assert SignIn.objects.get().session_id == worked.session.session_key


def test_then_whose_work_it_is_is_asked_as_ever(worked, guest, awa):
    page = give(worked, code())
    assert page["Location"] == "/en/visit/whose/?next=%2Fen%2Fprogress%2F"
    assert reader(worked) == awa
    worked.post("/en/visit/whose/", {"mine": 1})
    assert Reading.objects.get().learner == awa


def test_a_guest_who_did_nothing_goes(as_guest, guest, codes):
    sign_in(as_guest)
    assert give(as_guest, code())["Location"] == "/en/"
    assert not User.objects.filter(pk=guest.pk).exists()


# Backup codes


def test_each_backup_code_signs_in_once_however_it_is_typed(codes, awa):
    for number, text in enumerate([codes[0], codes[1].lower(), codes[2].replace("-", " "), f" {codes[3]} "]):
        client = Client()
        sign_in(client)
        assert give(client, text).status_code == 302
        assert BackupCode.objects.count() == 7 - number
        again = Client()
        sign_in(again)
        assert give(again, text).status_code == 422
    assert events(awa).count(What.BACKUP_CODE) == 4


def test_codes_of_another_open_nothing(waiting, celia):
    others = second_step.turn_on(celia, "ab" * 20, -1, None, timezone.now())
    assert give(waiting, others[0]).status_code == 422
    assert give(waiting, code("ab" * 20)).status_code == 422
    assert BackupCode.objects.filter(user=celia).count() == 8


def test_hashes_alone_are_stored(codes):
    plain = {backup_codes.plain(text) for text in codes}
    assert not [row for row in BackupCode.objects.all() for text in plain if text in row.hash]


# The words lead past nothing


def test_a_new_password_by_the_words_asks_for_the_code_still(client, awa, codes):
    words = awa.renew_words("en")
    client.post("/en/accounts/recover/", {"name": "Awa", "words": " ".join(words), "password": NEW})
    assert sign_in(client, NEW)["Location"] == CODE
    assert not reader(client).is_authenticated
    assert give(client, code()).status_code == 302


def test_the_words_beside_the_password_do_not_either(client, awa, codes):
    words = awa.renew_words("en")
    for _ in range(11):
        sign_in(Client(), "not the password")
    assert sign_in(client, words=" ".join(words))["Location"] == CODE
    assert not reader(client).is_authenticated


# Turning it on


@pytest.fixture
def begun(as_awa):
    """Awa's browser, with the secret before her."""
    assert as_awa.post(PAGE, {"password": make.PASSWORD})["Location"] == CONFIRM
    return as_awa


def test_it_is_off_until_somebody_turns_it_on(as_awa, awa):
    assert awa.second_step_at is None
    assert "A second step at signing in" in as_awa.get("/en/accounts/settings/").text
    assert as_awa.get(PAGE).status_code == 200
    assert as_awa.get(CONFIRM)["Location"] == PAGE
    for page in (CODES, OFF):
        assert as_awa.get(page)["Location"] == PAGE
        assert as_awa.post(page, {"password": make.PASSWORD, "code": "000000"})["Location"] == PAGE


def test_it_asks_for_the_password(as_awa):
    page = as_awa.post(PAGE, {"password": "not it"})
    assert page.status_code == 422
    assert 'href="#id_password"' in page.text
    assert as_awa.get(CONFIRM)["Location"] == PAGE
    codes = [as_awa.post(PAGE, {"password": "not it"}).status_code for _ in range(10)]
    assert codes == [422] * 9 + [429]


def test_the_secret_is_shown_as_a_picture_a_link_and_a_key(begun):
    page = begun.get(CONFIRM)
    assert "no-store" in page["Cache-Control"]
    assert '<svg aria-hidden="true"' in page.text
    assert "style=" not in page.text
    secret = secret_on(page)
    assert len(secret) == 40
    link = re.search(r'href="(otpauth://totp/[^"]+)"', page.text)[1]
    assert "Critical%20reading%3AAwa" in link
    assert secret_on(begun.get(CONFIRM.replace("/en/", "/fr/"))) == secret
    assert TOTPDevice.objects.count() == 0


def test_the_first_code_turns_it_on_and_shows_eight_codes_once(begun, awa, clock):
    secret = secret_on(begun.get(CONFIRM))
    page = begun.post(CONFIRM, {"code": code(secret)})
    codes = shown(page)
    assert len(set(codes)) == 8
    assert "no-store" in page["Cache-Control"]
    awa.refresh_from_db()
    assert awa.second_step_at == clock.at
    assert events(awa) == [What.SECOND_STEP_ON]
    assert secret not in str(begun.session.items())
    for address in (CONFIRM, PAGE, "/en/accounts/settings/", "/en/accounts/sessions/"):
        text = begun.get(address, follow=True).text
        assert codes[0] not in text
        assert second_step.in_groups(secret) not in text
    assert "8 backup codes left" in begun.get(PAGE).text
    other = Client()
    sign_in(other)
    assert give(other, code(secret)).status_code == 422  # it was spent by turning on
    assert give(other, codes[5]).status_code == 302


@pytest.mark.parametrize("typed", ["", "000000x", "12", "CDFGH-JKMNP"])
def test_what_is_not_the_first_code_turns_nothing_on(begun, awa, typed):
    secret = secret_on(begun.get(CONFIRM))
    page = begun.post(CONFIRM, {"code": typed})
    assert page.status_code == 422
    assert secret_on(page) == secret
    awa.refresh_from_db()
    assert awa.second_step_at is None
    assert (TOTPDevice.objects.count(), BackupCode.objects.count()) == (0, 0)


def test_a_secret_waits_ten_minutes_in_the_one_browser(begun, awa, clock):
    secret = secret_on(begun.get(CONFIRM))
    other = browser_of(awa)
    assert other.post(CONFIRM, {"code": code(secret)})["Location"] == PAGE
    clock.go_on(minutes=10, seconds=1)
    assert begun.post(CONFIRM, {"code": code(secret)})["Location"] == PAGE
    awa.refresh_from_db()
    assert awa.second_step_at is None


def test_turned_on_in_two_tabs_it_is_on_once(begun, awa):
    secret = secret_on(begun.get(CONFIRM))
    codes = second_step.turn_on(awa, SECRET, -1, begun.session.session_key, timezone.now())
    assert begun.get(CONFIRM)["Location"] == PAGE
    assert begun.post(CONFIRM, {"code": code(secret)})["Location"] == PAGE
    assert begun.post(PAGE, {"password": make.PASSWORD})["Location"] == PAGE
    assert second_step.turn_on(awa, secret, -1, None, timezone.now()) is None
    assert TOTPDevice.objects.get().key == SECRET
    assert second_step.spend(awa, codes[0], timezone.now())


def test_other_browsers_are_signed_out_by_each_change(begun, awa, clock):
    def elsewhere():
        browser = browser_of(awa)
        browser.get("/en/")
        return browser

    other = elsewhere()
    secret = secret_on(begun.get(CONFIRM))
    begun.post(CONFIRM, {"code": code(secret)})
    assert not reader(other).is_authenticated
    for page in (CODES, OFF):
        other = elsewhere()
        clock.go_on(seconds=30)
        assert begun.post(page, {"password": make.PASSWORD, "code": code(secret)}).status_code in (200, 302)
        assert not reader(other).is_authenticated
        assert reader(begun) == awa


@pytest.mark.parametrize("page", [PAGE, CODES, OFF, CONFIRM])
def test_a_guest_has_none_and_a_visitor_signs_in(client, as_guest, guest, page):
    assert as_guest.get(page, follow=True).redirect_chain[-1][0] == "/en/accounts/sign-up/"
    assert as_guest.post(page, {"password": "", "code": "1"}).status_code == 302
    assert client.get(page)["Location"].startswith(SIGN_IN)
    guest.refresh_from_db()
    assert guest.second_step_at is None


def test_the_onward_address_is_one_of_ours(as_awa):
    as_awa.post(PAGE, {"password": make.PASSWORD, "next": "//evil.example/"})
    page = as_awa.post(CONFIRM, {"code": code(secret_on(as_awa.get(CONFIRM)))})
    assert f'href="{PAGE}"' in page.text
    assert "evil" not in page.text


# Turning it off, and new codes


@pytest.fixture
def as_secured(as_awa, codes):
    as_awa.get("/en/")
    return as_awa


@pytest.mark.parametrize("page", [CODES, OFF])
def test_neither_the_password_nor_the_phone_alone_changes_it(as_secured, awa, page):
    for fields in ({"password": make.PASSWORD}, {"code": code()}, {"password": "no", "code": code()}, {}):
        assert as_secured.post(page, fields).status_code == 422
    assert as_secured.post(page, {"password": make.PASSWORD, "code": wrong()}).status_code == 422
    awa.refresh_from_db()
    assert awa.second_step_at
    assert BackupCode.objects.count() == 8
    assert events(awa) == [What.SECOND_STEP_ON]


def test_a_wrong_password_spends_no_code(as_secured):
    as_secured.post(OFF, {"password": "no", "code": code()})
    assert as_secured.post(OFF, {"password": make.PASSWORD, "code": code()})["Location"] == PAGE


def test_off_forgets_secret_and_codes(as_secured, awa, client):
    as_secured.post(OFF, {"password": make.PASSWORD, "code": code()})
    awa.refresh_from_db()
    assert awa.second_step_at is None
    assert (TOTPDevice.objects.count(), BackupCode.objects.count()) == (0, 0)
    assert events(awa) == [What.SECOND_STEP_ON, What.SECOND_STEP_OFF]
    assert sign_in(client)["Location"] == "/en/"


def test_new_codes_end_the_old_ones(as_secured, awa, codes):
    fresh = shown(as_secured.post(CODES, {"password": make.PASSWORD, "code": codes[0]}))
    assert len(set(fresh)) == 8
    assert not second_step.spend(awa, codes[1], timezone.now())
    assert second_step.spend(awa, fresh[1], timezone.now())
    assert events(awa) == [What.SECOND_STEP_ON, What.BACKUP_CODE, What.BACKUP_CODES, What.BACKUP_CODE]


def test_ten_wrong_codes_in_a_session_are_all(as_secured):
    fields = {"password": make.PASSWORD, "code": wrong()}
    assert [as_secured.post(OFF, fields).status_code for _ in range(11)] == [422] * 10 + [429]
    assert as_secured.post(CODES, {"password": make.PASSWORD, "code": code()}).status_code == 429


def test_every_page_is_there_in_french(as_secured, waiting):
    for page, word in [(PAGE, "seconde étape"), (CODES, "secours"), (OFF, "seconde étape")]:
        assert word in as_secured.get(page.replace("/en/", "/fr/")).text
    assert "code" in waiting.get(CODE.replace("/en/", "/fr/")).text


# Who is asked to have one


@pytest.fixture
def ely(db, settings):
    """An editor of a real machine, whose second step is off."""
    settings.REAL_MACHINE = True
    return make.user("Ely", is_staff=True)


@pytest.fixture
def of_editors():
    """The addresses that open to an editor, and to a learner not."""
    section = make.section(make.module("mali"), slug="roots")
    make.item(section, slug="try-it")
    item = "/en/modules/mali/roots/items/try-it/"
    return [
        *("/en/admin/", "/en/admin/accounts/user/", "/en/modules/mali/recall/", "/en/modules/mali/roots/sheet/"),
        *("/en/modules/mali/roots/items/", "/en/modules/mali/roots/items/paper/", item),
    ]


def test_an_editor_of_a_real_machine_is_led_to_turn_it_on_and_back(ely, of_editors):
    client = browser_of(ely)
    for address in of_editors:
        page = client.get(address, follow=True)
        assert page.redirect_chain[0][0].startswith(PAGE)
        assert f'name="next" value="{address}"' in page.text
    assert client.post("/en/preview/", {"module": "mali"})["Location"] == PAGE
    client.post(PAGE, {"password": make.PASSWORD, "next": of_editors[1]})
    page = client.post(CONFIRM, {"code": code(secret_on(client.get(CONFIRM)))})
    assert f'class="btn btn-primary" href="{of_editors[1]}"' in page.text
    assert [client.get(address).status_code for address in of_editors] == [200] * len(of_editors)


def test_what_everybody_sees_stays_open_to_that_editor(ely, of_editors):
    client = browser_of(ely)
    open_to_all = [
        "",
        "modules/mali/",
        "modules/mali/roots/",
        "progress/",
        "review/",
        "my-data/",
        "cohorts/",
        "reports/",
    ]
    open_to_all += ["accounts/settings/", "accounts/sessions/", "accounts/password/", "accounts/two-step/"]
    assert [client.get(f"/en/{address}").status_code for address in open_to_all] == [200] * len(open_to_all)
    for address in of_editors:
        assert f'href="{address}"' not in client.get("/en/modules/mali/roots/").text
    assert client.post("/en/accounts/leave/").status_code == 204
    assert client.post("/en/accounts/sign-out/")["Location"] == "/en/"


def test_no_right_of_an_editor_holds_without_it(ely):
    assert (ely.may_teach, ely.has_perm("accounts.view_user"), ely.has_module_perms("accounts")) == (False,) * 3
    ely.second_step_at = timezone.now()
    assert (ely.may_teach, ely.has_perm("accounts.view_user"), ely.has_module_perms("accounts")) == (True,) * 3


def test_on_a_laptop_nothing_is_asked(ely, of_editors, settings):
    settings.REAL_MACHINE = False
    client = browser_of(ely)
    assert [client.get(address).status_code for address in of_editors] == [200] * len(of_editors)


def test_nobody_else_is_led_there(of_editors, as_awa, as_bakary, as_guest, client, settings):
    settings.REAL_MACHINE = True
    for address in of_editors:
        assert [browser.get(address).status_code for browser in (as_awa, as_guest)] == [404, 404]
        assert client.get(address)["Location"].startswith("/en/") is True
        assert PAGE not in client.get(address)["Location"]
        assert as_bakary.get(address).status_code == (404 if "admin" in address else 200)


@pytest.fixture
def taught(bakary, awa):
    """The pages of Bakary's cohort."""
    cohort = make.cohort(bakary, [awa])
    return [f"/en/cohorts/{cohort.pk}/{page}" for page in ("", "board/", "roster/", "members/", "edit/", "exams/")]


def test_staff_of_cohorts_are_asked_where_the_operator_says_so(taught, as_bakary, as_awa, settings):
    assert [as_bakary.get(address).status_code for address in taught] == [200] * len(taught)
    settings.SECOND_STEP_FOR_STAFF = True
    for address in taught:
        assert as_bakary.get(address)["Location"].startswith(f"{PAGE}?next=%2Fen%2Fcohorts")
    assert as_bakary.post(taught[4], {"name": "Spring"})["Location"] == PAGE
    for address in ("cohorts/", "cohorts/new/", "progress/", "join/", "accounts/settings/", "certificates/"):
        assert as_bakary.get(f"/en/{address}").status_code == 200
    assert as_awa.get(taught[0]).status_code == 200
    assert as_awa.get(taught[1]).status_code == 404


def test_with_it_on_they_are_asked_no_more(taught, as_bakary, bakary, settings):
    settings.SECOND_STEP_FOR_STAFF = True
    second_step.turn_on(bakary, SECRET, -1, as_bakary.session.session_key, timezone.now())
    assert as_bakary.get(taught[1]).status_code == 200


def test_a_lead_is_asked_before_the_look_over_all_cohorts(danso, as_danso, as_celia, settings):
    make.cohort(danso).enrolments.update(role="lead")
    assert as_danso.get("/en/cohorts/overview/").status_code == 200
    settings.SECOND_STEP_FOR_STAFF = True
    assert as_danso.get("/en/cohorts/overview/")["Location"].startswith(PAGE)
    assert as_celia.get("/en/cohorts/overview/").status_code == 404


def test_asking_costs_one_query_and_only_where_it_is_set(taught, as_awa, settings):
    as_awa.get(taught[0])
    before = len(statements(lambda: as_awa.get(taught[0])))
    elsewhere = len(statements(lambda: as_awa.get("/en/progress/")))
    settings.SECOND_STEP_FOR_STAFF = True
    assert len(statements(lambda: as_awa.get(taught[0]))) == before + 1
    assert len(statements(lambda: as_awa.get("/en/progress/"))) == elsewhere


# A lost phone


@pytest.fixture
def as_editor(db):
    return browser_of(make.user("Ely", is_staff=True))


def act(client, *people):
    fields = {"action": "take_second_step_off", "_selected_action": [person.pk for person in people]}
    return client.post("/en/admin/accounts/user/", fields, follow=True)


def test_an_editor_takes_it_off_and_its_owner_reads_so(as_editor, as_awa, awa, celia, codes):
    as_awa.get("/en/")
    assert "Changed for 1 person" in act(as_editor, awa, celia).text
    awa.refresh_from_db()
    assert awa.second_step_at is None
    assert (TOTPDevice.objects.count(), BackupCode.objects.count()) == (0, 0)
    assert not reader(as_awa).is_authenticated
    assert events(awa) == [What.SECOND_STEP_ON, What.SECOND_STEP_LOST]
    assert events(celia) == []
    [line] = Audit.objects.filter(what="second step")
    assert (line.who.name, line.on_what) == ("Ely", f"user {awa.pk}: taken off")


def test_an_editor_does_not_take_off_their_own(as_editor):
    ely = User.objects.get(name="Ely")
    second_step.turn_on(ely, SECRET, -1, as_editor.session.session_key, timezone.now())
    act(as_editor, ely)
    ely.refresh_from_db()
    assert ely.second_step_at


# My data


def test_ones_data_say_since_when_and_never_the_secret(as_secured, awa, codes, clock):
    text = as_secured.post("/en/my-data/json/").content.decode()
    assert f'"second_step_at": "{clock.at:%Y-%m-%dT%H:%M:%S}Z"' in text
    assert SECRET not in text
    assert second_step.in_groups(SECRET).replace(" ", "") not in text
    assert not [row.hash for row in BackupCode.objects.all() if row.hash in text]


def test_erasing_takes_secret_and_codes_along(as_secured):
    as_secured.post("/en/my-data/erase/", {"password": make.PASSWORD})
    assert (User.objects.count(), TOTPDevice.objects.count(), BackupCode.objects.count()) == (0, 0, 0)


def test_what_happened_is_told_in_both_languages(as_secured, awa):
    for what in (What.SECOND_STEP_OFF, What.SECOND_STEP_LOST, What.BACKUP_CODE, What.BACKUP_CODES, What.WRONG_CODE):
        SecurityEvent.objects.record(awa, what, timezone.now().date())
    told = {}
    for language in ("en", "fr"):
        page = as_secured.get(f"/{language}/accounts/sessions/").text
        with translation.override(language):
            told[language] = {str(What(what).label) for what in events(awa)}
        assert all(label in page for label in told[language])
    assert len(told["en"]) == 6
    assert told["en"].isdisjoint(told["fr"])
