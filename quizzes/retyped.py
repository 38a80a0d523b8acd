"""What an author typed over what stood: rows keep their ids by what they say, and texts that no page showed stay. Pure.

Answers hold the ids of rows. Were an id to follow the place of a row, two texts that change places would give every
answer another meaning, and nobody would be asked why.
"""

from collections.abc import Sequence
from typing import Any

from quizzes.typed import SHAPES, Source, new_id

Row = dict[str, Any]


def over(source: Source, former: Source, languages: Sequence[str]) -> Source:
    """Return what was typed in these languages over a former Source of that kind, which may be empty; both unchanged.

    A row that says what another one said has that one's id, and a label's statements follow it. Texts in languages that
    the page did not show are those of the former row or field.
    """
    followed = dict(source)
    for rows in SHAPES[source["kind"]].rows:
        if "text" in rows.texts:
            followed[rows.name] = _followed(source[rows.name], former.get(rows.name, []))
    if "label" in followed:
        labels = {row["id"]: new["id"] for row, new in zip(source["label"], followed["label"], strict=True)}
        followed["statement"] = [{**row, "key": labels.get(row["key"], "")} for row in followed["statement"]]
    if "pair" in followed:
        followed["pair"] = _partnered(followed["pair"], former)
    return _with_unseen(followed, former, languages)


def _followed(rows: list[Row], former: list[Row]) -> list[Row]:
    """Return the rows, each with the id of the former row that said the same; one whose id went so has a new one."""
    ids: list[str | None] = []
    for row in rows:
        said = _whose(row["id"], row.get("text", {}), {was["id"]: was.get("text", {}) for was in former})
        ids.append(said if said not in ids else None)
    for at, row in enumerate(rows):
        if ids[at] is None:
            ids[at] = row["id"] if row["id"] not in ids else new_id()
    return [{**row, "id": key} for row, key in zip(rows, ids, strict=True)]


def _partnered(pairs: list[Row], former: Source) -> list[Row]:
    """Return the pairs, with a new id where one has the former partner of another: its answers meant something else."""
    partners = {row["id"]: row.get("match", {}) for row in former.get("pair", [])}
    partners |= {f"extra-{row['id']}": row.get("text", {}) for row in former.get("extra", [])}
    return [{**row, "id": new_id()} if _whose(row["id"], row.get("match", {}), partners) else row for row in pairs]


def _whose(key: str, texts: dict[str, str], former: dict[str, dict[str, str]]) -> str | None:
    """Return which other one of the former texts {id: {language: text}} it says, in any language; None of none."""
    for language, text in texts.items():
        says = _folded(text)
        said = [other for other, words in former.items() if says and _folded(words.get(language, "")) == says]
        if said and key not in said:
            return said[0]
    return None


def _folded(text: str) -> str:
    """Return the text without case and extra spaces; a sign such as a minus is all that tells some texts apart."""
    return " ".join(text.casefold().split())


def _with_unseen(source: Source, former: Source, languages: Sequence[str]) -> Source:
    whole = _with_languages(source, former, languages)
    for rows in SHAPES[source["kind"]].rows:
        was = {row["id"]: row for row in former.get(rows.name, ())}
        whole[rows.name] = [_with_languages(row, was.get(row["id"], {}), languages) for row in source[rows.name]]
    if "pictures" in source:
        shown = {entry["file"]: entry for entry in former.get("pictures", ())}
        pictures = source["pictures"]
        whole["pictures"] = [_with_languages(entry, shown.get(entry["file"], {}), languages) for entry in pictures]
    return whole


def _with_languages(part: Row, former: Row, languages: Sequence[str]) -> Row:
    """Return the part with what the former one has in other languages than these."""
    return {
        name: {code: text for code, text in former.get(name, {}).items() if code not in languages} | value
        if isinstance(value, dict)
        else value
        for name, value in part.items()
    }
