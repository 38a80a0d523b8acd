"""Pictures in the editor of an own question, as a browser without a script sends them."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from quizzes import writing
from quizzes.models import Item, Picture
from quizzes.pictures import MOST_SENT
from tests import make
from tests.quizzes.test_typed import posted

pytestmark = pytest.mark.django_db
ALT = {"pictures-0-alt-en": "Two rivers", "pictures-0-alt-fr": "Deux rivières"}
HIDDEN = re.compile(r'<input type="hidden" name="(pictures-\d-(?:file|sent))" value="([^"]*)"')


@pytest.fixture
def bank(bakary):
    return make.bank(bakary, "Bridges")


@pytest.fixture
def address(bank):
    return f"/en/banks/{bank.pk}/new/single/"


def file(colour="red", name="bridge.png", data=None):
    if data is None:
        bytes_of = BytesIO()
        Image.new("RGB", (80, 60), colour).save(bytes_of, "PNG")
        data = bytes_of.getvalue()
    return SimpleUploadedFile(name, data, "image/png")


def form_of(page):
    """What the hidden fields of a page send of its pictures, and what it is based on."""
    basis = re.search(r'name="basis" value="([^"]*)"', page.text)[1]
    return {"basis": basis, **dict(HIDDEN.findall(page.text))}


def sent(client, address, page=None, **more):
    """What comes of sending a whole question with these fields and what the page carries."""
    page = page or client.get(address)
    return client.post(address, {**posted(make.typed("single")), **form_of(page), **more})


def test_limits_are_told_beforehand(as_bakary, address):
    page = as_bakary.get(address)
    assert 'enctype="multipart/form-data"' in page.text
    assert "at most 8 MB" in page.text


def test_a_picture_that_is_saved_without_words_makes_a_draft_that_has_it(as_bakary, address):
    done = sent(as_bakary, address, picture=file())
    assert done.status_code == 302
    item = Item.objects.get()
    assert item.draft == ["pictures-0-alt-en"]
    assert item.pictures.count() == 1
    shown = as_bakary.get(done.url)
    assert f'src="/en/items/{item.pk}/pictures/' in shown.text
    assert "Picture 1: what it shows, in words" in shown.text


def test_a_picture_is_added_described_and_saved(as_bakary, address):
    page = sent(as_bakary, address, picture=file(), add="1")
    assert (page.status_code, Picture.objects.count()) == (200, 0)
    assert 'src="data:image/png;base64,' in page.text
    assert "img-src 'self' data:" in page.headers["Content-Security-Policy"]
    assert sent(as_bakary, address, page, **ALT).status_code == 302
    item = Item.objects.get()
    assert item.draft == []
    assert item.version.pictures[0]["alt"] == "Two rivers"
    again = as_bakary.get(f"/en/banks/{item.bank_id}/items/{item.pk}/edit/")
    assert "data:" not in again.headers["Content-Security-Policy"]
    assert "Deux rivières" in again.text


def test_a_picture_stays_with_a_form_that_is_refused(as_bakary, address):
    twice = {"option-1-text-en": "Alpha"}
    page = sent(as_bakary, address, picture=file(), **ALT, **twice)
    assert (page.status_code, Item.objects.count()) == (422, 0)
    assert "-sent" in page.text
    assert sent(as_bakary, address, page, **ALT).status_code == 302
    assert Item.objects.get().pictures.count() == 1


@pytest.mark.parametrize("button", [{"more": "option"}, {"preview": "1"}, {"show": "1"}])
def test_a_picture_stays_where_a_button_saves_nothing(as_bakary, address, button):
    page = sent(as_bakary, address, picture=file(), **ALT, **button)
    assert page.status_code == 200
    assert HIDDEN.findall(page.text)


def test_a_picture_is_seen_as_a_learner_does_before_it_is_saved(as_bakary, address):
    page = sent(as_bakary, address, picture=file(), add="1")
    page = sent(as_bakary, address, page, **ALT, preview="1")
    assert page.text.count('<img src="data:image/png') == 2
    assert 'alt="Two rivers" lang="en"' in page.text
    assert Picture.objects.count() == 0


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (file(data=b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "A drawing in SVG may hold a script."),
        (file(data=b"PK\x03\x04 a folder"), "This is no picture in PNG, JPEG, WebP or GIF."),
        (file(data=b"a" * (MOST_SENT + 1)), "This file is larger than 8 MB."),
        (file(data=file().read()[:60]), "This file is broken"),
    ],
)
def test_a_file_that_is_refused_loses_nothing_that_was_typed(as_bakary, address, upload, sentence):
    page = sent(as_bakary, address, picture=upload)
    assert (page.status_code, Item.objects.count()) == (422, 0)
    assert sentence in page.text
    assert "Alpha" in page.text
    assert 'href="#id_picture"' in page.text


def test_a_photograph_as_a_phone_takes_it_is_taken(as_bakary, address):
    photograph = BytesIO()
    Image.effect_noise((2600, 2000), 90).save(photograph, "JPEG", quality=95)
    large = SimpleUploadedFile("IMG_1.jpg", photograph.getvalue())
    assert 3_000_000 < large.size < MOST_SENT
    page = sent(as_bakary, address, picture=large, add="1")
    assert page.status_code == 200
    assert HIDDEN.findall(page.text)


def test_what_a_form_carries_was_made_here(as_bakary, address):
    page = sent(as_bakary, address, picture=file(), add="1")
    carried = form_of(page)["pictures-0-sent"]
    forged = carried.replace("image/png", "image/svg+xml")
    assert sent(as_bakary, address, page, **{"pictures-0-sent": forged}).status_code == 302
    assert Picture.objects.count() == 0


def test_a_question_has_three_pictures_at_most(as_bakary, address):
    page = as_bakary.get(address)
    for colour in ("red", "green", "blue"):
        assert 'type="file"' in page.text
        page = sent(as_bakary, address, page, picture=file(colour), add="1")
    assert 'type="file"' not in page.text
    assert sent(as_bakary, address, page, picture=file("white")).status_code == 302
    assert len(Item.objects.get().source["pictures"]) == Picture.objects.count() == 3


def test_a_picture_is_taken_out_by_a_button_and_then_by_saving(as_bakary, bank):
    item, _picture = make.own_item_with_picture(bank, is_draft=True)
    edit = f"/en/banks/{bank.pk}/items/{item.pk}/edit/"
    page = sent(as_bakary, edit, less="pictures-0")
    assert (HIDDEN.findall(page.text), item.pictures.count()) == ([], 1)
    assert sent(as_bakary, edit, page).status_code == 302
    item.refresh_from_db()
    assert ("pictures" in item.source, item.pictures.count()) == (False, 0)


def test_a_form_sent_twice_keeps_a_picture_once(as_bakary, address):
    page = as_bakary.get(address)
    for _ in range(2):
        assert sent(as_bakary, address, page, picture=file()).status_code == 302
    assert (Item.objects.count(), Picture.objects.count()) == (1, 1)


def test_another_picture_that_was_saved_meanwhile_is_told_of(as_bakary, bank):
    item, _picture = make.own_item_with_picture(bank)
    edit = f"/en/banks/{bank.pk}/items/{item.pk}/edit/"
    page = as_bakary.get(edit)
    blue = make.picture("blue")
    writing.write(item, item.source | {"pictures": [blue.entry(make.text("Bridge"))]}, make.NOW, sent=[blue])
    newer = sent(as_bakary, edit, page)
    assert newer.status_code == 409
    assert "Picture 1, as it stands now" in newer.text
    assert "another picture" in newer.text


def test_words_in_a_language_that_the_page_did_not_show_stay(as_bakary, bank):
    item, _picture = make.own_item_with_picture(bank)
    bank.languages = ["en"]
    bank.save()
    edit = f"/en/banks/{bank.pk}/items/{item.pk}/edit/"
    assert sent(as_bakary, edit, **{"pictures-0-alt-en": "A bridge"}).status_code == 302
    item.refresh_from_db()
    assert item.source["pictures"][0]["alt"] == {"fr": "Deux rivières qui se rejoignent", "en": "A bridge"}
