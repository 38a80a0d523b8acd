"""A file of questions for a bank of one's own: the report, what is taken, and what is never made twice."""

import re
import zlib
from datetime import timedelta
from itertools import islice

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import translation

from quizzes import incoming, writing
from quizzes.models import Item, ItemVersion, Upload
from quizzes.models.uploads import MOST
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
GIFT = """// [id:one]
::First:: Who signed the petition? {
=Nine people # They are named
~Nobody # It has names
####The text says so.
}

::Second:: What does MINUSMA name? {
=A mission
~A party
}

::Third:: Tell what you think. {}

// [id:four]
How many? {#3:1}
"""
XML = """<?xml version="1.0"?>
<quiz>
<question type="category"><category><text>$course$/Mali</text></category></question>
<question type="multichoice"><name><text>One</text></name><single>true</single>
<questiontext format="html"><text>Who &lt;b&gt;signed&lt;/b&gt;?</text></questiontext>
<answer fraction="100"><text>Nine</text></answer><answer fraction="0"><text>Nobody</text></answer>
<hint format="html"><text>Count them.</text></hint><tags><tag><text>petition</text></tag></tags></question>
</quiz>"""


@pytest.fixture
def bank(bakary):
    return make.bank(bakary, languages=("en",))


def new(bank):
    return reverse("quizzes:upload_new", args=[bank.pk])


def bring(client, bank, content=GIFT, name="bank.txt", **fields):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(new(bank), {"file": SimpleUploadedFile(name, data), "language": bank.languages[0], **fields})


def report(client, bank, content=GIFT, name="bank.txt"):
    """The upload that a file made."""
    answer = bring(client, bank, content, name)
    assert answer.status_code == 302, re.findall(r"(?s)<main.*", answer.text)
    return Upload.objects.latest("pk")


def address(upload):
    return reverse("quizzes:upload", args=[upload.bank_id, upload.pk])


def ticks(upload, *places):
    """The fields of the first page of a report with the ticks at these places."""
    can = [at for at, row in enumerate(upload.rows) if row["can"]]
    return {"row": can, "tick": list(places)}


def take(client, upload, *places):
    chosen = places or [at for at, row in enumerate(upload.rows) if row["can"] and at not in upload.left]
    return client.post(address(upload), ticks(upload, *chosen) | {"confirm": "1"}, follow=True)


def outcomes(upload):
    return [row["outcome"] for row in upload.rows]


# The report


def test_a_file_is_looked_at_first_and_makes_nothing(as_bakary, bank):
    upload = report(as_bakary, bank)
    page = as_bakary.get(address(upload)).text
    assert outcomes(upload) == ["kept", "kept", "refused", "kept"]
    assert "Who signed the petition?" in page
    assert "Nobody here marks free text" in page
    assert "Take 3 questions into the bank" in page
    assert "A draft until it has: why it is so, why answers are right or wrong." in page
    assert not Item.objects.exists()


@pytest.mark.parametrize("became", ["Who signed? {=Nine ~Nobody}", "%PDF-1.7"])
def test_a_file_that_is_read_otherwise_by_now_makes_nothing(as_bakary, bank, became):
    upload = report(as_bakary, bank)
    Upload.objects.update(data=zlib.compress(became.encode()))
    page = take(as_bakary, upload)
    assert (page.status_code, Item.objects.count()) == (200, 0)
    assert ("Bring it again" in page.text) == ("Who" in became)
    assert Upload.objects.get().taken_at is None


def test_a_question_that_cannot_be_taken_says_so_with_its_line_as_others_come(as_bakary, bank):
    text = "question,option 1,option 2,key\nOù, en Afrique ?,a,b,A\nLà ?,c,d,B\n"
    upload = report(as_bakary, bank, text, "a.csv")
    page = as_bakary.get(address(upload)).text
    assert "This row has more cells than headings, from “A” on." in page
    assert outcomes(upload) == ["refused", "kept"]


def test_what_is_lost_stands_in_words(as_bakary, bank):
    page = as_bakary.get(address(report(as_bakary, bank, XML, "a.xml"))).text
    assert "Its hints are left out: there is one try here." in page


def test_a_report_shows_one_outcome_alone(as_bakary, bank):
    upload = report(as_bakary, bank)
    page = as_bakary.get(f"{address(upload)}?outcome=refused").text
    assert "Tell what you think" in page
    assert "Who signed" not in page


# Taking


def test_what_is_ticked_comes_and_what_lacks_something_is_a_draft(as_bakary, bakary, bank):
    upload = report(as_bakary, bank)
    page = take(as_bakary, upload, 0, 1).text
    whole, draft = bank.items.order_by("pk")
    assert (whole.draft, whole.author, whole.uses) == ([], bakary, writing.USES)
    assert whole.current_version.document["stem"] == {"en": "Who signed the petition?"}
    assert draft.draft
    assert draft.current_version is None
    assert ItemVersion.objects.count() == 1
    assert "2 questions came into the bank" in page
    assert "1 is a draft" in page
    assert f"{bank.get_absolute_url()}?show=drafts" in page


def test_what_came_is_what_the_editor_would_have_saved(as_bakary, bank):
    take(as_bakary, report(as_bakary, bank), 0)
    item = bank.items.get()
    checked, _about, written = writing.judge(item, item.source)
    assert (written.lacks, written.refused) == ([], [])
    assert item.current_version.checksum == checked.checksum
    assert item.document == {"explanation": checked.explanation, "feedback": checked.feedback}


def test_the_same_file_again_makes_nothing(as_bakary, bank):
    take(as_bakary, report(as_bakary, bank))
    again = report(as_bakary, bank)
    assert outcomes(again) == ["here", "here", "refused", "here"]
    assert "Look at the one that is here" in as_bakary.get(address(again)).text
    take(as_bakary, again)
    assert bank.items.count() == 3


def test_other_numbers_and_other_texts_of_the_same_question_are_known(as_bakary, bank):
    take(as_bakary, report(as_bakary, bank), 0, 1)
    numbered = report(as_bakary, bank, GIFT.replace("id:one", "id:99"), "b.txt")
    assert outcomes(numbered)[:2] == ["here", "here"]
    assert not numbered.rows[0]["can"]
    changed = report(as_bakary, bank, GIFT.replace("Nine people", "Ten people"), "c.txt")
    assert (outcomes(changed)[0], changed.rows[0]["can"], changed.left) == ("here", True, [0, 1, 2])
    assert "their texts differ" in as_bakary.get(address(changed)).text


@pytest.mark.parametrize("became", ["edited", "moved", "withdrawn"])
def test_a_question_is_here_whatever_became_of_it(as_bakary, bakary, bank, became):
    take(as_bakary, report(as_bakary, bank), 0)
    item = bank.items.get()
    if became == "edited":
        writing.write(item, item.source | {"stem": {"en": "Who else signed it?"}}, make.NOW)
    elif became == "moved":
        writing.move(bakary, item, make.bank(bakary, "Another"))
    else:
        writing.withdraw(bakary, item, make.NOW)
    again = report(as_bakary, bank)
    assert (again.rows[0]["outcome"], again.rows[0]["item"]) == ("here", item.pk)
    assert f"/items/{item.pk}/" in as_bakary.get(address(again)).text


def test_one_file_may_come_into_two_banks(as_bakary, bakary, bank):
    take(as_bakary, report(as_bakary, bank), 0)
    other = make.bank(bakary, "Another", languages=("en",))
    assert outcomes(report(as_bakary, other))[0] == "kept"


def test_ticks_stay_while_other_pages_are_looked_at(as_bakary, bank):
    text = "\n\n".join(f"Number {number}? {{=yes{number} ~no}}" for number in range(60))
    upload = report(as_bakary, bank, text)
    assert "Number 49?" in (first := as_bakary.get(address(upload)).text)
    assert "Number 50?" not in first
    kept = [at for at in range(50) if at != 7]
    sent = {"row": list(range(50)), "tick": kept, "go": " 2"}
    page = as_bakary.post(address(upload), sent, follow=True).text
    assert "Number 50?" in page
    assert "Take 59 questions" in page
    as_bakary.post(address(upload), {"row": list(range(50, 60)), "tick": list(range(50, 60)), "confirm": "1"})
    assert bank.items.count() == 59
    assert not bank.items.filter(source__stem__en="Number 7?").exists()


def test_a_report_of_thousands_stays_light(as_bakary, bank, django_assert_max_num_queries):
    text = "\n\n".join(f"Number {number}? {{=yes{number} ~no # %s}}" % ("reason " * 20) for number in range(300))
    upload = report(as_bakary, bank, text)
    with django_assert_max_num_queries(8):
        page = as_bakary.get(address(upload))
    assert len(page.content) < 100_000


def test_pressed_twice_it_is_taken_once(as_bakary, bank):
    upload = report(as_bakary, bank)
    take(as_bakary, upload)
    page = take(as_bakary, upload).text
    assert bank.items.count() == 3
    assert "3 questions came into the bank" in page


def test_two_browsers_take_the_same_file_once(as_bakary, bakary, bank):
    first = report(as_bakary, bank)
    second = Upload.objects.get(pk=first.pk)
    incoming.take(bakary, first, make.NOW)
    assert incoming.take(bakary, second, make.NOW).made == Upload.objects.get().made
    assert bank.items.count() == 3


def test_two_files_with_the_same_questions_make_them_once(as_bakary, bakary, bank):
    first, second = report(as_bakary, bank), report(as_bakary, bank, f"{GIFT}\n")
    assert first != second
    take(as_bakary, first)
    take(as_bakary, second, 0, 1, 3)
    assert bank.items.count() == 3


def test_a_fault_in_the_middle_leaves_nothing(as_bakary, bakary, bank, monkeypatch):
    upload = report(as_bakary, bank)

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(ItemVersion.objects, "bulk_create", fail)
    with pytest.raises(RuntimeError):
        incoming.take(bakary, upload, make.NOW)
    assert not Item.objects.exists()
    assert Upload.objects.get().taken_at is None


def test_the_bank_shows_its_drafts_and_what_is_to_be_looked_at_alone(as_bakary, bank):
    take(as_bakary, report(as_bakary, bank, f"{GIFT}\n\nWhich river is not in Mali? {{=Nile#a ~Niger#b\n####So.}}\n"))
    Item.objects.filter(draft=[]).exclude(source__stem__en__startswith="Which").update(is_flagged=False)
    page = as_bakary.get(bank.get_absolute_url()).text
    assert "Drafts (2)" in page
    assert "To be looked at (3)" in page
    drafts = as_bakary.get(f"{bank.get_absolute_url()}?show=drafts").text
    assert "What does MINUSMA name?" in drafts
    assert "Who signed" not in drafts
    flagged = as_bakary.get(f"{bank.get_absolute_url()}?show=flagged").text
    assert "Which river" in flagged
    assert "What does MINUSMA name?" in flagged  # a draft that lacks reasons alone
    assert "Who signed" not in flagged


# What cannot be taken


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xml", "<quiz><question>", "This file is broken"),
        ("a.xml", '<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>', "declares a document type"),
        ("a.txt", "", "There is no question in this file."),
        ("a.bin", b"\x00\x01\x02\xff", "This file is no bank that we can read"),
        ("a.zip", b"PK\x03\x04broken", "This ZIP cannot be unpacked"),
        ("a.csv", "a,b\n1,2\n", "No column is called"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(as_bakary, bank, name, content, sentence):
    answer = bring(as_bakary, bank, content, name)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Upload.objects.exists()


def test_a_broken_file_says_where(as_bakary, bank):
    assert "line 2, column" in bring(as_bakary, bank, "<quiz>\n<question></quiz>", "a.xml").text


def test_no_file_and_no_text_is_said(as_bakary, bank):
    answer = as_bakary.post(new(bank), {"language": "en"})
    assert answer.status_code == 422
    assert "Choose a file, or write questions" in answer.text


def test_questions_may_be_pasted(as_bakary, bank):
    as_bakary.post(new(bank), {"text": GIFT, "language": "en"})
    assert outcomes(Upload.objects.get()) == ["kept", "kept", "refused", "kept"]


def test_questions_in_another_language_than_the_bank_s_are_refused(as_bakary, bakary):
    bank = make.bank(bakary, languages=("fr",))
    text = "question (en),option 1 (en),option 2 (en),key\nWho?,Nine,Nobody,A\n"
    upload = report(as_bakary, bank, text, "a.csv")
    assert outcomes(upload) == ["refused"]
    assert "Add that language to the bank first" in as_bakary.get(address(upload)).text


def test_what_the_editor_would_refuse_is_refused_here(as_bakary, bank):
    upload = report(as_bakary, bank, f"{'Long ' * 500}? {{=a ~b}}")
    assert outcomes(upload) == ["refused"]
    assert "at most 2000" in as_bakary.get(address(upload)).text


def test_what_was_refused_does_not_come_in_with_a_language_that_the_bank_has_later(as_bakary, bakary, bank):
    text = "question (en),question (fr),option 1 (en),option 1 (fr),option 2 (en),option 2 (fr),key\n"
    upload = report(as_bakary, bank, f"{text}Who?,,Nine,,Nobody,,A\n,Qui ?,,Neuf,,Personne,A\n", "a.csv")
    assert outcomes(upload) == ["kept", "refused"]
    bank.languages = ["en", "fr"]
    bank.save()
    take(as_bakary, upload)
    assert [item.source["stem"] for item in bank.items.all()] == [{"en": "Who?"}]


def test_a_number_that_a_file_had_before_a_restore_is_no_obstacle(as_bakary, bank):
    first = report(as_bakary, bank)
    take(as_bakary, first)
    Upload.objects.all().delete()
    report(as_bakary, bank, "What? {=a ~b}")
    Upload.objects.update(id=first.pk)  # sequences begin again behind the highest number that a backup holds
    take(as_bakary, Upload.objects.get())
    assert bank.items.count() == 4


# Who, and how long


def test_whoever_sees_a_shared_bank_brings_nothing_into_it(danso, bakary):
    cohort = make.cohort(bakary)
    make.staff(cohort, danso)
    bank = make.bank(bakary, cohort=cohort)
    upload = make.upload(bank)
    browser = browser_of(danso)
    assert browser.get(bank.get_absolute_url()).status_code == 200
    assert [browser.get(page).status_code for page in (new(bank), address(upload))] == [404, 404]


def test_a_file_is_forgotten_after_a_week_or_at_once(as_bakary, bakary, bank):
    first, second = make.upload(bank), make.upload(bank, "What? {=a ~b}", at=make.NOW + timedelta(days=3))
    assert Upload.objects.forget_old(make.NOW + timedelta(days=8)) == 1
    as_bakary.post(address(second), {"remove": "1"})
    assert first != second
    assert not Upload.objects.exists()


def test_a_person_keeps_the_latest_few(bakary, bank):
    for number in range(MOST + 2):
        make.upload(bank, f"Number {number}? {{=a ~b}}")
    assert Upload.objects.count() == MOST


# A large file is read in steps, of which its page tells


def many(count):
    return "\n\n".join(f"What is number {number}? {{=yes{number} ~no}}" for number in range(count))


@pytest.fixture
def short_steps(monkeypatch):
    monkeypatch.setattr(incoming, "STEP", 3)


def steps_of(page):
    return [int(count) for count in re.findall(r"<div>(\d+) questions? read</div>", page)]


def test_a_large_file_tells_how_far_it_is_read_and_taken(as_bakary, bank, short_steps):
    answer = bring(as_bakary, bank, many(8))
    assert (answer.status_code, answer.streaming) == (200, True)
    page = answer.getvalue().decode()
    upload = Upload.objects.get()
    assert steps_of(page) == [3, 6, 8]
    assert f'href="{address(upload)}"' in page
    assert page.rstrip().endswith("</html>")
    taken = as_bakary.post(address(upload), ticks(upload, 0, 1, 2, 4, 5, 6, 7) | {"confirm": "1"}).getvalue().decode()
    assert steps_of(taken) == [3, 6, 8]
    assert f'href="{address(upload)}"' in taken
    assert bank.items.count() == 7
    assert not bank.items.filter(source__stem__en="What is number 3?").exists()


def test_each_part_is_sent_by_itself_in_the_language_of_the_page(as_bakary, bank, short_steps):
    data = {"file": SimpleUploadedFile("bank.txt", many(8).encode()), "language": "en"}
    with translation.override("fr"):
        french = new(bank)
    answer = as_bakary.post(french, data, headers={"accept-encoding": "gzip"})
    assert answer["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in answer
    parts = iter(answer)
    head = next(parts).decode()
    assert 'lang="fr"' in head
    assert "</main>" not in head
    with translation.override("en"):
        next(parts)
        assert translation.get_language() == "en"
    assert not Upload.objects.exists()


def test_a_step_that_ends_with_the_file_is_told_once(as_bakary, bank, short_steps):
    assert steps_of(bring(as_bakary, bank, many(6)).getvalue().decode()) == [3, 6]


def test_a_line_that_breaks_leaves_nothing(as_bakary, bank, short_steps, monkeypatch):
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)  # the test goes on in it
    answer = bring(as_bakary, bank, many(8))
    parts = iter(answer)
    next(parts), next(parts)
    answer.close()
    assert not Upload.objects.exists()


def test_what_is_wrong_far_down_is_told_in_the_page_and_near_the_top_beside_the_form(as_bakary, bank, short_steps):
    question = XML[XML.index('<question type="multi') : XML.index("</quiz>")]
    questions = "".join(question.replace("Who", f"Who {number}") for number in range(4))
    # Read in parts of 64 KB: what comes later than that is not yet seen.
    far = f"<quiz>{questions}<!-- {'-=' * 40_000} --></quizz>"
    page = bring(as_bakary, bank, far, "a.xml").getvalue().decode()
    assert "mismatched tag" in page
    assert f'href="{new(bank)}"' in page
    assert page.rstrip().endswith("</html>")
    assert bring(as_bakary, bank, "<quiz><a></quizz>", "a.xml").status_code == 422
    assert not Upload.objects.exists()


def test_a_fault_far_down_is_told_in_the_page_and_kept_from_nobody(as_bakary, bank, short_steps, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(incoming, "bring", fail)
    parts = iter(bring(as_bakary, bank, many(8)))
    page = b"".join(islice(parts, 6))  # its head, three steps, what comes last, and what went wrong
    assert "no question comes twice" in page.decode().rpartition('role="alert"')[2]
    with pytest.raises(RuntimeError):
        next(parts)
    assert not Upload.objects.exists()


def test_a_bank_that_goes_away_while_its_file_is_read_is_told(as_bakary, bakary, bank, short_steps):
    answer = bring(as_bakary, bank, many(8))
    bank.owner = make.user("celia")
    bank.save()
    assert "there no more" in answer.getvalue().decode()
    assert not Upload.objects.exists()


def test_pressed_twice_at_once_a_large_file_is_taken_once(as_bakary, bakary, bank, short_steps):
    upload = make.upload(bank, many(8))
    first, second = (as_bakary.post(address(upload), ticks(upload, *range(8)) | {"confirm": "1"}) for _ in range(2))
    assert first.getvalue()
    assert f'href="{address(upload)}"' in second.getvalue().decode()
    assert bank.items.count() == 8
