"""The two or three questions before a section: answered, marked at once, and stored nowhere (quality L9)."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.addresses import require_page
from accounts.pages import posted
from lessons.models import Section
from quizzes.models import Item, Response
from quizzes.unkept import answer, unkept


def questions_before(section: Section) -> list[Response]:
    """Return the pre-questions of a section as responses that are never saved, by their slugs. At most 3 queries."""
    items = Item.objects.filter(bank__section=section).select_related("passage__section__module")
    asked = items.prefetch_related("claims__module").drawable("pre")
    return [unkept(number, item) for number, item in enumerate(asked, 1)]


@login_not_required
@never_cache
@require_page
def before(request: HttpRequest, module: str, section: str) -> TemplateResponse:
    """Show the questions; after a POST at once what was right and why, since nothing is stored. At most 5 queries.

    In another language they come with what was chosen.
    """
    rows = Section.objects.seen_by(request.user).select_related("module")
    part = get_object_or_404(rows, slug=section, module__slug=module)
    responses = questions_before(part)
    if not responses:
        raise Http404
    is_told = posted(request) is not None
    for response in responses if request.method == "POST" else ():
        answer(response, request.POST, timezone.now() if is_told else None)
    lesson = part.lessons.live().select_related("section__module").order_by("position").first()
    context = {
        "module": part.module,
        "section": part,
        "lesson": lesson,
        "responses": responses,
        "is_told": is_told,
    }
    return TemplateResponse(request, "quizzes/before.html", context)
