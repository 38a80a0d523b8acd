"""Django's admin, for editors: people, cohorts, grants, reports, the log; content is read-only there."""

from course.admin import audit, cohorts, content, people, reports  # noqa: F401 # they register their tables
from course.admin.site import admin_site

__all__ = ["admin_site"]
