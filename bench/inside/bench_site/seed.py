"""Fill an empty database of the tree with people and their work: `python -m bench_site.seed SIZE FILE`.

Deterministic but for the day, on which all dates hang. Rows are made by the tree's own models, in bulk, on either
engine. FILE becomes JSON: who is signed in by which session, and what there is to visit.
"""

import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.conf import settings

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 - need the setup
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.folding import name_key  # noqa: E402
from accounts.models import User  # noqa: E402
from bench_site.bulk import Row, Table, as_json, go_on_counting  # noqa: E402
from cohorts import codes  # noqa: E402
from cohorts.models import Cohort, Enrolment, Membership, Role  # noqa: E402
from course.demo import right, wrong  # noqa: E402
from lessons.models import Lesson, Module, Reading, Section  # noqa: E402
from quizzes import schedule  # noqa: E402
from quizzes.models import Attempt, Item, Recall, Response, Use  # noqa: E402
from quizzes.models.responses import rounded_down  # noqa: E402

SEED = 20261102
DAY = timedelta(days=1)
WEEKS_IN = 9  # how long ago the first learners began
BETWEEN_SECTIONS, BETWEEN_TRIES = 5, 3  # days
MOST_TRIES = 4
CHUNK = 250  # learners whose rows are in memory at once
SITTERS = 100  # learners with a session, for attempts
PASSWORD = "three bridges over the river"  # noqa: S105 - of nobody
SIZES = {"small": [60, 500, *[40] * 11], "big": [60, 500, 5000, *[40] * 111]}  # learners of each cohort
FANTAS = 500  # learners of the only cohort that Fanta teaches; Bakary teaches all
REFERENCE = date(2026, 6, 1)  # memories are computed from this day on, and moved


@dataclass(frozen=True)
class Choice:
    """An answer that somebody could give to an item, as JSON, and its score."""

    answer: str | None
    score: Decimal
    share: Fraction


@dataclass(frozen=True)
class Asked:
    """An item as responses need it: ids, orders of its options as JSON, a right answer, and some that miss."""

    item_id: int
    version_id: int
    orders: list[str]
    right: Choice
    wrong: list[Choice]


@dataclass
class Taught:
    """A section as the seed needs it."""

    section: Section
    lessons: list[Lesson]
    asked: list[Asked]
    checks: list[Asked]


def asked(item: Item, rng: random.Random) -> Asked:
    """Return an item as the seed needs it."""
    version = item.version
    pieces = version.rules.pieces(version.document)
    is_mixed = version.document["shuffle"]
    orders = [json.dumps(rng.sample(pieces, len(pieces)) if is_mixed else pieces) for _ in range(3)]

    def choice(answer: Any) -> Choice:
        share = Fraction(0) if answer is None else version.rules.mark(version.document, answer)
        return Choice(as_json(answer), rounded_down(share), share)

    misses = [choice(wrong(version, rng)) for _ in range(3)]
    return Asked(item.pk, version.pk, orders, choice(right(version)), misses)


def taught(module: Module, rng: random.Random) -> list[Taught]:
    """Return what every section of the module teaches and asks, in order."""
    rows = []
    for section in module.sections.live().order_by("position").select_related("bank"):
        lessons = list(section.lessons.live().order_by("position"))
        drawn = [asked(item, rng) for item in Item.objects.filter(bank=section.bank).drawable(Use.QUIZ)]
        checks = [asked(item, rng) for item in Item.objects.filter(bank=section.bank).drawable(Use.CHECK)]
        rows.append(Taught(section, lessons, drawn, checks))
    return rows


# People


def people(size: int, today: datetime) -> list[User]:
    """Make so many learners; Bakary and Fanta, who teach, Danso, a lead, Celia, with a password, and Ely, an editor."""
    unusable = make_password(None)

    def person(name: str, **fields: Any) -> User:
        values = {"password": unusable, "last_seen_on": today.date()} | fields
        return User(name=name, name_key=name_key(name), **values)

    staff = [person("Bakary Traoré", may_teach_at=today), person("Danso Keïta", may_teach_at=today)]
    staff += [person("Fanta Dembélé", may_teach_at=today)]
    staff += [person("Celia Maïga", password=make_password(PASSWORD))]
    staff += [person("Ely Sidibé", is_staff=True, second_step_at=today)]
    learners = [person(f"Awa Coulibaly {number}") for number in range(1, size + 1)]
    return User.objects.bulk_create([*staff, *learners], 1000)


def enrol(name: str, learners: Sequence[User], staff: Sequence[User], rows: list[Taught], today: datetime) -> Cohort:
    """Make a cohort of these learners, in which the first four sections are overdue and the others are to come."""
    begun = today - WEEKS_IN * 7 * DAY
    cohort = Cohort.objects.create(name=name, time_zone="Africa/Bamako", join_code=codes.draw())
    lead, *teachers = staff
    enrolments = [Enrolment(cohort=cohort, user=lead, role=Role.LEAD, joined_at=begun)]
    enrolments += [Enrolment(cohort=cohort, user=user, role=Role.INSTRUCTOR, joined_at=begun) for user in teachers]
    enrolments += [
        Enrolment(cohort=cohort, user=user, role=Role.LEARNER, roster_name=user.name, joined_at=begun)
        for user in learners
    ]
    made = Enrolment.objects.bulk_create(enrolments, 1000)
    Membership.objects.bulk_create([Membership(enrolment=row, from_at=begun) for row in made], 1000)
    for part, due in ((rows[:4], today - 7 * DAY), (rows[4:], today + 14 * DAY)):
        module = part[0].section.module
        cohort.assignments.create(module=module, opens_at=begun, due_at=due).sections.set([t.section for t in part])
    return cohort


def signed_in(user: User) -> str:
    """Return the key of a session in which that person is signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


# Their work


@dataclass(frozen=True)
class Try:
    """One quiz of one section: when, and for each item drawn how it was answered."""

    at: datetime
    taught: Taught
    drawn: list[tuple[Asked, Choice]]


Log = tuple[tuple[bool, int], ...]  # (right, days since the first quiz of the section), in order


@cache
def memory(log: Log) -> schedule.Memory:
    """Return what a log leaves of an item that was answered at least once, the first quiz being on REFERENCE."""
    left = schedule.replayed(("right" if is_right else "wrong", None, REFERENCE + day * DAY) for is_right, day in log)
    if left is None:
        raise ValueError("an empty log leaves nothing")
    return left


@cache
def columns(log: Log, since: timedelta) -> dict[str, Any]:
    """Return the columns of a recall, the first quiz being so long after REFERENCE."""
    values = asdict(memory(log)).items()
    return {name: value + since if isinstance(value, date) else value for name, value in values}


def tries(rng: random.Random, rows: list[Taught], begun: datetime, is_whole: bool) -> Iterator[list[Try]]:
    """Yield the quizzes of one learner, section by section; `is_whole`: they have worked in every section."""
    skill = rng.uniform(0.55, 0.95)
    for number, row in enumerate(rows[: len(rows) if is_whole else rng.randint(1, len(rows))]):
        first = begun + (number * BETWEEN_SECTIONS) * DAY + timedelta(minutes=rng.randrange(600))
        count = rng.choice((1, 2, 2, 3, MOST_TRIES))
        yield [
            Try(
                first + again * BETWEEN_TRIES * DAY,
                row,
                [
                    (one, one.right if rng.random() < skill + 0.05 * again else rng.choice(one.wrong))
                    for one in rng.sample(row.asked, min(row.section.quiz_size, len(row.asked)))
                ],
            )
            for again in range(count)
        ]


class Work:
    """Rows of some learners, to be written together; each attempt with those of its responses."""

    def __init__(self) -> None:
        self.tables = [Table(Attempt), Table(Response), Table(Recall), Table(Reading)]
        self.attempts: list[tuple[Row, list[dict[str, Any]]]] = []
        self.recalls: list[Row] = []
        self.readings: list[Row] = []
        self.count = 0  # of responses written

    def write(self) -> None:
        """Write all of it, and hold none of it any more."""
        attempts, responses, recalls, readings = self.tables
        ids = attempts.insert([row for row, _ in self.attempts])
        pairs = zip(ids, self.attempts, strict=True)
        rows = [fields | {"attempt_id": pk} for pk, (_, responses) in pairs for fields in responses]
        responses.insert(rows)
        recalls.insert(self.recalls)
        readings.insert(self.readings)
        self.count += len(rows)
        self.attempts, self.recalls, self.readings = [], [], []

    def attempt(
        self, user: User, use: str, section: Section, at: datetime, responses: list[dict[str, Any]], mean: Fraction
    ) -> None:
        """Take an attempt that was handed in `at`, with the fields of its responses and their mean share."""
        row = {"learner_id": user.pk, "module_id": section.module_id, "bank_id": section.bank.pk, "use": str(use)}
        row |= {"seed": 0, "threshold": section.threshold if use == Use.QUIZ else None, "score": rounded_down(mean)}
        row |= {"started_at": at - timedelta(minutes=9), "submitted_at": at}
        self.attempts.append((row, responses))


def answered(position: int, one: Asked, choice: Choice, order: str, at: datetime) -> dict[str, Any]:
    """Return the fields of a marked response."""
    fields = {"position": position, "item_id": one.item_id, "shown_version_id": one.version_id, "language": "en"}
    fields |= {"marked_version_id": one.version_id, "option_order": order, "answer": choice.answer, "revision": 1}
    return fields | {"saved_at": at, "marked_at": at, "score": choice.score, "is_first": None, "predicted_recall": None}


def learn(work: Work, user: User, rows: list[Taught], begun: datetime, rng: random.Random, is_whole: bool) -> None:
    """Let one learner read, answer a check in each lesson, and take quizzes; their memories follow from these."""
    for quizzes in tries(rng, rows, begun, is_whole):
        row, first = quizzes[0].taught, quizzes[0].at
        read_at = first - DAY
        for lesson in row.lessons:
            reading = {"learner_id": user.pk, "lesson_id": lesson.pk, "checksum": lesson.checksum, "read_at": read_at}
            work.readings.append(reading)
        for one in row.checks[: len(row.lessons)]:
            choice = one.right if rng.random() < 0.7 else rng.choice(one.wrong)
            fields = answered(1, one, choice, rng.choice(one.orders), read_at)
            work.attempt(user, Use.CHECK, row.section, read_at, [fields], choice.share)
        logs: dict[int, Log] = {}
        for again, quiz in enumerate(quizzes):
            day, responses = again * BETWEEN_TRIES, []
            for position, (one, choice) in enumerate(quiz.drawn, 1):
                log = logs.get(one.item_id, ())
                fields = answered(position, one, choice, rng.choice(one.orders), quiz.at)
                fields["is_first"] = not log
                if log:
                    fields["predicted_recall"] = schedule.recall(memory(log).stability, day - log[-1][1])
                logs[one.item_id] = (*log, (choice.score == 1, day))
                responses.append(fields)
            mean = sum((choice.share for _, choice in quiz.drawn), Fraction(0)) / len(quiz.drawn)
            work.attempt(user, Use.QUIZ, row.section, quiz.at, responses, mean)
        since = first.date() - REFERENCE
        work.recalls += [{"learner_id": user.pk, "item_id": key} | columns(log, since) for key, log in logs.items()]


def work_of(learners: Sequence[User], rows: list[Taught], today: datetime, rng: random.Random) -> Work:
    """Write what these learners have done; the first of them has worked in every section."""
    work = Work()
    for start in range(0, len(learners), CHUNK):
        for user in learners[start : start + CHUNK]:
            begun = today - (WEEKS_IN * 7 - rng.randrange(6)) * DAY
            learn(work, user, rows, begun, rng, is_whole=user is learners[0])
        work.write()
        print(f"seed: {min(start + CHUNK, len(learners))} of {len(learners)} people", flush=True)
    return work


def main(size: str, file: str) -> None:
    call_command("migrate", verbosity=0)
    call_command("load_content", yes=True, verbosity=0)
    rng = random.Random(SEED)  # noqa: S311 - no secret hangs on it
    today = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA synchronous=OFF")  # whatever is lost is made again
    with transaction.atomic():
        module = Module.objects.get()
        rows = taught(module, rng)
        bakary, lead, fanta, celia, editor, *learners = people(sum(SIZES[size]), today)
        cohorts: dict[str, Cohort] = {}
        left = iter(learners)
        for number, count in enumerate(SIZES[size]):
            members = [next(left) for _ in range(count)]
            teachers = (bakary, fanta) if count == FANTAS else (bakary,)
            cohort = enrol(f"Cohort {number + 1} of {count}", members, (lead, *teachers), rows, today)
            cohorts.setdefault(str(count), cohort)
        work = work_of(learners, rows, today, rng)
        if size == "big":
            cohorts["10000"] = enrol("Everybody", learners, (lead, bakary), rows, today)
        go_on_counting(Attempt, Response, Recall, Reading)
        sessions = {"awa": learners[0], "bakary": bakary, "fanta": fanta, "danso": lead, "ely": editor}
        sessions |= {f"sitter-{number}": user for number, user in enumerate(learners[-SITTERS:])}
        kept = {
            "responses": work.count,
            "people": len(learners),
            "session_cookie": settings.SESSION_COOKIE_NAME,
            "csrf_cookie": settings.CSRF_COOKIE_NAME,
            "sessions": {name: signed_in(user) for name, user in sessions.items()},
            "celia": {"name": celia.name, "password": PASSWORD},
            "module": module.slug,
            "sections": [row.section.slug for row in rows],
            "lesson": rows[1].lessons[0].slug,
            "cohorts": {name: cohort.pk for name, cohort in cohorts.items()},
            "assignments": {name: cohort.assignments.order_by("pk")[0].pk for name, cohort in cohorts.items()},
        }
    if connection.vendor == "postgresql":
        connection.cursor().execute("VACUUM ANALYZE")  # as its autovacuum does; nobody does so for SQLite
    Path(file).write_text(json.dumps(kept))


if __name__ == "__main__":
    main(*sys.argv[1:])
