"""A name or a word, typed; compared without case, accents or outer space, in any language. Pure."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from accounts.folding import folded
from lessons.content.source import Entry
from quizzes.kinds.base import Feedback, Posted, Version, without, wrong_rows

LONGEST = 80  # characters that are kept of what somebody typed
OTHER = "other"


class Short:
    name = "short"

    def parse(self, entry: Entry) -> tuple[Version, Feedback]:
        accepted = entry.texts("accepted")
        for language in entry.problems.languages:
            if not [form for form in accepted.get(language, []) if answer_key(form)]:
                entry.error(f"“accepted.{language}” names at least one form", "accepted")
        return {"accepted": accepted, "shuffle": False}, {OTHER: entry.text("feedback")}

    def pieces(self, version: Version) -> list[str]:
        return []

    def key(self, version: Version) -> str:
        return next(iter(version["accepted"].values()))[0]

    def asked(self, version: Version, answer: str | None) -> tuple[Version, str | None]:
        return without(version, "accepted"), answer

    def show(self, version: Version, order: list[str], answer: str | None, name: str, language: str) -> dict[str, Any]:
        return {"name": name, "value": answer or "", "longest": LONGEST}

    def read(self, version: Version, order: list[str], posted: Posted, name: str) -> str | None:
        return re.sub(r"\s+", " ", (posted.get(name) or "").replace("\0", "")).strip()[:LONGEST] or None

    def accepts(self, version: Version, answer: object) -> bool:
        return isinstance(answer, str)

    def mark(self, version: Version, answer: str) -> Fraction:
        accepted = {answer_key(form) for forms in version["accepted"].values() for form in forms}
        return Fraction(answer_key(answer) in accepted)

    def gaps(self, version: Version, answer: str | None) -> int:
        return int(answer is None)

    def review(
        self, version: Version, feedback: Feedback, order: list[str], answer: str | None, language: str
    ) -> dict[str, Any]:
        return {
            "given": answer or "",
            "right": version["accepted"][language][0],
            "feedback": feedback.get(OTHER, {}).get(language, ""),
        }

    def sheet(self, version: Version, feedback: Feedback, language: str) -> list[dict[str, Any]]:
        right = {"text": ", ".join(version["accepted"][language]), "is_key": True}
        return [right, *wrong_rows([("…", OTHER)], feedback, language)]

    def lint(self, version: Version) -> Iterator[str]:
        if any(len(form) > LONGEST for forms in version["accepted"].values() for form in forms):
            yield f"an accepted form is longer than {LONGEST} characters"


def answer_key(text: str) -> str:
    """Return the text without case, accents, hyphens, apostrophes and outer or doubled space."""
    return " ".join(re.sub(r"[-‐’'.]", " ", folded(text)).split())
