"""Tables that leave as CSV: what a spreadsheet reads back, and that it runs nothing (quality R9)."""

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.spreadsheets import cell, delimiter_of, rows_to_csv

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
STARTS = ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "=1+1|cmd", "-2+3"]
PARTS = [*STARTS, ";", ",", "\n", " ", "\u00a0", '"', "'", "x", "é"]
CELL = st.one_of(TEXT, st.lists(st.one_of(st.sampled_from(PARTS), TEXT), max_size=6).map("".join))
RUN = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66")


def cells_of(line, sign):
    """What a careless spreadsheet makes of a text: cells apart by `sign`, without quotation marks and spaces."""
    return [piece.replace('"', "").strip() for piece in re.split(f"[{sign}\\r\\n]", line)]


def read(data, language):
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if language == "fr" else ","))


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=4), st.sampled_from(["en", "fr"]))
def test_no_cell_is_a_formula_whatever_parts_the_cells_and_nothing_else_is_changed(rows, language):
    data = rows_to_csv(rows, delimiter_of(language))
    read_back = read(data, language)
    assert len(read_back) == len(rows)
    for row, wanted in zip(read_back, rows, strict=True):
        for text, value in zip(row, wanted, strict=True):
            assert not text.startswith((*RUN, "\t", "\r"))
            assert text.replace("'", "") == value.replace("'", "")
            assert text == value or any(sign in value for sign in (*RUN, "\t", "\r"))
    for sign in ",;\t":
        assert not [cell for cell in cells_of(data.decode("utf-8-sig"), sign) if cell.startswith(RUN)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("x;=cmd|'/C calc'!A0;", "x;'=cmd|'/C calc'!A0;"),
        ('x;"=1+1"', 'x;\'"=1+1"'),
        ("x; =1+1", "x;' =1+1"),
        ("x\t@SUM(A1)", "x\t'@SUM(A1)"),
        ("Awa\r\n=1", "Awa\r\n'=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("Jean-Pierre, Awa", "Jean-Pierre, Awa"),
        ("3,5", "3,5"),
        ("2 + 2 = 4; yes", "2 + 2 = 4; yes"),
    ],
)
def test_a_name_that_would_be_a_formula_between_other_cells_is_text_and_reads_on(value, text):
    assert cell(value) == text


def test_it_begins_with_the_mark_that_a_french_excel_looks_for():
    assert rows_to_csv([["Aïssata", None, 85]], ";") == b"\xef\xbb\xbfA\xc3\xafssata;;85\r\n"
    assert rows_to_csv([["a", "b,c"]]).endswith(b'a,"b,c"\r\n')


@pytest.mark.parametrize("value", [None, "", 0, 85, -3, Decimal("-0.5")])
def test_numbers_and_gaps_stay(value):
    assert cell(value) == ("" if value is None else str(value))
