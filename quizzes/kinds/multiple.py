"""Several right options among several; a wrong one takes back a right one. Pure."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from lessons.content.source import Entry
from quizzes.flaws import Flaw
from quizzes.kinds.base import Feedback, Parsed, Posted, Version, letter, position, without
from quizzes.kinds.options import lint_options, option_rows, read_options


class Multiple:
    name = "multiple"
    is_typed = False

    def parse(self, entry: Entry) -> Parsed:
        options, keys, feedback, habits = read_options(entry, least=3)
        if not 2 <= len(keys) < len(options):
            entry.error(f"two or more options are keys, and at least one is none; here {len(keys)} are")
        shuffle = entry.flag("shuffle", default=True)
        version = {"options": options, "keys": sorted(keys), "shuffle": shuffle}
        return Parsed(version, feedback, habits)

    def pieces(self, version: Version) -> list[str]:
        return [option["id"] for option in version["options"]]

    def key(self, version: Version) -> list[str]:
        return version["keys"]

    def asked(self, version: Version, answer: list[str] | None) -> tuple[Version, list[str] | None]:
        return without(version, "keys"), answer

    def show(
        self, version: Version, order: list[str], answer: list[str] | None, name: str, language: str
    ) -> dict[str, Any]:
        texts = {option["id"]: option["text"][language] for option in version["options"]}
        return {
            "name": name,
            "options": [
                {"name": f"{name}-{index}", "text": texts[option], "chosen": option in (answer or [])}
                for index, option in enumerate(order)
            ],
        }

    def read(self, version: Version, order: list[str], posted: Posted, name: str) -> list[str] | None:
        chosen = [option for index, option in enumerate(order) if position(posted.get(f"{name}-{index}"), 2)]
        return sorted(chosen) or None

    def sent(self, version: Version, order: list[str], answer: list[str] | None, name: str) -> dict[str, str]:
        return {f"{name}-{index}": "1" if option in (answer or []) else "" for index, option in enumerate(order)}

    def accepts(self, version: Version, answer: object) -> bool:
        return isinstance(answer, list) and set(answer) <= set(self.pieces(version))

    def mark(self, version: Version, answer: list[str]) -> Fraction:
        """Return max(0, (keys chosen - others chosen) / keys)."""
        keys, chosen = set(version["keys"]), set(answer)
        return max(Fraction(0), Fraction(len(chosen & keys) - len(chosen - keys), len(keys)))

    def guessing(self, version: Version) -> Fraction | None:
        return None  # it hangs on how many options somebody ticks

    def gaps(self, version: Version, answer: list[str] | None) -> int:
        return int(answer is None)

    def review(
        self, version: Version, feedback: Feedback, order: list[str], answer: list[str] | None, language: str
    ) -> dict[str, Any]:
        texts = {option["id"]: option["text"][language] for option in version["options"]}
        keys, chosen = set(version["keys"]), set(answer or [])
        return {
            "rows": [
                {
                    "text": texts[option],
                    "chosen": option in chosen,
                    "is_key": option in keys,
                    "is_right": (option in chosen) == (option in keys),
                    "feedback": feedback.get(option, {}).get(language, ""),
                }
                for option in order
            ]
        }

    def sheet(self, version: Version, feedback: Feedback, language: str) -> list[dict[str, Any]]:
        return option_rows(version["options"], version["keys"], feedback, language)

    def paper_key(self, version: Version, language: str) -> str:
        return " ".join(letter(at) for at, option in enumerate(self.pieces(version)) if option in version["keys"])

    def lint(self, version: Version) -> Iterator[Flaw]:
        """Leave room for three wrong options beside many right ones, the pieces of which a line is to be built."""
        return lint_options(version["options"], version["keys"], most=max(6, len(version["keys"]) + 3))
