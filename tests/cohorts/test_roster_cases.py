"""Lists as schools, offices and other systems write them, each with its right reading (quality R8 and R24)."""

import pytest

from cohorts import roster
from cohorts.roster import Nobody, Notice, Role, What


def read(list_):
    return roster.read(list_ if isinstance(list_, bytes) else list_.encode())


def people(parsed):
    """[(name, family name, given name, number, group)]"""
    return [(one.name, one.family, one.given, one.number, one.group) for one in parsed.people]


def in_parts(*pairs, order=" "):
    return [(f"{family}{order}{given}", family, given, "", "") for family, given in pairs]


def whole(*names):
    return [(name, "", "", "", "") for name in names]


HALVES = [  # two headings, of which the first alone was known once
    *("Surname;First names", "Last name;First name(s)", "Family name;Given name(s)", "Surname;Forenames"),
    *("Surname;Other names", "Nom;Prénom usuel", "Nom;Prénoms et surnom", "Name;First names", "NOM;PRENOM(S)"),
    *("Nom de famille;Prénoms", "Nom usuel;Prénom usuel", "LAST_NAME;FIRST_NAME", "Last;First", "اللقب;الاسم الأول"),
    *("Nom / Name;Prénom / First name", "Nom / Last name;Prénom / Given name", "Name (nom);First name (prénom)"),
]


@pytest.mark.parametrize("heads", HALVES)
def test_both_halves_of_a_name_are_taken_whatever_they_are_called(heads):
    parsed = read(f"{heads}\nTraoré;Awa\nKeïta;Moussa")
    assert people(parsed) == in_parts(("Traoré", "Awa"), ("Keïta", "Moussa"))
    assert parsed.faults == []


WHOLE = [  # headings over a whole name
    *("Student Name", "Display Name", "Learner name", "Participant Name", "Employee name", "Staff name", "User"),
    *("Username", "Name of Student", "Full name", "Names", "Nom et prénom(s)", "Noms et prénoms", "NOM & PRENOMS"),
    *("Prénoms et nom", "Prénom(s) et nom", "Nom de l'étudiant", "Nom de l’étudiant", "Nom du participant"),
    *("Nom d'usage", "Nom de l'agent", "Bénéficiaire", "Agent", "Étudiant(e)", "Nom complet", "الاسم", "الاسم الكامل"),
]


@pytest.mark.parametrize("head", WHOLE)
@pytest.mark.parametrize("beside", ["Matricule", "Student ID", "N° étudiant", "ID number", "الرقم"])
def test_a_whole_name_is_known_by_its_heading_and_the_number_beside_it(head, beside):
    parsed = read(f"{beside};{head}\n2026001;Awa Traoré\n2026007;Moussa Keïta")
    assert people(parsed) == [("Awa Traoré", "", "", "2026001", ""), ("Moussa Keïta", "", "", "2026007", "")]
    assert parsed.faults == []


TEAMS = """1. Summary
Meeting title\tA meeting
Attended participants\t2

2. Participants
Name\tFirst Join\tLast Leave\tEmail\tRole
Awa Traoré\t11/3/26, 9:00\t11/3/26, 10:00\ta@example.org\tPresenter
Moussa Keïta\t11/3/26, 9:01\t11/3/26, 10:00\tb@example.org\tAttendee
Name\tJoin Time\tLeave Time
"""


def test_a_list_of_who_was_in_a_meeting_has_names_and_no_hours():
    parsed = read(TEAMS.encode("utf-16"))
    assert people(parsed) == whole("Awa Traoré", "Moussa Keïta")
    assert [(row.at, row.why) for row in parsed.set_apart][-1] == ("9", Nobody.HEADING)


ONE_LINE = ["Awa Traoré, Moussa Keïta, Fanta Sow", "Awa, Moussa, Fanta, Oumar", "Awa Traoré, Moussa Keïta, Team 5\n\n"]


@pytest.mark.parametrize("line", ONE_LINE)
def test_people_named_in_one_line_are_one_each(line):
    assert people(roster.read_lines(line)) == whole(*(name.strip() for name in line.split(",")))


@pytest.mark.parametrize("line", ["Traoré, Awa", "Traoré,Awa,12", '"Traoré, Awa",12,A'])
def test_one_line_that_is_a_row_stays_a_row(line):
    assert len(roster.read_lines(line).people) == 1


@pytest.mark.parametrize("first", ["", "|---|---|\n", "| :-- | :-- |\n"])
def test_a_table_drawn_with_bars_has_columns(first):
    parsed = roster.read_lines(f"| Nom | Prénom |\n{first}| Traoré | Awa |\n| Keïta | Moussa |")
    assert people(parsed) == in_parts(("Traoré", "Awa"), ("Keïta", "Moussa"))


@pytest.mark.parametrize("number", ["1) ", "1- ", "1 - ", "1-", "1. ", "(1) ", "1 / ", "1/", "1° "])
def test_a_number_before_a_name_goes(number):
    assert people(roster.read_lines(f"{number}Awa N’Diaye\n{number.replace('1', '2')}Moussa O’Brien")) == whole(
        "Awa N’Diaye", "Moussa O’Brien"
    )


OTHERS = [b"BEGIN:VCARD\nFN:Awa\nEND:VCARD\n", b'[{"name": "Awa"}]', b'{"people": ["Awa"]}', b"  [\n  {\n}]"]


@pytest.mark.parametrize("data", OTHERS)
def test_what_other_programs_keep_people_in_is_no_list(data):
    assert [fault.what for fault in read(data).faults] == [What.NOT_TEXT]


CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1 (23456)
    Points Possible,,,,,10.00
"Traoré, Awa",11,,at1,A,8.00
"Student, Test",99,,tst,A,
"""
CLASSROOM = """Last Name,First Name,Email Address,Essay,Map
Date,,,2026-11-02,2026-11-09
Points,,,100,20
Traoré,Awa,awa@x.example,90,18
"""
MOODLE = """Prénom,Nom de famille,Numéro d'identification,Institution,Département,Adresse de courriel,Total du cours
Awa,Traoré,2026001,,,awa@x.example,15
Sira,Koné,2026002,,,sira@x.example,12
Moyenne générale,,,,,,13.5
"""
ATTENDANCE = """LISTE DE PRÉSENCE;;;
N°;NOM;PRENOM;SIGNATURE
1;Traoré;Awa;
2;Keïta;Moussa;
3;;;
Arrêté la présente liste à 2 personnes;;;
Signature du responsable;;;
"""
FACULTY = """UNIVERSITÉ DES LETTRES ; LISTE PROVISOIRE
Année 2026-2027

N°;Matricule;Noms et prénoms;Groupe;Email
1;2026-1041;BOCOUM Alou;A;a@x.example
2;2026-1048;CISSOKO Alou;A;b@x.example
N°;Matricule;Noms et prénoms;Groupe;Email
3;2026-1055;COUMARÉ Sira;B;c@x.example
;;Total : 3;;
"""
PASTED = """Nom\tEmail
1. Awa Traoré
• Sira Koné
Moussa Keïta\tm@x.example
Fanta Diallo <f@x.example>; Awa Koné <a@x.example>
"""
NUMBERED = [("TRAORE Awa (25/11)", "25/11"), ("TRAORE Awa (25/12)", "25/12")]
CASES = {
    "a learner with a number": ("Student Name,Student ID\nAwa Traore,17", [("Awa Traore", "", "", "17", "")]),
    "first and last, with a number": (
        "SID, First, Last\n7,Awa,Traoré\n9,Sira,Koné",
        [("Traoré Awa", "Traoré", "Awa", "7", ""), ("Koné Sira", "Koné", "Sira", "9", "")],
    ),
    "Canvas": (CANVAS, [("Traoré Awa", "Traoré", "Awa", "11", "A")]),
    "Google Classroom": (CLASSROOM, in_parts(("Traoré", "Awa"))),
    "Moodle": (
        MOODLE,
        [("Traoré Awa", "Traoré", "Awa", "2026001", ""), ("Koné Sira", "Koné", "Sira", "2026002", "")],
    ),
    "titles, numbered rows, repeated headings, a sum": (
        FACULTY,
        [
            ("BOCOUM Alou", "", "", "2026-1041", "A"),
            ("CISSOKO Alou", "", "", "2026-1048", "A"),
            ("COUMARÉ Sira", "", "", "2026-1055", "B"),
        ],
    ),
    "a line break in a name": (
        'matricule;nom;prenom;filiere\n25/1;TRAORE;"Awa Fatoumata\nMariam";L1\n25/2;KONE;Sira;L1',
        [
            ("TRAORE Awa Fatoumata Mariam", "TRAORE", "Awa Fatoumata Mariam", "25/1", ""),
            ("KONE Sira", "KONE", "Sira", "25/2", ""),
        ],
    ),
    "a line separator and a tab in a name": (
        'Nom;Prénom\nTRAORE;"Awa\u2028Mariam"',
        in_parts(("TRAORE", "Awa Mariam")),
    ),
    "namesakes by number": (
        "matricule;nom;prenom\n25/11;TRAORE;Awa\n25/12;TRAORE;Awa\n25/13;KONE;Sira",
        [(name, "TRAORE", "Awa", number, "") for name, number in NUMBERED]
        + [("KONE Sira", "KONE", "Sira", "25/13", "")],
    ),
    "namesakes by group": (
        "Nom;Groupe\nAwa Koné;A\nAwa Koné;B",
        [("Awa Koné (A)", "", "", "", "A"), ("Awa Koné (B)", "", "", "", "B")],
    ),
    "namesakes by addresses that differ": (
        "Name,Email\nAwa Koné,a1@x.example\nAwa Koné,a2@x.example",
        whole("Awa Koné", "Awa Koné (2)"),
    ),
    "entities": ("Nom\nN&#039;Diaye\nKon&eacute; Awa", whole("N'Diaye", "Koné Awa")),
    "pasted": (PASTED, whole("Awa Traoré", "Sira Koné", "Moussa Keïta", "Fanta Diallo", "Awa Koné")),
    "marks that cannot be seen": (
        "Name\n\u200fعلي محمد\u200f\nعلی\u200cرضا رضایی\nAwa Traoré\u200e\nTra\u00adoré Fanta\nAwa\u200b Koné\n",
        whole("علي محمد", "علی\u200cرضا رضایی", "Awa Traoré", "Traoré Fanta", "Awa Koné"),
    ),
    "cells of a sheet": (
        "Nom\tPrénom\tGroupe\nTraoré\tMoussa\tA\nKoné\tSira\tB",
        [("Traoré Moussa", "Traoré", "Moussa", "", "A"), ("Koné Sira", "Koné", "Sira", "", "B")],
    ),
    "cells of a sheet without headings": (
        "2026001\tTRAORÉ\tMoussa\n2026002\tKONÉ\tSira",
        [("TRAORÉ Moussa", "TRAORÉ", "Moussa", "2026001", ""), ("KONÉ Sira", "KONÉ", "Sira", "2026002", "")],
    ),
    "addressees of a mail": ("A Ba <a@x.example>; B Ly <b@x.example>", whole("A Ba", "B Ly")),
    "addressees apart by commas": ("A Ba <a@x.example>, B Ly <b@x.example>", whole("A Ba", "B Ly")),
    "addressees of Outlook": (
        "Traoré, Awa <a@x.example>; Koné, Sira <b@x.example>",
        in_parts(("Traoré", "Awa"), ("Koné", "Sira")),
    ),
    "addressees in quotation marks": (
        '"Traoré, Awa" <a@x.example>\n"Sira Koné" <b@x.example>',
        [("Traoré Awa", "Traoré", "Awa", "", ""), ("Sira Koné", "", "", "", "")],
    ),
    "one line apart by semicolons": ("Awa Koné; Sira Ba; Ali Ly", whole("Awa Koné", "Sira Ba", "Ali Ly")),
    "addresses behind names": ("Awa Koné a@x.example\nSira Ba (s@x.example)", whole("Awa Koné", "Sira Ba")),
    "mailto": ("Awa Koné <mailto:a@x.example>", whole("Awa Koné")),
    "numbering of many kinds": (
        "1) Awa Ba\n2 - Sira Ba\n(3) Ali Ba\n4.Issa Ba\n[x] Fanta Ba\n– Moussa Ba\n* Binta Ba",
        whole("Awa Ba", "Sira Ba", "Ali Ba", "Issa Ba", "Fanta Ba", "Moussa Ba", "Binta Ba"),
    ),
    "numbers before names": (
        "2026001 Traoré Moussa\n2026002 Koné Sira",
        [("Traoré Moussa", "", "", "2026001", ""), ("Koné Sira", "", "", "2026002", "")],
    ),
    "birth name left out": ("Nom d'usage;Nom de naissance;Prénom\nBa;Ly;Awa", in_parts(("Ba", "Awa"))),
    "a postnom": ("Nom;Postnom;Prénom\nKabila;Mutombo;Jean", in_parts(("Kabila Mutombo", "Jean"))),
    "a middle name": ("First name,Middle name,Last name\nAwa,Nana,Koné", in_parts(("Koné", "Awa Nana"))),
    "two given names": ("Nom;Prénom 1;Prénom 2\nKoné;Awa;Nana", in_parts(("Koné", "Awa Nana"))),
    "a mononym": ("Nom;Prénom\nKoné;Awa\nSuharto;", [*in_parts(("Koné", "Awa")), ("Suharto", "Suharto", "", "", "")]),
    "numbers of rows are no numbers": ("N°;Nom\n1;Awa\n2;Sira\n3;Ali", whole("Awa", "Sira", "Ali")),
    "numbers that lost their text": (
        "Matricule;Nom\n2026001.0;Awa\n'007;Sira",
        [("Awa", "", "", "2026001", ""), ("Sira", "", "", "007", "")],
    ),
    "dates of birth are left out": ("Nom;Date de naissance\nAwa;2001-02-03\nSira;2002-03-04", whole("Awa", "Sira")),
    "a login is no name": ("Username;First name;Last name\nat1;Awa;Traoré", in_parts(("Traoré", "Awa"))),
    "a section is a group": ("Student,Section\nAwa Ba,B1", [("Awa Ba", "", "", "", "B1")]),
    "a class is a group, unless there is one": (
        "Classe;Groupe;Élève\nL2;A;Awa Ba",
        [("Awa Ba", "", "", "", "A")],
    ),
    "Excel says what parts the cells": ("sep=;\nNom;Classe\nAwa, Ba;6B", [("Awa Ba", "Awa", "Ba", "", "6B")]),
    "a Persian name": ("نام;Name\n1;علی\u200cرضا رضایی", whole("علی\u200cرضا رضایی")),
    "capitals and small letters": (
        "TRAORE;Awa\nKONE;Sira\nBA;Ali",
        in_parts(("TRAORE", "Awa"), ("KONE", "Sira"), ("BA", "Ali")),
    ),
    "the other way round": ("Awa;TRAORE\nSira;KONE", in_parts(("TRAORE", "Awa"), ("KONE", "Sira"))),
    "two unknown columns of names": ("Awa;Traoré\nSira;Koné", whole("Awa Traoré", "Sira Koné")),
    "headings in one word": (
        "Student_Number\tLastFirst\tHomeRoom\n10012\tTraoré, Awa\tB12\n10013\tKeïta, Moussa\tB12",
        [("Traoré Awa", "Traoré", "Awa", "10012", ""), ("Keïta Moussa", "Keïta", "Moussa", "10013", "")],
    ),
    "a sign for number": (
        'Employee #,"Last name, First name",Job\n17,"Traoré, Awa",Officer\n18,"Keïta, Moussa",Driver',
        [("Traoré Awa", "Traoré", "Awa", "17", ""), ("Keïta Moussa", "Keïta", "Moussa", "18", "")],
    ),
    "Brightspace": (
        "OrgDefinedId,Username,Last Name,First Name\n#2026001,#at,Traoré,Awa\n#2026002,#mk,Keïta,Moussa",
        [("Traoré Awa", "Traoré", "Awa", "2026001", ""), ("Keïta Moussa", "Keïta", "Moussa", "2026002", "")],
    ),
    "a number that is not that of the row": (
        '"Record Number","Student Name","ID"\n"1","Awa Traoré","A12"\n"2","Moussa Keïta","A13"',
        [("Awa Traoré", "", "", "A12", ""), ("Moussa Keïta", "", "", "A13", "")],
    ),
    "headings cut short": (
        "Matr.;Nom;Prén.;Gr.\n26-01;Traoré;Awa;1\n26-02;Keïta;Moussa;2",
        [("Traoré Awa", "Traoré", "Awa", "26-01", "1"), ("Keïta Moussa", "Keïta", "Moussa", "26-02", "2")],
    ),
    "numbers that keep their zeros": (
        'Name,ID\nAwa Traoré,="00017"\nMoussa Keïta,="00018"',
        [("Awa Traoré", "", "", "00017", ""), ("Moussa Keïta", "", "", "00018", "")],
    ),
    "how to say it is not part of a name": (
        "First Name,Last Name,Phonetic First Name\nAwa,Traoré,Ahwa\nMoussa,Keïta,Moosa",
        in_parts(("Traoré", "Awa"), ("Keïta", "Moussa")),
    ),
    "quotation marks of a word processor": ("“Nom”;“Prénom”\n“Traoré”;“Awa”", in_parts(("Traoré", "Awa"))),
    "addressees with the name of their field": (
        'À : "Traoré, Awa" <a@x.example>, "Keïta, Moussa" <m@x.example>; Fanta Sow <f@x.example>',
        [*in_parts(("Traoré", "Awa"), ("Keïta", "Moussa")), *whole("Fanta Sow")],
    ),
    "numbering by letters and by pictures": (
        "a) Awa Traoré\nB) Moussa Keïta\n3\ufe0f\u20e3 Fanta Sow ✅\n1\ufe0f\u20e30\ufe0f\u20e3 Oumar Ba ✔\ufe0f",
        whole("Awa Traoré", "Moussa Keïta", "Fanta Sow", "Oumar Ba"),
    ),
    "groups over their members": (
        "Groupe A :\nAwa Traoré\nMoussa Keïta\nGroupe B\nFanta Sow",
        [
            ("Awa Traoré", "", "", "", "Groupe A"),
            ("Moussa Keïta", "", "", "", "Groupe A"),
            ("Fanta Sow", "", "", "", "Groupe B"),
        ],
    ),
    "no group, in words": (
        "Nom;Groupes\nAwa Ba;Groupe A\nSira Koné;Pas de groupes\nAli Ly;No groups",
        [("Awa Ba", "", "", "", "Groupe A"), *whole("Sira Koné", "Ali Ly")],
    ),
    "one line of names turned round": (
        "TRAORE, Awa; KEITA, Moussa; SOW, Fanta",
        in_parts(("TRAORE", "Awa"), ("KEITA", "Moussa"), ("SOW", "Fanta")),
    ),
    "a class over its pupils": (
        "Classe;6B\nProfesseur;M. Sow\n;\nN°;Élève\n1;Awa Ba\n2;Ali Ly",
        [("Awa Ba", "", "", "", "Classe 6B"), ("Ali Ly", "", "", "", "Classe 6B")],
    ),
    "a quotation mark spoils one row": (
        'Nom;Prénom\n"KONE;Awa\nBA;Sira\nLY;Ali',
        in_parts(("BA", "Sira"), ("LY", "Ali")),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_list_is_read_as_people_would(case):
    text, right = CASES[case]
    assert people(read(text)) == right


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        (CANVAS, [("2", Nobody.MARKS), ("4", Nobody.TEST)]),
        (CLASSROOM, [("2", Nobody.MARKS), ("3", Nobody.MARKS)]),
        (MOODLE, [("4", Nobody.SUM)]),
        (FACULTY, [("1", Nobody.TITLE), ("2", Nobody.TITLE), ("7", Nobody.HEADING), ("9", Nobody.SUM)]),
        (
            "Name\nAwa\nOverall average\nTotal: 12\nEffectif : 40",
            [("3", Nobody.SUM), ("4", Nobody.SUM), ("5", Nobody.SUM)],
        ),
        ("Name;Mark\nAwa;12\n;13\nTest User;9", [("3", Nobody.NOTHING), ("4", Nobody.TEST)]),
        ("Class list 6B\nAwa\nSira", [("1", Nobody.TITLE)]),
        (ATTENDANCE, [("1", Nobody.TITLE), *((at, Nobody.NOTHING) for at in ("5", "6", "7"))]),
        ("N°;Matricule;Nom\n1;26-1;Awa Ba\n2;26-2;Sira Ba\n;Total;2", [("4", Nobody.SUM)]),
        (
            "Nom;Matricule\nAwa Ba;26-1\nEffectif total;1\nAbsents;0\nSignature du responsable;",
            [("3", Nobody.SUM), ("4", Nobody.TITLE), ("5", Nobody.TITLE)],
        ),
        ("Groupe A\nAwa Ba\nTD 2\nSira Ba", [("1", Nobody.TITLE), ("3", Nobody.TITLE)]),
        ("Liste des étudiants\n\n2026001;TRAORE;Awa\n2026002;KONE;Sira", [("1", Nobody.TITLE)]),
    ],
)
def test_rows_that_are_nobody_are_set_apart_and_can_be_taken(text, apart):
    parsed = read(text)
    assert [(row.at, row.why) for row in parsed.set_apart] == apart
    at = apart[0][0]
    choices = roster.Choices(roles=parsed.roles, heading=parsed.heading, taken=frozenset([at]))
    again = roster.read_again(parsed.table, choices)
    assert len(again.entries) == len(parsed.entries) + 1
    assert [row.at for row in again.set_apart if row.is_taken] == [at]


@pytest.mark.parametrize(
    "name",
    [
        "Total Awa",
        "Date Sunil",
        "Mean Sok",
        "Page Jimmy",
        "Max",
        "Test Adama",
        "Point Du Jour",
        "T. D. Ba",
        "Visa Diallo",
    ],
)
def test_names_that_only_look_like_sums_are_people(name):
    assert people(read(f"Name\n{name}\nAwa")) == whole(name, "Awa")


def test_a_row_that_is_the_same_in_every_column_is_a_repeat():
    parsed = read("Matricule;Nom\n7;Awa\n8;Sira\n7;Awa")
    assert ([one.name for one in parsed.people], parsed.repeats, parsed.faults) == (["Awa", "Sira"], [("4", "2")], [])


def test_digits_in_a_name_and_a_rounded_number_are_to_be_looked_at():
    parsed = roster.read_lines("1 TRAORE Awa 2026001 A\nMoussa Keïta +223 66 12\nAwa Ba 2\nFanta Sow")
    assert [entry.notice for entry in parsed.entries] == [Notice.DIGITS, Notice.DIGITS, None, None]
    rounded = read("Nom;Matricule\nAwa Ba;2,026E+06\nAli Ly;26-2")
    assert ([fault.what for fault in rounded.faults], rounded.names) == ([What.NUMBER_ROUNDED], ["Ali Ly"])


def test_two_lists_side_by_side_are_told_and_one_can_be_taken():
    parsed = read("Nom;Prénom;Nom;Prénom\nTraoré;Awa;Keïta;Moussa\nSow;Fanta;Ba;Oumar")
    assert (parsed.people, [fault.what for fault in parsed.faults]) == ([], [What.SIDE_BY_SIDE])
    assert [fault.what for fault in read("Nom complet;;Nom complet\nAwa Ba;;Ali Ly").faults] == [What.SIDE_BY_SIDE]
    roles = [Role.FAMILY, Role.GIVEN, Role.OUT, Role.OUT]
    chosen = roster.read_again(parsed.table, roster.Choices(roles=roles, heading=1))
    assert people(chosen) == in_parts(("Traoré", "Awa"), ("Sow", "Fanta"))


def test_half_of_a_name_is_never_kept_without_asking():
    parsed = read("Surname;Namn\nTraoré;Awa\nTraoré;Moussa")
    assert (parsed.people, [fault.what for fault in parsed.faults]) == ([], [What.HALF])
    assert [fault.what for fault in read("Nom;Sunnandi\nTraoré;Awa\nKeïta;Moussa").faults] == [What.HALF]
    chosen = roster.read_again(parsed.table, roster.Choices(roles=[Role.FAMILY, Role.GIVEN], heading=1))
    assert people(chosen) == in_parts(("Traoré", "Awa"), ("Traoré", "Moussa"))
    alone = roster.read_again(parsed.table, roster.Choices(roles=[Role.FAMILY, Role.OUT], heading=1))
    assert [one.name for one in alone.people] == ["Traoré", "Traoré (2)"]


def test_no_address_leaves_the_list_and_none_is_carried():
    parsed = read(CLASSROOM + "Koné awa@y.example,Sira,x@y.example,,\n")
    everything = repr(parsed)
    assert "awa@" not in everything
    assert "x@y" not in everything
    assert [one.name for one in parsed.people] == ["Traoré Awa", "Koné Sira"]


def test_names_in_parts_stand_in_the_order_that_is_wanted():
    choices = roster.Choices(is_family_first=False)
    assert roster.read(b"Nom;Prenom\nBa;Awa\nBa;Awa", choices).names == ["Awa Ba", "Awa Ba (2)"]
