"""What search engines are asked to leave out: every page behind an address that only some people have."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.leaving import opens_to_the_left

# First words of an address below its language. Whoever has the address of such a page may have it by a secret.
PRIVATE = (
    *("accounts", "admin", "attempts", "banks", "calendar", "certificates", "changes", "cohorts", "display"),
    *("items", "join", "my-data", "own", "preview", "progress", "quizzes", "reports", "review", "statistics", "visit"),
)


@login_not_required
@opens_to_the_left
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Name to robots what they may not fetch, in each language, and where the list of public pages is."""
    lines = [f"Disallow: /{code}/{word}/" for code, _name in settings.LANGUAGES for word in PRIVATE]
    lines.append("Disallow: /calendar/")
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(["User-agent: *", *lines, ""]), content_type="text/plain; charset=utf-8")


def noindex(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say on every private page that it belongs in no index, to robots that followed a link to it all the same.

    So says a page that is not there, which is what the editors' desk is to everybody else.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 404 or any(word in PRIVATE for word in request.path_info.split("/")[2:3]):
            response["X-Robots-Tag"] = "noindex"
        return response

    return middleware
