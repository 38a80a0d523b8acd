"""The second step: a code after the password, exact under parallel tries, and no way round it (quality R12, R23)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts import backup_codes, second_step
from accounts.limits import OwnLimit, RateLimited
from accounts.models import BackupCode, RateLimitBucket, SignIn, User
from lessons.models import Reading
from tests import make
from tests.accounts.second_step import (
    CODE,
    CODES,
    SECRET,
    SIGN_IN,
    What,
    code,
    events,
    give,
    reader,
    sign_in,
    statements,
    wrong,
)
from tests.conftest import browser_of
from tests.crawl import without_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NEW = "quatre pirogues sous la pluie"


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


@pytest.mark.parametrize(("ahead", "status"), [({"days": 400}, 302), ({"days": 2}, 302), ({"hours": 2}, 422)])
def test_a_clock_that_ran_ahead_for_a_while_locks_nobody_out(client, codes, clock, ahead, status):
    """Set back by hours alone, no code of then is taken again; nor is one that signed in, ever."""
    now = clock()
    clock.go_on(**ahead)
    sign_in(client)
    assert give(client, code()).status_code == 302
    clock.at = now
    browsers = [Client(), Client()]
    for browser in browsers:
        sign_in(browser)
    assert [give(browser, code()).status_code for browser in browsers] == [status, 422]


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
