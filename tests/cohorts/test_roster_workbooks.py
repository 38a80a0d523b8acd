"""Lists in workbooks: read as a spreadsheet shows them, and refused in a sentence before they cost time or memory."""

import io
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts import roster
from cohorts.roster import What
from tests.cohorts import workbooks
from tests.cohorts.workbooks import ods, ods_cell, ods_row, packed, xlsx

ROOT = Path(__file__).parents[2]
ROWS = [["Matricule", "Nom", "Prénom", "Groupe"], [2026001, "TRAORÉ", "Awa", "A"], [2026002, "KONÉ", "Sira", None]]
RIGHT = [("TRAORÉ Awa", "2026001", "A"), ("KONÉ Sira", "2026002", "")]


def people(parsed):
    return [(one.name, one.number, one.group) for one in parsed.people]


@pytest.mark.parametrize("data", [xlsx(("Liste", ROWS)), ods(ROWS, "Liste")], ids=["xlsx", "ods"])
def test_a_workbook_is_read_and_its_sheet_is_told(data):
    parsed = roster.read(data)
    assert (people(parsed), parsed.table.sheet, parsed.faults) == (RIGHT, "Liste", [])


def test_the_first_sheet_that_holds_something_is_read_with_the_numbers_of_its_rows():
    data = xlsx(("Vide", []), ("Classe", "".join(workbooks.row(number + 3, row) for number, row in enumerate(ROWS))))
    parsed = roster.read(data)
    assert (people(parsed), parsed.table.sheet) == (RIGHT, "Classe")
    assert [entry.person.at for entry in parsed.entries] == ["4", "5"]


def test_a_cover_gives_way_to_the_sheet_with_headings():
    data = xlsx(("Consignes", [["Lisez ceci avant de remplir"], ["Une ligne par personne"]]), ("Liste", ROWS))
    parsed = roster.read(data)
    assert (people(parsed), parsed.table.sheet) == (RIGHT, "Liste")
    no_heading = roster.read(xlsx(("A", [["Awa Traoré"]]), ("B", [["Sira Koné"]])))
    assert (no_heading.names, no_heading.table.sheet) == (["Awa Traoré"], "A")


def test_cells_that_are_only_coloured_do_not_count():
    far = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    rows = "".join(workbooks.row(number, row) for number, row in enumerate(ROWS, 1))
    assert people(roster.read(xlsx(("A", rows + far)))) == RIGHT
    blank = ods_row([], 1_048_000).replace("></table:table-row>", f">{ods_cell(None, 16384)}</table:table-row>")
    assert people(roster.read(ods("".join(map(ods_row, ROWS)) + blank))) == RIGHT


def test_decimals_days_and_truths_are_shown_as_a_spreadsheet_shows_them():
    rows = [["Number", "Name"], [12.5, "Awa"], [7.0, "Sira"], [10_000_000_001, "Ali"]]
    assert [one.number for one in roster.read(xlsx(("A", rows))).people] == ["12.5", "7", "10000000001"]


MILLIONS = "<row>" + "<c><v>1</v></c>" * 1000 + "</row>"
BOMB = "A" * 40_000_000
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
REFUSED = {
    "five million cells": (lambda: xlsx(("A", MILLIONS * 5000)), What.TOO_MANY_CELLS),
    "two cells far apart": (lambda: xlsx(("A", FAR)), What.TOO_MANY_CELLS),
    "a million rows of one cell": (lambda: ods(ods_row(["Awa"], 1_000_000)), What.TOO_MANY_CELLS),
    "a row of many cells": (
        lambda: ods(f"<table:table-row>{ods_cell('Awa', 500_000)}</table:table-row>"),
        What.TOO_MANY_CELLS,
    ),
    "a bomb": (lambda: xlsx(("A", ROWS), more={"xl/sharedStrings.xml": BOMB}), What.TOO_MANY_CELLS),
    "a bomb in another part": (lambda: xlsx(("A", ROWS), more={"xl/styles.xml": BOMB}), What.TOO_MANY_CELLS),
    "many parts": (lambda: xlsx(("A", ROWS), more={f"xl/a{n}.xml": "" for n in range(2000)}), What.TOO_MANY_CELLS),
    "entities that grow": (
        lambda: xlsx(("A", ROWS), before='<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>'),
        What.DAMAGED,
    ),
    "macros": (lambda: xlsx(("A", ROWS), more={"xl/vbaProject.bin": "x"}), What.MACROS),
    "binary": (lambda: packed({"xl/workbook.bin": "x", "[Content_Types].xml": "x"}), What.OLD_WORKBOOK),
    "old, or under a password": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 2000, What.OLD_WORKBOOK),
    "a document of words": (lambda: packed({"word/document.xml": "<a/>"}), What.NOT_TEXT),
    "no sheet": (lambda: xlsx(), What.EMPTY),
    "nothing in it": (lambda: xlsx(("A", [])), What.EMPTY),
    "cut off": (lambda: xlsx(("A", ROWS))[:-200], What.DAMAGED),
    "no XML": (lambda: xlsx(("A", "<row><c>")), What.DAMAGED),
    "many columns": (lambda: xlsx(("A", "<row>" + "<c><v>1</v></c>" * 201 + "</row>")), What.TOO_MANY_COLUMNS),
    "many people": (lambda: ods(ods_row(["Awa"], 5_101)), What.TOO_MANY_ROWS),
    "too large": (lambda: xlsx(("A", ROWS)) + b"x" * 2_000_000, What.TOO_LARGE),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_workbook_is_refused_for_one_reason(case):
    make, what = REFUSED[case]
    parsed = roster.read(make())
    assert ([fault.what for fault in parsed.faults], parsed.people) == ([what], [])


def lying(path, size):
    """A workbook whose directory tells a smaller size of one part than it has."""
    data = bytearray(xlsx(("A", ROWS), more={path: "x" * size}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo(path)
    central = data.rindex(path.encode()) - 46
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    data[entry.header_offset + 22 : entry.header_offset + 26] = (10).to_bytes(4, "little")
    return bytes(data)


def test_a_size_that_is_told_is_not_believed():
    assert [fault.what for fault in roster.read(lying("xl/styles.xml", 30_000_000)).faults] == [What.DAMAGED]


@given(st.data())
def test_a_damaged_workbook_is_people_or_a_fault(data):
    whole = bytearray(data.draw(st.sampled_from([xlsx(("A", ROWS)), ods(ROWS)])))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    parsed = roster.read(bytes(whole))
    assert parsed.people or parsed.faults or parsed.set_apart


MEASURE = """
import resource, sys
from cohorts import roster
data = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
roster.read(data)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("case", ["five million cells", "two cells far apart", "a bomb", "the largest that is read"])
def test_the_worst_workbook_costs_at_most_100_mb(case):
    """Measured in a process of its own, since the library's memory is not Python's."""
    largest = [[f"Cell {row} {column}" for column in range(70)] for row in range(5_000)]
    make = REFUSED[case][0] if case in REFUSED else lambda: ods([["Name"], *largest])
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=make(),
        capture_output=True,
        cwd=ROOT,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (20, 20)),
    )
    assert int(ran.stdout) < 100
