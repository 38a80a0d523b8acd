"""Whether two languages give the same numbers, dates and quotations, each read by its own rules. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache

from lessons.content.languages import KNOWN, rules

Named = Decimal | tuple[str, int]  # a number, or ("month", which from 1)

DIGIT = re.compile(r"\d")
DIGITS = {"I": 1, "V": 5, "X": 10}
QUOTED = re.compile(r"“([^”]*)”|«([^»]*)»")
# A name, written alike everywhere. What it begins with is looked at first.
VERSION = re.compile(r"[WCMVv](?<=\b.)(?:(?<=W)CAG|(?<=C)C BY-SA|(?<=M)oodle|(?<=[Vv])ersion)[ \u00a0]\d+(?:\.\d+)+")
CLAIM = re.compile(r"\[\^[A-Z]\d+\]|\]\([^)]*\)|\{#[^}]*\}")


def values(text: str, language: str) -> Counter[Named]:
    """Count the numbers and months that a text names: 1,277 and 1 277 are one value, as are 19th and XIXe.

    A month counts only beside a day or a year, since "May" and « mars » are other words too. Marks are left out, and so
    are versions, such as WCAG 2.2.
    """
    return Counter(_named(text, language))


def _named(text: str, language: str) -> list[Named]:
    """Return what `values` counts, in an order of its own."""
    language_rules = rules(language)
    text = CLAIM.sub(" ", text) if "]" in text or "{" in text else text
    has_digits = DIGIT.search(text) is not None  # most texts have none, and so no number, and no day beside a month
    text = VERSION.sub(" ", text) if has_digits else text
    named: list[Named] = [Decimal(_roman(match[1])) for match in language_rules.romans.finditer(text)]
    if has_digits:
        months, small = _months(language), text.casefold()
        is_dated = any(month in small for month in months)
        for match in language_rules.finds_months.finditer(text) if is_dated else ():
            named.append(("month", months[(match[1] or match[2]).casefold()]))
        named += [language_rules.decimal(match[0]) for match in language_rules.numbers.finditer(text)]
    return named


@cache
def _months(language: str) -> dict[str, int]:
    """Return {a month in small letters: its number, from 1}."""
    return {month.casefold(): number for number, month in enumerate(rules(language).months, 1)}


def differences(texts: dict[str, str]) -> list[str]:
    """Return what the first text says and another does not, or the other way, as sentences; empty where all agree.

    `texts` is {language: text}. Only languages whose rules are written down are compared.
    """
    known = [language for language in texts if language in KNOWN]
    pairs = [(known[0], other) for other in known[1:]]
    return [sentence for one, other in pairs for sentence in _differences(one, texts[one], other, texts[other])]


def _differences(one: str, text: str, other: str, its: str) -> list[str]:
    ours, theirs = _named(text, one), _named(its, other)
    if ours == theirs:  # as of nearly all texts, so that nothing has to be counted
        return []
    first, second, names = Counter(ours), Counter(theirs), (rules(one).name, rules(other).name)
    missing = [f"the {names[0]} says {_in_words(value, one)} where the {names[1]} does not" for value in first - second]
    more = [f"the {names[1]} says {_in_words(value, one)} where the {names[0]} does not" for value in second - first]
    return missing + more


def _in_words(value: Named, language: str) -> str:
    return rules(language).months[value[1] - 1] if isinstance(value, tuple) else f"{value:f}"


def _roman(text: str) -> int:
    total = 0
    for letter, following in zip(text, text[1:] + " ", strict=True):
        value = DIGITS[letter]
        total += -value if value < DIGITS.get(following, 0) else value
    return total


def quoted(text: str) -> list[str]:
    """Return what a text has in quotation marks, as it is compared: without outer signs, spaces as one, small."""
    runs = (match[1] or match[2] or "" for match in QUOTED.finditer(text))
    return [re.sub(r"\s+", " ", run.replace("'", "’")).strip(" .,;:!?…").casefold() for run in runs]


def misquoted(texts: Mapping[str, str], quotations: Sequence[Mapping[str, str]]) -> list[str]:
    """Return, as sentences, which of the article's quotations one language has and another words otherwise.

    `texts` is {language: text}, each of `quotations` {language: words as `quoted` gives them}: the one wording of each.
    """
    first, *others = texts
    runs = quoted(texts[first])
    if not runs:
        return []
    translated = {language: quoted(texts[language]) for language in others}
    return [
        f"“{words[first]}” is quoted as “{words[language]}” ({language}, quotations.toml)"
        for words in quotations
        if words[first] in runs
        for language in others
        if words[language] not in translated[language]
    ]
