"""What the editors' desk shows of what should run by itself."""

from django import template
from django.utils import timezone

from course import lateness

register = template.Library()


@register.simple_tag
def upkeep() -> dict[str, list[str]]:
    """Return {"late": what is late, "runs": when commands ran last}, in sentences. At most 5 queries."""
    now = timezone.now()
    runs = lateness.last_runs()
    late = list(filter(None, lateness.lateness(runs, now).values()))
    return {"late": late, "runs": lateness.in_words(runs, now)}
