"""What is taught: modules with their sections and lessons, claims, references, and who has read them."""

from datetime import date
from decimal import Decimal

from course.front import PAGES
from lessons import models as lessons
from quizzes.models import Bank
from tests.make.basics import NOW, both, numbers, text


def module(slug=None, **fields):
    slug = slug or f"module-{next(numbers)}"
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
    values = {"threshold": Decimal("0.8"), "as_of": date(2026, 10, 1), "document": document} | fields
    row = lessons.Module.objects.create(slug=slug, **values)
    annex(row, "map", {"frame": [0, 0, 10, 10], "title": text("The land"), "countries": []})
    return row


def annex(module, part, document, section=None):
    lessons.Annex.objects.create(module=module, section=section, part=part, document=document)


def section(module=None, draw=5, threshold=None, certainty=False, **fields):
    """A section with an empty bank."""
    number = next(numbers)
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
    number = next(numbers)
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
    values = {
        "origin": "article",
        "presented": "fact",
        "stands": "fact",
        "verdict": "confirmed",
        "testable": True,
        "checked": "record",
        "document": {"article": text("As written"), "finding": text("As found"), "note": text("As checked")},
        "checksum": "0" * 64,
    } | fields
    key = key or f"M{next(numbers):03}"
    return lessons.Claim.objects.create(module=section.module, section=section, key=key, **values)


def term(module, slug, name=None, kind="term", **document):
    """An entry of the glossary; `name` in one language or as {language: name}."""
    name = name if isinstance(name, dict) else both(name or slug.capitalize())
    document = {"kind": kind, "name": name, "meaning": text(f"What {slug} means"), **document}
    return lessons.Term.objects.create(module=module, slug=slug, document=document)


def reference(module, slug=None, **fields):
    """A newspaper's page that was read; `fields` of its document."""
    number = next(numbers)
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
