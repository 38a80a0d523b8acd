"""Rows that leave the site for a spreadsheet. Imports neither the ORM nor a request."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from lessons.content.languages import rules

# What a spreadsheet may take for the start of a formula: one of SIGNS, half or full width, where a value begins, or
# where a cell would begin if the spreadsheet parts cells by another sign than the file; spaces and quotation marks fall
# away. An apostrophe before it gets one too: else it would be taken for that one when the file comes back.
SIGNS = r"=+@\-\uff1d\uff0b\uff20\uff0d\ufe66\ufe62\ufe6b\ufe63"
FORMULA = re.compile(rf"""^(?='*[\t\r])|(?:^|(?<=[;,\t\r\n]))(?=(?:["']|[^\S\t\r\n])*[{SIGNS}])""")


class AsIs(str):
    """Text of ours, no formula, that is to stand in a cell as it is."""


def delimiter_of(language: str) -> str:
    """Return what parts the cells: where the comma parts decimals, a spreadsheet expects the semicolon."""
    return ";" if rules(language).decimal_mark == "," else ","


def cell(value: object, decimal_mark: str = ".") -> str:
    """Return the value as text that no spreadsheet runs: an apostrophe before what it might take for a formula.

    Numbers are numbers, also below zero, with that mark.
    """
    if isinstance(value, AsIs):
        return value
    if value is None or isinstance(value, int | float | Decimal):
        return "" if value is None else str(value).replace(".", decimal_mark)
    return FORMULA.sub("'", str(value))


def rows_to_csv(rows: Iterable[Iterable[object]], delimiter: str = ",") -> bytes:
    """Return the rows as bytes of CSV: UTF-8 with a byte order mark, which spreadsheets open by a double click."""
    return b"".join(parts_of_csv([rows], delimiter))


def parts_of_csv(chunks: Iterable[Iterable[Iterable[object]]], delimiter: str) -> Iterator[bytes]:
    """Yield the same in parts, one for each chunk of rows, so that no more than a chunk is held at a time.

    Where a semicolon parts the cells, a comma parts decimals, as `delimiter_of` has it.
    """
    mark, decimal_mark = codecs.BOM_UTF8, "," if delimiter == ";" else "."
    for rows in chunks:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows([cell(value, decimal_mark) for value in row] for row in rows)
        yield mark + text.getvalue().encode()
        mark = b""
