"""Backup and restore as their commands, each in a process of its own, on files and databases of their own (R15).

On SQLite always; where DATABASE_URL names PostgreSQL also there, and from each to the other.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from itertools import count
from pathlib import Path

import psycopg
import pytest

from course.backups import BackupError, verify

ROOT = Path(__file__).parent.parent.parent
SERVER = os.environ.get("DATABASE_URL", "")
VENDORS = ["sqlite", "postgresql"] if SERVER.startswith("postgres") else ["sqlite"]
WAYS = [(one, other) for one in VENDORS for other in VENDORS]
_numbers = count(1)

FILL = """
import django
django.setup()
from datetime import timedelta
from django.conf import settings
from django.db.models import JSONField, Value
from django.utils import timezone
from course.loading import load
from accounts import second_step
from cohorts.models import Assignment, Cohort, Extension, Enrolment
from quizzes.models import Attempt, Response
from tests import make
load(settings.CONTENT_DIR / "mali", timezone.now())
awa = make.user("Awa Élise", may_teach_at=timezone.now(), last_seen_on=make.NOW.date())
second_step.turn_on(awa, "ab" * 20, 7, None, timezone.now())
gone = make.user("Gone")
section = make.case_study().sections.get()
make.quiz(awa, section, right=3)
make.reading(awa, section.lessons.first(), at=timezone.now())
make.own_item_with_picture(make.bank(awa))
retry = Attempt.objects.create(use="review", seed=2**63 - 1, started_at=make.NOW, retry_of=Attempt.objects.first())
open_quiz = make.quiz(gone, section)
Response.objects.filter(attempt=open_quiz, position=1).update(answer=Value(None, JSONField()))
Response.objects.filter(attempt=open_quiz, position=2).update(predicted_recall=0.1 + 0.2)
cohort = Cohort.objects.create(name='Été "2026"\\n\\t\\u2028')
enrolment = Enrolment.objects.create(cohort=cohort, user=awa, role="learner")
assignment = Assignment.objects.create(cohort=cohort, module=section.module, opens_at=make.NOW)
assignment.sections.add(section)
Extension.objects.create(
    assignment=assignment, enrolment=enrolment, extra_time=timedelta(days=-1, microseconds=1), reason="—"
)
"""

KEPT = """
import django
django.setup()
from accounts.models import BackupCode, User
from cohorts.models import Cohort, Extension
from django_otp.plugins.otp_totp.models import TOTPDevice
from lessons.models import Module, Passage
from quizzes.models import Attempt, Response
awa = User.objects.get(name="Awa Élise")
print(awa.pk, awa.may_teach_at.isoformat(), awa.last_seen_on, awa.second_step_at.isoformat())
print(list(TOTPDevice.objects.values_list("user__name", "key", "last_t", "confirmed", "created_at")))
print(list(BackupCode.objects.order_by("pk").values_list("user__name", "hash")))
print(ascii(Cohort.objects.get().name), Extension.objects.get().extra_time)
print([(a.pk, a.retry_of_id, a.seed, a.score and f"{a.score:.4f}") for a in Attempt.objects.order_by("pk")])
print([(r.pk, r.answer, r.predicted_recall) for r in Response.objects.order_by("pk")])
print(Response.objects.filter(answer__isnull=True).count(), Response.objects.filter(answer=None).count())
question = Passage.objects.question(["wagn"], Module(slug="mali"), "fr")
print("found:", sorted(Passage.objects.matching(question).values_list("pk", flat=True)))
print(User.objects.create_user("Next").pk > awa.pk)
"""

WRITE = """
import django
django.setup()
from django.db import transaction
from tests import make
section = make.section()
print("writing", flush=True)
number = 0
while True:
    number += 1
    with transaction.atomic():
        learner = make.user(f"Learner {number}")
        make.lesson(section)
        make.reading(learner, section.lessons.order_by("pk").last())
    print(number, flush=True)
"""

LARGER = """
import django
django.setup()
from lessons.models import Reading
from tests import make
lesson = make.lesson()
from accounts.models import User
people = User.objects.bulk_create(User(name=f"p{n}", name_key=f"p{n}", password="!") for n in range(5000))
Reading.objects.bulk_create(Reading(learner=p, lesson=lesson, checksum="0" * 64, read_at=make.NOW) for p in people)
"""


class Place:
    """A database of its own, with the commands to run on it."""

    def __init__(self, vendor, folder):
        self.vendor, self.folder = vendor, folder
        folder.mkdir()
        self.environment = {
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "course.settings",
        }
        if vendor == "postgresql":
            self.name = f"backup_{os.getpid()}_{next(_numbers)}"
            self.environment["DATABASE_URL"] = re.sub(r"/[^/]*\Z", f"/{self.name}", SERVER)

    def start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments):
        process = self.start(*arguments)
        process.out, process.err = process.communicate(timeout=120)
        return process

    def python(self, text):
        ran = self.run("-c", text)
        assert ran.returncode == 0, ran.err
        return ran.out

    def manage(self, *arguments):
        ran = self.run("manage.py", *map(str, arguments))
        assert ran.returncode == 0, ran.err
        return ran.out

    def refused(self, *arguments):
        """What the command says that refuses, without a traceback."""
        ran = self.run("manage.py", *map(str, arguments))
        assert ran.returncode == 1, ran.out
        assert "Traceback" not in ran.err
        return ran.err

    def is_empty(self):
        counted = self.python(
            "import django; django.setup(); from course.backups import tables, MADE_BY_MIGRATE as made; "
            "print(sum(m._base_manager.count() for label, m in tables().items() if label not in made))"
        )
        return counted == "0\n"


def administer(statement):
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(statement)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """make(vendor, like=None): a migrated place, or a copy of another; all are gone after the module's tests."""
    folder, places = tmp_path_factory.mktemp("places"), []

    def make(vendor, like=None):
        place = Place(vendor, folder / str(next(_numbers)))
        places.append(place)
        if vendor == "postgresql":
            administer(f"CREATE DATABASE {place.name}" + (f" TEMPLATE {like.name}" if like else ""))
        elif like:
            shutil.copy(like.folder / "course.sqlite3", place.folder)
        if like is None:
            place.manage("migrate", "--verbosity", "0")
        return place

    yield make
    for place in places:
        if place.vendor == "postgresql":
            administer(f"DROP DATABASE {place.name} WITH (FORCE)")


@pytest.fixture(scope="module")
def migrated(made):
    """{vendor: an empty place, to be copied}"""
    return {vendor: made(vendor) for vendor in VENDORS}


@pytest.fixture(scope="module")
def filled(made, migrated):
    """{vendor: a place with the case study, people and their work}"""
    places = {vendor: made(vendor, like=migrated[vendor]) for vendor in VENDORS}
    for place in places.values():
        place.python(FILL)
    return places


@pytest.fixture
def empty(made, migrated):
    """empty(vendor): a new place without a row."""
    return lambda vendor="sqlite": made(vendor, like=migrated[vendor])


@pytest.fixture(scope="module")
def backup(filled, tmp_path_factory):
    """A backup of the SQLite place, to be spoilt in copies."""
    path = tmp_path_factory.mktemp("backup") / "whole.gz"
    filled["sqlite"].manage("backup", path)
    return path


def lines_of(path):
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


def manifest_of(path):
    return json.loads(lines_of(path)[-1])["manifest"]


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_a_restored_database_equals_the_one_that_was_backed_up(made, filled, empty, tmp_path, one, other):
    path, again = tmp_path / "one.gz", tmp_path / "again.gz"
    place = empty(other)
    assert "tables" in filled[one].manage("backup", path)
    assert "equal in number and checksum" in place.manage("restore", path)
    place.manage("backup", again)
    assert manifest_of(again) == manifest_of(path)
    assert sum(each["rows"] > 0 for each in manifest_of(path).values()) > 20
    # Ids, dates, decimals, JSON and its null, text of all sorts; and the next id is a new one.
    kept = made(one, like=filled[one]).python(KEPT)
    assert place.python(KEPT) == kept
    assert "0.30000000000000004" in kept
    assert "found: []" not in kept
    assert kept.splitlines()[-1] == "True"


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_backup_is_one_moment_while_another_process_writes(made, migrated, empty, tmp_path, vendor):
    """Each transaction adds a person, a lesson and a reading: in a backup they are equally many."""
    busy = made(vendor, like=migrated[vendor])
    busy.python(LARGER)
    before = 5000  # rows, so that a table takes a while
    writer = busy.start("-c", WRITE)
    try:
        assert writer.stdout.readline() == "writing\n"
        paths = [tmp_path / f"{number}.gz" for number in range(3)]
        for path in paths:
            busy.manage("backup", path)
        assert writer.poll() is None
    finally:
        writer.send_signal(signal.SIGKILL)
        written = writer.communicate(timeout=30)[0]
    numbers = []
    for path in paths:
        rows = {label: each["rows"] for label, each in manifest_of(path).items()}
        assert rows["accounts.User"] - before == rows["lessons.Lesson"] - 1 == rows["lessons.Reading"] - before
        numbers.append(rows["accounts.User"] - before)
    assert 0 < numbers[0] < numbers[1] < numbers[2] <= int(written.split()[-1]) + 1
    empty(vendor).manage("restore", paths[-1])


def test_a_backup_is_its_owners_alone_and_overwrites_nothing(filled, backup, tmp_path):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    before = backup.read_bytes()
    assert "overwrites nothing" in filled["sqlite"].refused("backup", backup)
    assert backup.read_bytes() == before
    assert os.listdir(backup.parent) == [backup.name]
    assert "no folder" in filled["sqlite"].refused("backup", tmp_path / "nowhere" / "x.gz")


def test_a_backup_that_fails_leaves_no_file(made, tmp_path):
    bare = Place("sqlite", tmp_path / "bare")
    (tmp_path / "out").mkdir()
    assert bare.run("manage.py", "backup", str(tmp_path / "out" / "x.gz")).returncode == 1
    assert os.listdir(tmp_path / "out") == []


def test_sessions_and_rate_limits_are_left_out(backup):
    text = b"".join(lines_of(backup))
    assert b"sessions.Session" not in text
    assert b"accounts.RateLimitBucket" not in text
    assert b"accounts.User" in text


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def cut_at_a_line(path):
    path.write_bytes(gzip.compress(b"".join(lines_of(path)[:-1])))


def flip_a_bit(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def raise_a_score(path):
    text = b"".join(lines_of(path))
    assert text.count(b'"0.6000"') == 1
    path.write_bytes(gzip.compress(text.replace(b'"0.6000"', b'"1.0000"')))


def drop_a_row(path):
    path.write_bytes(gzip.compress(b"".join(line for line in lines_of(path) if b"Awa" not in line)))


def move_the_header(path):
    text = b"".join(lines_of(path))
    path.write_bytes(gzip.compress(re.sub(rb'"made_at":"\d{4}', b'"made_at":"1999', text)))


def misname_the_fields(path):
    path.write_bytes(gzip.compress(b"".join(lines_of(path)).replace(b'"fields"', b'"field"')))


def add_a_line(path):
    path.write_bytes(path.read_bytes() + gzip.compress(b'["one more"]\n'))


def put_text(path):
    path.write_text("no backup at all")


def empty_it(path):
    path.write_bytes(b"")


SPOILT = [
    cut,
    cut_at_a_line,
    flip_a_bit,
    raise_a_score,
    drop_a_row,
    move_the_header,
    misname_the_fields,
    add_a_line,
    put_text,
    empty_it,
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_spoilt_file_is_known_before_a_database_is_asked(backup, tmp_path, spoil):
    path = tmp_path / "spoilt.gz"
    shutil.copy(backup, path)
    spoil(path)
    with pytest.raises(BackupError, match="spoilt.gz"):
        verify(path)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_cut_or_changed_file_writes_nothing_and_the_whole_one_goes_in_after_it(empty, backup, tmp_path, vendor):
    place = empty(vendor)
    for spoil in (cut, raise_a_score):
        path = tmp_path / spoil.__name__
        shutil.copy(backup, path)
        spoil(path)
        assert path.name in place.refused("restore", path)
    assert "no such file" in place.refused("restore", tmp_path / "absent.gz")
    assert place.is_empty()
    place.manage("restore", backup)


def forged(path, change):
    """The file with rows changed by `change(label, row)` and every checksum made again, as a forger would."""
    written, tables, label = [], {}, ""
    for line in lines_of(path)[:-1]:
        value = json.loads(line)
        if isinstance(value, list):
            line = encoded(change(label, value))
            tables[label].append(line)
        elif "table" in value:
            label = value["table"]
            tables[label] = []
        written.append(line)
    manifest = {
        label: {"rows": len(rows), "sha256": hashlib.sha256(b"".join(rows)).hexdigest()}
        for label, rows in tables.items()
    }
    last = {"manifest": manifest, "sha256": hashlib.sha256(b"".join(written)).hexdigest()}
    path.write_bytes(gzip.compress(b"".join([*written, encoded(last)])))


def encoded(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("table", "old", "new", "word"),
    [
        ("quizzes.Attempt", "0.6000", "7.0000", "refuses a row"),
        ("lessons.Reading", 1, 999_999, "refuses a row"),
        ("lessons.Module", "2026-06-03", "2026-06-03T00:00", "refuses a row"),
        ("quizzes.Attempt", "0.6000", "0.6", "differs from the manifest"),
    ],
    ids=["a check constraint", "a foreign key", "no date", "another form"],
)
def test_rows_that_the_database_refuses_or_changes_write_nothing(
    empty, backup, tmp_path, vendor, table, old, new, word
):
    path = tmp_path / "forged.gz"
    shutil.copy(backup, path)
    forged(path, lambda label, row: [new if label == table and each == old else each for each in row])
    place = empty(vendor)
    assert word in place.refused("restore", path)
    assert place.is_empty()


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_place_that_is_not_empty_is_refused_and_stays_as_it_was(filled, backup, tmp_path, vendor):
    before, after = tmp_path / "before.gz", tmp_path / "after.gz"
    filled[vendor].manage("backup", before)
    told = filled[vendor].refused("restore", backup)
    assert "not empty" in told
    assert "accounts.User" in told
    filled[vendor].manage("backup", after)
    assert manifest_of(after) == manifest_of(before)


def test_a_place_with_a_session_alone_is_not_empty(empty, backup):
    place = empty()
    place.python(
        "import django; django.setup(); from django.contrib.sessions.backends.db import SessionStore; "
        "SessionStore().create()"
    )
    assert "sessions.Session" in place.refused("restore", backup)


def test_other_migrations_are_refused_with_what_to_do(empty, backup):
    place = empty()
    place.python(
        "import django; django.setup(); from django.db import connection; "
        "from django.db.migrations.recorder import MigrationRecorder as M; "
        "M(connection).record_applied('cohorts', '0999_later')"
    )
    told = place.refused("restore", backup)
    assert "cohorts.0999_later" in told
    assert "manage.py migrate" in told
    assert place.is_empty()
