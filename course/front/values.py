"""Values that pages of the front door name and nobody types: counted in the ledger, measured, or set in the code."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext, override

from accounts.models.sign_ins import EVENT_LIFE, NAME_KEPT
from accounts.privacy import FEWEST_PEOPLE
from accounts.sessions import SHARED_LIFE
from course import VERSION
from lessons import days
from lessons.content import SIDES, VERDICTS
from lessons.content.languages import rules
from lessons.content.module import Module, Section, master
from lessons.content.source import Entry, Problems
from lessons.models.references import language_name
from quizzes import banks
from quizzes.kinds import KINDS
from quizzes.schedule import MOST_A_DAY

Value = int | Decimal | date | str | Sequence[str]
Values = Mapping[str, Value]
NAMED = re.compile(r"\{([a-z][a-z0-9_]*)\}")
WEIGHTS = ("first", "lesson", "quiz", "module")  # KB of a page or, of all lessons, MB: what `manage.py weigh` wrote


def values_of(module: Module, items_of: Mapping[str, list[banks.Item]], weights: Entry, stated_on: date) -> Values:
    """Return {name: value} of all that a page may name."""
    weighed = {f"weight_{name}": Decimal(str(weights.value(name, (int, float), "a number", 0))) for name in WEIGHTS}
    weighed_on = weights.day("weighed_on") or stated_on
    weights.done()
    return {
        **_ledger(module),
        **_course(module, items_of),
        **_settings(),
        **weighed,
        "weighed_on": weighed_on,
        "stated_on": stated_on,
        "as_of": module.as_of or stated_on,
        "read_to": date.fromisoformat(module.document["dates"]["read_to"] or str(stated_on)),
        "checked_on": date.fromisoformat(module.document["dates"]["checked_on"] or str(stated_on)),
        "upkeep_days": module.document["upkeep"]["days"] or 0,
    }


def _ledger(module: Module) -> dict[str, Value]:
    verdicts = Counter(claim.verdict for claim in module.claims.values() if claim.verdict)
    origins = Counter(claim.origin for claim in module.claims.values())
    sources = module.references.values()
    sides = Counter(source.document["side"] for source in sources)
    read = Counter(source.document["read"] for source in sources)
    return {
        "claims": len(module.claims),
        "checked": verdicts.total(),
        **{verdict: verdicts[verdict] for verdict in VERDICTS},
        "corrected": verdicts["imprecise"] + verdicts["wrong"],
        "omissions": origins["omission"],
        "developments": origins["development"],
        "sources": len(sources),
        "sources_read": sum(source.was_read for source in sources),
        "sources_whole": read["page"],
        "sources_part": read["excerpt"],
        "sources_unopened": read["address"],
        **{f"sources_{side}": sides[side] for side in SIDES},
        "copies": sum(source.document["copy"] for source in sources),
        "events": len(module.timeline.events),
        "terms": len(module.terms),
        "languages": module.languages,
    }


def _course(module: Module, items_of: Mapping[str, list[banks.Item]]) -> dict[str, Value]:
    """Return the sizes of the course; as on its pages, an item is taken to ask a minute."""
    asked = [section for section in module.sections if not section.document["optional"]]
    draws = [section.document["quiz"]["draw"] for section in module.sections]
    exam = len(asked) * module.document["exam"]["per_section"]
    minutes = sum(map(_minutes, module.sections))
    return {
        "sections": len(module.sections),
        "asked": len(asked),
        "lessons": sum(len(section.lessons) for section in module.sections),
        "labs": sum(section.quote is not None for section in module.sections),
        "items": sum(map(len, items_of.values())),
        "kinds": len(KINDS),
        "minutes": minutes,
        "first_minutes": sum(map(_minutes, module.sections[:1])),
        "hours": round((minutes + sum(draws) + exam) / 60),
        "draw": Counter(draws).most_common(1)[0][0] if draws else 0,
        "threshold": round(module.threshold * 100),
        "exam_items": exam,
    }


def _minutes(section: Section) -> int:
    """Return the minutes of a section's lessons, in the module's first language."""
    return sum(master(lesson.pages).minutes for lesson in section.lessons)


def _settings() -> dict[str, Value]:
    return {
        "review_most": MOST_A_DAY,
        "guest_days": settings.SESSION_COOKIE_AGE // (24 * 3600),
        "shared_hours": SHARED_LIFE.seconds // 3600,
        "event_days": EVENT_LIFE.days,
        "name_days": NAME_KEPT.days,
        "fewest": FEWEST_PEOPLE,
        "version": VERSION,
    }


def in_words(value: Value, language: str) -> str:
    """Return a value as that language writes it."""
    with override(language):
        if isinstance(value, date):
            return days.in_words(value)
        if isinstance(value, int | Decimal):
            return rules(language).typeset(str(number_format(value, use_l10n=True, force_grouping=True)))
        if isinstance(value, str):
            return value
        return str(get_text_list([language_name(code) for code in value], gettext("and")))


def filler(values: Values, problems: Problems) -> Callable[[Path, str, str], str]:
    """Return what puts the values into a text that names them in braces; an unknown name is noted with its line."""

    def fill(path: Path, text: str, language: str) -> str:
        for found in NAMED.finditer(text):
            if found[1] not in values:
                known = ", ".join(sorted(values))
                line = text.count("\n", 0, found.start()) + 1
                problems.error(path, line, f"no value is called “{found[1]}” ({known})")
        return NAMED.sub(lambda found: in_words(values[found[1]], language) if found[1] in values else found[0], text)

    return fill


def fill_texts(row: Any, values: Values, entry: Entry) -> Any:
    """Return texts of a table, however deep, with the values put into each {language: text}."""
    if isinstance(row, list):
        return [fill_texts(part, values, entry) for part in row]
    if isinstance(row, dict):
        return {
            key: _fill(text, values, key, entry) if isinstance(text, str) else fill_texts(text, values, entry)
            for key, text in row.items()
        }
    return row


def _fill(text: str, values: Values, language: str, entry: Entry) -> str:
    return filler(values, entry.problems)(entry.path, text, language)
