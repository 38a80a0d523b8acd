"""The front door: what a site says of itself before anybody begins, as text of the module that it shows first."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lessons.models import Part

# The pages with their names, for a module that has no text of its own for one; each is an address of that name.
PAGES = {
    Part.ABOUT: pgettext_lazy("page", "About"),
    Part.TEACH: pgettext_lazy("page", "Teach"),
    Part.ONBOARD: pgettext_lazy("page", "Onboard"),
    Part.START: _("The fifteen-minute start"),
    Part.DATA_SHEET: _("Data sheet"),
    Part.REUSE: pgettext_lazy("noun", "Reuse"),
    Part.ACCESSIBILITY: _("Accessibility"),
    Part.HELP: _("Help"),
}
