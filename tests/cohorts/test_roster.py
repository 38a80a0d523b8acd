"""A class by its file: whatever the file, names or faults that a person can act on; and the page that takes it."""

import time
import tracemalloc
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from cohorts import roster
from cohorts.forms.roster import in_words
from cohorts.models import Role
from cohorts.roster import Fault, What
from tests import make

AWA, MOUSSA = "Coulibaly, Awa", "Traoré Moussa"


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
        ("First name,Last name\nAwa,Coulibaly\nMoussa,Traoré", ["Awa Coulibaly", "Moussa Traoré"]),
        ("Name,First name\nCoulibaly,Awa", ["Coulibaly Awa"]),
        ('Name,Class\n"Coulibaly, Awa",6B', [AWA]),
        ("Name\nCoulibaly, Awa\nTraoré; Moussa", [AWA, "Traoré; Moussa"]),
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
        (b"PK\x03\x04rest", What.SPREADSHEET),
        (b"\xd0\xcf\x11\xe0rest", What.SPREADSHEET),
        ("Nom\nAwa".encode("utf-16"), What.NOT_TEXT),
        (b"Name\nAw\x00a", What.NOT_TEXT),
        (b"Name\nAwa \x81", What.NOT_TEXT),
        (b"Class,Year\n6B,2026", What.NO_HEADING),
        (b"Coulibaly, Awa\nKone, Issa", What.NO_HEADING),
        (b"," * 1_000_000, What.EMPTY),
        (b"a," * 900_000, What.TOO_MANY_COLUMNS),
        (b"sep=;\n" + b"a;" * 900_000, What.TOO_MANY_COLUMNS),
        (b"Awa\n" * 500_001, What.TOO_LARGE),
        (b"".join(b"Awa %d\n" % number for number in range(5_001)), What.TOO_MANY_ROWS),
        (b'"a"b\n' * 5_001, What.TOO_MANY_ROWS),
    ],
)
def test_a_whole_file_is_refused_for_one_reason(data, what):
    assert roster.read(data) == roster.Roster([], [Fault(what)])


def test_5000_rows_are_taken():
    assert len(read("".join(f"Awa {number}\n" for number in range(5_000))).names) == 5_000


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('Name\n"Awa\n', [(What.QUOTE, 2)]),
        ('Name,Class\nAwa,6B\n"Moussa,6B\nBinta,6B\n', [(What.QUOTE, 3)]),
        ('Name,Class\n"Awa,6B\nMoussa,6B\n"Binta",6B\nDemba,6B', [(What.QUOTE, 2)]),
        ('Name,Class\n"Awa,6B\n",6B\nDemba,6B', [(What.QUOTE, 2)]),
        ('Name\n"Awa" Coulibaly\nMoussa', [(What.QUOTE, 2)]),
        ("Name,Class\nCoulibaly, Awa,6B\n", [(What.MORE_COLUMNS, 2)]),
        ("Class,Name\n6B,\n6B\n6B,Awa", [(What.NO_NAME, 2), (What.NO_NAME, 3)]),
        (f"Name\n{'x' * 121}\n{'y' * 120}", [(What.TOO_LONG, 2)]),
        ("Name\nAwa\u202e\nMou\u034fssa\n\u3164", [(What.UNSEEN, 2), (What.UNSEEN, 3), (What.UNSEEN, 4)]),
        ("sep=,\nName,Class\n,6B", [(What.NO_NAME, 3)]),
    ],
)
def test_a_row_is_refused_with_its_line(text, refused):
    assert faults(text) == refused


def test_people_with_one_name_stand_and_are_told_apart_by_a_number():
    parsed = read("Name\nAwa  Coulibaly\nMoussa\nawa coulibaly\nＡｗａ Coulibaly")
    assert parsed.names == ["Awa Coulibaly", "Moussa", "awa coulibaly (2)", "Ａｗａ Coulibaly (3)"]
    assert (parsed.namesakes, parsed.faults) == (["awa coulibaly (2)", "Ａｗａ Coulibaly (3)"], [])


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
    assert parsed.names or parsed.faults
    assert all(0 < len(name) <= roster.LONGEST and name == " ".join(name.split()) for name in parsed.names)
    assert len({roster.key(name) for name in parsed.names}) == len(parsed.names)


ROWS = st.lists(st.text(st.sampled_from('ab,;\t"é\n\r '), max_size=8), min_size=1, max_size=6)


@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "Nom;Classe", "Name", "Name,Class"]))
def test_what_was_read_is_read_again_as_it_is_sent_back(rows, end, head):
    parsed = read(end.join([head, *rows]))
    again = roster.read_lines("\r\n".join(parsed.names))
    assert not parsed.names or (again.names, again.faults) == (parsed.names, [])


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


# The page


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa])


@pytest.fixture
def address(cohort):
    return f"/en/cohorts/{cohort.pk}/roster/"


def file(text, encoding="utf-8-sig"):
    return SimpleUploadedFile("class.csv", text.encode(encoding), "text/csv")


def on_roster(cohort):
    return list(cohort.enrolments.exclude(roster_name="").order_by("pk").values_list("roster_name", flat=True))


def sent_back(page):
    """What the button of the dry run sends."""
    return unescape(page.text.split('<textarea name="names"')[1].split(">", 1)[1].split("</textarea>")[0])


@pytest.mark.django_db
def test_a_file_is_looked_at_first_then_confirmed_and_makes_places(as_bakary, cohort, address):
    page = as_bakary.post(address, {"file": file("Nom;Prénom\r\nTRAORÉ;Moussa\r\nKONÉ;Issa\r\n", "cp1252")})
    assert page.status_code == 200
    assert "2 places to be made" in page.text
    assert "<li>TRAORÉ Moussa</li>" in page.text
    assert on_roster(cohort) == []
    page = as_bakary.post(address, {"names": sent_back(page), "confirm": "1"}, follow=True)
    assert "2 places made." in page.text
    assert on_roster(cohort) == ["TRAORÉ Moussa", "KONÉ Issa"]
    places = cohort.enrolments.untaken()
    assert {(row.role, row.joined_at, len(row.personal_code)) for row in places} == {(Role.LEARNER, None, 12)}
    assert len({row.personal_code for row in places}) == 2


@pytest.mark.django_db
def test_the_same_list_again_adds_nothing_and_a_longer_one_what_is_new(as_bakary, cohort, address):
    as_bakary.post(address, {"names": "Moussa\nIssa", "confirm": "1"})
    page = as_bakary.post(address, {"names": "moussa\nISSA"})
    assert "There is no new name" in page.text
    assert "2 names are on the list already" in page.text
    assert 'name="confirm"' not in page.text
    as_bakary.post(address, {"names": "Moussa\nIssa\nBinta", "confirm": "1"})
    assert on_roster(cohort) == ["Moussa", "Issa", "Binta"]


@pytest.mark.django_db
def test_bakary_is_told_of_namesakes_and_the_same_list_again_adds_nothing(as_bakary, cohort, address):
    page = as_bakary.post(address, {"names": "Awa Koné\nSira\nAWA KONÉ"})
    assert "told apart by a number: AWA KONÉ (2)." in page.text
    as_bakary.post(address, {"names": sent_back(page), "confirm": "1"})
    assert on_roster(cohort) == ["Awa Koné", "Sira", "AWA KONÉ (2)"]
    again = as_bakary.post(address, {"names": "Awa\u200b Koné\nSira\nAwa\u200f Koné"})
    assert "There is no new name" in again.text


@pytest.mark.django_db
def test_a_list_with_a_fault_is_never_written_in_part(as_bakary, cohort, address):
    upload = file('Name,Class\nMoussa,6B\n,6B\nB\u202einta,6B\n"Issa,6B\n')
    page = as_bakary.post(address, {"file": upload})
    assert page.status_code == 422
    text = unescape(page.text)
    assert "3 things to put right. Nothing is kept until then." in text
    assert "<b>Line 3</b> – There is no name in this line." in text
    assert "<b>Line 4</b> – After “B” stands a sign that cannot be seen" in text
    assert "<b>Line 5</b> – A quotation mark is opened" in text
    assert 'name="confirm"' not in text
    upload.seek(0)
    as_bakary.post(address, {"file": upload, "confirm": "1"})
    as_bakary.post(address, {"names": f"Moussa\n{'x' * 121}", "confirm": "1"})
    assert on_roster(cohort) == []


@pytest.mark.django_db
@pytest.mark.parametrize("what", list(What))
def test_each_fault_is_told_with_what_to_do_in_both_languages(what):
    sentences = []
    for language in ("en", "fr"):
        with override(language):
            sentences.append(str(in_words(Fault(what, 1))))
    assert sentences[0] != sentences[1]
    assert all(len(words.split(". ")) > 1 or ":" in words for words in sentences), sentences


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{}, {"names": " \n"}, {"names": "Awa", "file": "both"}, {"file": "empty"}])
def test_neither_or_both_of_file_and_names_is_refused(as_bakary, cohort, address, fields):
    files = {"both": file("Moussa"), "empty": SimpleUploadedFile("empty.csv", b"")}
    page = as_bakary.post(address, fields | {"file": files[fields["file"]]} if "file" in fields else fields)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert on_roster(cohort) == []


@pytest.mark.django_db
def test_5000_names_are_confirmed_in_few_queries_and_small_pages(as_bakary, cohort, address):
    page = as_bakary.post(address, {"file": file("".join(f"Traoré Moussa {number}\n" for number in range(5_000)))})
    assert "and 4900 more" in page.text
    with CaptureQueriesContext(connection) as queries:
        as_bakary.post(address, {"names": sent_back(page), "confirm": "1"})
    assert len(on_roster(cohort)) == 5_000
    assert len(queries) <= 80  # SQLite takes some 80 rows at once


@pytest.mark.django_db
def test_a_file_beyond_5000_names_or_2_mb_makes_nothing(as_bakary, cohort, address):
    for text, reason in [("Awa\n" * 510_000, "larger than 2 MB"), ("".join(f"A {n}\n" for n in range(5_001)), "5,000")]:
        page = as_bakary.post(address, {"file": file(text), "confirm": "1"})
        assert (page.status_code, reason in page.text) == (422, True)
    assert on_roster(cohort) == []


@pytest.mark.django_db
@pytest.mark.parametrize("browser", ["as_awa", "as_celia", "as_danso"])
def test_whoever_is_not_on_the_staff_adds_nobody(request, browser, cohort, address):
    client = request.getfixturevalue(browser)
    assert client.get(address).status_code == 404
    assert client.post(address, {"names": "Moussa", "confirm": "1"}).status_code == 404
    assert on_roster(cohort) == []


@pytest.mark.django_db
def test_a_name_is_shown_as_it_is_and_never_as_markup(as_bakary, cohort, address):
    page = as_bakary.post(address, {"names": "<b>Awa</b></textarea><script>"})
    assert "<script>" not in page.text
    assert sent_back(page) == "<b>Awa</b></textarea><script>"
