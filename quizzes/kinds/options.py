"""Options to choose from, as items of one right answer or of several have them. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lessons.content import HABITS
from lessons.content.languages import rules
from lessons.content.source import Entry
from quizzes.kinds.base import Feedback, rows


class Options(NamedTuple):
    """The tables [[item.option]]: options with ids and texts, ids of the keys, feedback and habits by id."""

    options: list[dict[str, Any]]
    keys: list[str]
    feedback: Feedback
    habits: dict[str, str]


def read_options(entry: Entry, least: int) -> Options:
    """Return the options of an item, `least` to 8; a wrong one may say which habit its choice misses."""
    read = Options([], [], {}, {})
    for row, option, text in rows(entry, "option", least, 8):
        read.options.append({"id": option, "text": text})
        read.feedback[option] = row.text("feedback")
        habit = row.one_of("habit", HABITS, required=False)
        if row.flag("key"):
            read.keys.append(option)
            if habit:
                row.error("a right option misses no habit", "habit")
        elif habit:
            read.habits[option] = habit
        row.done()
    return read


def option_rows(
    options: list[dict[str, Any]], keys: list[str], feedback: Feedback, language: str
) -> list[dict[str, Any]]:
    """Return options as the page of an item lists them: text, whether it is a key, and feedback."""
    return [
        {
            "text": option["text"][language],
            "is_key": option["id"] in keys,
            "feedback": feedback.get(option["id"], {}).get(language, ""),
        }
        for option in options
    ]


def lint_options(options: list[dict[str, Any]], keys: list[str], most: int = 5) -> Iterator[str]:
    """Yield the item-writing faults of options, as sentences (quality L11)."""
    if not 3 <= len(options) <= most:
        yield f"{len(options)} options; 3 to {most} are best"
    for language in options[0]["text"] if options else ():
        texts = {option["id"]: option["text"][language] for option in options}
        longest = {
            is_key: max((len(text) for option, text in texts.items() if (option in keys) == is_key), default=0)
            for is_key in (True, False)
        }
        if longest[False] and longest[True] > 1.5 * longest[False]:
            yield f"the key is over 1.5 times as long as the longest distractor ({language})"
        absolute = {option for option, text in texts.items() if rules(language).absolute.search(text)}
        if absolute and not absolute & set(keys):
            yield f"absolute words stand only in distractors ({language})"
        if any(rules(language).all_of.search(text) for text in texts.values()):
            yield f"an option says all or none of the above ({language})"


def lint_form(options: list[dict[str, Any]], key: str) -> Iterator[str]:
    """Yield what the form of options tells of the one key (quality T6), as sentences."""
    for language in options[0]["text"] if options else ():
        texts = {option["id"]: option["text"][language] for option in options}
        words = rules(language)
        semicolons = _having(texts, re.compile(";"))
        if 0 < len(semicolons) < min(3, len(texts)):
            yield f"a semicolon stands in {len(semicolons)} of {len(texts)} options: in none, or in three ({language})"
        numbered = _having(texts, re.compile(r"\d"))
        if len(texts) > 2 and len(numbered) in (1, len(texts) - 1):
            yield f"numbers tell one option from the {len(texts) - 1} others ({language})"
        if (argued := _having(texts, words.because)) and key not in argued:
            yield f"distractors say why, and the key does not ({language})"
        if _having(texts, words.hedge) == {key}:
            yield f"the key alone is careful ({language})"


def _having(texts: Mapping[str, str], pattern: re.Pattern[str]) -> set[str]:
    """Return the ids of the texts in which the pattern is found."""
    return {option for option, text in texts.items() if pattern.search(text)}
