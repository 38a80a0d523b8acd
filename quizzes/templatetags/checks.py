"""A check inside a lesson: the open item, or its outcome with feedback once it is answered."""

from collections.abc import Mapping
from typing import Any

from django import template

from lessons import preview
from lessons.models import Claim, Lesson
from quizzes.models import Item, Response, Use

register = template.Library()


@register.simple_tag(takes_context=True)
def checks_of(context: Mapping[str, Any], lesson: Lesson) -> dict[str, dict[str, Any]]:
    """Return {slug: check} of the items to try in a lesson, each with the learner's last answer. At most 3 queries."""
    slugs = [part["check"] for part in lesson.parts if "check" in part]
    if not slugs:
        return {}
    request = context["request"]
    items = Item.objects.live().filter(bank__section=lesson.section, slug__in=slugs)
    items = items.select_related("current_version", "passage__section__module").prefetch_related("claims__module")
    answered: dict[int, Response] = {}
    if request.user.is_authenticated:
        responses = Response.objects.filter(attempt__learner=request.user, attempt__use=Use.CHECK, item__in=items)
        responses = responses.filter(attempt__is_trial=preview.is_active(request))
        for response in responses.order_by("marked_at", "pk").select_related("shown_version", "marked_version"):
            answered[response.item_id] = response
    again = request.GET.get("again")
    return {
        item.slug: _check(item, None if again == item.slug else answered.get(item.pk), request.GET.get("choose"))
        for item in items
    }


def _check(item: Item, response: Response | None, choose: str | None) -> dict[str, Any]:
    """Return what the template of one check needs: key and feedback only where there is a marked response."""
    if response is not None:
        response.item = item
        return {"item": item, "response": response, "version": response.marked_version or response.shown_version}
    version = item.version
    order = version.rules.pieces(version.document)
    shown = version.show(order, None, item.slug)
    return {"item": item, "version": version, "shown": shown, "choose": choose == item.slug}


@register.simple_tag
def basis(response: Response, copy: str) -> str:
    """Return what the page `copy` carries of an open item, so that what it sends says what it is based on."""
    return response.basis(copy)


@register.filter
def at(mapping: Mapping[Any, Any], key: object) -> Any:
    """Return the value under `key`, or None."""
    return mapping.get(key)


@register.simple_tag
def items_on(claim: Claim) -> int:
    """Count the live items that touch a claim. One query."""
    return claim.items.live().count()
