"""Whether two languages give the same numbers and dates, each read by its own rules. Pure."""

import re
from collections import Counter
from decimal import Decimal

MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}
Named = Decimal | tuple[str, int]  # a number, or ("month", which)

SPACE = r"[ \u00a0\u202f]"
NUMBER = {
    "en": re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"),
    "fr": re.compile(rf"(?<![\d,])\d{{1,3}}(?:{SPACE}\d{{3}})+(?:,\d+)?(?!\d)|\d+(?:,\d+)?"),
}
DAY = rf"\d{{1,2}}(?:er|st|nd|rd|th)?{SPACE}"
DATED = {
    language: re.compile(
        rf"\b({'|'.join(names)})(?={SPACE}\d{{4}})|{DAY}({'|'.join(names)})\b", re.I if language == "fr" else 0
    )
    for language, names in MONTHS.items()
}
ROMAN = re.compile(r"\b([IVX]+)(?=e\b|es\b|ᵉ)")
DIGITS = {"I": 1, "V": 5, "X": 10}
CLAIM = re.compile(r"\[\^[A-Z]\d+\]|\]\([^)]*\)|\{#[^}]*\}")


def values(text: str, language: str) -> Counter[Named]:
    """Count the numbers and months that a text names: 1,277 and 1 277 are one value, as are 19th and XIXe.

    A month counts only beside a day or a year, since "May" and « mars » are other words too. Marks are left out.
    """
    text = CLAIM.sub(" ", text)
    named: Counter[Named] = Counter()
    for match in DATED[language].finditer(text):
        month = (match[1] or match[2]).capitalize()
        named[("month", [name.capitalize() for name in MONTHS[language]].index(month) + 1)] += 1
    if language == "fr":
        for match in ROMAN.finditer(text):
            named[Decimal(_roman(match[1]))] += 1
    for match in NUMBER[language].finditer(text):
        named[_number(match[0], language)] += 1
    return named


def differences(english: str, french: str) -> list[str]:
    """Return what one text says and the other does not, each as a sentence; empty where they are equal."""
    en, fr = values(english, "en"), values(french, "fr")
    return [f"the English says {_in_words(value)} where the French does not" for value in en - fr] + [
        f"the French says {_in_words(value)} where the English does not" for value in fr - en
    ]


def _in_words(value: Named) -> str:
    return MONTHS["en"][value[1] - 1] if isinstance(value, tuple) else f"{value:f}"


def _number(text: str, language: str) -> Decimal:
    text = text.replace(",", "") if language == "en" else re.sub(SPACE, "", text).replace(",", ".")
    return Decimal(text).normalize()


def _roman(text: str) -> int:
    total = 0
    for letter, following in zip(text, text[1:] + " ", strict=True):
        value = DIGITS[letter]
        total += -value if value < DIGITS.get(following, 0) else value
    return total
