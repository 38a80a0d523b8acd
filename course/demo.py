"""Make a class to look around in, on a laptop: sixty learners, five weeks in. May import the apps on its left."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.folding import name_key
from accounts.models import Audit, User
from accounts.names import look
from accounts.zones import zone
from cohorts import codes
from cohorts.models import Cohort, Enrolment, Membership, Role
from lessons.models import Module, Reading, Section
from quizzes.kinds.base import Answer
from quizzes.models import Attempt, ItemVersion

NAME, ZONE = "Monday group", "Africa/Bamako"
SEED = 20261102
WEEK, DAY, MINUTE = timedelta(weeks=1), timedelta(days=1), timedelta(minutes=1)
PEOPLE = (
    "Adama Ba, Aïssata Coulibaly, Alassane Dembélé, Aminata Diallo, Bintou Diarra, Boubacar Keïta, Daouda Koné, "
    "Djénéba Maïga, Fanta Diarra, Fatoumata Sangaré, Habib Sidibé, Hawa Touré, Ibrahim Traoré, Issa Coulibaly, "
    "Kadiatou Ba, Lamine Diallo, Mamadou Dembélé, Mariam Koné, Moussa Keïta, Nana Maïga, Oumar Sidibé, Ousmane Diarra, "
    "Ramata Traoré, Rokia Sangaré, Salif Touré, Seydou Ba, Sira Coulibaly, Souleymane Diallo, Tiémoko Dembélé, "
    "Yacouba Koné, Abdoulaye Maïga, Assétou Keïta, Bakoroba Sidibé, Cheick Traoré, Dramane Diarra, Fily Sissoko, "
    "Gaoussou Ba, Hamidou Touré, Kadidia Sangaré, Kalifa Koné, Lassana Diallo, Maïmouna Coulibaly, Modibo Dembélé, "
    "Nafissatou Maïga, Niélé Traoré, Oumou Keïta, Penda Ba, Safiatou Sidibé, Sékou Diarra, Sidi Touré, Sitan Koné, "
    "Tata Sangaré, Tidiani Diallo, Vieux Coulibaly, Wassa Dembélé, Youssouf Traoré, Zan Keïta, Zoumana Maïga, "
    "Ténin Sissoko"
)
NOT_TAKEN = ("Diarra Fanta B.", "Maïga Zeïnabou")
# How many learners, and their plan: sections passed, failed quizzes in the next one, lessons read in it (9: all).
PLANS = [
    (10, (0, 0, 0)),  # not started
    (12, (0, 0, 1)),  # begun to read, and overdue
    (5, (1, 3, 9)),  # stuck
    (13, (1, 1, 9)),  # behind
    (15, (2, 0, 1)),  # on time
    (4, (5, 0, 0)),  # all passed
]


@dataclass(frozen=True)
class Newcomer:
    """A learner of the class, and since when."""

    user: User
    since: datetime


@transaction.atomic
def fill(module: Module, instructor: User, lead: User, learner: User | None, at: datetime) -> Cohort | None:
    """Make the class of that module unless there was one; return its cohort, or None. Some 110 quizzes, of 45 ms each.

    `learner` (or None) is the sixtieth, and does what she did before. All hangs on SEED and on `at`, but for what a
    quiz draws. Quizzes are started, saved and handed in by the verbs that learners use, so that whatever follows from
    a quiz is there too.
    """
    sections = list(module.sections.live().order_by("position").select_related("module", "bank")[:5])
    if not sections or Audit.objects.filter(what="demo").exists():
        return None
    rng = random.Random(SEED)  # noqa: S311 - no secret hangs on it
    start = _hour(at - 5 * WEEK - at.weekday() * DAY, 8)
    cohort = Cohort.begin(instructor, NAME, ZONE, start, ends_on=(at + 30 * WEEK).date())
    cohort.admit(lead, Role.LEAD, start)
    openings = _set(cohort, sections, start, at)
    plans = [plan for count, plan in PLANS for _ in range(count)]
    rng.shuffle(plans)
    for newcomer, plan in zip(_learners(cohort, learner, rng, start, at), plans, strict=False):
        _work(newcomer, plan, list(zip(sections, openings, strict=True)), rng, at)
    Audit.record(None, "demo", f"cohort {cohort.pk}", at)
    return cohort


def _hour(moment: datetime, hour: int) -> datetime:
    """Return that day's hour in the class's zone."""
    day = moment.astimezone(zone(ZONE)).date()
    return datetime.combine(day, time(hour), zone(ZONE))


def _set(cohort: Cohort, sections: list[Section], start: datetime, at: datetime) -> list[datetime]:
    """Set the first two sections, due by now, and the others, due later; return when each section opens."""
    parts = [(sections[:2], start, start + 3 * WEEK + 4 * DAY), (sections[2:], start + 2 * WEEK, at + 10 * DAY)]
    for part, opens, due in parts:
        if part:
            row = cohort.assignments.create(module=part[0].module, opens_at=opens, due_at=_hour(due, 18))
            row.sections.set(part)
    return [opens for part, opens, _due in parts for _section in part]


def _learners(
    cohort: Cohort, learner: User | None, rng: random.Random, start: datetime, at: datetime
) -> list[Newcomer]:
    """Enrol learners under names that nobody has, some of them guests, all but a few by the roster.

    Two places are not taken; one of them is that of somebody who joined by the cohort's code.
    """
    short = {whole: f"{whole.split()[0]} {whole.split()[1][0]}." for whole in PEOPLE.split(", ")}
    taken = set(User.objects.filter(name_key__in=map(name_key, short.values())).values_list("name_key", flat=True))
    newcomers, rows = [], []
    for number, whole in enumerate(whole for whole in short if name_key(short[whole]) not in taken):
        is_guest = number % 20 == 7
        name = f"guest-{rng.getrandbits(64):016x}" if is_guest else short[whole]
        user = User(name=name, name_key=name_key(name), is_guest=is_guest, password=make_password(None))
        user.look_key = None if is_guest else look(name)
        user.language, user.time_zone = rng.choice([code for code, _name in settings.LANGUAGES]), ZONE
        user.last_seen_on = at.date()
        since = start + rng.randrange(3 * 24 * 60) * MINUTE
        row = Enrolment(cohort=cohort, user=user, role=Role.LEARNER, joined_at=since)
        if number % 15 != 8:
            row.roster_name, row.personal_code = " ".join(reversed(whole.split())), codes.draw()
        newcomers.append(Newcomer(user, since))
        rows.append(row)
    rows += [Enrolment(cohort=cohort, role=Role.LEARNER, roster_name=n, personal_code=codes.draw()) for n in NOT_TAKEN]
    if learner:
        rows.append(Enrolment(cohort=cohort, user=learner, role=Role.LEARNER, joined_at=start))
    User.objects.bulk_create(newcomer.user for newcomer in newcomers)
    rows = Enrolment.objects.bulk_create(rows)
    Membership.objects.bulk_create(Membership(enrolment=row, from_at=row.joined_at) for row in rows if row.joined_at)
    return newcomers


def _work(
    newcomer: Newcomer,
    plan: tuple[int, int, int],
    sections: Sequence[tuple[Section, datetime]],
    rng: random.Random,
    at: datetime,
) -> None:
    """Do what one learner has done by now: some sections read and passed, and a start at the next."""
    passed, failed, lessons = plan
    user, moment, readings = newcomer.user, newcomer.since, []
    for number, (section, opens) in enumerate(sections[: passed + 1]):
        is_passed = number < passed
        moment = _later(max(moment, opens), rng, at, days=6 if number else 9)
        for lesson in section.lessons.live().order_by("position")[: 9 if is_passed else lessons]:
            readings.append(Reading(learner=user, lesson=lesson, checksum=lesson.checksum, read_at=moment))
            moment = _later(moment, rng, at)
        misses = rng.choice([0, 0, 0, 0, 1]) if is_passed else failed
        for tried in range(misses + is_passed):
            _quiz(user, section, tried == misses, rng, moment)
            moment = _later(moment, rng, at, days=4)
    Reading.objects.bulk_create(readings)


def _later(moment: datetime, rng: random.Random, at: datetime, days: int = 0) -> datetime:
    """Return a time a while on, up to so many days, by daylight; never in the last hour."""
    later = moment + rng.randrange(10, 50) * MINUTE + rng.randint(0, days) * DAY
    if not 7 <= later.astimezone(zone(ZONE)).hour < 22:
        later += 10 * 60 * MINUTE
    return min(later, max(moment + MINUTE, at - 60 * MINUTE))


def _quiz(user: User, section: Section, passes: bool, rng: random.Random, moment: datetime) -> None:
    """Take a quiz from start to result: at most one miss in five where it passes, else a few right answers."""
    attempt = Attempt.start_quiz(user, section, moment)
    responses = list(attempt.responses.select_related("shown_version"))
    rng.shuffle(responses)
    misses = rng.randint(0, len(responses) // 5)
    count = len(responses) - misses if passes else misses + 1
    answers = {response.position: right(response.shown_version) for response in responses[:count]}
    answers |= {response.position: wrong(response.shown_version, rng) for response in responses[count:]}
    attempt.save_answers(answers, user.language, moment + 8 * MINUTE)
    attempt.submit(moment + 9 * MINUTE)


def right(version: ItemVersion) -> Answer:
    return version.rules.key(version.document)


def wrong(version: ItemVersion, rng: random.Random) -> Answer:
    """Return an answer that misses: another option, or what belongs elsewhere; nothing where something is typed."""
    key, labels = right(version), [label["id"] for label in version.document.get("labels", [])]
    if labels:
        return {name: rng.choice([label for label in labels if label != right]) for name, right in key.items()}
    if isinstance(key, dict):
        values = list(key.values())
        return dict(zip(key, values[1:] + values[:1], strict=True))
    keys = key if isinstance(key, list) else [key]
    others = [piece for piece in version.rules.pieces(version.document) if piece not in keys]
    if not others:
        return None
    return [rng.choice(others)] if isinstance(key, list) else rng.choice(others)
