"""The letters of a list: whatever encoding it comes in, it is read in them, told, or can be read anew."""

import pytest

from cohorts import roster
from cohorts.roster import Encoding, What


def read(list_):
    return roster.read(list_ if isinstance(list_, bytes) else list_.encode())


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [
        ("mac_roman", Encoding.MAC),
        ("cp850", Encoding.DOS),
        ("cp1252", Encoding.WINDOWS),
        ("utf-16", Encoding.UTF_16),
        ("utf-16-le", Encoding.UTF_16),
        ("utf-16-be", Encoding.UTF_16),
        ("utf-8-sig", None),
        ("utf-8", None),
    ],
)
@pytest.mark.parametrize(
    "names",
    [
        ["Aïssata Traoré", "Élodie N’Diaye"],
        ["KONÉ Zoë", "BÂ Françoise", "DÉMBÉLÉ Maëlle"],
        ["Müller Jörg", "Ñandú Íñigo"],
    ],
)
def test_a_file_is_read_in_its_letters(names, encoding, read_as):
    text = "\r\n".join(["Nom;Prénom usuel", *(name.replace(" ", ";") for name in names)])
    if encoding == "cp850":
        text = text.replace("’", "'")
        names = [name.replace("’", "'") for name in names]
    parsed = read(text.encode(encoding))
    assert ([one.name for one in parsed.people], parsed.table.encoding) == (names, read_as)


def test_arabic_in_an_old_encoding_is_read_and_another_can_be_chosen():
    parsed = read("الاسم\nعيسى محمد\nفاطمة علي".encode("cp1256"))
    assert (parsed.names, parsed.table.encoding) == (["عيسى محمد", "فاطمة علي"], Encoding.ARABIC)
    other = roster.read_again(parsed.table, roster.Choices(heading=1), Encoding.WINDOWS)
    assert other.names[0] == "عيسى محمد".encode("cp1256").decode("cp1252")
    back = roster.read_again(other.table, roster.Choices(heading=1), Encoding.ARABIC)
    assert back.names == parsed.names


def test_letters_that_were_written_twice_are_told_with_their_line_and_can_be_read_once():
    parsed = read("Nom\nAÃ¯ssata TraorÃ©\nSira")
    assert [(fault.what, fault.line) for fault in parsed.faults] == [(What.BROKEN, 2)]
    text = roster.tables.carried(parsed.table.rows)
    assert "Aïssata Traoré" in roster.samples(text, None)[Encoding.TWICE]
    assert roster.read_again(parsed.table, roster.Choices(heading=1), Encoding.TWICE).names == [
        "Aïssata Traoré",
        "Sira",
    ]


def test_the_samples_show_how_a_file_would_read_in_other_letters():
    shown = roster.samples("Nom\nAïssata", Encoding.MAC)
    assert (shown[Encoding.MAC], shown[Encoding.WINDOWS]) == ("Aïssata", "A•ssata")
    assert roster.samples("Nom\nAïssata", None) == {}


def test_letters_are_shown_by_a_name_and_not_by_the_mask_of_an_address():
    parsed = read("Nom;Mail\nAwa Ba;a@x.example\nAïcha Ly;b@x.example\n".encode("cp1252"))
    letters = roster.sample_letters(parsed.table, parsed.heading)
    assert letters[Encoding.WINDOWS].startswith("Aïcha")
    plain = read("Prénom;Mail\nAwa;a@x.example\n".encode("cp1252"))
    assert roster.sample_letters(plain.table, plain.heading)[Encoding.WINDOWS].startswith("Prénom")
    again = roster.read_again(parsed.table, roster.Choices(heading=1), Encoding.MAC)
    assert [row.cells[1] for row in again.table.rows[1:]] == ["…1@x.example", "…2@x.example"]


def test_latin_9_that_was_taken_for_windows_is_told():
    parsed = read("Nom\nLefœuvre Zoé\n".encode("iso-8859-15"))
    assert [fault.what for fault in parsed.faults] == [What.BROKEN]
