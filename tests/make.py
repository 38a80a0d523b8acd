"""Rows for tests, small and readable: each function makes one thing, with all that it needs around it."""

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils import timezone

from accounts.models import Outbox, Token, User
from accounts.models.tokens import FEED_LASTS, hash_of
from cohorts.exams import asking
from cohorts.models import Certificate, Cohort, Enrolment, Role
from cohorts.places import add
from cohorts.roster import Person
from course.front import PAGES
from lessons import models as lessons
from lessons.content import LABELS
from quizzes.models import Attempt, Bank, Item, Quiz, Use
from quizzes.writing import write

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PASSWORD = "three bridges over the river"
LABELS_OF_AN_ITEM = LABELS[:3]
_numbers = itertools.count(1)


def text(words):
    return {"en": words, "fr": f"{words} (fr)"}


def both(value):
    return {"en": value, "fr": value}


# People


def user(name, **fields):
    return User.objects.create_user(name, PASSWORD, **fields)


def guest():
    return User.objects.create_guest("en", NOW.date())


def feed(user, secret, at=NOW, **fields):
    """An address for a calendar, made just now: no browser waits a year."""
    at = max(at, timezone.now())
    return Token.objects.create(
        user=user, what="feed", hash=hash_of(secret), made_at=at, ends_at=at + FEED_LASTS, **fields
    )


# What is taught


def module(slug=None, **fields):
    slug = slug or f"module-{next(_numbers)}"
    document = {
        "title": text(f"The case of {slug}"),
        "neutral_title": text("A case study"),
        "summary": text("Short"),
        "exam": {"per_section": 3},
        "dates": {"read_to": "2026-10-10", "checked_on": "2026-10-20"},
        "upkeep": {"by": text("The editors"), "days": 90},
        "article": {},
        "corrections": False,
        "map": True,
    }
    given = {"threshold": Decimal("0.8"), "as_of": date(2026, 10, 1), "document": document} | fields
    row = lessons.Module.objects.create(slug=slug, **given)
    annex(row, "map", {"frame": [0, 0, 10, 10], "title": text("The land"), "countries": []})
    return row


def annex(module, part, document, section=None):
    lessons.Annex.objects.create(module=module, section=section, part=part, document=document)


def section(module=None, draw=5, threshold=None, certainty=False, **fields):
    """A section with an empty bank."""
    number = next(_numbers)
    module = module or globals()["module"]()
    row = lessons.Section.objects.create(
        module=module,
        slug=fields.pop("slug", f"section-{number}"),
        position=fields.pop("position", module.sections.count() + 1),
        document={
            "title": text(f"Section about {number}"),
            "notice": {},
            "optional": False,
            "objectives": [{"level": "remember", "text": text(f"Know {number}.")}],
            "quiz": {"draw": draw, "threshold": threshold, "certainty": certainty},
            "before": 0,
        },
        **fields,
    )
    annex(module, "sheet", both({"title": f"Sheet {number}", "html": "<p>Ask for reasons.</p>"}), row)
    Bank.objects.create(module=module, section=row)
    return row


def lesson(section=None, checks=(), terms=(), **fields):
    """A lesson with one step, `why`; the items whose slugs are `checks` stand in it, and it uses the `terms`."""
    number = next(_numbers)
    section = section or globals()["section"]()
    step = {"step": "why", "html": '<h2 id="why">Why it matters</h2>'}
    parts = [{"html": f"<p>Text {number}</p>"}, step, *({"check": slug} for slug in checks)]
    row = lessons.Lesson.objects.create(
        section=section,
        slug=fields.pop("slug", f"lesson-{number}"),
        position=fields.pop("position", section.lessons.count() + 1),
        renderer=1,
        checksum=f"{number:064}",
        document={
            "title": text(f"Lesson about {number}"),
            "headings": {"en": {"why": "Why it matters"}, "fr": {"why": "Pourquoi cela compte"}},
            "minutes": both(5),
            "checks": list(checks),
            "objectives": [1],
            "terms": list(terms),
        },
        **fields,
    )
    for language in ("en", "fr"):
        row.texts.create(language=language, source="# Source", parts=parts)
    return row


def claim(section=None, key=None, **fields):
    section = section or globals()["section"]()
    given = {
        "origin": "article",
        "presented": "fact",
        "stands": "fact",
        "verdict": "confirmed",
        "testable": True,
        "checked": "record",
        "document": {"article": text("As written"), "finding": text("As found"), "note": text("As checked")},
        "checksum": "0" * 64,
    } | fields
    key = key or f"M{next(_numbers):03}"
    return lessons.Claim.objects.create(module=section.module, section=section, key=key, **given)


def term(module, slug, name=None, kind="term", **document):
    """An entry of the glossary; `name` in one language or as {language: name}."""
    name = name if isinstance(name, dict) else both(name or slug.capitalize())
    document = {"kind": kind, "name": name, "meaning": text(f"What {slug} means"), **document}
    return lessons.Term.objects.create(module=module, slug=slug, document=document)


def reference(module, slug=None, **fields):
    """A newspaper's page that was read; `fields` of its document."""
    number = next(_numbers)
    document = {
        "publisher": both(f"River Gazette {number}"),
        "title": both(f"Page {number}"),
        "is_printed": True,
        "language": "en",
        "kind": "press",
        "side": "elsewhere",
        "read": "page",
        "opened": "2026-10-01",
        "date": "2019-10",
        "copy": False,
        "url": f"https://www.river-gazette.net/{number}",
        "link": True,
    } | fields
    return module.references.create(slug=slug or f"gazette-{number}", document=document)


def article(module, slug=None):
    """Let a module read an article of one paragraph, with all its claims; its source."""
    source = reference(module, slug)
    keys = sorted(module.claims.filter(origin="article").values_list("key", flat=True))
    paragraph = {"part": {}, "summary": text("A bridge opens"), "opening": "At last the bridge", "claims": keys}
    module.document["article"] = {"reference": source.slug}
    module.save()
    annex(module, "article", {"reference": source.slug, "paragraphs": [paragraph]})
    for claim in module.claims.all():
        claim.references.add(source)
    return source


def corrections(module):
    """Let a module say what it corrected of its own."""
    page = {"title": "What we had wrong", "parts": [{"html": "<p>The year of the bridge.</p>"}]}
    module.document["corrections"] = True
    module.save()
    annex(module, "corrections", both(page))


def correction(slug="one", date="2026-10-20", claims=()):
    """A row of the log, as it is read."""
    texts = {key: text(f"{slug} {key}") for key in ("title", "was", "now", "why")}
    return {"slug": slug, "date": date, "claims": list(claims), **texts}


def front(module, tried=None, samples=()):
    """Give the module a front door: its home, with an item to try and samples, and every page of one sentence."""
    home = {key: text(f"Home {key}") for key in ("kicker", "title", "lead", "verdicts_heading", "labels_heading")}
    lists = {"points": [], "doors": [], "said": [], "counts": [["confirmed", 3], ["wrong", 1]]}
    names = [[row.bank.section.slug, row.slug] for row in samples]
    tries = [[tried.bank.section.slug, tried.slug]] if tried else []
    annex(module, "home", home | lists | {"try": tries, "samples": names})
    for part in PAGES:
        annex(module, part, both({"title": f"The {part}", "parts": [{"html": f"<p>About {part}.</p>"}]}))


def reading(learner, lesson, at=NOW):
    return lessons.Reading.objects.create(learner=learner, lesson=lesson, checksum=lesson.checksum, read_at=at)


# How it is practised


def item(section=None, kind="single", uses=("quiz", "exam", "review"), shuffle=True, options=4, slug=None):
    """An item with its first version; its key is the option `a`, or for each statement the first label.

    Of the other kinds: `a` and `b`; the letters in their order; each letter with its own; 3500; "Bamako".
    """
    number = next(_numbers)
    section = section or globals()["section"]()
    passage = section.lessons.order_by("position").first() or lesson(section)
    ids = "abcdefgh"[:options]
    row = Item.objects.create(
        bank=section.bank,
        slug=slug or f"item-{number}",
        level="remember",
        objective=1,
        uses=list(uses),
        passage=passage,
        anchor="why",
        document={
            "explanation": text(f"Explanation {number}"),
            "feedback": {each: text(f"Feedback {number}{each}") for each in ids},
        },
    )
    pieces = [{"id": each, "text": text(f"Choice {number}{each}")} for each in ids]
    rest = {
        "single": {"options": pieces, "key": "a"},
        "multiple": {"options": pieces, "keys": ["a", "b"]},
        "classify": {
            "labels": [{"id": label} for label in LABELS_OF_AN_ITEM],
            "statements": pieces,
            "key": dict.fromkeys(ids, LABELS_OF_AN_ITEM[0]),
        },
        "order": {"entries": pieces, "key": {each: place for place, each in enumerate(ids, 1)}},
        "match": {"pairs": pieces, "choices": [{"id": each, "text": text(f"Partner {number}{each}")} for each in ids]},
        "number": {"value": "3500", "tolerance": "0", "unit": text("km"), "mistakes": []},
        "short": {"accepted": both(["Bamako"])},
    }[kind]
    version(row, kind=kind, document={"stem": text(f"Stem {number}?"), "shuffle": shuffle, **rest})
    return row


def version(item, kind=None, document=None, **changes):
    """The item's next version, current from now: like the last one but for `changes` of its document."""
    last = item.current_version
    item.current_version = item.versions.create(
        number=item.versions.count() + 1,
        kind=kind or last.kind,
        document={**(document or last.document), **changes},
        checksum=f"{next(_numbers):064}",
        made_at=NOW,
    )
    item.save(update_fields=["current_version"])
    return item.current_version


def case_study(sections=1, lessons=2, items=6):
    """A module with sections, lessons in them, and drawable items of both kinds, every third one to classify."""
    row = module()
    for _ in range(sections):
        place = section(row)
        for _ in range(lessons):
            lesson(place)
        for number in range(items):
            item(place, kind="classify" if number % 3 == 2 else "single")
    return row


# An attempt


def quiz(learner, section, right=None, at=NOW):
    """An open quiz; with `right` handed in, so many of its items answered rightly and the rest wrongly."""
    attempt = Attempt.start_quiz(learner, section, at)
    return attempt if right is None else hand_in(attempt, right, at)


def exam(learner, module, right=None, at=NOW, **terms):
    """An open exam; with `right` handed in, so many of its items answered rightly and the rest wrongly."""
    attempt = under_terms(Attempt.start_exam(learner, module, at, **terms))
    return attempt if right is None else hand_in(attempt, right, at)


def under_terms(exam):
    """The exam, begun under what the learner's cohorts had set then, whatever it is held to."""
    if not exam.terms.exists() and not exam.is_trial:
        asking(exam.learner, exam.module, exam.started_at).lay_down(exam)
    return exam


def hand_in(attempt, right, at=NOW):
    responses = list(attempt.responses.order_by("position"))
    answers = {each.position: right_answer(each) for each in responses[:right]}
    answers |= {each.position: wrong_answer(each) for each in responses[right:]}
    attempt.save_answers(answers, "en", at)
    attempt.submit(at)
    return attempt


def give(review, *rights, at=NOW):
    """Answer the next items of an open review, each rightly (True), wrongly (False) or not at all (None)."""
    left = review.responses.filter(marked_at=None).order_by("position").select_related("shown_version")
    for response, right in zip(list(left), rights, strict=False):
        answers = {True: right_answer, False: wrong_answer, None: lambda response: None}
        review.give(response.position, answers[right](response), "en", at)
    review.refresh_from_db()
    return review


def answered(learner, item, right=True, certainty=None, at=NOW):
    """The marked response of an exam of that item alone."""
    attempt = Attempt.objects.create(learner=learner, use=Use.EXAM, seed=1, started_at=at)
    attempt.fix([item.version])
    response = attempt.responses.get()
    attempt.responses.update(
        answer=right_answer(response) if right else wrong_answer(response), saved_at=at, certainty=certainty
    )
    attempt.submit(at)
    return attempt.responses.get()


def exam_result(learner, module, score, at=NOW, **fields):
    """An exam handed in, with that score and no items."""
    return under_terms(
        Attempt.objects.create(
            learner=learner,
            module=module,
            use=Use.EXAM,
            seed=0,
            threshold=module.threshold,
            started_at=at,
            submitted_at=at,
            score=Decimal(score),
            **fields,
        )
    )


def right_answer(response):
    version = response.shown_version
    return version.rules.key(version.document)


def wrong_answer(response):
    """Another option; another label for every statement; the next one's for every pair; an order reversed."""
    version = response.shown_version
    key = right_answer(response)
    if version.kind == "single":
        return next(each for each in response.option_order if each != key)
    if version.kind == "multiple":
        return sorted(set(response.option_order) - set(key))
    if version.kind == "order":
        return dict(zip(sorted(key, key=key.get), sorted(key.values(), reverse=True), strict=True))
    if version.kind == "match":
        return dict(zip(key, [*list(key.values())[1:], *list(key.values())[:1]], strict=True))
    if version.kind in ("number", "short"):
        return {"number": "1200", "short": "Ségou"}[version.kind]
    labels = [label["id"] for label in version.document["labels"]]
    return {statement: next(each for each in labels if each != right) for statement, right in key.items()}


def half_answer(response):
    """Half of a wrong answer, where it has parts."""
    answer = wrong_answer(response)
    if isinstance(answer, dict):
        return dict(list(answer.items())[: len(answer) // 2])
    return answer[:1] if isinstance(answer, list) else answer


def fields(response, answer):
    """What a browser posts for that answer: positions on the page, or what was typed."""
    kind, document = response.shown_version.kind, response.shown_version.document
    if kind == "single":
        return {response.name: response.option_order.index(answer)}
    if kind in ("number", "short"):
        return {response.name: answer}
    if kind == "multiple":
        values = dict.fromkeys(answer, 1)
    elif kind == "order":
        values = {entry: place - 1 for entry, place in answer.items()}
    else:
        offered = [each["id"] for each in document["labels" if kind == "classify" else "choices"]]
        values = {piece: offered.index(chosen) for piece, chosen in answer.items()}
    pieces = enumerate(response.option_order)
    return {f"{response.name}-{place}": values[piece] for place, piece in pieces if piece in values}


# Banks of owners


def typed_rows(*words, **fields):
    """Rows as they are typed, with ids of their own; the key is in the first of them where `key` is given."""
    return [
        {"id": f"r{number}{word.split()[0].lower()}", "text": text(word), "feedback": text(f"Why {word}"), **fields}
        for number, word in enumerate(words)
    ]


def typed(kind):
    """What the author of a whole item of that kind typed, as a Source."""
    rows = typed_rows("Alpha", "Beta", "Gamma", "Delta")
    parts = {
        "single": {"option": [{**row, "key": row is rows[0]} for row in rows]},
        "multiple": {"option": [{**row, "key": row in rows[:2]} for row in rows]},
        "classify": {
            "label": [{"id": "spoken", "text": text("Spoken")}, {"id": "seen", "text": text("Seen")}],
            "statement": [{**row, "key": "spoken" if row in rows[:2] else "seen"} for row in rows],
        },
        "order": {"entry": rows},
        "match": {
            "pair": [{**row, "match": text(f"Partner {row['id']}")} for row in rows],
            "extra": [{"id": "spare", "text": text("Spare")}],
        },
        "number": {
            "value": "3500", "tolerance": "10", "unit": text("km"), "feedback": text("Look again"),
            "mistake": [{"id": "m", "value": "350", "feedback": text("Ten times as much")}],
        },
        "short": {"accepted": both(["Bamako"]), "articles": True, "feedback": text("It lies on the Niger")},
    }  # fmt: skip
    rest = dict.fromkeys(("level", "passage", "objective", "claims"), "")
    if kind in ("single", "multiple", "classify", "match"):
        rest["shuffle"] = True
    return {"kind": kind, "stem": text("What?"), "explanation": text("So it is")} | parts[kind] | rest


def bank(owner, title="Questions of my own", cohort=None, languages=("en", "fr"), **fields):
    """A bank of that owner, shared with the `cohort` where one is given."""
    row = Bank.objects.create(owner=owner, title=title, languages=list(languages), **fields)
    if cohort:
        cohort.banks.add(row)
    return row


def own_item(bank, kind="single", stem=None, is_draft=False, at=NOW, **fields):
    """An item as its owner typed it; a draft lacks its explanation, and has no version."""
    number = next(_numbers)
    source = typed(kind) | {"stem": text(stem or f"Own stem {number}?")}
    source["explanation"] = both("") if is_draft else text(f"Own explanation {number}")
    row = Item(bank=bank, slug=f"own-{number}", author=bank.owner, uses=["quiz", "review"], document={}, **fields)
    assert write(row, source, at).is_saved
    return row


def own_quiz(owner, items=(), rules=(), title="A quiz of mine", threshold="0.8", **fields):
    """A quiz of that owner which asks these items, and draws by `rules`: (bank, size) or (bank, size, {level: …})."""
    row = Quiz.objects.create(owner=owner, title=title, threshold=Decimal(threshold), **fields)
    row.items.set(items)
    for bank, size, *part in rules:
        row.rules.create(bank=bank, size=size, **(part[0] if part else {}))
    return row


def own_sitting(learner, quiz, right=None, at=NOW, **fields):
    """An open attempt of that quiz; with `right` handed in, so many of its items answered rightly."""
    attempt = Attempt.start_own(learner, quiz, at, **fields)
    return attempt if right is None else hand_in(attempt, right, at)


# Who takes it by when


def cohort(instructor, learners=(), time_zone="UTC", at=NOW, **fields):
    """A cohort of that instructor, joined by the learners."""
    row = Cohort.begin(instructor, "Autumn", time_zone, at)
    for learner in learners:
        row.join(learner, at)
    if fields:
        Cohort.objects.filter(pk=row.pk).update(**fields)
        row.refresh_from_db()
    return row


def joined(learner, at):
    """Let somebody have joined their cohorts then, and been in since."""
    for place in Enrolment.objects.of(learner):
        place.keep([(at, None)])


def staff(cohort, user, role=Role.INSTRUCTOR, at=NOW):
    return cohort.admit(user, role, at)


def listed(cohort, names):
    """Put these names on the roster, by a list of one column."""
    return add(cohort, [Person(name) for name in names])


def place(cohort, name="Coulibaly, A."):
    """A place on the roster that nobody has taken."""
    add(cohort, [Person(name)])
    return cohort.enrolments.get(roster_name=name)


def assignment(cohort, module, sections=(), opens_at=NOW, **fields):
    row = cohort.assignments.create(module=module, opens_at=opens_at, **fields)
    row.sections.set(sections)
    return row


def set_quiz(cohort, quiz, opens_at=NOW, **fields):
    return cohort.quiz_assignments.create(quiz=quiz, opens_at=opens_at, **fields)


def any_hand_mark(enrolment, assignment=None, at=NOW):
    """A mark set by hand in the first section of what is set; without an assignment one is made."""
    row = assignment or globals()["assignment"](enrolment.cohort, case_study())
    section = row.module.sections.order_by("position").first()
    given = {"section": section, "score": Decimal("0.9"), "reason": "An essay", "made_at": at}
    return row.hand_marks.create(enrolment=enrolment, **given)


def hand_mark(assignment, learner, section, score, by=None, at=NOW):
    place = assignment.cohort.enrolments.get(user=learner)
    given = {"score": Decimal(score), "reason": "Told aloud", "made_by": by, "made_at": at}
    return assignment.hand_marks.create(enrolment=place, section=section, **given)


def certificate(user, module, assignment=None, at=NOW, **fields):
    """A certificate as if it had been issued; whether anything was passed is not asked."""
    document = {"title": module.document["neutral_title"], "rule": text("All of it was passed.")}
    document |= {"sections": [], "exam": False, "done_on": at.date().isoformat()}
    given = {"public_id": f"{next(_numbers):032}", "name_shown": user.name, "document": document} | fields
    return Certificate.objects.create(
        user=user, module=module, assignment=assignment, as_of=module.as_of, checksum="0" * 64, issued_at=at, **given
    )


def offer(assignment, learner, name="Awa Coulibaly", at=NOW, **fields):
    """An open offer of a certificate; whether anything was passed is not asked."""
    place = assignment.cohort.enrolments.get(user=learner)
    return place.offers.create(assignment=assignment, name=name, made_at=at, **fields)


# Mail


def reads_mail(person, rhythm="daily", address=None, at=NOW, **fields):
    """Let somebody have confirmed an address."""
    moments = {"email_set_at": at, "email_confirmed_at": at}
    given = {"email": address or f"{person.name.lower()}@example.org", "mail_rhythm": rhythm} | moments | fields
    for name, value in given.items():
        setattr(person, name, value)
    person.save()
    return person


def mail(person, key="one", at=None, **fields):
    """A digest that waits, made just now: what is old is given up."""
    texts = {"subject": "Something is due", "body": "Section 1 is due.\n\n<link>\n"}
    return Outbox.objects.create(user=person, key=f"{key} {person.pk}", made_at=at or timezone.now(), **texts | fields)
