"""Entries to be put in order, each by the number of its place. Pure."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Any

from lessons.content.source import Entry
from quizzes.flaws import Flaw, gettext_noop
from quizzes.kinds.base import Feedback, Parsed, Posted, Version, letter, position, rows, without


class Order:
    name = "order"
    is_typed = False

    def parse(self, entry: Entry) -> Parsed:
        """Keep the entries, which authors write in the right order, by id: nothing but the key tells that order."""
        entries: list[dict[str, Any]] = []
        feedback: Feedback = {}
        key: dict[str, int] = {}
        for number, (row, entry_id, text) in enumerate(rows(entry, "entry", 3, 8), 1):
            entries.append({"id": entry_id, "text": text})
            feedback[entry_id] = row.text("feedback")
            key[entry_id] = number
            row.done()
        entries.sort(key=lambda row: row["id"])
        return Parsed({"entries": entries, "key": key, "shuffle": True}, feedback)

    def pieces(self, version: Version) -> list[str]:
        return [row["id"] for row in version["entries"]]

    def key(self, version: Version) -> dict[str, int]:
        return version["key"]

    def asked(self, version: Version, answer: dict[str, int] | None) -> tuple[Version, dict[str, int] | None]:
        return without(version, "key"), answer

    def show(
        self, version: Version, order: list[str], answer: dict[str, int] | None, name: str, language: str
    ) -> dict[str, Any]:
        """Return the entries by the places given so far, then as the attempt shuffled them."""
        texts = {row["id"]: row["text"][language] for row in version["entries"]}
        answer = answer or {}
        shown = [
            {
                "name": f"{name}-{index}",
                "text": texts[entry],
                "place": answer.get(entry),
                "places": [
                    {"value": str(number - 1), "number": str(number), "chosen": number == answer.get(entry)}
                    for number in range(1, len(order) + 1)
                ],
            }
            for index, entry in enumerate(order)
        ]
        return {"entries": sorted(shown, key=lambda row: row["place"] or len(order) + 1)}

    def read(self, version: Version, order: list[str], posted: Posted, name: str) -> dict[str, int] | None:
        places = {entry: position(posted.get(f"{name}-{index}"), len(order)) for index, entry in enumerate(order)}
        return {entry: index + 1 for entry, index in places.items() if index is not None} or None

    def sent(self, version: Version, order: list[str], answer: dict[str, int] | None, name: str) -> dict[str, str]:
        places = answer or {}
        return {
            f"{name}-{index}": str(places[entry] - 1) if entry in places else "" for index, entry in enumerate(order)
        }

    def accepts(self, version: Version, answer: object) -> bool:
        places = range(1, len(version["entries"]) + 1)
        return (
            isinstance(answer, dict)
            and set(answer) <= set(self.pieces(version))
            and all(number in places for number in answer.values())
        )

    def mark(self, version: Version, answer: dict[str, int]) -> Fraction:
        """Return the share of pairs in right order; a pair with a shared or missing place is not."""
        pairs = list(combinations(sorted(version["key"], key=version["key"].get), 2))
        right = sum(a in answer and b in answer and answer[a] < answer[b] for a, b in pairs)
        return Fraction(right, len(pairs))

    def guessing(self, version: Version) -> Fraction:
        return Fraction(1, 2)

    def gaps(self, version: Version, answer: dict[str, int] | None) -> int:
        """Count the places that nobody has: an entry without a place leaves one, and so do two that share one."""
        return len(version["entries"]) - len(set((answer or {}).values()))

    def review(
        self, version: Version, feedback: Feedback, order: list[str], answer: dict[str, int] | None, language: str
    ) -> dict[str, Any]:
        texts = {row["id"]: row["text"][language] for row in version["entries"]}
        answer = answer or {}
        return {
            "rows": [
                {
                    "place": number,
                    "text": texts[entry],
                    "given": answer.get(entry),
                    "is_right": answer.get(entry) == number,
                    "feedback": feedback.get(entry, {}).get(language, ""),
                }
                for entry, number in sorted(version["key"].items(), key=lambda item: item[1])
            ]
        }

    def sheet(self, version: Version, feedback: Feedback, language: str) -> list[dict[str, Any]]:
        rows = self.review(version, feedback, [], None, language)["rows"]
        return [{"text": row["text"], "answer": row["place"], "feedback": row["feedback"]} for row in rows]

    def paper_key(self, version: Version, language: str) -> str:
        """Return the letters in the right order: “C A B”."""
        entries = self.pieces(version)
        return " ".join(letter(entries.index(entry)) for entry in sorted(version["key"], key=version["key"].get))

    def lint(self, version: Version) -> Iterator[Flaw]:
        ids = sorted(version["key"], key=version["key"].get)
        if ids == sorted(ids):
            yield Flaw(gettext_noop("the ids are in the order of the key: shuffle the letters"))
