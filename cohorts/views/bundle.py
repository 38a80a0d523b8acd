"""All that the staff of a cohort may see, as one file to take out before it is erased."""

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from accounts.addresses import require_button
from accounts.models import Audit
from accounts.pages import PersonRequest
from cohorts.bundle import bundle_of
from cohorts.exports import file_name
from cohorts.pages import check_address, cohort_with_assignments, sent_in_parts
from cohorts.spreadsheets import delimiter_of
from cohorts.zipping import parts_of_zip


@require_button("cohorts:cohort", "cohort_id")
@never_cache
def bundle(request: PersonRequest, cohort_id: int) -> HttpResponseBase:
    """Send everything as a ZIP of CSV files with a README, and record that it was taken out.

    As many queries however many learn there, up to a chunk of them; no more than a chunk is in memory at a time.
    """
    cohort, assignments = cohort_with_assignments(request.user, cohort_id)
    now = timezone.now()
    everything = bundle_of(cohort, assignments, now, lambda certificate: check_address(request, certificate))
    Audit.record(request.user, "export", f"cohort {cohort.pk}: everything, {len(everything.members)} learners", now)
    local = now.astimezone(cohort.zone)
    parts = parts_of_zip(everything.files(delimiter_of(get_language() or "")), local)
    return sent_in_parts(parts, file_name("everything", cohort, local.date(), "zip"), "application/zip")
