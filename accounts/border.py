"""What a request may hold, before anything of the site reads it (decision 0021). May import Django only."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, UnreadablePostError

LARGEST = 256 * 1024  # bytes of a form
LARGEST_FILE = 2 * 1024 * 1024  # bytes of a form with a file, where one is taken
LARGEST_PICTURE = 9 * 1024 * 1024  # bytes of a form with a picture, as phones take them
LARGEST_BANK = 16 * 1024 * 1024  # bytes of a form with a file of questions and their pictures
LONGEST = 8 * 1024  # characters of an address with its query, and of one header
LONGEST_COOKIE = 4 * 1024  # characters, as browsers keep them
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class TooLarge(BadRequest):
    """The body is larger than the page takes, holds a file that it does not take, or does not say how large it is."""


class NoFile(FileUploadHandler):
    """Refuse a file as soon as it begins; nothing of it is written anywhere."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise TooLarge

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class InMemory(MemoryFileUploadHandler):
    """Hold a file in memory alone, however large: how large it may be is asked before it is read."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True


def takes_file(view: View) -> View:
    """Let a view take a form with a file, up to LARGEST_FILE in all, which is held in memory alone."""
    view.takes_bytes = LARGEST_FILE  # type: ignore[attr-defined]
    return view


def takes_picture(view: View) -> View:
    """Let a view take a form with a picture, up to LARGEST_PICTURE in all; see `takes_bank`."""
    view.takes_bytes = LARGEST_PICTURE  # type: ignore[attr-defined]
    return view


def takes_bank(view: View) -> View:
    """Let a view take a form with a file of questions, up to LARGEST_BANK in all, which is held in memory alone.

    Of whoever may not teach it takes no more than LARGEST_FILE.
    """
    view.takes_bytes = LARGEST_BANK  # type: ignore[attr-defined]
    return view


class Border:
    """Refuse what is too large or cannot be text, and take NUL out of what is sent: no database keeps it.

    It stands before whatever reads cookies or a form. Django reads no more of a body than its length says.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or any(len(text) > LONGEST for text in _lines(request)):
            raise BadRequest
        if request.encoding and request.encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
            raise BadRequest  # whoever may choose the codec may choose one that is slow, or makes what is no text
        request.COOKIES = {
            name: value for name, value in request.COOKIES.items() if "\0" not in value and len(value) <= LONGEST_COOKIE
        }
        request.GET = _clean(request.GET)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: object, kwargs: object
    ) -> None:
        """Read the form, in memory and within its limit, before Django's check of its token would."""
        takes = getattr(view, "takes_bytes", 0)
        size = _size(request)
        if size > (takes or LARGEST) or (size > LARGEST_FILE and not getattr(request.user, "may_teach", False)):
            raise TooLarge
        if takes:
            request.upload_handlers = [InMemory(request)]
        try:
            request.POST = _clean(request.POST)
        except UnreadablePostError:
            return  # whoever sent it is gone; Django's check answers
        except (LookupError, ValueError) as error:  # a part that names a codec of its own
            raise BadRequest from error


def _lines(request: HttpRequest) -> list[str]:
    """Return the address with its query, and the values of all headers."""
    headers = [value for name, value in request.META.items() if name.startswith("HTTP_")]
    return [f"{request.path_info}?{request.META.get('QUERY_STRING', '')}", *headers]


def _size(request: HttpRequest) -> int:
    """Return how many bytes the body has. TooLarge where it comes in pieces and does not say."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length and "HTTP_TRANSFER_ENCODING" in request.META:
        raise TooLarge
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


Sent = TypeVar("Sent", bound=QueryDict)


def _clean(sent: Sent) -> Sent:
    """Return the fields without NUL in names and values."""
    if not any("\0" in text for name, values in sent.lists() for text in (name, *values)):
        return sent
    return type(sent)(sent.urlencode().replace("%00", ""))
