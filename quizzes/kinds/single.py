"""One right option among several. Pure."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from lessons.content.source import Entry
from quizzes.flaws import Flaw
from quizzes.kinds.base import Feedback, Parsed, Posted, Version, letter, position, without
from quizzes.kinds.options import lint_form, lint_options, option_rows, read_options


class Single:
    name = "single"
    is_typed = False

    def parse(self, entry: Entry) -> Parsed:
        options, keys, feedback, habits = read_options(entry, least=2)
        if len(keys) != 1:
            entry.error(f"one option is the key (key = true); here {len(keys)} are")
        shuffle = entry.flag("shuffle", default=len(options) > 2)
        version = {"options": options, "key": keys[0] if keys else "", "shuffle": shuffle}
        return Parsed(version, feedback, habits)

    def pieces(self, version: Version) -> list[str]:
        return [option["id"] for option in version["options"]]

    def key(self, version: Version) -> str:
        return version["key"]

    def asked(self, version: Version, answer: str | None) -> tuple[Version, str | None]:
        return without(version, "key"), answer

    def show(self, version: Version, order: list[str], answer: str | None, name: str, language: str) -> dict[str, Any]:
        texts = {option["id"]: option["text"][language] for option in version["options"]}
        return {
            "options": [
                {"name": name, "value": str(index), "text": texts[option], "chosen": option == answer}
                for index, option in enumerate(order)
            ]
        }

    def read(self, version: Version, order: list[str], posted: Posted, name: str) -> str | None:
        index = position(posted.get(name), len(order))
        return None if index is None else order[index]

    def sent(self, version: Version, order: list[str], answer: str | None, name: str) -> dict[str, str]:
        return {name: "" if answer is None else str(order.index(answer))}

    def accepts(self, version: Version, answer: object) -> bool:
        return answer in self.pieces(version)

    def mark(self, version: Version, answer: str) -> Fraction:
        return Fraction(answer == version["key"])

    def guessing(self, version: Version) -> Fraction:
        return Fraction(1, len(version["options"]))

    def gaps(self, version: Version, answer: str | None) -> int:
        return int(answer is None)

    def review(
        self, version: Version, feedback: Feedback, order: list[str], answer: str | None, language: str
    ) -> dict[str, Any]:
        texts = {option["id"]: option["text"][language] for option in version["options"]}
        return {
            "given": texts.get(answer, ""),
            "feedback": feedback.get(answer or "", {}).get(language, ""),
            "right": texts[version["key"]],
        }

    def sheet(self, version: Version, feedback: Feedback, language: str) -> list[dict[str, Any]]:
        return option_rows(version["options"], [version["key"]], feedback, language)

    def paper_key(self, version: Version, language: str) -> str:
        return letter(self.pieces(version).index(version["key"]))

    def lint(self, version: Version) -> Iterator[Flaw]:
        yield from lint_options(version["options"], [version["key"]])
        yield from lint_form(version["options"], version["key"])
