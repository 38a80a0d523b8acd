"""Rows that leave the site for a spreadsheet. Pure: the standard library only."""

import csv
import io

FORMULA = ("=", "+", "-", "@", "\t", "\r")
DELIMITERS = {"fr": ";"}  # where the comma parts decimals, a spreadsheet expects the semicolon


def delimiter_of(language):
    return DELIMITERS.get(language, ",")


def cell(value):
    """The value as text that no spreadsheet runs: an apostrophe goes before what it might take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def rows_to_csv(rows, delimiter=","):
    """The rows as bytes of CSV: UTF-8 with a byte order mark, so that a spreadsheet opens it by a double click."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
