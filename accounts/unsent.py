"""What was typed in a form that could not be taken: whose it is, and what of it comes back to be sent again.

Nothing of it is stored (docs/decisions/0020). May import Django and accounts only.
"""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.template.response import TemplateResponse

from accounts.models import Anyone

WHOSE = "whose"
SHOW = "show"  # of a button that shows what was typed, in another language, and changes nothing
VISITOR = 0  # the author of what anybody may send, guests among them: nobody but this browser can say whose it is
# What a button does beyond saving: sent again, a form saves and shows its page; what else was meant is pressed anew.
ACTIONS = {"submit", "more", "later", "language", "go", "next", "give", "unknown", "confirm", "remove", SHOW}
ACTIONS |= {"less", "rise", "preview"}  # of rows that come and go in the page alone
_signer = Signer(salt="accounts.unsent")


def statement(user: Anyone, path: str) -> str:
    """Return the signed statement that a form which is sent to `path`, or below it, was shown to `user`."""
    author = user.pk if user.is_authenticated and not user.is_guest else VISITOR
    return _signer.sign(f"{author}:{_without_language(path)}")


def author_of(request: HttpRequest) -> int | None:
    """Return the id of the person to whom the posted form was shown, VISITOR, or None where it bears no statement."""
    try:
        author, _colon, path = _signer.unsign(request.POST.get(WHOSE, "")).partition(":")
    except BadSignature:
        return None
    return int(author) if _without_language(request.path_info).startswith(path) else None


def _without_language(path: str) -> str:
    return path[path.find("/", 1) :]


def is_ours(request: HttpRequest) -> bool:
    """Return whether the browser says that the request comes from a page of this site; False where it says nothing."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    ours = f"{request.scheme}://{request.get_host()}"
    return source == ours or source.startswith(f"{ours}/")


def unsent_fields(request: HttpRequest, by_address: bool = False) -> list[tuple[str, str]]:
    """Return the fields of a posted form that could not be taken, for a form whose button sends them again.

    Only of a page of ours that says whose it is; `by_address` where the address alone tells, as an attempt's does.
    Whose it is has to be compared by whoever knows the person. What a button would have done is left out.
    """
    if request.method != "POST" or not is_ours(request) or not _can_be_read(request):
        return []
    if author_of(request) is None and not (by_address and WHOSE not in request.POST):
        return []
    left_out = {"csrfmiddlewaretoken", *ACTIONS}
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name not in left_out]
    return fields + [("go", request.POST["page"])] if "page" in request.POST else fields


def _can_be_read(request: HttpRequest) -> bool:
    """Return whether the body makes a form: what is too large or broken off cannot come back."""
    try:
        return bool(request.POST)
    except (SuspiciousOperation, BadRequest, OSError, MultiPartParserError):
        return False


def session_ended(request: HttpRequest, by_address: bool = False) -> TemplateResponse:
    """Return the page that keeps what a visitor sent from a page of somebody who was signed in; nothing is done."""
    context = {"kept": unsent_fields(request, by_address), "files": bool(request.FILES)}
    return TemplateResponse(request, "accounts/session_ended.html", context, status=401)
