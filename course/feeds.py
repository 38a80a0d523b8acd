"""The corrections as a feed: whoever cites the course hears of what it had wrong without coming back to look."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.leaving import opens_to_the_left
from course.front.log import CardChange, Entry, card_changes, log_of
from lessons.models import Module
from lessons.pages import front_module

MOST = 50  # entries


if TYPE_CHECKING:
    _Feed = Feed[Entry | CardChange, Module]
else:
    _Feed = Feed


class CorrectionsFeed(_Feed):
    """The latest corrections of the front door's module, in the language of the address."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> Module:
        return front_module()

    def title(self, module: Module) -> str:
        return _("Corrections: %(course)s") % {"course": module.neutral_title}

    def subtitle(self, module: Module) -> str:
        return _("What this course had wrong, and what it says now.")

    def author_name(self) -> str:
        return settings.SITE_NAME or _("Critical reading")

    def link(self, module: Module) -> str:
        return reverse("corrections")

    def feed_guid(self, module: Module) -> str:
        return f"tag:{module.slug},2026:corrections:{get_language()}"

    def items(self, module: Module) -> list[Entry | CardChange]:
        changes: list[Entry | CardChange] = [*log_of(module), *card_changes(module)]
        return sorted(changes, key=lambda change: change.day, reverse=True)[:MOST]

    def item_title(self, item: Entry | CardChange) -> str:
        return item.title

    def item_description(self, item: Entry | CardChange) -> str:
        """Return it as HTML, as which readers of a feed take a summary."""
        parts = (_("Why:"), item.why), (_("It said:"), item.was), (_("It says now:"), item.now)
        return format_html_join("", "<p>{} {}</p>", ((name, text) for name, text in parts if text))

    def item_link(self, item: Entry | CardChange) -> str:
        """Return the entry of the log, or the card: which page of changes has it hangs on what comes after it."""
        if isinstance(item, CardChange):
            return item.claim.get_absolute_url()
        return reverse("corrections") + item.place

    def item_guid(self, item: Entry | CardChange) -> str:
        return f"tag:corrections,2026:{get_language()}:{item.anchor}"

    def item_updateddate(self, item: Entry | CardChange) -> datetime:
        return item.at if isinstance(item, CardChange) else datetime.combine(item.day, time(12), UTC)


corrections_feed = login_not_required(
    opens_to_the_left(require_safe(cast(Callable[..., HttpResponse], CorrectionsFeed())))
)
