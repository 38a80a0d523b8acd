"""The article that a module reads, and its quotations: read and checked. Pure.

Its own words stay with its publisher; here each paragraph has one line of ours, and the claims that were found in it.
"""

from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

from lessons.content.parity import quoted
from lessons.content.source import Entry, Problems, Quotation, is_there, read_toml

MOST_QUOTED = 25  # words of a quotation
OPENING = 6  # words with which a paragraph is found in the original


def read_quotations(path: Path, problems: Problems) -> list[Quotation]:
    """Return the article's quotations as `misquoted` compares them; a module without any has no such file.

    Each stands in quotation marks, as in a text: its words are not ours.
    """
    if not is_there(path):
        return []
    quotations = []
    top = read_toml(path, problems)
    for entry in top.entries("quotation"):
        texts = entry.text("words")
        for language, text in texts.items():
            if text and len(quoted(text)) != 1:
                entry.error(f"“words.{language}” is one quotation, in quotation marks", "words")
            elif len(text.split()) > MOST_QUOTED:
                entry.error(f"a quotation has at most {MOST_QUOTED} words ({language})", "words")
        entry.done()
        if all(len(quoted(text)) == 1 for text in texts.values()):
            quotations.append({language: quoted(text)[0] for language, text in texts.items()})
    top.done()
    return quotations


def read_article(
    path: Path, problems: Problems, origins: Mapping[str, str | None], references: Container[str]
) -> dict[str, Any]:
    """Return {"reference": its slug, "paragraphs": […]}; {} where there is none. `origins` is {claim: its origin}."""
    if not is_there(path):
        return {}
    top = read_toml(path, problems)
    reference = top.string("reference")
    if reference and reference not in references:
        top.error(f"nothing in references.toml is called “{reference}”", "reference")
    paragraphs = [_paragraph(entry, origins) for entry in top.entries("paragraph")]
    top.done()
    placed = {key for paragraph in paragraphs for key in paragraph["claims"]}
    for key, origin in origins.items():
        if origin == "article" and key not in placed:
            top.error(f"no paragraph has the claim “{key}”")
    return {"reference": reference, "paragraphs": paragraphs}


def _paragraph(entry: Entry, origins: Mapping[str, str | None]) -> dict[str, Any]:
    opening = entry.string("opening", "", required=False)
    claims = entry.strings("claims")
    if len(opening.split()) > OPENING:
        entry.error(f"an opening has at most {OPENING} words: they only find the paragraph", "opening")
    for key in claims:
        if origins.get(key) != "article":
            entry.error(f"“{key}” is no claim of the article", "claims")
    paragraph = {
        "part": entry.text("part", required=False),
        "summary": entry.text("summary"),
        "opening": opening,
        "claims": claims,
    }
    entry.done()
    return paragraph
