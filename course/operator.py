"""What only whoever runs a copy of this site can say: a text file of theirs, read when the site starts.

What it does not say, pages say plainly that nobody said; nothing is made up in its place.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from lessons.content.source import BROKEN

# What pages ask for, in words; in the file each is a text, or a table of texts by language.
TOPICS = {
    "name": _("who runs this copy"),
    "contact": _("how to reach them"),
    "privacy": _("their privacy line: who is responsible, on what legal ground"),
    "made_by": _("who made and edits the course, with what expertise"),
    "checked_by": _("who checks it, with what expertise"),
    "paid_by": _("who pays for it"),
    "influence": _("what influence whoever pays has"),
    "host": _("where it is hosted, and by whom"),
    "processors": _("who else handles its data"),
    "logs": _("how long logs are kept"),
    "backups": _("how often copies of the database are made, where they lie and for how long"),
    "breach": _("whom to tell of a breach, and who tells the people concerned"),
    "answers": _("within what time a report of a mistake is answered"),
    "teaching": _("whom to ask for the right to see keys"),
    "ending": _("what becomes of people’s work if the site ends"),
    "repository": _("where the code can be had"),
}
Operator = Mapping[str, Mapping[str, str]]  # {topic: {language: text}}, of a text that is the same in each: {"": text}


def read_operator(path: Path | None, known: Mapping[str, str]) -> Operator:
    """Return what the file says, and what is `known` without it; ImproperlyConfigured where it cannot be read.

    The file has the last word.
    """
    said = {topic: {"": text} for topic, text in known.items() if text}
    return {**said, **(_read(path) if path else {})}


def _read(path: Path) -> Operator:
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise ImproperlyConfigured(f"OPERATOR_FILE={path} cannot be read: {error}") from error
    if unknown := sorted(rows.keys() - set(TOPICS)):
        raise ImproperlyConfigured(f"OPERATOR_FILE={path}: “{unknown[0]}” is none of: {', '.join(TOPICS)}.")
    return {topic: texts for topic, row in rows.items() if (texts := _texts(path, topic, row))}


def _texts(path: Path, topic: str, row: object) -> dict[str, str]:
    """Return the texts of one topic, {} where it is left empty."""
    by_language: dict[str, object] = row if isinstance(row, dict) else {"": row}
    texts = {language: text.strip() for language, text in by_language.items() if isinstance(text, str)}
    if texts.keys() != by_language.keys():
        raise ImproperlyConfigured(
            f"OPERATOR_FILE={path}: “{topic}” should be a text, or one in each language: {topic}.en = …, {topic}.fr = …"
        )
    if strange := sorted(texts.keys() - {"", *LANG_INFO}):
        raise ImproperlyConfigured(
            f"OPERATOR_FILE={path}: “{topic}.{strange[0]}”: “{strange[0]}” is no code of a language."
        )
    if any(BROKEN.search(text) for text in texts.values()):
        raise ImproperlyConfigured(f"OPERATOR_FILE={path}: “{topic}” holds a sign that no text has; type it again.")
    return {language: text for language, text in texts.items() if text}
