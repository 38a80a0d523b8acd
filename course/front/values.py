"""Values that pages of the front door name and nobody types: counted in the ledger, measured, or set in the code."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import repeat
from math import ceil, floor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext, override

from accounts.models.sign_ins import EVENT_LIFE, NAME_KEPT
from accounts.privacy import FEWEST_PEOPLE
from accounts.sessions import SHARED_LIFE
from cohorts import ending
from course import VERSION
from lessons import days
from lessons.content import SIDES, VERDICTS
from lessons.content.languages import rules
from lessons.content.module import Module, Section
from lessons.content.source import Entry, Problems
from lessons.models.references import language_name
from quizzes import banks
from quizzes.kinds import KINDS
from quizzes.schedule import MOST_A_DAY

Value = int | Decimal | date | str | Sequence[str]
Values = Mapping[str, Value]
# Whatever stands in braces, but an anchor, was meant as a value: {Lessons} and { lessons } too are told.
NAMED = re.compile(r"\{(?!#)([^{}\n]*)\}")
# What `manage.py weigh` wrote: KB of a page, MB of all lessons and of the whole course.
WEIGHTS = ("first", "lesson", "quiz", "module", "course")


def values_of(module: Module, items_of: Mapping[str, list[banks.Item]], weights: Entry, stated_on: date) -> Values:
    """Return {name: value} of all that a page may name; weights are 0 until somebody has weighed."""
    is_weighed = bool(weights.data)
    numbers = {name: weights.value(name, (int, float), "a number", 0, is_weighed) for name in WEIGHTS}
    for name in (name for name, number in numbers.items() if is_weighed and number <= 0):
        weights.error(f"“{name}” should be above 0: manage.py weigh writes it", name)
    weighed_on = (weights.day("weighed_on") if is_weighed else None) or stated_on
    weights.done()
    return {
        **_ledger(module),
        **_course(module, items_of),
        **known_values(),
        "languages": [code for code in module.languages if code in dict(settings.LANGUAGES)] or module.languages,
        **{f"weight_{name}": Decimal(str(number)) for name, number in numbers.items()},
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
    }


def _course(module: Module, items_of: Mapping[str, list[banks.Item]]) -> dict[str, Value]:
    """Return the sizes of the course; as on its pages, an item of a quiz or an exam is taken to ask a minute."""
    asked = [section for section in module.sections if not section.document["optional"]]
    draws = [section.document["quiz"]["draw"] for section in module.sections]
    exam = len(asked) * module.document["exam"]["per_section"]
    minutes = [sum(map(_minutes, module.sections, repeat(language))) for language in module.languages]
    quizzes = sum(draws) + exam
    return {
        "sections": len(module.sections),
        "asked": len(asked),
        "lessons": sum(len(section.lessons) for section in module.sections),
        "labs": sum(section.quote is not None for section in module.sections),
        "items": sum(map(len, items_of.values())),
        "kinds": len(KINDS),
        "hours": floor((min(minutes) + quizzes) / 60),
        "hours_most": ceil((max(minutes) + quizzes) / 60),
        "first_minutes": sum(_minutes(section, module.languages[0]) for section in module.sections[:1]),
        "draw": Counter(draws).most_common(1)[0][0] if draws else 0,
        "threshold": round(module.threshold * 100),
        "exam_items": exam,
    }


def _minutes(section: Section, language: str) -> int:
    """Return the minutes of a section's lessons in that language."""
    return sum(lesson.pages[language].minutes for lesson in section.lessons)


def known_values() -> dict[str, Value]:
    """Return the values that the code and the settings know, whatever the module."""
    return {
        "site_languages": [code for code, _name in settings.LANGUAGES],
        "review_most": MOST_A_DAY,
        "guest_days": settings.SESSION_COOKIE_AGE // (24 * 3600),
        "shared_hours": int(SHARED_LIFE.total_seconds()) // 3600,
        "event_days": EVENT_LIFE.days,
        "name_days": NAME_KEPT.days,
        "cohort_days": ending.KEPT.days,
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
        for match in NAMED.finditer(text):
            if match[1] not in values:
                problems.error(path, text.count("\n", 0, match.start()) + 1, unknown(match[1], values))
        return put(text, values, language)

    return fill


def unknown(name: str, values: Values) -> str:
    """Return what to tell of a name that no value has."""
    known = ", ".join(sorted(values)) or "a module without front/ has no values"
    return f"no value is called “{name}” ({known})"


def put(text: str, values: Values, language: str) -> str:
    """Return a text with the values in the places of their names."""
    return NAMED.sub(lambda match: in_words(values[match[1]], language) if match[1] in values else match[0], text)


def fill_texts(row: Any, values: Values, entry: Entry, key: str = "") -> Any:
    """Return a table, however deep, with the values put into each {language: text}; `key` is where it stands."""
    if isinstance(row, list):
        return [fill_texts(part, values, entry, key) for part in row]
    if not isinstance(row, dict):
        return row
    languages = entry.problems.languages
    return {
        name: _fill(part, values, name, entry, key)
        if name in languages and isinstance(part, str)
        else fill_texts(part, values, entry, name)
        for name, part in row.items()
    }


def _fill(text: str, values: Values, language: str, entry: Entry, key: str) -> str:
    for name in dict.fromkeys(NAMED.findall(text)):
        if name not in values:
            entry.error(unknown(name, values), key)
    return put(text, values, language)
