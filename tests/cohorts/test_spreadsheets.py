"""Tables that leave as CSV: what a spreadsheet reads back, and that it runs nothing (quality R9)."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.spreadsheets import cell, delimiter_of, rows_to_csv

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
STARTS = st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "=1+1|cmd", "-2+3"])
CELL = st.builds(str.__add__, STARTS, TEXT)


def read(data, language):
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if language == "fr" else ","))


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=4), st.sampled_from(["en", "fr"]))
def test_no_cell_begins_as_a_formula_and_nothing_else_is_changed(rows, language):
    read_back = read(rows_to_csv(rows, delimiter_of(language)), language)
    assert len(read_back) == len(rows)
    for row, wanted in zip(read_back, rows, strict=True):
        for text, value in zip(row, wanted, strict=True):
            assert not text.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert text in (value, f"'{value}")
            assert text == value or value.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_it_begins_with_the_mark_that_a_french_excel_looks_for():
    assert rows_to_csv([["Aïssata", None, 85]], ";") == b"\xef\xbb\xbfA\xc3\xafssata;;85\r\n"
    assert rows_to_csv([["a", "b,c"]]).endswith(b'a,"b,c"\r\n')


@pytest.mark.parametrize("value", [None, "", 0, 85])
def test_numbers_and_gaps_stay(value):
    assert cell(value) == ("" if value is None else str(value))
