"""A question of a file as an author would have typed it, and what was typed as a question of a file. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from quizzes.formats.base import Piece, Question, Texts
from quizzes.formats.texts import tidy
from quizzes.kinds.number import NotANumber, number
from quizzes.typed import SHAPES, Source, new_id

KEPT = ("name", "tags", "category")  # what an item keeps of its file, so that it leaves with it again
ROW_OF = {"single": "option", "multiple": "option", "order": "entry", "match": "pair", "number": "mistake"}


def source_of(question: Question) -> Source:
    """Return the Source of a question: rows have new ids, and what it says of a module stands as it was typed."""
    source: Source = {"kind": question.kind, "stem": question.stem, "explanation": question.explanation}
    source |= {"level": question.level, "passage": question.passage}
    source |= {"objective": str(question.objective or ""), "claims": ", ".join(claims_of(question))}
    if SHAPES[question.kind].shuffles:
        source["shuffle"] = question.shuffle
    return source | _PARTS[question.kind](question)


def claims_of(question: Question) -> list[str]:
    """Return the claims that a question names; an own item rests on all that it names."""
    return list(dict.fromkeys([*question.rests_on, *question.claims]))


def _row(piece: Piece, **more: Any) -> dict[str, Any]:
    return {"id": new_id(), "text": piece.text, "feedback": piece.feedback, **more}


def _options(question: Question) -> Source:
    return {"option": [_row(piece, key=bool(piece.weight)) for piece in question.pieces]}


def _entries(question: Question) -> Source:
    return {"entry": [_row(piece) for piece in question.pieces]}


def _pairs(question: Question) -> Source:
    extras = [{"id": new_id(), "text": text} for text in question.spares]
    return {"pair": [_row(piece, match=piece.partner) for piece in question.pieces], "extra": extras}


def _statements(question: Question) -> Source:
    labels: list[dict[str, Any]] = []
    for text in [*(piece.partner for piece in question.pieces), *question.spares]:
        if all(label["text"] != text for label in labels):
            labels.append({"id": new_id(), "text": text})
    ids = {tuple(sorted(label["text"].items())): label["id"] for label in labels}
    rows = [_row(piece, key=ids[tuple(sorted(piece.partner.items()))]) for piece in question.pieces]
    return {"label": labels, "statement": rows}


def _number(question: Question) -> Source:
    mistakes = [
        {"id": new_id(), "value": next(iter(piece.text.values())), "feedback": piece.feedback}
        for piece in question.pieces
    ]
    plain = {"value": question.value, "tolerance": question.tolerance if question.tolerance != "0" else ""}
    return {**plain, "unit": question.unit, "feedback": question.other, "mistake": mistakes}


def _forms(question: Question) -> Source:
    accepted = {code: list(forms) for code, forms in question.accepted.items()}
    return {"accepted": accepted, "articles": question.articles, "feedback": question.other}


_PARTS = {
    "single": _options,
    "multiple": _options,
    "order": _entries,
    "match": _pairs,
    "classify": _statements,
    "number": _number,
    "short": _forms,
}


def question_of(source: Source, languages: Sequence[str], origin: Mapping[str, Any], **about: Any) -> Question | None:
    """Return the question that a Source is, in those of the `languages` in which all that it asks is written.

    None where there is none, or where it lacks what no format goes without. `origin` is what the item keeps of its
    file; `about` has what else a Question says.
    """
    kind = source["kind"]
    written = [code for code in languages if _asks_all(source, code)]
    if not written or not _has_key(source):
        return None
    fields: dict[str, Any] = {name: _texts(source.get(name, {}), written) for name in ("stem", "explanation", "unit")}
    fields |= {"kind": kind, "other": _texts(source.get("feedback", {}), written), "level": source.get("level", "")}
    fields |= {name: origin[name] if name == "name" else tuple(origin[name]) for name in KEPT if name in origin}
    fields["shuffle"] = bool(source.get("shuffle")) if SHAPES[kind].shuffles else kind == "order"
    if kind in ROW_OF:
        fields["pieces"] = tuple(_piece(kind, row, written) for row in source[ROW_OF[kind]])
    if kind == "match":
        fields["spares"] = tuple(_texts(row["text"], written) for row in source["extra"])
    if kind == "classify":
        fields |= _labelled(source, written)
    if kind == "number":
        fields |= {"value": number(source["value"]), "tolerance": number(source.get("tolerance", "").strip() or "0")}
    if kind == "short":
        fields["articles"] = bool(source.get("articles"))
        fields["accepted"] = {code: tuple(_form_lines(source, code)) for code in written}
    return Question(**fields | about)


def languages_in(source: Source) -> list[str]:
    """Return the languages in which its question itself is written."""
    return [code for code, text in source.get("stem", {}).items() if text.strip()]


def _texts(texts: Texts, languages: Sequence[str]) -> Texts:
    return {code: text for code in languages if (text := tidy(texts.get(code, "")))}


def _piece(kind: str, row: Mapping[str, Any], languages: Sequence[str]) -> Piece:
    feedback = _texts(row.get("feedback", {}), languages)
    if kind == "number":
        return Piece(dict.fromkeys(languages, number(row["value"])), 0, feedback)
    partner = _texts(row.get("match", {}), languages)
    return Piece(_texts(row["text"], languages), int(row.get("key") is True), feedback, partner)


def _labelled(source: Source, languages: Sequence[str]) -> dict[str, Any]:
    labels = {row["id"]: _texts(row["text"], languages) for row in source["label"]}
    pieces = tuple(
        Piece(_texts(row["text"], languages), 0, _texts(row.get("feedback", {}), languages), labels[row["key"]])
        for row in source["statement"]
    )
    used = {row["key"] for row in source["statement"]}
    return {"pieces": pieces, "spares": tuple(text for key, text in labels.items() if key not in used)}


def _form_lines(source: Source, language: str) -> list[str]:
    return [" ".join(form.split()) for form in source.get("accepted", {}).get(language, ()) if form.strip()]


def _asks_all(source: Source, language: str) -> bool:
    """Return whether all that is asked has words in a language: what may lack is feedback, explanation and unit."""
    texts = [source.get("stem", {})]
    for rows in SHAPES[source["kind"]].rows:
        parts = [part for part in rows.texts if part != "feedback"]
        texts += [row.get(part, {}) for row in source[rows.name] for part in parts]
    has_forms = source["kind"] != "short" or bool(_form_lines(source, language))
    return has_forms and all(tidy(text.get(language, "")) for text in texts)


def _has_key(source: Source) -> bool:
    """Return whether enough rows are there, and which is right, as every format of a file asks."""
    kind = source["kind"]
    if kind in ("single", "multiple"):
        keys = sum(row.get("key") is True for row in source["option"])
        return keys == 1 and len(source["option"]) > 1 if kind == "single" else 1 < keys < len(source["option"])
    if kind == "classify":
        labels = {row["id"] for row in source["label"]}
        return len(labels) > 1 < len(source["statement"]) and all(
            row.get("key") in labels for row in source["statement"]
        )
    if kind == "number":
        amounts = [source.get("value", ""), source.get("tolerance", "").strip() or "0"]
        return all(_is_number(text) for text in [*amounts, *(row.get("value", "") for row in source["mistake"])])
    least = {"order": 3, "match": 2}
    return kind == "short" or len(source[ROW_OF[kind]]) >= least[kind]


def _is_number(text: str) -> bool:
    try:
        number(text.strip())
    except NotANumber:
        return False
    return True
