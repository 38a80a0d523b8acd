"""Rows that leave the site for a spreadsheet. Imports neither the ORM nor a request."""

import csv
import io
from collections.abc import Iterable

from lessons.content.languages import rules

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def delimiter_of(language: str) -> str:
    """Return what parts the cells: where the comma parts decimals, a spreadsheet expects the semicolon."""
    return ";" if rules(language).decimal_mark == "," else ","


def cell(value: object) -> str:
    """Return the value as text that no spreadsheet runs: an apostrophe before what it might take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def rows_to_csv(rows: Iterable[Iterable[object]], delimiter: str = ",") -> bytes:
    """Return the rows as bytes of CSV: UTF-8 with a byte order mark, which spreadsheets open by a double click."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
