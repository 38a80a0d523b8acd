"""A list of people by its file or text: whatever it is, people or faults that a person can act on."""

import time
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cohorts import roster
from cohorts.forms.roster_import import in_words
from cohorts.roster import Choices, Fault, Notice, Table, What, tables
from tests import sweep

AWA, MOUSSA = "Coulibaly Awa", "Traoré Moussa"


def read(text, encoding="utf-8"):
    return roster.read(text.encode(encoding))


def faults(text):
    return [(fault.what, fault.line) for fault in read(text).faults]


# What is read


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Name\nAwa\nMoussa\n", ["Awa", "Moussa"]),
        ("Nom\r\nAwa\r\nMoussa", ["Awa", "Moussa"]),
        ("Awa\rMoussa\r", ["Awa", "Moussa"]),
        ("Awa\n\n  \nMoussa", ["Awa", "Moussa"]),
        ("Class,Name,Year\n6B,Awa,2026\n6B,Moussa,2026", ["Awa", "Moussa"]),
        ("Classe;Élève\n6B;Awa\n6B;Moussa", ["Awa", "Moussa"]),
        ("Classe\tNom complet\n6B\tAwa\n6B\tMoussa", ["Awa", "Moussa"]),
        ("NOM;Prénom(s)\nCOULIBALY;Awa\nTRAORÉ;Moussa", ["COULIBALY Awa", "TRAORÉ Moussa"]),
        ("First name,Last name\nAwa,Coulibaly\nMoussa,Traoré", ["Coulibaly Awa", "Traoré Moussa"]),
        ("Name,First name\nCoulibaly,Awa", ["Coulibaly Awa"]),
        ('Name,Class\n"Coulibaly, Awa",6B', [AWA]),
        ("Name\nCoulibaly, Awa\nTraoré; Moussa", [AWA, "Traoré", "Moussa"]),
        ('"Coulibaly, Awa"\n"Traoré Moussa"', [AWA, MOUSSA]),
        ("sep=;\nNom;Classe\nAwa;6B", ["Awa"]),
        (";;\nNom;Classe;\nAwa;6B;\n;;\n", ["Awa"]),
        ('Nom;Remarque\nAwa;"vient\nplus tard"\nMoussa;', ["Awa", "Moussa"]),
        ("  Awa \u00a0 Coulibaly \n", ["Awa Coulibaly"]),
        ('Name\nAwa "Nana" Coulibaly', ['Awa "Nana" Coulibaly']),
    ],
)
def test_files_as_people_have_them(text, names):
    assert (read(text).names, read(text).faults) == (names, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_french_excel_is_read_in_each_of_its_encodings(encoding):
    assert read("Nom;Classe\nTraoré Moussa;6B\nNdiaye Maëlle;6B", encoding).names == [MOUSSA, "Ndiaye Maëlle"]


def test_a_decomposed_accent_is_composed():
    assert read("Traore\u0301 Moussa").names == [MOUSSA]


# What is refused


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", What.EMPTY),
        (b"\n \n;;\n", What.EMPTY),
        (b"Name\n", What.EMPTY),
        (b"PK\x03\x04rest", What.DAMAGED),
        (b"\xd0\xcf\x11\xe0rest", What.OLD_WORKBOOK),
        (b"%PDF-1.4 Awa", What.NOT_TEXT),
        (b"<!DOCTYPE html><table><tr><td>Awa", What.NOT_TEXT),
        (b"Name\nAw\x00a", What.NOT_TEXT),
        (b"Name\nAw\x00\x00a", What.NOT_TEXT),
        (bytes(range(1, 32)) * 20 + b"Awa", What.NOT_TEXT),
        (b"Class,Year\n6B,2026", What.NO_NAME_COLUMN),
        (b"," * 1_000_000, What.EMPTY),
        (b"a," * 900_000, What.TOO_MANY_COLUMNS),
        (b"sep=;\n" + b"a;" * 900_000, What.TOO_MANY_COLUMNS),
        (b"Awa\n" * 500_001, What.TOO_LARGE),
        (b"".join(b"Awa %d\n" % number for number in range(5_001)), What.TOO_MANY_ROWS),
        (b'"a"b\n' * 5_001, What.TOO_MANY_ROWS),
    ],
)
def test_a_whole_file_is_refused_for_one_reason(data, what):
    read = roster.read(data)
    assert (read.people, read.refused) == ([], [Fault(what)])


def test_5000_rows_are_taken():
    assert len(read("".join(f"Awa {number}\n" for number in range(5_000))).names) == 5_000


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('Name\n"Awa\n', [(What.QUOTE, 2)]),
        ('Name,Class\nAwa,6B\n"Moussa,6B\nBinta,6B\n', [(What.QUOTE, 3)]),
        ('Name,Class\n"Awa,6B\nMoussa,6B\n"Binta",6B\nDemba,6B', [(What.QUOTE, 2)]),
        ('Name,Class\n"Awa,6B\n",6B\nDemba,6B', [(What.QUOTE, 2), (What.QUOTE, 3)]),
        ('Name\n"Awa" Coulibaly\nMoussa', [(What.QUOTE, 2)]),
        ("Name,Class\nCoulibaly, Awa,6B\n", [(What.MORE_COLUMNS, 2)]),
        ("ID,Name\n17,\n18,Awa", [(What.NO_NAME, 2)]),
        ("Name\nawa@x.example\nSira", [(What.ADDRESS, 2)]),
        ("Name\nA\ufffdwa\nA\x81wa\nTraorÃ©\nSira", [(What.BROKEN, 2), (What.BROKEN, 3), (What.BROKEN, 4)]),
        ("ID,Name\n17,Awa\n17,Sira", [(What.NUMBER_TWICE, 3)]),
        (f"ID,Name\n{'1' * 41},Awa\n2,Sira", [(What.NUMBER_LONG, 2)]),
        (f"Group,Name\n{'A' * 61},Awa\nB,Sira", [(What.GROUP_LONG, 2)]),
        (f"Name\n{'x' * 121}\n{'y' * 120}", [(What.TOO_LONG, 2)]),
        ("Name\nAwa\u202e\nMou\u034fssa\n\u3164", [(What.UNSEEN, 2), (What.UNSEEN, 3), (What.UNSEEN, 4)]),
        ("sep=,\nID,Name\n17,", [(What.NO_NAME, 3)]),
    ],
)
def test_a_row_is_refused_with_its_line(text, refused):
    assert faults(text) == refused


def test_people_with_one_name_stand_and_are_told_apart_by_a_number():
    parsed = read("Name\nAwa  Coulibaly\nMoussa\nawa coulibaly\nＡｗａ Coulibaly")
    assert parsed.names == ["Awa Coulibaly", "Moussa", "awa coulibaly (2)", "Ａｗａ Coulibaly (3)"]
    noticed = [(entry.person.at, entry.notice, entry.like) for entry in parsed.entries if entry.notice]
    assert noticed == [("4", Notice.BY_COUNT, "2"), ("5", Notice.BY_COUNT, "2")]


LISTS = [  # (as it comes, as it is kept)
    ("Awa\nAwa", ["Awa", "Awa (2)"]),
    ("Awa\nAWA\nawa\nAwA", ["Awa", "AWA (2)", "awa (3)", "AwA (4)"]),
    ("Awa (2)\nAwa\nAwa", ["Awa (2)", "Awa", "Awa (3)"]),
    ("Awa\nAwa\nAwa (2)", ["Awa", "Awa (3)", "Awa (2)"]),
    ("Awa (2)\nAwa (2)", ["Awa (2)", "Awa (2) (2)"]),
    ("Awa\nAw\u200ba", ["Awa", "Awa (2)"]),
    ("Awa\nAwa\u200f", ["Awa", "Awa (2)"]),
    ("Awa\nA\u200cwa", ["Awa", "Awa (2)"]),
    ("Awa\nＡwa", ["Awa", "Ａwa (2)"]),
    ("N’Diaye\nN'Diaye", ["N’Diaye", "N'Diaye (2)"]),
    ("NʼDiaye\nN‘Diaye", ["NʼDiaye", "N‘Diaye (2)"]),
    ("Jean-Paul\nJean‑Paul", ["Jean-Paul", "Jean‑Paul (2)"]),
    ("Jean–Paul\nJean—Paul", ["Jean–Paul", "Jean—Paul (2)"]),
    ("Traoré\nTraore\u0301", ["Traoré", "Traoré (2)"]),
    ("Traoré\nTraore", ["Traoré", "Traore"]),
    ("Awa Koné\nKoné Awa", ["Awa Koné", "Koné Awa"]),
    ("Nom;Prénom\nKONÉ;Awa\nKONÉ;Awa", ["KONÉ Awa", "KONÉ Awa (2)"]),
    ("علی\u200cرضا\nعلیرضا", ["علی\u200cرضا", "علیرضا (2)"]),
    ("علی\u200cرضا رضایی", ["علی\u200cرضا رضایی"]),
    ("\u200fعلي محمد\u200f", ["علي محمد"]),
    ("\u061cعلي\u200e", ["علي"]),
    ("علی\u200c", ["علی"]),
    ("می\u200c\u200cرود", ["می\u200cرود"]),
    ("محمّد", ["محمّد"]),
    ("کوردستان", ["کوردستان"]),
    ("ශ්\u200dරී ලංකා", ["ශ්\u200dරී ලංකා"]),
    ("क्\u200dष", ["क्\u200dष"]),
    ("ߒߞߏ", ["ߒߞߏ"]),
    ("ߞߊ\u200dߡߊ", ["ߞߊ\u200dߡߊ"]),
    ("𞤀𞤣\u200d𞤤", ["𞤀𞤣\u200d𞤤"]),
    ("ⵜⴰⵎⴰⵛⴻⵇ", ["ⵜⴰⵎⴰⵛⴻⵇ"]),
    ("Fɔnɛ Ŋolo\nFONE", ["Fɔnɛ Ŋolo", "FONE"]),
    ("👩\u200d⚕\ufe0f Sira", ["👩\u200d⚕\ufe0f Sira"]),
    ("Sira ❤\ufe0f", ["Sira ❤\ufe0f"]),
    ("Tra\u00adoré Fanta", ["Traoré Fanta"]),
    ("\ufeffAwa\n\ufeffMoussa", ["Awa", "Moussa"]),
    ("A\u200dwa", ["Awa"]),
    ("Awa \u200b Koné", ["Awa Koné"]),
    ("Awa\u00a0\u202fKoné", ["Awa Koné"]),
    ("Awa\u2060Koné", ["AwaKoné"]),
    ("Аwa\nAwa", ["Аwa", "Awa"]),
    ("عل\u0651ي\u200f\nعل\u0651ي", ["عل\u0651ي", "عل\u0651ي (2)"]),
]


@pytest.mark.parametrize(("text", "kept"), LISTS, ids=range(len(LISTS)))
def test_namesakes_joiners_and_marks_are_taken_rightly(text, kept):
    """Quality R24; a list that is sent back as it was shown stays as it is."""
    for parsed in (read(text), read("Name\n" + text) if ";" not in text else read(text)):
        assert (parsed.names, parsed.faults) == (kept, [])
    assert roster.read_lines("\n".join(kept)).names == kept


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Awa\u202eKoné", "After “Awa” stands a sign that cannot be seen (U+202E)"),
        ("\u2067Awa", "The name begins with a sign that cannot be seen (U+2067)"),
        ("\u3164", "The name begins with a sign that cannot be seen (U+3164)"),
        ("Awa\ufe0f", "After “Awa” stands a sign that cannot be seen (U+FE0F)"),
        ("Aw\U000e0061a", "(U+E0061)"),
    ],
)
def test_where_the_sign_stands_that_cannot_be_seen_is_said(name, words):
    (fault,) = read(name).faults
    assert words in in_words(fault)


def test_a_number_never_makes_a_name_too_long():
    long = "x" * roster.LONGEST
    assert [len(name) for name in read(f"{long}\n{long}").names] == [roster.LONGEST, roster.LONGEST]


# Whatever comes


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
@example(b'"')
@example(b"\xef\xbb\xbf")
@example(b"sep=")
@example(b'sep=;\r"')
@example(b'Name\r\n"a\r\n\x1f\r\n"""')
def test_no_bytes_make_it_fail(data):
    parsed = roster.read(data)
    assert parsed.names or parsed.faults or parsed.set_apart
    assert all(0 < len(name) <= roster.LONGEST and name == " ".join(name.split()) for name in parsed.names)
    assert len({roster.key(name) for name in parsed.names}) == len(parsed.names)


ROWS = st.lists(st.text(st.sampled_from('ab,;\t"é\n\r '), max_size=8), min_size=1, max_size=6)


@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "Nom;Classe", "Name", "Name,Class"]))
def test_what_was_read_is_read_again_as_it_comes_back_from_the_page(rows, end, head):
    parsed = read(end.join([head, *rows]))
    if parsed.columns:
        text = tables.carried(parsed.table.rows).replace("\n", "\r\n")
        choices = Choices(roles=parsed.roles, heading=parsed.heading)
        again = roster.read_again(Table(tables.brought(text)), choices)
        assert (again.people, again.faults, again.set_apart) == (parsed.people, parsed.faults, parsed.set_apart)


@pytest.mark.parametrize(
    "data",
    [
        b"\n" * 2_000_000,
        b"a," * 999_999,
        b"ab," * 666_666,
        b"Name\n" + b"ab;" * 666_000,
        b"Name;x\n" + b"ab;" * 666_000,
        b'Name\n"' + b"x" * 1_999_000,
        b'"\n' * 999_999,
        b'Name;x\n"a";b\n"' + b"y\n" * 990_000,
        "é\U0001f600".encode() * 333_000,
        b"Name\n" + "é\U0001f600\n".encode() * 4_999,
    ],
    ids=range(10),
)
def test_the_worst_file_costs_at_most_100_mb(data):
    """Time is printed and never asserted; the largest here takes about two seconds with tracing on."""
    tracemalloc.start()
    begun = time.perf_counter()
    roster.read(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"{time.perf_counter() - begun:.2f} s, {peak / 1e6:.0f} MB")
    assert peak < 100e6


@pytest.mark.parametrize("end", [b"", b"\n", b"\t", b";", b"\t\n"], ids=repr)
@pytest.mark.parametrize("what", sweep.LONG)
def test_no_file_of_one_thing_over_and_over_takes_long(what, end):
    """The widest row, the most letters beyond ASCII, the most lines: each in a way of its own once took seconds."""
    data = b"Name" + end + (sweep.LONG[what] + end) * (1_900_000 // len(sweep.LONG[what] + end))
    begun = time.process_time()
    roster.read(data)
    assert time.process_time() - begun < sweep.SECONDS
