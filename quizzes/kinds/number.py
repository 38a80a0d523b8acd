"""A number, right within a tolerance; 3,5 and 3.5 are the same. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from accounts.folding import APOSTROPHES, QUOTE, cut, folded, is_unseen
from lessons.content.languages import rules
from lessons.content.source import Entry
from quizzes.flaws import Flaw, gettext_noop
from quizzes.kinds.base import Feedback, NotOnOffer, Parsed, Posted, Version, without, wrong_rows

OTHER = "other"
MOST_SIGNS = 20  # of a number, as it is stored
LONGEST = 60  # characters of what somebody typed: with more it is no number
PER_CENT = ("per cent", "percent", "pour cent", "pourcent")
SIGNS = {"−": "-", "٫": ".", "٬": "'", "，": ",", "．": ".", "＋": "+", "％": "%"}
SIGNS |= {chr(sign): QUOTE for sign in APOSTROPHES}
QUOTES = '"“”„«»‹› '  # around a number
OTHER_SHARES = ("‰", "‱")  # which are no per cent
THOUSANDS = re.compile(r"-?[1-9]\d{0,2}([.,]\d{3})+\Z")


class NotANumber(NotOnOffer):
    """What was typed and cannot be read as a number."""


class Number:
    name = "number"
    is_typed = False

    def parse(self, entry: Entry) -> Parsed:
        value, tolerance = _amount(entry, "value"), _amount(entry, "tolerance", default=0)
        if Decimal(tolerance) < 0:
            entry.error("a tolerance is 0 or more", "tolerance")
        feedback: Feedback = {OTHER: entry.text("feedback")}
        mistakes: list[dict[str, str]] = []
        for index, row in enumerate(entry.entries("mistake")):
            amount = _amount(row, "value")
            if abs(Decimal(amount) - Decimal(value)) <= Decimal(tolerance):
                row.error("this mistake lies within the tolerance, so it is right", "value")
            mistakes.append({"id": f"m{index}", "value": amount})
            feedback[f"m{index}"] = row.text("feedback")
            row.done()
        unit = entry.text("unit", required=False)
        version = {"value": value, "tolerance": tolerance, "unit": unit, "mistakes": mistakes, "shuffle": False}
        return Parsed(version, feedback)

    def pieces(self, version: Version) -> list[str]:
        return []

    def key(self, version: Version) -> str:
        return version["value"]

    def asked(self, version: Version, answer: str | None) -> tuple[Version, str | None]:
        return without(version, "value", "tolerance", "mistakes"), answer

    def show(self, version: Version, order: list[str], answer: str | None, name: str, language: str) -> dict[str, Any]:
        return {"name": name, "value": spoken(answer, language), "unit": version["unit"].get(language, "")}

    def read(self, version: Version, order: list[str], posted: Posted, name: str) -> str | None:
        text = cut(posted.get(name) or "").strip()
        units = version["unit"].values()
        return number(text, whole=Decimal(version["value"]) >= 1000, units=units) if text else None

    def sent(self, version: Version, order: list[str], answer: str | None, name: str) -> dict[str, str]:
        return {name: answer or ""}

    def accepts(self, version: Version, answer: object) -> bool:
        try:
            return isinstance(answer, str) and Decimal(answer).is_finite()
        except InvalidOperation:
            return False

    def mark(self, version: Version, answer: str) -> Fraction:
        return Fraction(abs(Decimal(answer) - Decimal(version["value"])) <= Decimal(version["tolerance"]))

    def guessing(self, version: Version) -> Fraction | None:
        return None

    def gaps(self, version: Version, answer: str | None) -> int:
        return int(answer is None)

    def review(
        self, version: Version, feedback: Feedback, order: list[str], answer: str | None, language: str
    ) -> dict[str, Any]:
        slips = {mistake["value"]: mistake["id"] for mistake in version["mistakes"]}
        slip = next((slips[value] for value in slips if answer and Decimal(value) == Decimal(answer)), OTHER)
        return {
            "given": spoken(answer, language),
            "right": spoken(version["value"], language),
            "tolerance": "" if Decimal(version["tolerance"]) == 0 else spoken(version["tolerance"], language),
            "unit": version["unit"].get(language, ""),
            "feedback": feedback.get(slip, {}).get(language, ""),
        }

    def sheet(self, version: Version, feedback: Feedback, language: str) -> list[dict[str, Any]]:
        unit, tolerance = version["unit"].get(language, ""), version["tolerance"]
        within = f" ± {spoken(tolerance, language)}" if Decimal(tolerance) else ""
        right = {"text": f"{spoken(version['value'], language)}{within} {unit}".strip(), "is_key": True}
        slips = [(f"{spoken(slip['value'], language)} {unit}".strip(), slip["id"]) for slip in version["mistakes"]]
        return [right, *wrong_rows([*slips, ("…", OTHER)], feedback, language)]

    def paper_key(self, version: Version, language: str) -> str:
        return self.sheet(version, {}, language)[0]["text"]

    def lint(self, version: Version) -> Iterator[Flaw]:
        if not version["mistakes"]:
            yield Flaw(gettext_noop("no usual mistake has feedback of its own: add the one that is made most"))


def number(text: str, whole: bool = False, units: Iterable[str] = ()) -> str:
    """Return what somebody typed as a canonical decimal ("3.5"); NotANumber else.

    Digits may be of any script, a minus any dash; spaces and quotes are left out, and so is what stands behind: a full
    stop, per cent as a sign or in words, one of the `units`. The last of comma and point parts the decimals, but groups
    of three are thousands where `whole` says that the item asks for a large number.
    """
    if len(text) > LONGEST:
        raise NotANumber(text[:20])
    plain = "".join(map(_plain, text)).lstrip(QUOTES + "\u00a0\u202f")
    end = max((at for at, sign in enumerate(plain, 1) if sign.isdecimal()), default=0)
    bare = re.sub(r"[\s']", "", plain[:end]).removeprefix("+")
    if whole and THOUSANDS.match(bare) or len(re.findall("[.,]", bare)) > 1 and THOUSANDS.match(bare):
        bare = re.sub("[.,]", "", bare)
    bare = bare.replace(",", ".")
    is_known = folded(plain[end:]) in {"", *map(folded, (*units, *PER_CENT))}
    is_known &= not any(sign in plain and sign not in "".join(units) for sign in OTHER_SHARES)
    if not is_known or len(bare) > MOST_SIGNS or not re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", bare, re.ASCII):
        raise NotANumber(text[:20])
    return _canonical(Decimal(bare))


def _plain(sign: str) -> str:
    """Return the sign as a number of ours has it: a digit of ASCII, - for a dash, nothing for what cannot be seen."""
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    if is_unseen(sign) and not sign.isspace():
        return ""
    if unicodedata.category(sign) == "Pd":
        return "-"
    return SIGNS.get(sign, sign)


def spoken(value: str | None, language: str) -> str:
    """Return a canonical decimal as the language writes it; what cannot be read stays as it was typed."""
    if value is None:
        return ""
    return value.replace(".", rules(language).decimal_mark)


def _canonical(amount: Decimal) -> str:
    return f"{amount.normalize():f}" if amount else "0"


def _amount(entry: Entry, key: str, default: int | None = None) -> str:
    value = entry.value(key, (int, float), "a number", default, required=default is None)
    amount = _canonical(Decimal(str(value or 0)))
    if len(amount) > MOST_SIGNS:
        entry.error(f"“{key}” has {len(amount)} signs; an answer has at most {MOST_SIGNS}", key)
        return "0"
    return amount
