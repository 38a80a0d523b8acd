"""One's dates in a calendar of one's own: the addresses that calendars ask, and what they are answered."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button, require_page
from accounts.limits import PER_NETWORK, OwnLimit, network
from accounts.models import SecurityEvent, Token
from accounts.models.tokens import MOST
from accounts.pages import PersonRequest, page, posted
from cohorts.forms.once import add_press, press_of
from course.calendars import calendar_of, entries_of


class NewAddress(forms.Form):
    """The button that makes an address: pressed twice, it makes one."""

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        add_press(self)


@never_cache
@require_page
def calendar(request: PersonRequest) -> HttpResponse:
    """Show the addresses that were made, none of which can be shown again; a POST makes one and shows it, once.

    At most 8 queries, 12 to make one.
    """
    now, form = timezone.now(), NewAddress(posted(request))
    if form.is_valid():
        press = press_of(form, request.user, "calendar")
        if text := Token.make_feed(request.user, now, press):
            SecurityEvent.objects.record_once(request.user, SecurityEvent.What.CALENDAR, now.date())
            return _shown_once(request, text)
        sentence = _("There are %(count)d addresses already: end one, then make another.")
        messages.error(request, sentence % {"count": MOST})
        return redirect("calendar")
    feeds = Token.objects.of(request.user).filter(what=Token.What.FEED).open(now)
    return page(request, "course/calendar.html", {"feeds": feeds.order_by("-made_at", "-pk"), "most": MOST}, form)


def _shown_once(request: PersonRequest, text: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("calendar_feed", args=[text]))
    context = {"address": address, "subscribe": f"webcal://{address.partition('://')[2]}"}
    return TemplateResponse(request, "course/calendar_once.html", context)


@require_button("calendar")
@never_cache
def calendar_end(request: PersonRequest) -> HttpResponse:
    """End the one of one's own addresses that was chosen: whatever asks it finds nothing from now on."""
    chosen = request.POST.get("feed")
    feeds = Token.objects.of(request.user).filter(what=Token.What.FEED)
    if feeds.filter(pk__in=[feed.pk for feed in feeds if str(feed.pk) == chosen]).delete()[0]:
        messages.success(request, _("That address has ended. Take it out of the calendar that used it."))
    else:
        messages.info(request, _("That address had ended before."))
    return redirect("calendar")


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the dates of the person for whom this address was made, in their language; it asks no session.

    8 queries at most. 404 of an address that is unknown or has ended, and 429 where a
    network has asked for too many of those.
    """
    now = timezone.now()
    row = Token.objects.opened_by(secret, Token.What.FEED, now).first()
    if row is None:
        OwnLimit("calendar", network(request), PER_NETWORK).spend()
        sentence = _("This calendar’s address is unknown or has ended: make a new one on the site, under “My page”.")
        return HttpResponse(f"{sentence}\n", status=404, content_type="text/plain; charset=utf-8")
    with override(row.user.language):
        onward = request.build_absolute_uri(reverse("progress"))
        days = (now - row.made_at).days
        body = calendar_of(entries_of(row.user, now), str(row.user_id), onward, max(days, 0), now)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="dates.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response
