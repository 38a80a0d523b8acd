"""Files as people bring them: odd encodings, slips of the hand, other programs' ways. Nothing is lost unsaid."""

import base64

import pytest

from quizzes.formats.base import Loss, Refusal, Unreadable, Whole
from quizzes.formats.reading import report
from tests.quizzes.formats.test_reading import packed

FRENCH = "::n::Où est-ce, d’après la décision ? {=Près du Mali ~Été}\n\nÇa ? {=l’été ~là}\n"
PNG, OTHER_PNG = b"\x89PNG\r\n\x1a\n1", b"\x89PNG\r\n\x1a\n22"


def rows(text, name, language="fr"):
    return report(text.encode(), name, language).rows


def codes(row):
    return [note.what for note in row.notes]


def xml(stem, files="", wrong="Tchad", head='<?xml version="1.0" encoding="UTF-8"?>'):
    answers = f'<answer fraction="100"><text>Mali</text></answer><answer fraction="0"><text>{wrong}</text></answer>'
    text = f'<questiontext format="html"><text>{stem}</text>{files}</questiontext>'
    return f'{head}<quiz><question type="multichoice">{text}{answers}</question></quiz>'


def shown(name):
    return f'&lt;img src="@@PLUGINFILE@@/{name}" alt="A map"&gt;'


def file(name, data=PNG, path="/"):
    return f'<file name="{name}" path="{path}" encoding="base64">{base64.b64encode(data).decode()}</file>'


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (FRENCH.encode("mac_roman"), [(Whole.ENCODING, "Mac Roman")]),
        (FRENCH.encode("cp850", "replace").replace(b"?apr", b"'apr"), [(Whole.ENCODING, "DOS 850")]),
        (FRENCH.encode("utf-16-le"), []),
        (FRENCH.encode("utf-16-be"), []),
        (
            FRENCH.encode() + "\nVoilà ? {=un ~d\ufffd}".encode().replace("\ufffd".encode(), b"\xe9"),
            [(Whole.STRAY, "5")],
        ),
    ],
)
def test_accents_stay_whatever_wrote_them(data, told):
    done = report(data, "bank.txt", "fr")
    assert done.rows[0].question.stem["fr"].startswith("Où est-ce, d")
    assert done.rows[0].question.stem["fr"].endswith("après la décision ?")
    assert done.rows[0].question.pieces[1].text == {"fr": "Été"}
    assert [(note.what, note.detail) for note in done.notes] == told


@pytest.mark.parametrize(("declared", "told"), [("ISO-8859-1", []), ("UTF-8", [Whole.ENCODING]), ("windows-1252", [])])
def test_xml_that_declares_another_encoding_keeps_its_signs(declared, told):
    done = report(xml("L’été", head=f'<?xml version="1.0" encoding="{declared}"?>').encode("cp1252"), "a.xml", "fr")
    assert done.rows[0].question.stem == {"fr": "L’été"}
    assert [note.what for note in done.notes] == told


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 {T}", b"{\\rtf1 So? \\{T\\}}", b"\x00\x01\x02{T}" * 99], ids=lambda d: str(d[:5])
)
def test_what_is_no_text_is_no_gift(data):
    with pytest.raises(Unreadable) as error:
        report(data, "bank.txt", "en")
    assert error.value.note.what == Whole.UNKNOWN


# Moodle XML


def test_blank_lines_before_the_declaration_are_passed_over_and_counted():
    (row,) = rows("\n\n" + xml("Où ?"), "a.xml")
    assert (row.line, row.question.stem) == (3, {"fr": "Où ?"})


def test_marks_that_stand_in_a_text_as_they_are_lose_no_word():
    (row,) = rows(xml('Who <b>signed</b> <span class="x">it<br/>now</span>?'), "a.xml")
    assert row.question.stem == {"fr": "Who signed it\nnow?"}
    assert codes(row) == [Loss.FORMATTING]


@pytest.mark.parametrize(
    "stem",
    [
        "{mlang en}Where?{mlang}{mlang fr}Où ?{mlang}",
        '&lt;lang lang="en"&gt;Where?&lt;/lang&gt;&lt;lang lang="fr"&gt;Où ?&lt;/lang&gt;',
        '&lt;span LANG="EN_us" class="a multilang"&gt;Where?&lt;/span&gt;'
        "&lt;span class=multilang lang=fr&gt;Où ?&lt;/span&gt;",
    ],
)
def test_languages_are_told_apart_however_they_are_marked(stem):
    assert rows(xml(stem), "a.xml")[0].question.stem == {"en": "Where?", "fr": "Où ?"}


@pytest.mark.parametrize(
    ("stem", "files"),
    [
        (shown("carte%20du%20Mali.png"), file("carte du Mali.png")),
        (shown("maps/a.png"), file("a.png", path="/maps/")),
        (shown("e\u0301.png"), file("\u00e9.png")),
        (f'&lt;img src="data:image/png;base64,{base64.b64encode(PNG).decode()}" alt="A map"&gt;', ""),
    ],
    ids=["blank", "folder", "accent", "inline"],
)
def test_a_picture_is_found_however_it_is_named(stem, files):
    (row,) = rows(xml(f"Où ? {stem}", files), "a.xml")
    assert [(picture.data, picture.alternative) for picture in row.question.pictures] == [(PNG, {"fr": "A map"})]
    assert row.notes == ()


def test_a_picture_in_the_text_itself_does_not_make_it_too_long():
    coded = base64.b64encode(PNG + b"1" * 40_000).decode()
    (row,) = rows(xml(f'Où ? &lt;img src="data:image/png;base64,{coded}" alt="A map"&gt;'), "a.xml")
    assert len(row.question.pictures[0].data) == len(PNG) + 40_000


def test_pasted_pictures_of_one_name_are_each_their_own():
    wrong = f"Tchad {shown('image.png')}</text>{file('image.png', OTHER_PNG)}<text>"
    (row,) = rows(xml(f"Où ? {shown('image.png')}", file("image.png"), wrong), "a.xml")
    assert [picture.data for picture in row.question.pictures] == [PNG, OTHER_PNG]


def test_a_picture_of_a_zip_is_found_whichever_way_its_accent_is_written():
    bank = '[html]<img src\\="e\u0301.png" alt\\="A map">Où ?{T}'.encode()
    (row,) = report(packed({"bank.txt": bank, "\u00e9.png": PNG}), "bank.zip", "fr").rows
    assert [picture.data for picture in row.question.pictures] == [PNG]


# GIFT


def test_questions_without_a_blank_line_between_them_are_each_their_own():
    first, second, third = rows("// [id:a]\n::x::Un ? {T}\n// [id:b]\nDeux\n? {F}\nTrois ? {=a ~b}", "a.txt")
    assert [(row.line, row.question.number, row.question.stem["fr"]) for row in (first, second, third)] == [
        (2, "a", "Un ?"),
        (4, "b", "Deux\n?"),
        (6, "", "Trois ?"),
    ]
    assert codes(first) == codes(second) == codes(third) == [Loss.RUN_ON]


@pytest.mark.parametrize("text", ["Un {=a} et\ndeux {=b}.", "{=Un} et deux {=b}"])
def test_gaps_inside_a_sentence_stay_gaps(text):
    assert [codes(row) for row in rows(text, "a.txt")] == [[Loss.GAPS]] * 2


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("Q {~%33,333%a ~%33,333%b ~%33,333%c ~%-33,333%d}", "multiple", []),
        ("Q {true}", "single", []),
        ("Q {#1...5}", None, [Refusal.NOT_A_NUMBER]),
        ("Q {#1,250}", "number", [Loss.COMMA]),
        ("Q {#0,125:0,005}", "number", []),
    ],
)
def test_slips_of_the_hand_in_gift(text, kind, told):
    (row,) = rows(text, "a.txt")
    assert (row.question and row.question.kind, codes(row)) == (kind, told)


def test_what_is_said_of_a_pair_is_no_part_of_its_partner():
    (row,) = rows("Q {=a -> b # since b\n=c -> d}", "a.txt")
    assert [(piece.partner, piece.feedback) for piece in row.question.pieces] == [
        ({"fr": "b"}, {"fr": "since b"}),
        ({"fr": "d"}, {}),
    ]


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\u2028", "\u2029"])
def test_a_line_that_a_word_processor_broke_does_not_glue_its_words(sign):
    assert rows(f"Un{sign}deux {{T}}", "a.txt")[0].question.stem == {"fr": "Un deux"}


# Aiken


@pytest.mark.parametrize(
    "lines",
    [
        "a) Mali\nb) Tchad\nANSWER: a",
        "A) Mali\nB) Tchad\nANSWER: a",
        "A. Mali\nB. Tchad\nAnswer : A.",
        "(A) Mali\n(B) Tchad\nANSWER: (A)",
        "A) Mali\nB) Tchad\nANSWER：A",
        "A) Mali\nB) Tchad\n\nRéponse : A",
    ],
)
def test_aiken_as_people_type_it(lines):
    (row,) = rows(f"Où ?\n{lines}\n", "a.txt")
    assert [(piece.text["fr"], piece.weight) for piece in row.question.pieces] == [("Mali", 1), ("Tchad", 0)]


def test_a_letter_that_stands_twice_loses_no_option():
    (row,) = rows("Où ?\nA) Mali\nB) Tchad\nB) Niger\nANSWER: B\n", "a.txt")
    assert [(note.what, note.detail, note.line) for note in row.notes] == [(Refusal.SAME, "B)", 5)]


# Tables


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sep=;\nquestion;option 1;option 2;key\nOù ?;Mali;Tchad;A\n", 3),
        ("question,option,feedback,option,feedback,key,feedback\nOù ?,Mali,,Tchad,A l'est,A,\n", 2),
        ("question (fr),option (fr),option (fr),key\nOù ?,Mali,Tchad,A\n", 2),
    ],
)
def test_headings_as_people_write_them(text, line):
    (row,) = rows(text, "a.csv")
    assert row.line == line
    assert [(piece.text["fr"], piece.weight) for piece in row.question.pieces] == [("Mali", 1), ("Tchad", 0)]


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ('question,option 1,option 2,key\n"Où ?,a,b,A\nLà ?,a,b,A\n', Whole.QUOTE, 2),
        ("Ma banque;;\nquestion;option 1;key\n", Whole.NO_COLUMN, 1),
    ],
)
def test_a_table_that_cannot_be_read_says_where(text, what, line):
    with pytest.raises(Unreadable) as error:
        rows(text, "a.csv")
    assert (error.value.note.what, error.value.note.line) == (what, line)


def test_a_text_with_a_comma_and_no_quotation_marks_moves_no_cell():
    shifted, good = rows("question,option 1,option 2,key\nOù, en Afrique ?,a,b,A\nLà ?,a,b,A,,\n", "a.csv")
    assert [(note.what, note.detail, note.line) for note in shifted.notes] == [(Refusal.CELLS, "A", 2)]
    assert good.question.kind == "single"
