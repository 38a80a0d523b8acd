"""Pictures of own items: whatever file is sent, only pixels are kept, few enough of them."""

import struct
import zipfile
from io import BytesIO
from unittest.mock import ANY

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from quizzes import pictures
from quizzes.models import Picture
from quizzes.pictures import LONG_SIDE, MOST_BYTES, NotAPicture, OfFile, encoded, keep
from quizzes.writing import write
from tests import make

PLACE = b"N 12.6392"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def saved(image, kind="PNG", **options):
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def drawing(size=(80, 60), mode="RGB", colour="red"):
    return Image.new(mode, size, colour)


def photograph(size):
    """An image with detail everywhere, which no format makes small."""
    return Image.effect_noise(size, 90).convert("RGB")


def reopened(picture):
    return Image.open(BytesIO(picture.data))


def zipped():
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as folder:
        folder.writestr("picture.png", saved(drawing()))
    return file.getvalue()


def claiming(width, height):
    """A small PNG file that claims to be of that size."""
    file = BytesIO()
    file.write(b"\x89PNG\r\n\x1a\n")
    PngImagePlugin.putchunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    PngImagePlugin.putchunk(file, b"IDAT", b"")
    PngImagePlugin.putchunk(file, b"IEND", b"")
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_of_each_format_is_kept(kind):
    picture = encoded(saved(drawing(), kind))
    assert (picture.width, picture.height) == reopened(picture).size == (80, 60)
    assert picture.media_type == f"image/{reopened(picture).format.lower()}"


def scanned(times):
    """A photograph whose last scan comes so many times more: each costs as much as the whole picture, in few bytes."""
    whole = saved(photograph((90, 90)), "JPEG", progressive=True)
    return whole[:-2] + whole[whole.rindex(b"\xff\xda") : -2] * times + whole[-2:]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unknown"),
        (b"not a picture", "unknown"),
        (zipped(), "unknown"),
        (saved(drawing(), "BMP"), "unknown"),
        (saved(drawing(), "TIFF"), "unknown"),
        (b"%PDF-1.7\n", "unknown"),
        (SVG, "svg"),
        (b"\xef\xbb\xbf  <SVG/>", "svg"),
        (claiming(5001, 5000), "large"),
        (claiming(100_000, 100_000), "large"),
        (claiming(2**31 - 1, 2**31 - 1), "large"),
        (claiming(10, 10), "broken"),
        (saved(photograph((90, 90)), "PNG")[:900], "broken"),
        (saved(photograph((90, 90)), "JPEG")[:900], "broken"),
        (scanned(30), "broken"),
        (saved(photograph((90, 90)), "WEBP")[:900], "broken"),
        (saved(photograph((90, 90)), "GIF")[:900], "broken"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_by_a_code(data, code):
    with pytest.raises(NotAPicture) as refusal:
        encoded(data)
    assert refusal.value.code == code


@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]),
    cut=st.integers(0, 400),
    at=st.integers(0, 400),
    noise=st.binary(max_size=20),
)
def test_broken_bytes_make_a_picture_or_none(kind, cut, at, noise):
    whole = saved(photograph((16, 16)), kind)
    broken = whole[: min(at, len(whole))] + noise + whole[at + len(noise) : len(whole) - cut]
    try:
        picture = encoded(broken)
    except NotAPicture:
        return
    assert reopened(picture).size == (picture.width, picture.height)


@pytest.mark.parametrize("size", [(4000, 3000), (1000, 1000), (5000, 20)])
def test_a_picture_is_scaled_until_it_fits(size):
    picture = encoded(saved(photograph(size), "JPEG", quality=60))
    assert len(picture.data) <= MOST_BYTES
    assert max(picture.width, picture.height) <= LONG_SIDE
    assert picture.width / picture.height == pytest.approx(size[0] / size[1], rel=0.1)


def test_a_drawing_stays_sharp_and_a_photograph_becomes_small():
    lines = drawing((600, 400), colour="white")
    lines.paste("black", (100, 100, 500, 110))
    assert encoded(saved(lines)).media_type == "image/png"
    assert encoded(saved(photograph((300, 300)))).media_type == "image/jpeg"


def test_what_is_transparent_stays_so():
    clear = drawing(mode="RGBA", colour=(255, 0, 0, 0))
    assert reopened(encoded(saved(clear))).convert("RGBA").getpixel((5, 5))[3] == 0
    noise = photograph((900, 900))
    noise.putalpha(Image.linear_gradient("L").resize((900, 900)))
    picture = encoded(saved(noise))
    assert picture.media_type == "image/webp"
    assert reopened(picture).mode == "RGBA"
    assert encoded(saved(drawing(mode="RGBA", colour=(255, 0, 0, 255)))).data == encoded(saved(drawing())).data


def place():
    exif = Image.Exif()
    exif[0x010E] = "Awa's house"
    exif.get_ifd(0x8825)[1] = PLACE.decode()
    return exif.tobytes()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_of_a_file_but_its_pixels_is_kept(kind):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": place(), "icc_profile": profile}
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Author", "Awa Coulibaly")
        options["pnginfo"] = words
    if kind == "JPEG":
        options["comment"] = b"Awa Coulibaly"
    sent = saved(photograph((40, 40)), kind, **options) + SVG
    assert PLACE in sent
    picture = encoded(sent)
    for words in (PLACE, b"Awa", b"Exif", b"<svg", b"ICC", profile[:40]):
        assert words not in picture.data
    assert not reopened(picture).getexif()
    assert not {"icc_profile", "comment", "Author", "dpi"} & set(reopened(picture).info)


def test_a_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    picture = encoded(saved(drawing((80, 60)), "JPEG", exif=exif))
    assert (picture.width, picture.height) == (60, 80)


def test_of_a_moving_picture_the_first_frame_is_kept():
    frames = [drawing(colour="red"), drawing(colour="blue")]
    for kind in ("GIF", "PNG", "WEBP"):
        picture = encoded(saved(frames[0], kind, save_all=True, append_images=frames[1:]))
        assert getattr(reopened(picture), "n_frames", 1) == 1
        assert reopened(picture).convert("RGB").getpixel((5, 5))[0] > 200


def test_colours_of_print_and_16_bits_of_grey_stay_what_they_are():
    red = reopened(encoded(saved(drawing(mode="CMYK", colour=(0, 255, 255, 0)), "JPEG"))).convert("RGB")
    assert red.getpixel((5, 5))[0] > 200 > 60 > red.getpixel((5, 5))[1]
    grey = Image.new("I;16", (40, 40), 32768)
    assert reopened(encoded(saved(grey))).convert("L").getpixel((5, 5)) == pytest.approx(128, abs=2)


def test_a_large_picture_in_16_bits_of_grey_is_taken():
    picture = encoded(saved(Image.new("I;16", (LONG_SIDE + 1, 40), 32768)))
    assert picture.width == LONG_SIDE
    assert reopened(picture).convert("L").getpixel((5, 5)) == pytest.approx(128, abs=2)


def made(of_file, data):
    """What becomes of a picture of a file of questions: its width, or the code of what is wrong."""
    try:
        return of_file(data).width
    except NotAPicture as error:
        return error.code


def test_a_file_of_questions_has_so_many_pictures_and_pixels(monkeypatch):
    red, blue, wide = saved(drawing()), saved(drawing(colour="blue")), saved(drawing((900, 10)))
    monkeypatch.setattr(pictures, "MOST_OF_FILE", 2)
    of_file = OfFile()
    assert [made(of_file, data) for data in (red, red, blue, red, wide, blue)] == [80, 80, 80, 80, "many", 80]
    monkeypatch.setattr(pictures, "MOST_PIXELS_OF_FILE", 80 * 60 + 900 * 10 - 1)
    of_file = OfFile()
    assert [made(of_file, data) for data in (red, wide, red)] == [80, "many", 80]


def test_a_picture_that_fails_is_tried_once(monkeypatch):
    broken, tried = saved(photograph((90, 90)))[:900], []
    monkeypatch.setattr(pictures, "encoded", lambda data: tried.append(data) or encoded(data))
    of_file = OfFile()
    assert [made(of_file, broken) for _time in range(3)] == ["broken"] * 3
    assert len(tried) == 1


def test_the_same_file_makes_the_same_picture():
    data = saved(photograph((200, 200)))
    assert encoded(data) == encoded(data)


@pytest.mark.django_db
def test_a_picture_is_kept_once_for_an_item(bakary, django_assert_num_queries):
    item = make.own_item(make.bank(bakary))
    red, blue = encoded(saved(drawing())), encoded(saved(drawing(colour="blue")))
    keep(item, [red])
    with django_assert_num_queries(1):
        keep(item, [red, blue, blue])
    assert {row.checksum for row in item.pictures.all()} == {red.checksum, blue.checksum}
    row = Picture.objects.get(checksum=red.checksum)
    assert (bytes(row.data), row.media_type, row.width, row.height) == (red.data, "image/png", 80, 60)


def shown(picture, english="Two rivers that meet", french="Deux rivières qui se rejoignent"):
    return picture.entry({"en": english, "fr": french})


@pytest.mark.django_db
def test_a_picture_is_part_of_what_is_asked(bakary):
    item = make.own_item(make.bank(bakary))
    red, blue = encoded(saved(drawing())), encoded(saved(drawing(colour="blue")))
    key = item.version.keys
    written = write(item, item.source | {"pictures": [shown(red)]}, make.NOW, sent=[red, blue])
    assert written.is_saved
    assert not item.draft
    assert (item.version.number, item.version.keys) == (2, key)
    assert item.version.document["pictures"] == [
        {"file": red.checksum, "width": 80, "height": 60, "alt": {"en": "Two rivers that meet", "fr": ANY}}
    ]
    assert [row.checksum for row in item.pictures.all()] == [red.checksum]  # what nothing names is not kept
    write(item, item.source | {"pictures": [shown(red, "A river")]}, make.NOW)
    assert item.version.number == 3
    write(item, {name: part for name, part in item.source.items() if name != "pictures"}, make.NOW)
    assert item.version.number == 1
    assert item.pictures.count() == 1  # a former version shows it


@pytest.mark.django_db
def test_a_picture_of_a_draft_that_is_taken_out_is_gone(bakary):
    item = make.own_item(make.bank(bakary), is_draft=True)
    red = encoded(saved(drawing()))
    write(item, item.source | {"pictures": [shown(red)]}, make.NOW, sent=[red])
    assert item.pictures.count() == 1
    write(item, {name: part for name, part in item.source.items() if name != "pictures"}, make.NOW)
    assert item.pictures.count() == 0


@pytest.mark.django_db
def test_a_picture_without_words_makes_a_draft(bakary):
    item = make.own_item(make.bank(bakary))
    red = encoded(saved(drawing()))
    written = write(item, item.source | {"pictures": [shown(red, french=" ")]}, make.NOW, sent=[red])
    assert [problem.path for problem in written.lacks] == ["pictures-0-alt-fr"] == item.draft


@pytest.mark.django_db
def test_what_names_no_picture_of_the_item_is_left_out(bakary):
    bank = make.bank(bakary)
    item, other = make.own_item(bank), make.own_item(bank)
    red, blue = encoded(saved(drawing())), encoded(saved(drawing(colour="blue")))
    keep(other, [red])
    write(item, item.source | {"pictures": [shown(red), shown(blue), shown(blue)]}, make.NOW, sent=[blue])
    assert [entry["file"] for entry in item.source["pictures"]] == [blue.checksum]
