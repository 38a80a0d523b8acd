"""People come onto a roster: a list is looked at, put right row by row, and made into places."""

import re
import time
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from cohorts import places
from cohorts.forms.roster_import import in_words
from cohorts.models import Enrolment, NameOrder, Role
from cohorts.roster import Fault, Person, What
from tests import make
from tests.cohorts.workbooks import xlsx

pytestmark = pytest.mark.django_db
CLASS = "Matricule;Nom;Prénom;Groupe\n25/1;Traoré;Awa;A\n25/2;Koné;Sira;B\n"


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa])


@pytest.fixture
def address(cohort):
    return f"/en/cohorts/{cohort.pk}/roster/"


def file(text, encoding="utf-8-sig", name="class.csv"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode(encoding), "text/csv")


def on_roster(cohort):
    """[(name, number, group)] in the order in which they were made."""
    rows = cohort.enrolments.exclude(roster_name="").order_by("pk")
    return [(row.roster_name, row.school_number, row.group.name if row.group else "") for row in rows]


def names_of(cohort):
    return [name for name, _number, _group in on_roster(cohort)]


class Fields(HTMLParser):
    """What a browser sends of the form to type in, without its buttons."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.inside, self.area, self.select = {}, False, None, None
        self.feed(page.text)

    def add(self, name, value):
        self.fields.setdefault(name, []).append(value)

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        if tag == "form":
            self.inside = attributes.get("id") == "typed"
        elif self.inside and tag == "input" and attributes.get("type") != "file":
            if attributes.get("type") not in ("checkbox", "radio") or "checked" in attributes:
                self.add(attributes["name"], attributes.get("value") or "")
        elif self.inside and tag == "textarea":
            self.area = attributes["name"]
            self.add(self.area, "")
        elif self.inside and tag == "select":
            self.select = attributes["name"]
        elif self.inside and tag == "option" and "selected" in attributes:
            self.add(self.select, attributes["value"])

    def handle_data(self, data):
        if self.area:
            self.fields[self.area][-1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.area = None


def sent(page, **changes):
    """What the page's form sends with these changes."""
    return Fields(page).fields | changes


def confirm(client, address, page, **changes):
    return client.post(address, sent(page, confirm="1", **changes), follow=True)


def take(client, address, text):
    """Look at a file and make its places at once."""
    return confirm(client, address, client.post(address, {"file": file(text)}))


# A look, then places


def test_a_file_is_looked_at_first_then_makes_places(as_bakary, cohort, address):
    page = as_bakary.post(address, {"file": file(CLASS, "cp1252")})
    assert page.status_code == 200
    assert "2 people found in “class.csv”" in page.text
    assert "2 places to be made" in page.text
    assert "it was read as Windows-1252" in page.text
    assert on_roster(cohort) == []
    page = confirm(as_bakary, address, page)
    assert "2 places made." in page.text
    assert on_roster(cohort) == [("Traoré Awa", "25/1", "A"), ("Koné Sira", "25/2", "B")]
    row = cohort.enrolments.get(school_number="25/1")
    assert (row.family_name, row.given_name, row.role, row.joined_at) == ("Traoré", "Awa", Role.LEARNER, None)
    assert len(row.personal_code) == 12


def test_a_workbook_is_taken_and_its_sheet_told(as_bakary, cohort, address):
    page = as_bakary.post(address, {"file": file(xlsx(("L2", [["Nom"], ["Awa"]])), name="class.xlsx")})
    assert "The sheet “L2” is read." in page.text
    confirm(as_bakary, address, page)
    assert names_of(cohort) == ["Awa"]


def test_pasted_cells_are_read_like_a_file(as_bakary, cohort, address):
    page = as_bakary.post(address, {"names": "Nom\tPrénom\tGroupe\nTraoré\tMoussa\tA"})
    confirm(as_bakary, address, page)
    assert on_roster(cohort) == [("Traoré Moussa", "", "A")]


def test_the_same_list_again_adds_nothing_and_a_longer_one_what_is_new(as_bakary, cohort, address):
    take(as_bakary, address, CLASS)
    before = on_roster(cohort)
    page = as_bakary.post(address, {"file": file(CLASS.upper().replace("É", "é"))})
    assert "There is no new name" in page.text
    assert "2 people are on the list already" in page.text
    assert 'name="confirm"' not in page.text
    confirm(as_bakary, address, page)
    assert on_roster(cohort) == before
    take(as_bakary, address, CLASS + "25/3;Ba;Ali;A\n")
    assert on_roster(cohort) == [*before, ("Ba Ali", "25/3", "A")]
    assert cohort.groups.count() == 2


def test_a_list_with_more_fills_in_what_was_missing_and_makes_no_double(as_bakary, celia, cohort, address):
    take(as_bakary, address, "Nom\nTraoré Awa\nKoné Sira")
    places.claim_place(cohort.enrolments.get(roster_name="Koné Sira"), celia, make.NOW)
    page = as_bakary.post(address, {"file": file(CLASS)})
    assert "Change 2 rows" in page.text
    page = confirm(as_bakary, address, page)
    assert "2 rows of the list changed." in page.text
    assert sorted(on_roster(cohort)) == [("Koné Sira", "25/2", "B"), ("Traoré Awa", "25/1", "A")]


def test_who_left_is_not_brought_back_by_the_same_list(as_bakary, celia, bakary, cohort, address):
    take(as_bakary, address, CLASS)
    places.claim_place(cohort.enrolments.get(school_number="25/1"), celia, make.NOW)
    places.remove(cohort.enrolments.get(user=celia), bakary, make.NOW)
    take(as_bakary, address, CLASS)
    assert cohort.enrolments.filter(school_number="25/1").count() == 1
    assert cohort.enrolments.get(user=celia).left_at is not None


# Columns


def test_another_column_can_be_chosen_and_nothing_is_made_before_it_was_looked_at(as_bakary, cohort, address):
    page = as_bakary.post(address, {"file": file("Surname;Namn;Lag\nTraoré;Awa;Röd")})
    assert page.status_code == 422
    assert "Only one half of the names is known." in page.text
    assert 'name="confirm"' not in page.text
    page = confirm(as_bakary, address, page, role1="given", role2="group")
    assert "The list is read anew." in page.text
    assert on_roster(cohort) == []
    confirm(as_bakary, address, page)
    assert on_roster(cohort) == [("Traoré Awa", "", "Röd")]


def test_without_a_column_of_names_it_is_asked_which_one_it_is(as_bakary, cohort, address):
    page = as_bakary.post(address, {"file": file("Klass;Namn\n6B;Awa\n6B;Sira\n7A;Ali\n7A;Binta")})
    page = as_bakary.post(address, sent(page, role0="out", role1="out"))
    assert (page.status_code, "No column is that of a name." in page.text) == (422, True)
    page = as_bakary.post(address, sent(page, role0="group", role1="name", first_is_heading="1"))
    page = as_bakary.post(address, sent(page, role0="group", role1="name"))
    confirm(as_bakary, address, page)
    assert on_roster(cohort) == [("Awa", "", "6B"), ("Sira", "", "6B"), ("Ali", "", "7A"), ("Binta", "", "7A")]


def test_other_letters_can_be_chosen(as_bakary, cohort, address):
    page = as_bakary.post(address, {"file": file("Nom\nAïssata Traoré", "cp850")})
    assert "it was read as DOS 850" in page.text
    assert re.search(r"A.ssata Traor.<span class=\"who\">Mac Roman", page.text)
    page = as_bakary.post(address, sent(page, encoding="mac_roman"))
    assert "it was read as Mac Roman" in page.text
    page = as_bakary.post(address, sent(page, encoding="cp850"))
    confirm(as_bakary, address, page)
    assert names_of(cohort) == ["Aïssata Traoré"]


def test_the_order_of_names_is_the_cohorts_and_the_roster_follows_it(as_bakary, cohort, address):
    take(as_bakary, address, CLASS + "25/4;Traoré;Awa;B\n")
    make.place(cohort, "Zerbo, M.")
    page = as_bakary.post(address, {"file": file("Nom;Prénom\nBa;Ali")})
    confirm(as_bakary, address, page, order="given")
    cohort.refresh_from_db()
    assert cohort.name_order == NameOrder.GIVEN_FIRST
    assert sorted(names_of(cohort)) == ["Ali Ba", "Awa Traoré (25/1)", "Awa Traoré (25/4)", "Sira Koné", "Zerbo, M."]
    take(as_bakary, address, CLASS + "25/4;Traoré;Awa;B\n")
    assert len(names_of(cohort)) == 5


def test_no_address_is_kept_or_comes_back(as_bakary, cohort, address):
    text = "Name,Email\nAwa Ba aba@y.example,awa@x.example\nSira <sira@x.example>,\n"
    page = as_bakary.post(address, {"file": file(text)})
    assert "No e-mail address of a list is kept." in page.text
    assert not re.search(r"(aba|awa|sira)@", page.text)
    confirm(as_bakary, address, page)
    assert names_of(cohort) == ["Awa Ba", "Sira"]


# Rows


def test_rows_that_are_nobody_are_left_out_unless_ticked(as_bakary, cohort, address):
    page = as_bakary.post(address, {"names": "Name\nAwa\nTotal 1"})
    assert "a sum or an average. Tick it if it is a person." in page.text
    confirm(as_bakary, address, page)
    assert names_of(cohort) == ["Awa"]
    page = as_bakary.post(address, sent(page, take="3"))
    confirm(as_bakary, address, page)
    assert names_of(cohort) == ["Awa", "Total 1"]


def test_good_rows_are_made_while_bad_ones_wait_and_are_put_right(as_bakary, cohort, address):
    page = as_bakary.post(address, {"file": file("ID,Name\n1,Awa\n2,\n3,Si\ufffdra\n4,Ali\n")})
    assert page.status_code == 422
    assert "2 rows have to be put right before their places can be made." in page.text
    assert page.text.index("There is no name in this row.") < page.text.index("Make 2 places")
    page = confirm(as_bakary, address, page)
    assert "2 places made." in page.text
    assert on_roster(cohort) == [("Awa", "1", ""), ("Ali", "4", "")]
    assert "2 rows have to be put right" in page.text
    page = as_bakary.post(address, sent(page, **{"name-3": "Binta"}))
    assert "Make 1 place" in page.text
    page = confirm(as_bakary, address, page)
    assert "Make what is put right" in page.text
    confirm(as_bakary, address, page, **{"name-4": "Sira"})
    assert on_roster(cohort)[2:] == [("Binta", "2", ""), ("Sira", "3", "")]


def test_any_row_can_be_put_right_or_left_out_and_stays_so(as_bakary, cohort, address):
    page = as_bakary.post(address, {"file": file(CLASS)})
    changes = {"family-2": "Traore", "number-2": "25/9", "group-2": "C"}
    page = as_bakary.post(address, sent(page, **changes))
    page = as_bakary.post(address, sent(page, **{"family-3": "", "given-3": "", "number-3": "", "group-3": ""}))
    assert "1 place to be made" in page.text
    page = as_bakary.post(address, sent(page))
    confirm(as_bakary, address, page)
    assert on_roster(cohort) == [("Traore Awa", "25/9", "C")]


def test_what_was_put_right_is_held_to_the_same_rules(as_bakary, cohort, address):
    page = as_bakary.post(address, {"file": file(CLASS)})
    for name, value, words in [
        ("family-2", "x" * 121, "longer than 120 characters"),
        ("family-2", "A\u202ewa", "cannot be seen"),
        ("family-2", "awa@x.example", "e-mail address"),
        ("number-3", "25/1", "Row 2 has this number too."),
        ("group-3", "x" * 61, "longer than 60 characters"),
    ]:
        answer = as_bakary.post(address, sent(page, **{name: value}))
        assert (answer.status_code, words in answer.text) == (422, True), (name, value)


def test_the_same_people_in_the_other_order_are_offered_as_the_same(as_bakary, cohort, address):
    take(as_bakary, address, "Modibo N'Guessan\nAwa Koné")
    page = as_bakary.post(address, {"file": file("Nom;Prénom\nN’GUESSAN;Modibo\nKONÉ;Awa\nBA;Ali")})
    assert "on the list as Modibo N&#x27;Guessan" in page.text
    assert "Make 1 place" in page.text
    confirm(as_bakary, address, page)
    assert names_of(cohort) == ["Modibo N'Guessan", "Awa Koné", "BA Ali"]


def test_somebody_else_of_the_same_words_gets_a_place(as_bakary, cohort, address):
    take(as_bakary, address, "Modibo Keïta")
    page = as_bakary.post(address, {"names": "Keïta Modibo"})
    page = as_bakary.post(address, sent(page, other="1"))
    assert "Make 1 place" in page.text
    confirm(as_bakary, address, page)
    assert names_of(cohort) == ["Modibo Keïta", "Keïta Modibo"]


def test_a_number_that_is_there_corrects_the_name_and_that_is_shown(as_bakary, cohort, address):
    take(as_bakary, address, CLASS)
    page = as_bakary.post(address, {"file": file(CLASS.replace("Koné", "Konaté"))})
    assert "Koné Sira becomes Konaté Sira" in page.text
    confirm(as_bakary, address, page)
    assert names_of(cohort) == ["Traoré Awa", "Konaté Sira"]


def test_a_number_of_somebody_quite_different_is_a_fault(as_bakary, cohort, address):
    take(as_bakary, address, CLASS)
    page = take(as_bakary, address, "Matricule;Nom;Prénom\n25/1;Ba;Ali\n25/7;Ly;Issa")
    assert "On the list this number is that of Traoré Awa." in page.text
    assert names_of(cohort) == ["Traoré Awa", "Koné Sira", "Ly Issa"]


def test_namesakes_are_told_apart_from_those_who_are_there(as_bakary, cohort, address):
    take(as_bakary, address, CLASS)
    page = as_bakary.post(address, {"file": file(CLASS + "25/7;Traoré;Awa;A\n25/8;Koné;Sira;A\n")})
    assert "The numbers differ, so both are kept" in page.text
    confirm(as_bakary, address, page)
    assert names_of(cohort) == ["Traoré Awa", "Koné Sira", "Traoré Awa (25/7)", "Koné Sira (25/8)"]
    page = as_bakary.post(address, {"file": file(CLASS + "25/7;Traoré;Awa;A\n25/8;Koné;Sira;A\n")})
    assert "There is no new name" in page.text
    assert 'name="confirm"' not in page.text


def test_a_repeated_row_is_told_and_left_out(as_bakary, cohort, address):
    page = as_bakary.post(address, {"file": file(CLASS + "25/1;Traoré;Awa;A\n")})
    assert "row 4 (as row 2)" in page.text
    confirm(as_bakary, address, page)
    assert len(names_of(cohort)) == 2


# What is refused


@pytest.mark.parametrize("what", list(What))
def test_each_fault_is_told_with_what_to_do_in_both_languages(what):
    sentences = []
    for language in ("en", "fr"):
        with override(language):
            sentences.append(str(in_words(Fault(what, 1, other="5"))))
    assert sentences[0] != sentences[1]
    assert all(len(words.split(". ")) > 1 or ":" in words for words in sentences), sentences


@pytest.mark.parametrize("fields", [{}, {"names": " \n"}, {"names": "Awa", "file": "both"}, {"file": "empty"}])
def test_neither_or_both_of_file_and_names_is_refused(as_bakary, cohort, address, fields):
    files = {"both": file("Moussa"), "empty": file(b"", name="empty.csv")}
    page = as_bakary.post(address, fields | {"file": files[fields["file"]]} if "file" in fields else fields)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert on_roster(cohort) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Awa\n" * 510_000, "larger than 2 MB"),
        ("".join(f"A {n}\n" for n in range(5_001)).encode(), "more than 5,000 names"),
        (xlsx(("A", [["Awa"]]), more={"xl/vbaProject.bin": "x"}), "holds macros"),
        (b"\xd0\xcf\x11\xe0", "of an older kind"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_a_sentence_beside_its_field(
    as_bakary, cohort, address, data, reason
):
    page = as_bakary.post(address, {"file": file(data), "confirm": "1"})
    assert (page.status_code, reason in page.text, '<a href="#id_file">' in page.text) == (422, True, True)
    assert on_roster(cohort) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"table": ""},
        {"table": "x\ty"},
        {"table": "1\tAwa", "were": "name", "role0": "nonsense", "confirm": "1"},
        {"table": "1\tAwa", "were": "nonsense", "heading": "x", "encoding": "x", "order": "x"},
        {"table": "1\tAwa\n" * 9, "were": "name," * 500, "row": ["1", "2"], "edits": "1\tx\n\t\t\t\t\t\n5"},
        {"table": "9" * 30 + "\tAwa", "were": "name"},
        {"table": "1\t" * 400 + "Awa", "were": "name", "role0": "name"},
    ],
)
def test_a_form_that_was_tampered_with_makes_nothing_and_never_fails(as_bakary, cohort, address, fields):
    assert as_bakary.post(address, fields).status_code in (200, 422)
    assert on_roster(cohort) == []


@pytest.mark.parametrize("browser", ["as_awa", "as_celia", "as_danso"])
def test_whoever_is_not_on_the_staff_adds_nobody(request, browser, cohort, address):
    client = request.getfixturevalue(browser)
    assert client.get(address).status_code == 404
    fields = {"table": "1\tMoussa", "were": "name", "role0": "name", "heading": "0", "confirm": "1"}
    assert client.post(address, fields).status_code == 404
    assert on_roster(cohort) == []


def test_a_name_is_shown_as_it_is_and_never_as_markup(as_bakary, cohort, address):
    page = as_bakary.post(address, {"names": "<b>Awa</b></textarea><script>"})
    assert "<script>" not in page.text
    confirm(as_bakary, address, page)
    assert names_of(cohort) == ["<b>Awa</b></textarea><script>"]


def test_another_language_shows_the_same_look_and_makes_nothing(as_bakary, cohort, address):
    page = as_bakary.post(address, {"file": file(CLASS)})
    french = as_bakary.post(address.replace("/en/", "/fr/"), sent(page, show="1"))
    assert (french.status_code, '<html lang="fr">' in french.text) == (200, True)
    assert Fields(french).fields["table"] == Fields(page).fields["table"]
    assert on_roster(cohort) == []


# Size


def test_5000_people_are_looked_at_and_made_in_few_queries(as_bakary, cohort, address):
    rows = "".join(f"2026{n:04};Traoré {n};Awa;{n % 9}\n" for n in range(5_000))
    as_bakary.get("/en/")
    upload = file("Matricule;Nom;Prénom;Groupe\n" + rows)
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        page = as_bakary.post(address, {"file": upload})
    assert len(queries) <= 8
    assert "Make 5000 places" in page.text
    assert len(Fields(page).fields) < 1000
    looked = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        confirm(as_bakary, address, page)
    print(f"{looked - begun:.2f} s to look, {time.perf_counter() - looked:.2f} s to make")
    assert cohort.enrolments.untaken().count() == 5_000
    assert len(queries) <= 100  # SQLite takes some 80 rows at once
    with CaptureQueriesContext(connection) as queries:
        page = as_bakary.post(address, sent(page))
    assert ("5000 people are on the list already" in page.text, len(queries) <= 8) == (True, True)


def test_a_look_costs_the_same_however_long_the_list_is(as_bakary, cohort, address):
    as_bakary.get("/en/")
    counts = []
    for wanted in (1, 300):
        names = "\n".join(f"Learner {number}" for number in range(wanted))
        with CaptureQueriesContext(connection) as queries:
            as_bakary.post(address, {"names": names})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_one_press_is_one_transaction(bakary, cohort, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(Enrolment.objects, "bulk_create", fail)
    with pytest.raises(RuntimeError):
        places.add(cohort, [Person("Awa", group="A")], NameOrder.GIVEN_FIRST)
    cohort.refresh_from_db()
    assert (cohort.groups.count(), cohort.name_order) == (0, NameOrder.FAMILY_FIRST)
