"""An owner's bank as a file: out, in again, and out again as it was; and nothing twice."""

import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quizzes import incoming, pictures
from quizzes.bank_files import questions_of_own
from quizzes.pictures import encoded
from quizzes.sourced import question_of, source_of
from quizzes.typed import SHAPES
from tests import make
from tests.conftest import browser_of
from tests.quizzes.formats.questions import KINDS, LANGUAGES, questions, written

pytestmark = pytest.mark.django_db
ENDINGS = {"moodle": "bank.xml", "gift": "bank.txt", "csv": "bank.csv"}


def brought(bank, data, name):
    """Bring a file into a bank and take all that can be; return the outcomes."""
    language = bank.languages[0]
    read = incoming.questions_of(bank, bank.owner, data, name, language)
    upload = incoming.bring(bank.owner, bank, data, name, language, read, make.NOW)
    rows = [row["outcome"] for row in upload.rows]
    incoming.take(bank.owner, upload, make.NOW)
    return rows


def leaves(bank, name):
    return written(name, questions_of_own(bank)[0], bank.languages)


@pytest.fixture
def full(bakary):
    """A bank with a whole item of every kind."""
    bank = make.bank(bakary, "Full")
    for kind in SHAPES:
        make.own_item(bank, kind)
    return bank


@pytest.mark.parametrize("name", ENDINGS)
def test_out_in_and_out_again_is_the_same_file(bakary, full, name):
    first = leaves(full, name)
    empty = make.bank(bakary, "Empty")
    assert set(brought(empty, first, ENDINGS[name])) <= {"kept", "degraded"}
    assert empty.items.count() == full.items.count() == len(SHAPES)
    assert leaves(empty, name) == first


def test_what_moodle_s_xml_brings_is_whole_again(bakary, full):
    empty = make.bank(bakary, "Empty")
    brought(empty, leaves(full, "moodle"), "bank.xml")
    assert [item.draft for item in empty.items.all()] == [[]] * len(SHAPES)
    before, after = ([row.current_version for row in bank.items.order_by("pk")] for bank in (full, empty))
    assert [row.kind for row in before] == [row.kind for row in after]


@pytest.mark.parametrize("name", ENDINGS)
def test_a_bank_that_comes_back_into_itself_makes_nothing(full, name):
    assert set(brought(full, leaves(full, name), ENDINGS[name])) == {"here"}
    assert full.items.count() == len(SHAPES)


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_question_that_came_in_leaves_as_it_came(name, kind, data):
    question = data.draw(questions(kinds=[kind]))
    origin = {"name": question.name, "tags": question.tags, "category": question.category}
    about = {
        key: getattr(question, key) for key in ("number", "objective", "claims", "rests_on", "passage", "pictures")
    }
    again = question_of(source_of(question), LANGUAGES, origin, **about)
    assert again is not None
    assert written(name, [again]) == written(name, [question])


def test_tags_name_and_category_leave_again(bakary):
    bank = make.bank(bakary, languages=("en",))
    brought(bank, GIFT.encode(), "a.txt")
    (question,), _left = questions_of_own(bank)
    assert (question.name, question.tags, question.category, question.number) == (
        "First",
        ("petition",),
        ("Mali", "Texts"),
        "one",
    )


GIFT = """$CATEGORY: Mali/Texts

// [id:one] [tag:petition]
::First:: Who signed? {=Nine ~Nobody}
"""


def test_the_page_says_what_stays_and_whoever_sees_the_bank_takes_it(bakary, danso, celia, full):
    make.own_item(full, is_draft=True)
    bare = make.own_item(full, is_draft=True)
    bare.source["option"] = []
    bare.save()
    cohort = make.cohort(bakary)
    cohort.banks.add(full)
    make.staff(cohort, danso)
    page, file = (reverse(name, args=[full.pk]) for name in ("own_bank_ways", "own_bank_file"))
    browser = browser_of(danso)
    assert "1 draft stays here" in browser.get(page).text
    assert browser.get(file).content == leaves(full, "moodle")
    assert browser.get(file, {"format": "gift", "language": "fr"}).content.decode().count("// [id:") == 8
    assert [browser_of(celia).get(address).status_code for address in (page, file)] == [403, 403]


def test_pictures_leave_with_moodle_s_xml_and_come_in_again(bakary):
    bank, empty = make.bank(bakary, "With pictures"), make.bank(bakary, "Empty")
    item, picture = make.own_item_with_picture(bank)
    first = leaves(bank, "moodle")
    assert brought(empty, first, "bank.xml") == ["kept"]
    again = empty.items.get()
    assert again.draft == []
    assert [row.checksum for row in again.pictures.all()] == [picture.checksum]
    assert again.current_version.document["pictures"][0]["alt"]["en"] == "Two rivers that meet"
    assert leaves(empty, "moodle") == first
    assert item.pictures.count() == 1


def test_a_picture_that_many_questions_show_is_made_anew_once(bakary, monkeypatch):
    bank, empty = make.bank(bakary, "With pictures"), make.bank(bakary, "Empty")
    for _number in range(3):
        make.own_item_with_picture(bank)
    drawn = []
    monkeypatch.setattr(pictures, "encoded", lambda data: drawn.append(data) or encoded(data))
    made = incoming.questions_of(empty, bakary, leaves(bank, "moodle"), "bank.xml", "en")
    assert [reported.row["can"] for reported in made.kept] == [True, True, True]
    assert len(drawn) == 1


def test_a_picture_without_words_makes_a_draft_and_one_that_is_none_is_told(bakary):
    bank, empty = make.bank(bakary, "With pictures"), make.bank(bakary, "Empty", languages=("en",))
    make.own_item_with_picture(bank)
    silent = leaves(bank, "moodle").replace(b"Two rivers that meet", b"")
    assert brought(empty, silent, "bank.xml") == ["degraded"]
    assert empty.items.get().draft == ["pictures-0-alt-en"]
    broken = re.sub(rb'(encoding="base64">)[^<]{40,}', rb"\1iVBORw0KGgoAAAANSUhEUgAA", silent)
    other = make.bank(bakary, "Other", languages=("en",))
    assert brought(other, broken, "bank.xml") == ["degraded"]
    assert not other.items.get().pictures.exists()
