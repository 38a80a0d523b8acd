"""Text files that know their lines: TOML tables, problems found in them, checksums. Pure."""

import datetime
import hashlib
import json
import math
import os
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, overload

import tomli

from lessons.content.languages import KNOWN, rules
from lessons.content.parity import differences, misquoted
from lessons.content.wording import mark_in, wording

HEADER = re.compile(r"^\s*\[{1,2}\s*([\w.-]+)\s*\]{1,2}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
LONGEST_SLUG = 50  # characters; what stands in an address is a column
LONGEST_ANCHOR = 80  # characters of an anchor, and of an item's slug
MOMENT = r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
# Signs that no text has, as they are or as TOML writes them: a letter that was lost, and those that steer a machine, of
# which no database keeps NUL and no feed any.
BROKEN = re.compile(
    r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\\](?:"  # looked for first: few signs of a text are any of these
    r"(?<!\\)"
    r"|(?<!\\\\)(?:\\\\)*(?:[bf]|(?:u00|U000000)(?:0[0-8bcefBCEF]|1[0-9a-fA-F]|7[fF])|u[Ff]{3}[Dd]))"
)
Quotation = dict[str, str]  # the same words in each language, as `parity.quoted` gives them
Value = TypeVar("Value")
Default = TypeVar("Default")


@dataclass(frozen=True)
class Problem:
    """Something to put right in a content file; a warning does not stop the load."""

    path: str
    line: int
    text: str
    warning: bool = False

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        return f"{self.path}:{self.line}: {kind}{self.text}"


class Problems(list[Problem]):
    """The problems of one reading, in the order in which they were found.

    `languages` are those of the module that is read, the first of them the one that the others are compared with;
    `quotations` those of the article that it reads.
    """

    def __init__(self, languages: Sequence[str] = KNOWN) -> None:
        super().__init__()
        self.languages = tuple(languages)
        self.quotations: list[Quotation] = []

    def error(self, path: Path | str, line: int, text: str) -> None:
        self.append(Problem(str(path), line, text))

    def warn(self, path: Path | str, line: int, text: str) -> None:
        self.append(Problem(str(path), line, text, warning=True))

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self if not problem.warning]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self if problem.warning]


def checksum(document: Any) -> str:
    """Return the SHA-256 (64 hex digits) of a string, or of a JSON document whatever the order of its keys."""
    text = document if isinstance(document, str) else json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_there(path: Path) -> bool:
    """Return whether a file of that name stands there, be it a link that leads nowhere: reading it tells."""
    return os.path.lexists(path)


def read_text(path: Path, problems: Problems) -> str | None:
    """Return the text of a file, or None with a problem noted."""
    if path.exists() and not path.is_file():
        problems.error(path, 1, "this is a folder or a device; a file of text should stand here")
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
        for sign in BROKEN.finditer(text):
            problems.error(path, text.count("\n", 0, sign.start()) + 1, "a letter is broken here; type it again")
        return text
    except FileNotFoundError:
        problems.error(path, 1, "this file is missing")
    except UnicodeDecodeError as error:
        problems.error(path, 1, f"this file is not UTF-8 (byte {error.start}); save it as UTF-8")
    except OSError as error:
        problems.error(path, 1, f"this file cannot be read: {error.strerror}")
    return None


def impossible(date: str) -> str:
    """Return what is wrong with a content date that is well written: no such day, or an end before its beginning."""
    for part in date.split(", "):
        first, _, last = part.partition("/")
        for moment in (first, last):
            try:
                datetime.date(*(*(int(number) for number in moment.split("-")), 1, 1)[:3]) if moment else None
            except ValueError:
                return f"there is no {moment}"
        if first and last and first[: len(last)] > last[: len(first)]:
            return f"{part} ends before it begins"
    return ""


def read_toml(path: Path, problems: Problems) -> "Entry":
    """Return the file's top Entry; empty, with a problem noted, where the file cannot be read."""
    text = read_text(path, problems)
    data = {}
    if text is not None:
        try:
            data = tomli.loads(text)
        except tomli.TOMLDecodeError as error:
            at = re.search(r"at line (\d+)", str(error))
            lines = text.count("\n") + 1
            problems.error(path, int(at[1]) if at else lines, f"this is not TOML: {error}")
        except (ValueError, RecursionError):  # of which the parser tells no line
            lengths = [len(line) for line in text.split("\n")]
            line = lengths.index(max(lengths)) + 1
            problems.error(path, line, "a number is too long here, or too many tables or lists stand in each other")
    return Entry(path, data, Lines(text or ""), 0, problems)


class Lines(list[str]):
    """The lines of a TOML file; `headers` is {name of a table: [its lines, counted from 0]}, looked for once."""

    def __init__(self, text: str) -> None:
        super().__init__(text.split("\n"))  # as TOML and editors count them
        self.headers: dict[str, list[int]] = {}
        for index, line in enumerate(self):
            if header := HEADER.match(line):
                self.headers.setdefault(header[1], []).append(index)


class Entry:
    """One table of a TOML file.

    Each question notes what is wrong with its file and line, and then returns a harmless value, so that one reading
    finds every problem; `done` refuses whatever nothing asked for.
    """

    def __init__(
        self, path: Path, data: dict[str, Any], lines: Lines, start: int, problems: Problems, prefix: str = ""
    ) -> None:
        self.path, self.data, self.lines, self.start = path, data, lines, start
        self.problems, self.prefix = problems, prefix
        self.asked: set[str] = set()

    def line(self, key: str | None = None) -> int:
        """Return the line, from 1, on which `key` stands, also as a header; else the one on which the table opens."""
        if key:
            pattern = re.compile(rf'^\s*"?{re.escape(key)}"?\s*(\.|=)')
            for number in range(self.start, len(self.lines)):
                if number > self.start and HEADER.match(self.lines[number]):
                    break
                if pattern.match(self.lines[number]):
                    return number + 1
        return (self._headers(key, 1) if key in self.data else self.start) + 1

    def error(self, text: str, key: str | None = None) -> None:
        self.problems.error(self.path, self.line(key), text)

    def warn(self, text: str, key: str | None = None) -> None:
        self.problems.warn(self.path, self.line(key), text)

    def value(
        self,
        key: str,
        kind: type[Value] | tuple[type[Value], ...],
        what: str,
        default: Default,
        required: bool = True,
    ) -> Value | Default:
        """Return the value of that kind; `default` where it is missing, or of another kind than `what` says."""
        self.asked.add(key)
        value = self.data.get(key)
        if value is None:
            if required:
                self.error(f"“{key}” is missing", key)
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.error(f"“{key}” should be {what}", key)
            return default
        if isinstance(value, float) and not math.isfinite(value):
            self.error(f"“{key}” should be {what}, not {value}", key)
            return default
        return value

    @overload
    def string(self, key: str, default: str = "", required: bool = True) -> str: ...

    @overload
    def string(self, key: str, default: None, required: bool = True) -> str | None: ...

    def string(self, key: str, default: str | None = "", required: bool = True) -> str | None:
        value = self.value(key, str, "a text in quotation marks", default, required)
        if required and isinstance(self.data.get(key), str) and not (value or "").strip():
            self.error(f"“{key}” is empty", key)
        return value

    def slug(self, key: str, longest: int = LONGEST_SLUG) -> str:
        value = self.string(key)
        if value and not SLUG.match(value):
            self.error(f"“{value}”: use small letters, digits and single hyphens", key)
        elif len(value) > longest:
            self.error(f"“{key}” has {len(value)} characters; it has at most {longest}", key)
        return value

    def one_of(self, key: str, allowed: Sequence[str], required: bool = True) -> str | None:
        """Return one of the words that are allowed; None for another one, and where it is missing."""
        value = self.string(key, None, required)
        if value is not None and value not in allowed:
            self.error(f"“{key}” is “{value}”; it should be one of: {', '.join(allowed)}", key)
            return None
        return value

    @overload
    def whole(self, key: str, low: int, high: int, default: int, required: bool = True) -> int: ...

    @overload
    def whole(self, key: str, low: int, high: int, default: None = None, required: bool = True) -> int | None: ...

    def whole(self, key: str, low: int, high: int, default: int | None = None, required: bool = True) -> int | None:
        value = self.value(key, int, "a whole number", default, required)
        if value is not None and not low <= value <= high:
            self.error(f"“{key}” is {value}; it should lie between {low} and {high}", key)
            return default
        return value

    @overload
    def share(self, key: str, default: float, required: bool = True) -> float: ...

    @overload
    def share(self, key: str, default: None = None, required: bool = True) -> float | None: ...

    def share(self, key: str, default: float | None = None, required: bool = True) -> float | None:
        value = self.value(key, (int, float), "a number from 0 to 1", default, required)
        if value is not None and not 0 < value <= 1:
            self.error(f"“{key}” is {value}; it should lie above 0 and up to 1", key)
            return default
        return value

    def degrees(self, key: str, required: bool = True) -> float | None:
        """Return a latitude or longitude, `lat` or `lon`."""
        value = self.value(key, (int, float), "degrees, such as 14.5", None, required)
        most = 90 if key == "lat" else 180
        if value is not None and not -most <= value <= most:
            self.error(f"“{key}” is {value}; it should lie between -{most} and {most}", key)
            return None
        return value

    def flag(self, key: str, default: bool = False, required: bool = False) -> bool:
        return self.value(key, bool, "true or false", default, required)

    def day(self, key: str) -> datetime.date | None:
        what = "a date without quotation marks, such as 2026-11-23"
        value = self.value(key, datetime.date, what, None)
        if isinstance(value, datetime.datetime):
            self.error(f"“{key}” should be {what}", key)
            return None
        return value

    def strings(self, key: str, required: bool = True) -> list[str]:
        value: list[Any] = self.value(key, list, "a list of texts", [], required)
        if not all(isinstance(item, str) for item in value):
            self.error(f"“{key}” should be a list of texts", key)
            return []
        if len(set(value)) < len(value):
            self.error(f"“{key}” names something twice", key)
        return value

    def text(self, key: str, required: bool = True) -> dict[str, str]:
        """Return a text in every language of the module, typeset: {language: text}; {} where it may lack and does."""
        languages = self.problems.languages
        what = f"a text in each language: {' and '.join(f'{key}.{language}' for language in languages)}"
        value: dict[str, Any] | None = self.value(key, dict, what, None, required)
        if value is None:
            return dict.fromkeys(languages, "") if required else {}
        for language in value:
            if language not in languages:
                self.error(f"“{key}.{language}”: the languages are {', '.join(languages)}", key)
        for language in languages:
            if not isinstance(value.get(language), str) or not value[language].strip():
                self.error(f"“{key}.{language}” is missing or empty", key)
                return dict.fromkeys(languages, "")
        texts = {language: rules(language).typeset(value[language]) for language in languages}
        self._compare(key, texts)
        return texts

    def _compare(self, key: str, texts: dict[str, str]) -> None:
        """Note where the languages differ in numbers or quotations, and what is oddly worded or shown as it stands."""
        for difference in [*differences(texts), *misquoted(texts, self.problems.quotations)]:
            self.error(f"“{key}”: {difference}", key)
        for language, text in texts.items():
            for sentence in wording(text, language):
                self.warn(f"“{key}.{language}”: {sentence}", key)
            if mark := mark_in(text):
                self.warn(
                    f"“{key}.{language}”: “{mark}” is shown as it stands; only lessons and sheets have marks", key
                )

    def phrase(self, key: str, required: bool = True) -> dict[str, str]:
        """Return a text in every language of the module, where a plain one is the same in all, such as a name."""
        if isinstance(self.data.get(key), str):
            return dict.fromkeys(self.problems.languages, self.string(key))
        return self.text(key, required)

    def texts(self, key: str) -> dict[str, list[str]]:
        """Return optional lists in every language of the module: {language: [text, …]}."""
        languages = self.problems.languages
        what = f"lists of texts in each language: {' and '.join(f'{key}.{language}' for language in languages)}"
        value: dict[str, Any] = self.value(key, dict, what, {}, required=False)
        for language, row in value.items():
            if language not in languages or not isinstance(row, list) or not all(isinstance(text, str) for text in row):
                self.error(f"“{key}” should be {what}", key)
                return {}
        return {
            language: [rules(language).typeset(text) for text in value.get(language, [])]
            for language in languages
            if value
        }

    def cells(self, key: str, count: int) -> list[dict[str, str]]:
        """Return the texts of a row in their order, as many as there are columns: [{language: text}, …].

        One may be empty, and is so in every language.
        """
        lists = self.texts(key)
        if not lists or any(len(row) != count for row in lists.values()):
            self.error(f"“{key}” has one text for each of the {count} columns, in each language", key)
            return []
        cells = [{language: row[number] for language, row in lists.items()} for number in range(count)]
        for number, texts in enumerate(cells, 1):
            if any(texts.values()) and not all(texts.values()):
                self.error(f"“{key}”: text {number} is empty in one language", key)
            else:
                self._compare(key, texts)
        return cells

    def entry(self, key: str, required: bool = True) -> "Entry":
        """Return the single table `[key]` of this one."""
        data: dict[str, Any] = self.value(key, dict, f"a table [{key}]", {}, required)
        return Entry(self.path, data, self.lines, self._headers(key, 1), self.problems, self._name(key))

    def entries(self, key: str, required: bool = True) -> list["Entry"]:
        """Return the tables `[[key]]` of this one, in their order."""
        what = f"one or more tables [[{self._name(key)}]]"
        rows: list[Any] = self.value(key, list, what, [], required)
        if not all(isinstance(row, dict) for row in rows):
            self.error(f"“{key}” should be {what}", key)
        return [
            Entry(self.path, row, self.lines, self._headers(key, number), self.problems, self._name(key))
            for number, row in enumerate(rows, 1)
            if isinstance(row, dict)
        ]

    def _name(self, key: str) -> str:
        return f"{self.prefix}.{key}" if self.prefix else key

    def _headers(self, key: str, number: int) -> int:
        """Return where the `number`th header of that name stands behind this table's own, counted from 0."""
        lines = self.lines.headers.get(self._name(key), [])
        index = bisect_left(lines, self.start + (1 if self.prefix else 0)) + number - 1
        return lines[index] if index < len(lines) else self.start

    def done(self) -> None:
        """Refuse every key that nothing asked for."""
        for key in self.data:
            if key not in self.asked:
                where = f" of [[{self.prefix}]]" if self.prefix else ""
                self.error(f"nothing is known of a key “{key}”{where}; is it misspelt, or below the wrong header?", key)


def unique(entries: Sequence[Entry], key: str = "id") -> None:
    """Note every id that stands a second time."""
    seen: dict[str, Entry] = {}
    for entry in entries:
        value = entry.data.get(key)
        if not isinstance(value, str):
            continue
        if value in seen:
            entry.error(f"“{value}” stands already in line {seen[value].line(key)}", key)
        seen.setdefault(value, entry)
