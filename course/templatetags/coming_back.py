"""When to come back to a section, where a page of an app on the left tells that it is passed."""

from django import template
from django.utils import timezone

from accounts.models import Anyone
from course.reviews import Ahead, days_ahead, known_to
from lessons.models import Section

register = template.Library()


@register.simple_tag
def coming_back(user: Anyone, section: Section) -> list[Ahead]:
    """Return the next days on which items of the section come back for review. One query."""
    now = timezone.now()
    known = [row for row in known_to(user, now) if row.section_id == section.pk]
    return days_ahead(known, timezone.localdate(now))
