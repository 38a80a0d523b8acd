"""A file of any format: encodings, Aiken, tables, ZIP files, and nonsense."""

import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cohorts.spreadsheets import cell
from quizzes.formats import FORMATS, reading, zipped
from quizzes.formats.base import Outcome, Refusal, Unreadable, Whole
from quizzes.formats.items import Missing, draft_of
from quizzes.formats.reading import report
from quizzes.formats.table import GUARD

GIFT = "::n::Où est-ce ?{=Mali ~Tchad}"
AIKEN = "Where is it?\nA) Mali\nB. Chad\nANSWER: A\n"
CSV = "Énoncé;Choix 1;Choix 2;Retour 2;Clé;Explication;Niveau\nOù ?;Mali;Tchad;Plus à l'est.;A;Carte;apply\n"


def refused(data, name="bank"):
    with pytest.raises(Unreadable) as error:
        report(data, name, "en")
    return error.value.note.what


def test_each_format_is_known_by_what_it_holds():
    found = [report(text.encode(), "bank", "en").format for text in (GIFT, AIKEN, CSV, "<quiz><question/></quiz>")]
    assert found == ["gift", "aiken", "csv", "moodle"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_of_an_old_machine_is_read_and_it_is_told(codec):
    done = report(GIFT.encode(codec), "bank.txt", "fr")
    assert done.rows[0].question.stem == {"fr": "Où est-ce ?"}
    assert [note.what for note in done.notes] == ([Whole.ENCODING] if codec == "cp1252" else [])


def test_xml_says_its_own_encoding():
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><quiz><question type="essay"><questiontext><text>été</text>'
    done = report(f"{text}</questiontext></question></quiz>".encode("latin-1"), "bank.xml", "en")
    assert (done.rows[0].title, done.notes) == ("été", ())


@pytest.mark.parametrize("codec", ["undefined", "idna", "punycode", "zlib", "none-such"])
def test_an_encoding_in_which_nothing_is_written_is_passed_over(codec):
    text = f'<?xml version="1.0" encoding="{codec}"?><quiz><question type="essay"><questiontext><text>été</text>'
    done = report(f"{text}</questiontext></question></quiz>".encode("cp1252"), "bank.xml", "en")
    assert done.rows[0].title == "été"


def test_aiken_has_a_row_for_each_question_good_or_bad():
    text = f"{AIKEN}\nToo few\nA) one\nANSWER: A\n\nNo such\nA) a\nB) b\nANSWER: C\n\nA) x\nB) y\nANSWER: A\n"
    text += "\nHalf\nA) z\nLast\n"
    rows = report(text.encode(), "bank.txt", "en").rows
    assert [row.outcome for row in rows] == [Outcome.KEPT] + [Outcome.REFUSED] * 5
    assert [(note.what, note.line) for row in rows[1:] for note in row.notes] == [
        (Refusal.FEW, 8),
        (Refusal.ANSWER_LINE, 13),
        (Refusal.NO_STEM, 17),
        (Refusal.NO_ANSWER_LINE, 21),
        (Refusal.NO_ANSWER_LINE, 21),
    ]


def test_a_brace_in_one_question_makes_a_file_of_aiken_no_gift():
    done = report(f"{AIKEN}\nWhich of {{1, 2}} is odd?\nA) 1\nB) 2\nANSWER: A\n".encode(), "bank.txt", "en")
    assert (done.format, [row.outcome for row in done.rows]) == ("aiken", [Outcome.KEPT] * 2)


def test_a_question_of_aiken_may_begin_with_initials():
    (row,) = report(f"U.S. dollars or francs?\n{AIKEN.partition(chr(10))[2]}".encode(), "bank.txt", "en").rows
    assert (row.outcome, row.title) == (Outcome.KEPT, "U.S. dollars or francs?")


def test_a_word_in_capitals_makes_gift_no_aiken():
    assert report(b"Which\nANSWER: is it?{=one ~two}", "bank.txt", "en").format == "gift"


def test_a_table_with_french_headings():
    asked = report(CSV.encode("cp1252"), "bank.csv", "fr").rows[0].question
    assert (asked.kind, asked.level, asked.explanation) == ("single", "apply", {"fr": "Carte"})
    assert [(piece.text["fr"], piece.weight) for piece in asked.pieces] == [("Mali", 1), ("Tchad", 0)]
    assert asked.pieces[1].feedback == {"fr": "Plus à l'est."}


@pytest.mark.parametrize(
    ("key", "kind"), [("a", "single"), ("A C", "multiple"), ("1;3", "multiple"), ("Chad", "single"), ("2", "single")]
)
def test_a_key_is_named_by_letter_number_or_words(key, kind):
    table = f'question,option 1,option 2,option 3,key\nWhich?,Mali,Chad,Togo,"{key}"\n'
    assert report(table.encode(), "bank.csv", "en").rows[0].question.kind == kind


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("How many?,,,7", "number"),
        ("Who?,,,HRF | H.R.F.", "short"),
        ("Which?,Mali,Chad,X", None),
        (",Mali,Chad,A", None),
    ],
)
def test_a_row_without_a_kind_is_of_the_kind_it_looks_like(row, kind):
    (found,) = report(f"question,option 1,option 2,key\n{row}\n".encode(), "bank.csv", "en").rows
    assert (found.question and found.question.kind) == kind
    assert found.line == 2


@example("'=1+1")
@given(st.text(st.sampled_from("=+-@'\"a; ,\t\n﹢＝\u202f"), max_size=12))
def test_what_keeps_a_spreadsheet_from_running_a_cell_is_taken_off_again(text):
    assert GUARD.sub("", cell(text)) == text


def test_a_zip_has_one_bank_and_its_pictures():
    png = b"\x89PNG\r\n\x1a\n"
    data = packed(
        {"bank.txt": b'[html]<img src\\="a.png" alt\\="A map">Where?{T}', "img/a.png": png, "__MACOSX/x.txt": b"?"}
    )
    assert [picture.name for picture in report(data, "bank.zip", "en").rows[0].question.pictures] == ["a.png"]


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"a.txt": GIFT.encode(), "b.xml": b"<quiz/>"}, Whole.TWO_BANKS),
        ({"../a.txt": GIFT.encode()}, Whole.NO_BANK),
        ({"1/2/3/4/5/a.txt": GIFT.encode()}, Whole.NO_BANK),
        ({"a.txt": b" " * 30_000_000}, Whole.TOO_LARGE),
        ({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}, Whole.UNKNOWN),  # a .docx
        ({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"}, Whole.UNKNOWN),
    ],
)
def test_a_zip_that_harms_is_refused(parts, what):
    assert refused(packed(parts)) == what


def test_a_zip_of_too_many_parts_or_none_is_refused(monkeypatch):
    monkeypatch.setattr(zipped, "MOST_PARTS", 2)
    assert refused(packed({"a.txt": b"x", "a.png": b"x", "b.png": b"x"})) == Whole.TOO_MANY_PARTS
    assert refused(b"PK\x03\x04 and no more") == Whole.BAD_ZIP


@pytest.mark.parametrize(("data", "what"), [(b"", Whole.EMPTY), (b" \n", Whole.EMPTY), (b"Some words.", Whole.UNKNOWN)])
def test_nothing_and_no_bank_are_told(data, what):
    assert refused(data) == what


def test_what_is_too_large_or_too_many_is_refused_whole(monkeypatch):
    monkeypatch.setattr(reading, "MOST_QUESTIONS", 1)
    assert refused(b"So?{T}\n\nNo?{F}", "bank.txt") == Whole.TOO_MANY
    monkeypatch.setattr(reading, "MOST_BYTES", 3)
    assert refused(b"So?{T}") == Whole.TOO_LARGE


PARTS = st.sampled_from(
    [
        *(
            "{",
            "}",
            "=",
            "~",
            "#",
            "####",
            "%50%",
            "->",
            "\\",
            ":",
            "::",
            "\n",
            "\n\n",
            "//",
            "a",
            "é",
            "1",
            "T",
            " ",
            ">",
        ),
        *("<quiz>", "</quiz>", "<question type='multichoice'>", "</question>", "<questiontext><text>", "<answer>"),
        *("</text></questiontext>", "&nbsp;", "&", "<!DOCTYPE", "<![CDATA[", "]]>", "<img src=x>", "ANSWER: A", "A) b"),
        *(
            "question,key,option 1",
            '"',
            ",",
            ";",
            "{1:MC:=a~b}",
            "[html]",
            "[markdown]",
            "<![",
            "<!--",
            "<a b=",
            "</",
            "<b>",
            "&#",
            "$$",
            "$CATEGORY:",
            "\0",
            "\ue004",
            "'=",
            "..",
            "1e9",
        ),
    ]
)


@given(st.lists(PARTS, max_size=40).map("".join), st.sampled_from(["", "b.csv", "b.xml", "b.txt"]))
def test_no_file_ever_ends_in_a_traceback(text, name):
    try:
        done = report(text.encode(), name, "en")
    except Unreadable:
        return
    assert done.format in FORMATS
    assert all(row.notes for row in done.rows if row.question is None)
    for row in done.of(Outcome.KEPT) + done.of(Outcome.DEGRADED):
        draft_of(row.question, ("en", "fr"))


def packed(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_a_draft_says_what_it_lacks():
    (row,) = report(GIFT.encode(), "bank.txt", "fr").rows
    draft = draft_of(row.question, ("en", "fr"))
    assert draft.version["key"] == "a"
    assert set(draft.missing) == set(Missing)
    assert Missing.LANGUAGE not in draft_of(row.question, ("fr",)).missing


def test_a_table_that_is_broken_is_refused_whole():
    assert refused(b'question,key\n"' + b"x" * 200_000 + b'",A\n', "bank.csv") == Whole.NOT_TABLE
