"""What went over to a row of a cohort, on the pages of its staff."""

from typing import Any

from django import template
from django.utils import timezone

from cohorts.models import Enrolment, Handover

register = template.Library()


@register.inclusion_tag("cohorts/_handovers.html", takes_context=True)
def handovers_of(context: template.Context, row: Enrolment) -> dict[str, Any]:
    """Show what went over to this row and can be undone, the latest first. One query."""
    rows = Handover.objects.undoable(timezone.now()).filter(target=row).select_related("source__user")
    return {"handovers": rows.order_by("-done_at", "-pk"), "csrf_token": context.get("csrf_token")}
