"""Tables that leave the site as CSV for a spreadsheet. Pure: the standard library only."""

import csv
import io

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value):
    """The value as text that no spreadsheet runs as a formula: an apostrophe goes before what might be one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def written(rows, language):
    """The rows as bytes of CSV that a spreadsheet of that language opens by a double click.

    UTF-8 with a byte order mark; semicolons in French, where the comma parts decimals, else commas.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if language == "fr" else ",")
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
