"""Pictures of own items: made anew from a file, whatever it holds, and kept beside the item. Imports the tables.

What somebody sends is decoded and encoded again by Pillow, and only its pixels go over: no place, name or script that a
file carries, nor anything behind its end, is ever served.
"""

import base64
import hashlib
import math
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.utils.module_loading import import_string
from PIL import Image, ImageOps

from accounts.models import User
from quizzes.models import Bank, Item, ItemVersion, Picture, Quiz, Response
from quizzes.typed import PICTURES, Source

MOST_SENT = 8_000_000  # bytes of a file in a form, as phones take them; what comes back with it fits (accounts.border)
MOST_BYTES = 100_000  # of one, as it is kept
MOST_PIXELS = 25_000_000  # of a file, above what cameras of phones usually make; decoded it takes 100 MB of memory
LONG_SIDE = 1200  # pixels
A_SCAN = b"\xff\xda"  # where one begins in a JPEG file, whose own bytes have it nowhere else
MOST_SCANS = 30  # of a JPEG file, which has about ten; each costs as much as the whole picture, and takes 40 bytes
MOST_OF_FILE = 300  # pictures of a file of questions, each of which takes up to half a second
MOST_PIXELS_OF_FILE = 500_000_000  # of all its pictures, as they are sent
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
QUALITIES = (85, 70)
SMALLER = 0.85  # to which a picture is scaled at least, until it fits
SIGNER = Signer(salt="quizzes.pictures")
# What Pillow raises of a file that is broken.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, OverflowError, struct.error)


class NotAPicture(ValueError):
    """A file of which no picture can be made; `code` is heavy, svg, unknown, large, broken or many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Encoded:
    """A picture as it is kept: PNG, JPEG or WebP of at most MOST_BYTES bytes; `checksum` is the SHA-256 of `data`."""

    checksum: str
    media_type: str
    width: int
    height: int
    data: bytes

    def entry(self, alt: dict[str, str]) -> dict[str, Any]:
        """Return what a Source or a version says of it; `alt` is {language: text}, for whoever does not see it."""
        return {"file": self.checksum, "width": self.width, "height": self.height, "alt": alt}

    @property
    def source(self) -> str:
        """The address under which a page shows it that is kept nowhere yet: its own bytes."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode()}"

    @property
    def carried(self) -> str:
        """What a form carries of it until it is saved, signed: whatever comes back was made here."""
        return SIGNER.sign(f"{self.width} {self.height} {self.source}")


def carried(text: str) -> Encoded | None:
    """Return the picture that a form of ours carried back as Encoded.carried; None where it is no such thing."""
    try:
        width, height, source = SIGNER.unsign(text).split(" ")
    except BadSignature:
        return None
    head, _comma, coded = source.partition(",")
    data = base64.b64decode(coded)
    media_type = head.removeprefix("data:").removesuffix(";base64")
    return Encoded(hashlib.sha256(data).hexdigest(), media_type, int(width), int(height), data)


def encoded(data: bytes) -> Encoded:
    """Return the picture that a PNG, JPEG, WebP or GIF file shows, upright, of a moving one its first frame.

    It is scaled down to LONG_SIDE and until it fits. Drawings are smaller as PNG and stay sharp, photographs as JPEG,
    or as WebP where they are transparent: the smaller file is kept. NotAPicture where there is none.
    """
    image = _decoded(data)
    while True:
        drawing = _saved(image, "PNG")
        kind = "JPEG" if image.mode == "RGB" else "WEBP"
        for quality in QUALITIES:
            file = min(drawing, _saved(image, kind, quality=quality), key=len)
            if len(file) <= MOST_BYTES:
                media_type = "image/png" if file is drawing else f"image/{kind.lower()}"
                return Encoded(hashlib.sha256(file).hexdigest(), media_type, image.width, image.height, file)
        factor = min(SMALLER, math.sqrt(MOST_BYTES / len(file)))
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        image = image.resize(size, Image.Resampling.LANCZOS)


def uploaded(file: UploadedFile) -> Encoded:
    """Return the picture of a file that a form sent; NotAPicture, also where it is larger than MOST_SENT."""
    if (file.size or 0) > MOST_SENT:
        raise NotAPicture("heavy")
    return encoded(file.read())


class OfFile:
    """Makes the pictures of one file of questions, each once, and no more than a file may have.

    Calling it returns the picture of some bytes as `encoded` does; NotAPicture also where it is one too many.
    """

    def __init__(self) -> None:
        self.made: dict[bytes, Encoded | NotAPicture] = {}
        self.pixels = 0

    def __call__(self, data: bytes) -> Encoded:
        mark = hashlib.sha256(data).digest()
        if mark not in self.made:
            self.made[mark] = self._make(data)
        made = self.made[mark]
        if isinstance(made, NotAPicture):
            raise NotAPicture(made.code)
        return made

    def _make(self, data: bytes) -> Encoded | NotAPicture:
        try:
            with _opened(data) as image:
                pixels = image.width * image.height
            if len(self.made) >= MOST_OF_FILE or self.pixels + pixels > MOST_PIXELS_OF_FILE:
                raise NotAPicture("many")
            self.pixels += pixels
            return encoded(data)
        except NotAPicture as error:
            return error


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """Open a picture, of which only the beginning is read; NotAPicture also where what is done with it fails."""
    if b"<svg" in data[:1000].lower():
        raise NotAPicture("svg")
    if data.startswith(b"\xff\xd8") and data.count(A_SCAN) > MOST_SCANS:
        raise NotAPicture("broken")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotAPicture("large")
            yield image
    except Image.UnidentifiedImageError as error:
        raise NotAPicture("unknown") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture("large") from error
    except NotAPicture:
        raise
    except BROKEN as error:
        raise NotAPicture("broken") from error


def _decoded(data: bytes) -> Image.Image:
    """Return the pixels alone, as RGB or RGBA, with no side longer than LONG_SIDE."""
    with _opened(data) as image:
        shown = _grey(image) if image.mode.startswith(("I", "F")) else image
        shown.thumbnail((LONG_SIDE, LONG_SIDE))  # of a JPEG file no more is decoded than that needs
        return _pixels(ImageOps.exif_transpose(shown))


def _grey(image: Image.Image) -> Image.Image:
    """Return 16 bits of grey as 8, which neither scaling nor a conversion does."""
    return image.convert("I").point(lambda grey: grey / 256).convert("L")


def _pixels(image: Image.Image) -> Image.Image:
    """Return a new picture with the same pixels: metadata are of the former one."""
    clear = image.convert("RGBA") if image.has_transparency_data else None
    mode = "RGBA" if clear and clear.getchannel("A").getextrema() != (255, 255) else "RGB"
    pixels = Image.new(mode, image.size)
    pixels.paste((clear or image).convert(mode))
    return pixels


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def named(source: Source, pictures: Iterable[Encoded | Picture]) -> Source:
    """Return the Source with the sizes of its pictures, which are some of these; whatever names another is left out."""
    rest = {name: value for name, value in source.items() if name != "pictures"}
    sizes = {picture.checksum: {"width": picture.width, "height": picture.height} for picture in pictures}
    alts = {entry["file"]: entry["alt"] for entry in source.get("pictures", ()) if entry["file"] in sizes}
    entries = [{"file": file, **sizes[file], "alt": alt} for file, alt in list(alts.items())[:PICTURES]]
    return rest | {"pictures": entries} if entries else rest


def kept(item: Item | None) -> list[Picture]:
    """Return the pictures that are kept beside an item, without their bytes. One query; none of a new item."""
    return list(item.pictures.defer("data")) if item and item.pk else []


def seen(user: User, item: int, file: str) -> Picture:
    """Return a picture of that item for whoever may see it; Picture.DoesNotExist for others. At most 4 queries.

    That is whoever sees its bank, has made a quiz that asks it, or is shown an attempt, their own or a learner's, with
    a version that names the picture.
    """
    picture = Picture.objects.get(item=item, checksum=file)
    of_bank = Q(bank__in=Bank.objects.seen_by(user))
    if Item.objects.filter(of_bank | Q(quizzes__in=Quiz.objects.edited_by(user)), pk=item).exists():
        return picture
    attempts_shown_to = import_string(settings.ATTEMPTS_SHOWN_TO)
    of_attempt = Q(attempt__learner=user) | Q(attempt__in=attempts_shown_to(user))
    responses = Response.objects.filter(of_attempt, item=item)
    shown = Q(pk__in=responses.values("shown_version")) | Q(pk__in=responses.values("marked_version"))
    documents = ItemVersion.objects.filter(shown, item=item).values_list("document", flat=True)
    if file in named_in(documents):
        return picture
    raise Picture.DoesNotExist


def named_in(documents: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the checksums of the pictures that Sources or versions name."""
    return {entry["file"] for document in documents for entry in document.get("pictures", ())}


def keep(item: Item, pictures: Iterable[Encoded | Picture]) -> None:
    """Keep these beside a saved item; what it has already stays once. One query."""
    Picture.objects.bulk_create([row(item, picture) for picture in pictures], ignore_conflicts=True)


def row(item: Item, picture: Encoded | Picture) -> Picture:
    """Return the row of a picture beside an item, unsaved."""
    return Picture(
        item=item,
        checksum=picture.checksum,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        data=picture.data,
    )


def drop_unnamed(item: Item) -> None:
    """Delete the pictures of an item that neither its source nor any version of it names. 2 queries."""
    documents = [item.source, *item.versions.values_list("document", flat=True)]
    item.pictures.exclude(checksum__in=named_in(documents)).delete()
