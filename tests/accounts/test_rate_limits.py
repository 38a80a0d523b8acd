"""Limits: a bucket of tokens for each account and each network, exact whoever asks at once (quality R12)."""

import hashlib
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from accounts.limits import PER_ACCOUNT, PER_NETWORK, RateLimit, RateLimited, network
from accounts.models import RateLimitBucket, RateLimitPepper
from tests import make
from tests.conftest import copy

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent.parent
NOW = make.NOW


def take(who="awa", at=NOW, what="trying", capacity=10, per_hour=10):
    return RateLimitBucket.objects.take(what, who, capacity, per_hour, at)


def test_a_full_bucket_gives_its_tokens_then_says_how_long_to_wait():
    assert [take() for _ in range(12)] == [0] * 10 + [360, 360]
    assert take(at=NOW + timedelta(seconds=359)) == 1
    assert take(at=NOW + timedelta(seconds=360)) == 0
    assert take(at=NOW + timedelta(seconds=360)) == 360


def test_a_bucket_never_holds_more_than_its_capacity():
    take()
    later = NOW + timedelta(days=3)
    assert [take(at=later) for _ in range(11)] == [0] * 10 + [360]


def test_a_clock_that_runs_a_little_behind_adds_nothing_and_takes_nothing_away():
    for _ in range(10):
        take()
    assert take(at=NOW - timedelta(seconds=50)) == 360
    assert take(at=NOW + timedelta(minutes=6)) == 0


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(hours=5), timedelta(days=400), timedelta(days=9999)])
def test_what_a_clock_wrote_that_ran_ahead_is_full_and_goes(ahead):
    for _ in range(11):
        take(at=NOW + ahead)
    assert [take() for _ in range(11)] == [0] * 10 + [360]
    assert take("celia") == 0
    assert RateLimitBucket.objects.filter(at__gt=NOW).count() == 0
    assert RateLimitPepper.objects.filter(hour__gt=NOW).count() == 0


def test_tidying_takes_away_what_a_clock_wrote_that_ran_ahead():
    take(at=NOW + timedelta(days=400))
    assert RateLimitBucket.objects.forget_full(NOW) == 1
    assert RateLimitPepper.objects.count() == 0


def test_buckets_are_apart_by_what_and_by_whom():
    for _ in range(10):
        take()
    assert take() > 0
    assert take(who="bakary") == take(what="joining") == 0


def test_a_token_that_is_given_back_leaves_no_trace():
    take()
    RateLimitBucket.objects.give_back("trying", "awa", 10)
    assert RateLimitBucket.objects.count() == 0
    take(), take()
    RateLimitBucket.objects.give_back("trying", "awa", 10)
    assert RateLimitBucket.objects.get().tokens == 9


def test_giving_back_to_nobody_makes_nothing():
    RateLimitBucket.objects.give_back("trying", "nobody", 10)
    assert RateLimitBucket.objects.count() == 0


def test_what_was_not_touched_for_an_hour_is_forgotten_when_another_comes():
    take("awa"), take("bakary", NOW + timedelta(minutes=30))
    take("celia", NOW + timedelta(minutes=61))
    assert RateLimitBucket.objects.count() == 2
    assert RateLimitBucket.objects.forget_full(NOW + timedelta(days=1)) == 2


def test_a_bucket_that_would_not_fill_within_the_hour_is_refused():
    with pytest.raises(ValueError, match="within the hour"):
        take(capacity=10, per_hour=5)


PAUSES = st.lists(st.integers(0, 5000), max_size=40)


@given(PAUSES, st.integers(1, 12), st.integers(0, 3599))
@profile(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_pauses_a_bucket_gives_what_a_bucket_holds(pauses, capacity, start):
    """However often the pepper changes meanwhile, and whoever else comes."""
    RateLimitBucket.objects.all().delete()
    RateLimitPepper.objects.all().delete()
    at, last, tokens = NOW + timedelta(seconds=start), NOW, float(capacity)
    for number, pause in enumerate(pauses):
        at += timedelta(seconds=pause)
        tokens, last = min(capacity, tokens + (at - last).total_seconds() * 12 / 3600), at
        wait = take(capacity=capacity, per_hour=12, at=at)
        assert (wait == 0) is (tokens >= 1) or abs(tokens - 1) < 1e-6
        tokens -= wait == 0
        if number % 3 == 0:
            assert take(who=f"guest {number}", at=at) == 0
        assert RateLimitPepper.objects.count() <= 2
        assert RateLimitPepper.objects.filter(hour__lte=at - timedelta(hours=2)).count() == 0


def test_a_later_copy_of_the_database_and_the_key_of_the_site_give_nothing_back():
    take(who="203.0.113.7")
    stolen = RateLimitBucket.objects.get().key_hash
    assert stolen == RateLimitPepper.objects.get().hash("trying", "203.0.113.7")
    RateLimitBucket.objects.forget_full(NOW + timedelta(hours=2))
    assert RateLimitPepper.objects.count() == 0
    take(who="203.0.113.7", at=NOW + timedelta(hours=3))
    assert stolen not in {pepper.hash("trying", "203.0.113.7") for pepper in RateLimitPepper.objects.all()}


def test_a_bucket_goes_on_under_the_pepper_of_each_hour():
    before = NOW.replace(minute=59)
    for _ in range(10):
        take(at=before)
    hashes = [RateLimitBucket.objects.get().key_hash]
    for hour in range(1, 6):
        later = before + timedelta(hours=hour, minutes=-50)
        assert take(at=later) == 0
        hashes.append(RateLimitBucket.objects.get().key_hash)
    assert len(set(hashes)) == 6


def test_at_the_turn_of_the_hour_many_make_one_bucket(in_parallel):
    """16 at once, the first of a new hour: as many as there are get one."""
    take(who="celia", at=NOW - timedelta(minutes=1))
    results = in_parallel(lambda number: take(at=NOW), 16)
    assert sorted(result == 0 for result in results) == [False] * 6 + [True] * 10
    assert RateLimitBucket.objects.count() == 2
    assert RateLimitPepper.objects.count() == 2


def test_nothing_readable_is_stored():
    take(who="203.0.113.7")
    [row] = RateLimitBucket.objects.values()
    assert set(row) == {"id", "key_hash", "tokens", "at"}
    assert re.fullmatch("[0-9a-f]{64}", row["key_hash"])
    plain = {hashlib.sha256(text.encode()).hexdigest() for text in ("203.0.113.7", "trying203.0.113.7")}
    assert row["key_hash"] not in plain


def test_the_hash_hangs_on_the_key_of_the_site(settings):
    take()
    settings.SECRET_KEY = "another" * 10
    take()
    assert RateLimitBucket.objects.count() == 2


# Exact under many processes

WORKER = """
import sys, django
django.setup()
from accounts.models import RateLimitBucket
from tests.make import NOW
print("ready", flush=True)
sys.stdin.readline()
print(sum(RateLimitBucket.objects.take("race", "awa", 100, 100, NOW) == 0 for _ in range(50)))
"""


@pytest.fixture
def database(transactional_db, tmp_path):
    """The address of a database that other processes can open: this test's own PostgreSQL, or a file of SQLite."""
    if connection.vendor == "postgresql":
        place = connection.settings_dict
        who = f"{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT'] or 5432}"
        return f"postgres://{who}/{place['NAME']}"
    file = tmp_path / "race.sqlite3"
    copy(connection.connection, file)
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")  # as the file of a site is already, whoever opens it next
    return f"sqlite:///{file}"


def test_8_processes_take_just_what_there_is(database, tmp_path):
    """400 tries at once at a bucket of 100."""
    changes = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database, "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", WORKER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, cwd=ROOT, env=os.environ | changes, **pipes) for _ in range(8)]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 8
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    taken = [int(worker.communicate()[0]) for worker in workers]
    assert sum(taken) == 100
    assert sum(each > 0 for each in taken) > 1


# Tries of an account and of a network


@pytest.fixture
def at_once(monkeypatch):
    """The clock stands still, however slow the machine."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def tries(name="Awa", address="203.0.113.7", **headers):
    return RateLimit(RequestFactory().post("/", REMOTE_ADDR=address, **headers), "sign-in", name)


def test_an_account_has_ten_failures_whatever_the_case_of_its_name(at_once):
    for _ in range(PER_ACCOUNT):
        tries("Awa").spend()
    with pytest.raises(RateLimited) as raised:
        tries("aWA", address="198.51.100.4").spend()
    assert raised.value.wait == 360
    tries("Bakary").spend()


def test_a_network_has_300_failures_whatever_the_names(at_once):
    for number in range(PER_NETWORK):
        tries(f"Guess {number}").spend()
    with pytest.raises(RateLimited) as raised:
        tries("Awa").spend()
    assert raised.value.wait == 12
    tries("Awa", address="198.51.100.4").spend()


def test_a_network_that_is_stopped_costs_the_account_nothing(at_once):
    for number in range(PER_NETWORK):
        tries(f"Guess {number}").spend()
    for _ in range(PER_ACCOUNT + 1):
        with pytest.raises(RateLimited):
            tries("Awa").spend()
    for _ in range(PER_ACCOUNT):
        tries("Awa", address="198.51.100.4").spend()


@pytest.mark.parametrize(
    ("proxies", "address", "forwarded", "seen"),
    [
        (0, "203.0.113.7", "198.51.100.4", "203.0.113.7"),
        (1, "10.0.0.1", "198.51.100.4", "198.51.100.4"),
        (1, "10.0.0.1", "6.6.6.6, 198.51.100.4", "198.51.100.4"),
        (2, "10.0.0.1", "6.6.6.6, 198.51.100.4, 10.0.0.2", "198.51.100.4"),
        (2, "10.0.0.1", "198.51.100.4", "198.51.100.4"),
        (1, "203.0.113.7", "", "203.0.113.7"),
        (1, "", "", ""),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (0, "fe80::1%eth0", "", "fe80::/64"),
        (0, "::ffff:203.0.113.7", "", "203.0.113.7"),
        (1, "10.0.0.1", "unknown", "unknown"),
    ],
)
def test_where_a_request_comes_from(settings, proxies, address, forwarded, seen):
    settings.PROXIES = proxies
    request = RequestFactory().post("/", REMOTE_ADDR=address, headers={"X-Forwarded-For": forwarded})
    assert network(request) == seen
