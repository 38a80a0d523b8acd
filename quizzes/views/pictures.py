"""The bytes of a picture of an own question, for whoever is shown the question."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest
from quizzes import pictures
from quizzes.models import Picture

KEPT = "private, max-age=31536000, immutable"  # the address holds the checksum of the bytes


@require_safe
def picture(request: PersonRequest, number: int, file: str) -> HttpResponse:
    """Send a picture of a question; a browser keeps it for its reader. At most 6 queries."""
    try:
        row = pictures.seen(request.user, number, file)
    except Picture.DoesNotExist as error:
        raise Http404 from error
    headers = {"Content-Disposition": "inline", "Cache-Control": KEPT}
    return HttpResponse(bytes(row.data), content_type=row.media_type, headers=headers)
