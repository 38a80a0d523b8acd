"""Options to choose from, as items of one right answer or of several have them. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lessons.content import HABITS
from lessons.content.languages import rules
from lessons.content.source import Entry
from quizzes.flaws import Flaw, gettext_noop
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


def lint_options(options: list[dict[str, Any]], keys: list[str], most: int = 5) -> Iterator[Flaw]:
    """Yield the item-writing flaws of options (quality L11)."""
    if not 3 <= len(options) <= most:
        yield Flaw(gettext_noop("%(count)d options: write 3 to %(most)d"), {"count": len(options), "most": most})
    for language in options[0]["text"] if options else ():
        values = {"language": language}
        texts = {option["id"]: option["text"][language] for option in options}
        longest = {
            is_key: max((len(text) for option, text in texts.items() if (option in keys) == is_key), default=0)
            for is_key in (True, False)
        }
        if longest[False] and longest[True] > 1.5 * longest[False]:
            yield Flaw(
                gettext_noop(
                    "the key is over 1.5 times as long as the longest distractor: shorten it, or say as much in a "
                    "distractor (%(language)s)"
                ),
                values,
            )
        absolute = _having(texts, rules(language).absolute)
        if absolute and not absolute & set(keys):
            yield Flaw(
                gettext_noop(
                    "absolute words stand only in distractors: take them out, or use one in the key too (%(language)s)"
                ),
                values,
            )
        if any(rules(language).all_of.search(text) for text in texts.values()):
            yield Flaw(
                gettext_noop("an option says all or none of the above: write what it stands for (%(language)s)"), values
            )


def lint_form(options: list[dict[str, Any]], key: str) -> Iterator[Flaw]:
    """Yield what the form of options tells of the one key (quality T6)."""
    for language in options[0]["text"] if options else ():
        texts = {option["id"]: option["text"][language] for option in options}
        words, values = rules(language), {"language": language, "all": len(texts), "others": len(texts) - 1}
        semicolons = _having(texts, re.compile(";"))
        if 0 < len(semicolons) < min(3, len(texts)):
            yield Flaw(
                gettext_noop(
                    "a semicolon stands in %(count)d of %(all)d options: put one in none, or in three (%(language)s)"
                ),
                values | {"count": len(semicolons)},
            )
        numbered = _having(texts, re.compile(r"\d"))
        if len(texts) > 2 and len(numbered) in (1, len(texts) - 1):
            yield Flaw(
                gettext_noop(
                    "numbers tell one option from the %(others)d others: give a number to all, or to none "
                    "(%(language)s)"
                ),
                values,
            )
        if (argued := _having(texts, words.because)) and key not in argued:
            yield Flaw(
                gettext_noop(
                    "distractors say why, and the key does not: give a reason in all, or in none (%(language)s)"
                ),
                values,
            )
        if _having(texts, words.hedge) == {key}:
            yield Flaw(
                gettext_noop("the key alone is careful: hedge a distractor as well, or the key no more (%(language)s)"),
                values,
            )


def _having(texts: Mapping[str, str], pattern: re.Pattern[str]) -> set[str]:
    """Return the ids of the texts in which the pattern is found."""
    return {option for option, text in texts.items() if pattern.search(text)}
