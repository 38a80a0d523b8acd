"""The words of a text as the index of search holds them, and of a query; what a hit shows. Pure (decision 0032)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import Protocol, TypeVar

from accounts.folding import folded
from lessons.content.languages import rules

Excerpt = list[tuple[str, bool]]


class HasWords(Protocol):
    """A passage, as content or as a row: the words of its heading and of its text, as `indexed` returns them."""

    @property
    def heading(self) -> str: ...

    @property
    def words(self) -> str: ...


Text = TypeVar("Text", bound=HasWords)

MOST_TERMS = 8
SHORTEST = 2  # signs; shorter, a term would be found in every text
LONGEST_WORD = 64  # signs; PostgreSQL refuses a word of 2 KB
VOCABULARY = 2**14  # words whose forms are kept: more than a module has in one language
AROUND = 12  # words shown before and after the first hit
# All but a single space; no-break spaces hold a word together: « Wagner », 1 000.
BREAKS = re.compile(r"[\t\r\n\f\v][ \t\r\n\f\v]*| [ \t\r\n\f\v]+")
BETWEEN = re.compile(r"[\W_]+")
HOLD = "\u202f"
# Read after NFKC, which makes every space a plain one. What is below one has decimals: 0,174 is no 174.
THOUSANDS = r"[1-9]\d{0,2}(?:[ .,'’]\d{3})+"
FIGURE = re.compile(
    r"(?<![\w.,])(?:"
    r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?!\d)"
    r"|(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>\d{4})(?!\d)"
    rf"|(?P<whole>{THOUSANDS}|\d+)(?:[.,](?P<decimals>\d+))?(?!\d|[.,]\d)"
    r")"
)
SPACED_THOUSANDS = re.compile(r"[1-9](?<![\w.,].)\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)")
YEAR = re.compile(r"\d{4}")
DIGIT = re.compile(r"\d")


def terms_of(query: str) -> list[str]:
    """Return the words of a query as the index holds them, each once: at most MOST_TERMS, none of one sign."""
    terms = (word for word in _words(query) if len(word) >= SHORTEST)
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def is_whole(term: str) -> bool:
    """Return whether a term is found as a whole word only: of two signs, a figure, a scope. Others begin a word."""
    return len(term) <= SHORTEST or term[0].isdecimal() or term[0] == "."


def scope(module: str, language: str) -> str:
    """Return the word that all texts of a module in one language have, and no query: no other begins with a stop."""
    return f".{module}.{language}"


def spaced(text: str) -> str:
    """Return the text with one space between two words; none that could break stands inside a number."""
    text = SPACED_THOUSANDS.sub(lambda number: HOLD.join(number[0].split()), text)
    return BREAKS.sub(" ", text.strip())


def indexed(text: str, language: str) -> str:
    """Return the words by which a `spaced` text is found: a line for each word of the text, a space around each word.

    A line holds all ways in which its word may be typed: a number with and without its separators, a day as it is
    written and as 2012-03-22. It is empty for a dash.
    """
    words = text.split(" ")
    lines = [_line(word) for word in words]
    for day in _days(language).finditer(text) if YEAR.search(text) else ():
        month = 1 + [name.casefold() for name in rules(language).months].index(day["month"].casefold())
        forms = [f"{day['year']}-{month:02}"]
        if day["day"]:
            forms.append(f"{forms[0]}-{int(day['day']):02}")
        for at in range(_begun(text, day.start()), _begun(text, day.end())):
            lines[at] = _spaced_out([*lines[at].split(), *forms])
    return "\n".join(lines)


def words_of(texts: Iterable[str], language: str) -> str:
    """Return the words of some texts, each once, in the form of `indexed`."""
    return words_in(indexed(spaced(text), language) for text in texts)


def words_in(lines: Iterable[str]) -> str:
    """Return the words of what `indexed` returned, each once, in that form."""
    return f" {' '.join(dict.fromkeys(' '.join(lines).split()))} "


def best_first(groups: Iterable[Sequence[Text]], terms: Sequence[str]) -> list[Sequence[Text]]:
    """Return groups of passages by how many terms a heading has, then by hits; equals stay as they stand."""
    needles = [_needle(term) for term in terms]

    def place(group: Sequence[Text]) -> tuple[int, int]:
        headings = hits = 0
        for passage in group:
            headings = max(headings, sum(map(passage.heading.__contains__, needles)))
            hits += sum(map(passage.words.count, needles))
        return headings, hits

    return sorted(groups, key=place, reverse=True)


def best_passage(passages: Sequence[Text], terms: Sequence[str]) -> Text:
    """Return the passage whose text has the most of the terms, then the most often; the first of equals."""
    needles = [_needle(term) for term in terms]

    def place(passage: Text) -> tuple[int, int]:
        hits = list(map(passage.words.count, needles))
        return sum(map(bool, hits)), sum(hits)

    return max(passages, key=place)


def has_all(passage: Text, terms: Sequence[str]) -> bool:
    """Return whether the passage's own text has every term."""
    return all(_needle(term) in passage.words for term in terms)


def excerpt(text: str, words: str, terms: Sequence[str]) -> Excerpt:
    """Return [(words, whether a term is in them)] around the first hit; from the beginning where there is none.

    `words` is `indexed` of the `text`.
    """
    shown, lines = text.split(" "), words.split("\n")
    needles = [_needle(term) for term in terms]
    first = min((at for needle in needles if (at := words.find(needle)) >= 0), default=0)
    middle = words.count("\n", 0, first)
    start, end = max(middle - AROUND, 0), middle + AROUND + 1
    hits = {at for needle in needles for at, line in enumerate(lines[start:end], start) if needle in line}
    pieces: Excerpt = [("…", False)] if start else []
    for is_hit, run in groupby(range(start, min(end, len(shown))), key=hits.__contains__):
        pieces.append((" ".join(map(shown.__getitem__, run)), is_hit))
    if end < len(shown):
        pieces.append(("…", False))
    return pieces


def _needle(term: str) -> str:
    """Return what stands in `indexed` text where the term is found."""
    return f" {term} " if is_whole(term) else f" {term}"


@lru_cache(VOCABULARY)
def _line(word: str) -> str:
    """Return the line of one word of a text: its forms, as it would be asked for and as it is written."""
    if not DIGIT.search(word) and unicodedata.is_normalized("NFKC", word):  # most words, whose two forms are one
        return _spaced_out(_plain(word))
    forms = _words(word)
    for figure in FIGURE.finditer(unicodedata.normalize("NFKC", word)):
        if figure["month"]:
            forms.append(f"{figure['year']}-{figure['month']}")
    return _spaced_out([*forms, *_plain(word)])


def _spaced_out(forms: Iterable[str]) -> str:
    """Return the forms, each once, with a space around each; nothing of none."""
    line = " ".join(dict.fromkeys(forms))
    return f" {line} " if line else ""


def _begun(text: str, end: int) -> int:
    """Return how many words of a text begin before that place."""
    return 1 + text.count(" ", 0, end - 1) if end else 0


def _words(text: str) -> list[str]:
    """Return the words of a text, its figures in one form: 1000 for 1,000 and 1 000, 3.5 for 3,5, 2012-03-22."""
    text = unicodedata.normalize("NFKC", text)
    words, done = [], 0
    for figure in FIGURE.finditer(text):
        words += [*_plain(text[done : figure.start()]), _figure(figure)[:LONGEST_WORD]]
        done = figure.end()
    return words + _plain(text[done:])


def _figure(figure: re.Match[str]) -> str:
    if figure["year"]:
        return figure[0]
    if figure["y"]:
        return f"{figure['y']}-{int(figure['m']):02}-{int(figure['d']):02}"
    whole = re.sub(r"\D", "", figure["whole"])
    return f"{whole}.{figure['decimals']}" if figure["decimals"] else whole


def _plain(text: str) -> list[str]:
    """Return the folded words of a text, letters and digits alone: an apostrophe parts two words as a dash does."""
    text = folded(text)
    words = [text] if text.isalnum() else BETWEEN.split(text)
    return [word[:LONGEST_WORD] for word in words if word]


@cache
def _days(language: str) -> re.Pattern[str]:
    """Return what finds “22 March 2012” and “March 2012” in a language whose months are known."""
    months = "|".join(rules(language).months)
    pattern = rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?\s)?(?P<month>{months})\s(?P<year>\d{{4}})\b"
    return re.compile(pattern if months else r"(?!)", re.IGNORECASE)
