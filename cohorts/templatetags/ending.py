"""When a cohort ends, on pages that list cohorts."""

from datetime import date

from django import template
from django.utils import timezone

from cohorts import ending
from cohorts.models import Cohort

register = template.Library()


@register.inclusion_tag("cohorts/_ends_soon.html")
def when_it_ends(cohort: Cohort, *, is_staff: bool) -> dict[str, Cohort | date | bool | None]:
    """Say of a cohort whose day is close when that is, and to its staff when its names and marks are erased.

    Of one in the archive only the latter. No query.
    """
    return {
        "cohort": cohort,
        "is_staff": is_staff,
        "is_close": not cohort.archived_at and ending.is_close(cohort, timezone.now()),
        "erased_on": None if cohort.erased_at else ending.erased_on(cohort),
    }
