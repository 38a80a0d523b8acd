"""A question as our items hold it, and an item as a question. Pure.

Ids are letters; those of an order's entries and the places of a match's partners tell nothing of the key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lessons.content import LABELS
from lessons.content.source import checksum
from quizzes.formats.base import Piece, Question, Texts
from quizzes.kinds import Feedback, Version
from quizzes.kinds.short import OTHER

LETTERS = "abcdefghijklmnopqrstuvwxyz"
EXTRA = "extra-"


class Missing(StrEnum):
    """What an item still needs before a learner can meet it."""

    EXPLANATION = "explanation"
    FEEDBACK = "feedback"
    LANGUAGE = "language"
    LEVEL = "level"
    OBJECTIVE = "objective"
    CLAIMS = "claims"


@dataclass(frozen=True)
class Draft:
    """An item to be: kind and document of its version, its own document, and what it lacks."""

    kind: str
    version: Version
    document: dict[str, Any]
    missing: tuple[Missing, ...]


def draft_of(question: Question, languages: Sequence[str], labels: Mapping[str, Texts] | None = None) -> Draft:
    """Return the item that a question makes, for a module in these languages; its texts are in those of the question.

    `labels` are the words of the labels of claims, {label: text}: statements under these alone are classified by them.
    """
    parts, feedback = _MADE[question.kind](question, labels or {})
    version = {"stem": question.stem, **parts}
    if question.articles and question.kind == "short":
        version["articles"] = True
    document = {"explanation": question.explanation, "feedback": feedback}
    return Draft(question.kind, version, document, _missing(question, feedback, languages))


def _missing(question: Question, feedback: Feedback, languages: Sequence[str]) -> tuple[Missing, ...]:
    is_here = {
        Missing.EXPLANATION: bool(question.explanation),
        Missing.FEEDBACK: all(feedback.values()),
        Missing.LANGUAGE: all(set(languages) <= set(text) for text in _texts(question)),
        Missing.LEVEL: bool(question.level),
        Missing.OBJECTIVE: bool(question.objective),
        Missing.CLAIMS: bool(question.claims and question.rests_on),
    }
    return tuple(what for what, is_there in is_here.items() if not is_there)


def _texts(question: Question) -> list[Texts]:
    """Return every text of a question that has any words."""
    texts = [question.stem, question.explanation, question.unit, question.other, *question.spares]
    for piece in question.pieces:
        texts += [piece.feedback, piece.partner, *([] if question.kind == "number" else [piece.text])]
    return [text for text in texts if text]


Made = tuple[Version, Feedback]


def _options(question: Question, _labels: Mapping[str, Texts]) -> Made:
    options = [{"id": key, "text": piece.text} for key, piece in zip(LETTERS, question.pieces, strict=False)]
    keys = [key for key, piece in zip(LETTERS, question.pieces, strict=False) if piece.weight]
    feedback = {key: piece.feedback for key, piece in zip(LETTERS, question.pieces, strict=False)}
    key: Version = {"key": keys[0]} if question.kind == "single" else {"keys": keys}
    return {"options": options, **key, "shuffle": question.shuffle}, feedback


def _match(question: Question, _labels: Mapping[str, Texts]) -> Made:
    lettered = list(zip(LETTERS, question.pieces, strict=False))
    choices: list[dict[str, Any]] = [{"id": key, "text": piece.partner} for key, piece in lettered]
    spares = sorted(question.spares, key=lambda text: next(iter(text.values())))
    choices += [{"id": f"{EXTRA}{key}", "text": text} for key, text in zip(LETTERS, spares, strict=False)]
    choices.sort(key=_first_words)  # as `quizzes.kinds.match` sorts them
    pairs = [{"id": key, "text": piece.text} for key, piece in lettered]
    version = {"pairs": pairs, "choices": choices, "shuffle": question.shuffle}
    return version, {key: piece.feedback for key, piece in lettered}


def _first_words(choice: dict[str, Any]) -> str:
    return next(iter(choice["text"].values()))


def _classify(question: Question, words: Mapping[str, Texts]) -> Made:
    texts: list[Texts] = []
    for text in [*(piece.partner for piece in question.pieces), *question.spares]:
        if text not in texts:
            texts.append(text)
    known = {name: _of(words.get(name, {}), question) for name in LABELS}
    if all(text in known.values() for text in texts):
        labels: list[dict[str, Any]] = [{"id": name} for name in LABELS if known[name] in texts]
        ids = {tuple(text.items()): name for name, text in known.items()}
    else:
        labels = [{"id": key, "text": text} for key, text in zip(LETTERS, texts, strict=False)]
        ids = {tuple(text.items()): key for key, text in zip(LETTERS, texts, strict=False)}
    lettered = list(zip(LETTERS, question.pieces, strict=False))
    version = {
        "labels": labels,
        "statements": [{"id": key, "text": piece.text} for key, piece in lettered],
        "key": {key: ids[tuple(piece.partner.items())] for key, piece in lettered},
        "shuffle": question.shuffle,
    }
    return version, {key: piece.feedback for key, piece in lettered}


def _of(text: Texts, question: Question) -> Texts:
    return {code: text[code] for code in question.languages if code in text}


def _order(question: Question, _labels: Mapping[str, Texts]) -> Made:
    shuffled = sorted(question.pieces, key=lambda piece: checksum(piece.text))
    ids = {checksum(piece.text): key for key, piece in zip(LETTERS, shuffled, strict=False)}
    version = {
        "entries": [{"id": key, "text": piece.text} for key, piece in zip(LETTERS, shuffled, strict=False)],
        "key": {ids[checksum(piece.text)]: place for place, piece in enumerate(question.pieces, 1)},
        "shuffle": True,
    }
    return version, {ids[checksum(piece.text)]: piece.feedback for piece in question.pieces}


def _number(question: Question, _labels: Mapping[str, Texts]) -> Made:
    mistakes = [
        {"id": f"m{index}", "value": next(iter(piece.text.values()))} for index, piece in enumerate(question.pieces)
    ]
    version = {
        "value": question.value,
        "tolerance": question.tolerance,
        "unit": question.unit,
        "mistakes": mistakes,
        "shuffle": False,
    }
    return version, {OTHER: question.other} | {f"m{at}": piece.feedback for at, piece in enumerate(question.pieces)}


def _short(question: Question, _labels: Mapping[str, Texts]) -> Made:
    accepted = {code: list(forms) for code, forms in question.accepted.items()}
    return {"accepted": accepted, "shuffle": False}, {OTHER: question.other}


_MADE = {
    "single": _options,
    "multiple": _options,
    "match": _match,
    "classify": _classify,
    "order": _order,
    "number": _number,
    "short": _short,
}


def question_of(
    kind: str, version: Version, document: Mapping[str, Any], labels: Mapping[str, Texts], **about: Any
) -> Question:
    """Return an item as a question: `version` is the document of its version, `document` its own.

    `labels` are the words of the labels of claims; `about` has what else a Question says: number, level, claims.
    """
    feedback: Feedback = document.get("feedback", {})
    shared = {
        "kind": kind,
        "stem": version["stem"],
        "explanation": document.get("explanation", {}),
        "shuffle": version.get("shuffle", True),
        "articles": bool(version.get("articles")),
        "has_documents": bool(version.get("documents")),
    }
    return Question(**shared | _READ[kind](version, feedback, labels) | about)


def _read_options(version: Version, feedback: Feedback, _labels: Mapping[str, Texts]) -> dict[str, Any]:
    keys = version.get("keys", [version.get("key")])
    return {
        "pieces": tuple(
            Piece(option["text"], int(option["id"] in keys), feedback.get(option["id"], {}))
            for option in version["options"]
        )
    }


def _read_match(version: Version, feedback: Feedback, _labels: Mapping[str, Texts]) -> dict[str, Any]:
    partners = {choice["id"]: choice["text"] for choice in version["choices"]}
    pairs = [(pair["id"], pair["text"]) for pair in version["pairs"]]
    pieces = tuple(Piece(text, 0, feedback.get(key, {}), partners.pop(key)) for key, text in pairs)
    return {"pieces": pieces, "spares": tuple(partners.values())}


def _read_classify(version: Version, feedback: Feedback, labels: Mapping[str, Texts]) -> dict[str, Any]:
    texts = {label["id"]: label.get("text") or labels[label["id"]] for label in version["labels"]}
    pieces = tuple(
        Piece(row["text"], 0, feedback.get(row["id"], {}), texts[version["key"][row["id"]]])
        for row in version["statements"]
    )
    used = set(version["key"].values())
    return {"pieces": pieces, "spares": tuple(text for label, text in texts.items() if label not in used)}


def _read_order(version: Version, feedback: Feedback, _labels: Mapping[str, Texts]) -> dict[str, Any]:
    entries = sorted(version["entries"], key=lambda entry: version["key"][entry["id"]])
    return {"pieces": tuple(Piece(row["text"], 0, feedback.get(row["id"], {})) for row in entries)}


def _read_number(version: Version, feedback: Feedback, _labels: Mapping[str, Texts]) -> dict[str, Any]:
    pieces = tuple(
        Piece(dict.fromkeys(version["stem"], slip["value"]), 0, feedback.get(slip["id"], {}))
        for slip in version["mistakes"]
    )
    return {
        "pieces": pieces,
        "value": version["value"],
        "tolerance": version["tolerance"],
        "unit": version["unit"],
        "other": feedback.get(OTHER, {}),
    }


def _read_short(version: Version, feedback: Feedback, _labels: Mapping[str, Texts]) -> dict[str, Any]:
    accepted = {code: tuple(forms) for code, forms in version["accepted"].items()}
    return {"accepted": accepted, "other": feedback.get(OTHER, {})}


_READ = {
    "single": _read_options,
    "multiple": _read_options,
    "match": _read_match,
    "classify": _read_classify,
    "order": _read_order,
    "number": _read_number,
    "short": _read_short,
}
