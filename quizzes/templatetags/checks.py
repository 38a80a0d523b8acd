"""A check inside a lesson: the open item, or its outcome with feedback once it is answered."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import QueryDict

from lessons import preview
from lessons.models import Claim, Lesson
from quizzes.kinds import Answer, NotOnOffer
from quizzes.models import Item, ItemVersion, Response, Use

register = template.Library()


@register.simple_tag(takes_context=True)
def checks_of(context: Mapping[str, Any], lesson: Lesson) -> dict[str, dict[str, Any]]:
    """Return {slug: check} of the items to try in a lesson, each with the learner's last answer. At most 3 queries.

    What was chosen in another language and not sent comes in the address, and stands in what is open.
    """
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
        item.slug: _check(item, None if again == item.slug else answered.get(item.pk), request.GET) for item in items
    }


@register.filter
def has_checks(lesson: Lesson) -> bool:
    """Return whether a lesson holds something to try. No query."""
    return any("check" in part for part in lesson.parts)


def _check(item: Item, response: Response | None, asked: QueryDict) -> dict[str, Any]:
    """Return what the template of one check needs: key and feedback only where there is a marked response."""
    if response is not None:
        response.item = item
        return {"item": item, "response": response, "version": response.marked_version or response.shown_version}
    version = item.version
    order = version.rules.pieces(version.document)
    shown = version.show(order, _chosen(version, order, asked, item.slug), item.slug)
    return {"item": item, "version": version, "shown": shown, "choose": asked.get("choose") == item.slug}


def _chosen(version: ItemVersion, order: list[str], asked: QueryDict, name: str) -> Answer:
    """Return what the address says was chosen; a number that cannot be read as it was typed, to be put right."""
    try:
        return version.rules.read(version.document, order, asked, name)
    except NotOnOffer as error:
        return str(error) if version.kind == "number" else None


@register.filter
def at(mapping: Mapping[Any, Any], key: object) -> Any:
    """Return the value under `key`, or None."""
    return mapping.get(key)


@register.simple_tag
def items_on(claim: Claim) -> int:
    """Count the live items that touch a claim. One query."""
    return claim.items.live().count()
