"""What was corrected of that which one answered or read."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from course.changes import changes_of, see


@never_cache
@require_http_methods(["GET", "POST"])
def changes(request):
    """Corrected items, claims and lessons side by side with what they were; a POST says that they are seen.

    At most 8 queries.
    """
    if request.method == "POST":
        see(request.user, timezone.now())
        messages.success(request, _("Noted: you have seen these corrections. They stay on this page."))
        return redirect("changes")
    return TemplateResponse(request, "course/changes.html", {"changes": changes_of(request.user)})
