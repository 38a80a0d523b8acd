"""Each of several texts with its partner, chosen from a list that may hold spare ones. Pure."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from lessons.content.source import Entry
from quizzes.flaws import Flaw, gettext_noop
from quizzes.kinds.base import Feedback, Parsed, Posted, Version, letter, numbered_letters, position, rows


class Match:
    name = "match"
    is_typed = False

    def parse(self, entry: Entry) -> Parsed:
        """Keep choices by their text in the first language, so that nothing but the key tells what belongs together."""
        pairs: list[dict[str, Any]] = []
        choices: list[dict[str, Any]] = []
        feedback: Feedback = {}
        for row, pair, text in rows(entry, "pair", 2, 8):
            pairs.append({"id": pair, "text": text})
            choices.append({"id": pair, "text": row.text("match")})
            feedback[pair] = row.text("feedback")
            row.done()
        for row, spare, text in rows(entry, "extra", 0, 4, required=False):
            choices.append({"id": f"extra-{spare}", "text": text})
            row.done()
        master = entry.problems.languages[0]
        partners = [text.casefold() for choice in choices if (text := choice["text"].get(master, ""))]
        if len(set(partners)) < len(partners):
            entry.error("two partners read the same: each belongs to one entry")
        choices.sort(key=lambda choice: choice["text"].get(master, ""))
        return Parsed({"pairs": pairs, "choices": choices, "shuffle": entry.flag("shuffle", default=True)}, feedback)

    def pieces(self, version: Version) -> list[str]:
        return [pair["id"] for pair in version["pairs"]]

    def key(self, version: Version) -> dict[str, str]:
        return {pair: pair for pair in self.pieces(version)}

    def asked(self, version: Version, answer: dict[str, str] | None) -> tuple[Version, dict[str, str | None] | None]:
        """Return them with the places of the choices for ids: an entry and its partner have the same."""
        places = {choice["id"]: str(place) for place, choice in enumerate(version["choices"])}
        choices = [{**choice, "id": places[choice["id"]]} for choice in version["choices"]]
        chosen = {pair: places.get(key) for pair, key in answer.items()} if answer else None
        return version | {"choices": choices}, chosen

    def show(
        self, version: Version, order: list[str], answer: dict[str, str | None] | None, name: str, language: str
    ) -> dict[str, Any]:
        texts = {pair["id"]: pair["text"][language] for pair in version["pairs"]}
        answer = answer or {}
        return {
            "pairs": [
                {
                    "name": f"{name}-{index}",
                    "text": texts[pair],
                    "choices": [
                        {
                            "value": str(value),
                            "text": choice["text"][language],
                            "chosen": answer.get(pair) == choice["id"],
                        }
                        for value, choice in enumerate(version["choices"])
                    ],
                }
                for index, pair in enumerate(order)
            ]
        }

    def read(self, version: Version, order: list[str], posted: Posted, name: str) -> dict[str, str] | None:
        choices = [choice["id"] for choice in version["choices"]]
        chosen = {pair: position(posted.get(f"{name}-{index}"), len(choices)) for index, pair in enumerate(order)}
        return {pair: choices[index] for pair, index in chosen.items() if index is not None} or None

    def sent(self, version: Version, order: list[str], answer: dict[str, str] | None, name: str) -> dict[str, str]:
        values = {choice["id"]: str(value) for value, choice in enumerate(version["choices"])}
        chosen = answer or {}
        return {f"{name}-{index}": values.get(chosen.get(pair), "") for index, pair in enumerate(order)}

    def accepts(self, version: Version, answer: object) -> bool:
        choices = {choice["id"] for choice in version["choices"]}
        return isinstance(answer, dict) and set(answer) <= set(self.pieces(version)) and set(answer.values()) <= choices

    def mark(self, version: Version, answer: dict[str, str]) -> Fraction:
        """Return the share of pairs put together rightly."""
        pairs = self.pieces(version)
        return Fraction(sum(answer.get(pair) == pair for pair in pairs), len(pairs))

    def guessing(self, version: Version) -> Fraction:
        return Fraction(1, len(version["choices"]))

    def gaps(self, version: Version, answer: dict[str, str] | None) -> int:
        return len(version["pairs"]) - len(answer or {})

    def review(
        self, version: Version, feedback: Feedback, order: list[str], answer: dict[str, str] | None, language: str
    ) -> dict[str, Any]:
        texts = {pair["id"]: pair["text"][language] for pair in version["pairs"]}
        partners = {choice["id"]: choice["text"][language] for choice in version["choices"]}
        answer = answer or {}
        return {
            "rows": [
                {
                    "text": texts[pair],
                    "given": partners.get(answer.get(pair), ""),
                    "key": partners[pair],
                    "is_right": answer.get(pair) == pair,
                    "feedback": feedback.get(pair, {}).get(language, ""),
                }
                for pair in order
            ]
        }

    def sheet(self, version: Version, feedback: Feedback, language: str) -> list[dict[str, Any]]:
        reviewed = self.review(version, feedback, self.pieces(version), None, language)["rows"]
        spare = [choice["text"][language] for choice in version["choices"] if choice["id"].startswith("extra-")]
        rows = [{"text": row["text"], "answer": row["key"], "feedback": row["feedback"]} for row in reviewed]
        return rows + [{"text": "", "answer": text, "feedback": ""} for text in spare]

    def paper_key(self, version: Version, language: str) -> str:
        choices = [choice["id"] for choice in version["choices"]]
        return numbered_letters(letter(choices.index(pair)) for pair in self.pieces(version))

    def lint(self, version: Version) -> Iterator[Flaw]:
        if len(version["choices"]) == len(version["pairs"]) == 2:
            yield Flaw(gettext_noop("two pairs without a spare choice are one question: add a spare choice"))
