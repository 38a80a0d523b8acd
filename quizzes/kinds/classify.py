"""A label for each of several statements: the five labels of a claim, or the item's own. Pure."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from lessons.content import LABELS
from lessons.content.source import Entry
from quizzes.flaws import Flaw, gettext_noop
from quizzes.kinds.base import Feedback, Parsed, Posted, Version, letter, numbered_letters, position, rows, without


class Classify:
    name = "classify"
    is_typed = False

    def parse(self, entry: Entry) -> Parsed:
        labels = self._labels(entry)
        ids = [label["id"] for label in labels]
        statements: list[dict[str, Any]] = []
        feedback: Feedback = {}
        key: dict[str, str | None] = {}
        for row, statement, text in rows(entry, "statement", 2, 8):
            statements.append({"id": statement, "text": text})
            feedback[statement] = row.text("feedback")
            key[statement] = row.one_of("key", ids)
            row.done()
        shuffle = entry.flag("shuffle", default=True)
        return Parsed({"labels": labels, "statements": statements, "key": key, "shuffle": shuffle}, feedback)

    def _labels(self, entry: Entry) -> list[dict[str, Any]]:
        """Return [{"id": …}] for labels of a claim, [{"id": …, "text": {…}}] for the item's own [[item.label]]."""
        if "label" in entry.data:
            labels = [{"id": label, "text": text} for row, label, text in rows(entry, "label", 2, 6)]
            for row in entry.entries("label"):
                row.asked |= {"id", "text"}
                row.done()
            return labels
        names = entry.strings("labels")
        for label in names:
            if label not in LABELS:
                entry.error(f"“{label}” is no label of a claim ({', '.join(LABELS)})", "labels")
        if len(names) < 2:
            entry.error("name at least two labels", "labels")
        return [{"id": label} for label in names]

    def pieces(self, version: Version) -> list[str]:
        return [statement["id"] for statement in version["statements"]]

    def key(self, version: Version) -> dict[str, str]:
        return version["key"]

    def asked(self, version: Version, answer: dict[str, str] | None) -> tuple[Version, dict[str, str] | None]:
        return without(version, "key"), answer

    def show(
        self, version: Version, order: list[str], answer: dict[str, str] | None, name: str, language: str
    ) -> dict[str, Any]:
        texts = {statement["id"]: statement["text"][language] for statement in version["statements"]}
        labels = [{**label, "text": label.get("text", {}).get(language, "")} for label in version["labels"]]
        answer = answer or {}
        return {
            "labels": labels,
            "statements": [
                {
                    "name": f"{name}-{index}",
                    "text": texts[statement],
                    "cells": [
                        {"value": str(value), "chosen": answer.get(statement) == label["id"], **label}
                        for value, label in enumerate(labels)
                    ],
                }
                for index, statement in enumerate(order)
            ],
        }

    def read(self, version: Version, order: list[str], posted: Posted, name: str) -> dict[str, str] | None:
        labels = [label["id"] for label in version["labels"]]
        chosen = {}
        for index, statement in enumerate(order):
            value = position(posted.get(f"{name}-{index}"), len(labels))
            if value is not None:
                chosen[statement] = labels[value]
        return chosen or None

    def sent(self, version: Version, order: list[str], answer: dict[str, str] | None, name: str) -> dict[str, str]:
        values = {label["id"]: str(value) for value, label in enumerate(version["labels"])}
        chosen = answer or {}
        return {f"{name}-{index}": values.get(chosen.get(statement), "") for index, statement in enumerate(order)}

    def accepts(self, version: Version, answer: object) -> bool:
        labels = {label["id"] for label in version["labels"]}
        return isinstance(answer, dict) and set(answer) <= set(self.pieces(version)) and set(answer.values()) <= labels

    def mark(self, version: Version, answer: dict[str, str]) -> Fraction:
        right = sum(answer.get(statement) == label for statement, label in version["key"].items())
        return Fraction(right, len(version["key"]))

    def guessing(self, version: Version) -> Fraction:
        return Fraction(1, len(version["labels"]))

    def gaps(self, version: Version, answer: dict[str, str] | None) -> int:
        return len(version["statements"]) - len(answer or {})

    def review(
        self, version: Version, feedback: Feedback, order: list[str], answer: dict[str, str] | None, language: str
    ) -> dict[str, Any]:
        texts = {statement["id"]: statement["text"][language] for statement in version["statements"]}
        labels = {
            label["id"]: {"id": label["id"], "text": label.get("text", {}).get(language, "")}
            for label in version["labels"]
        }
        answer = answer or {}
        return {
            "rows": [
                {
                    "text": texts[statement],
                    "given": labels.get(answer.get(statement)),
                    "key": labels[version["key"][statement]],
                    "is_right": answer.get(statement) == version["key"][statement],
                    "feedback": feedback.get(statement, {}).get(language, ""),
                }
                for statement in order
            ],
            "right_count": sum(answer.get(statement) == label for statement, label in version["key"].items()),
            "count": len(texts),
        }

    def sheet(self, version: Version, feedback: Feedback, language: str) -> list[dict[str, Any]]:
        labels = {
            label["id"]: {**label, "text": label.get("text", {}).get(language, "")} for label in version["labels"]
        }
        return [
            {
                "text": statement["text"][language],
                "choice": labels[version["key"][statement["id"]]],
                "feedback": feedback.get(statement["id"], {}).get(language, ""),
            }
            for statement in version["statements"]
        ]

    def paper_key(self, version: Version, language: str) -> str:
        labels = [label["id"] for label in version["labels"]]
        statements = self.pieces(version)
        return numbered_letters(letter(labels.index(version["key"][statement])) for statement in statements)

    def lint(self, version: Version) -> Iterator[Flaw]:
        used = set(version["key"].values())
        if len(used) == 1:
            yield Flaw(gettext_noop("every statement has the same label: give one of them another"))
