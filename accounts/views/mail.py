"""An address for mail: the page on which it is given, and the links in mails, which open without signing in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts import mail as addresses
from accounts.addresses import require_button, require_page
from accounts.forms import MailAddress
from accounts.limits import RateLimited, may_mail_link
from accounts.models import Rhythm
from accounts.pages import PersonRequest, limited, page, posted


@require_page
@never_cache
def mail(request: PersonRequest) -> HttpResponse:
    """Ask for an address and how often mail may come; a new address is sent a link.

    A guest has no way back, and is sent to choose a name. 404 where the site sends no mail; but whoever gave an address
    while it did can take that away.
    """
    user = request.user
    if not settings.SENDS_MAIL and (request.method == "POST" or not user.email):
        raise Http404
    if user.is_guest:
        return redirect("accounts:sign_up")
    initial = {"address": user.email, "rhythm": user.mail_rhythm if user.email else Rhythm.WEEKLY}
    form = MailAddress(posted(request), initial=initial)
    context = {"sends_mail": settings.SENDS_MAIL, "site": settings.SITE_URL, "is_refused": _is_refused(request)}
    if form.is_valid():
        try:
            _take(request, form.cleaned_data["address"], form.cleaned_data["rhythm"])
        except RateLimited as error:
            return limited(request, "accounts/mail.html", context, form, error.wait)
        return redirect("accounts:mail")
    return page(request, "accounts/mail.html", context, form)


def _is_refused(request: PersonRequest) -> bool:
    """Return whether the address waits to be confirmed, and mail to it came back. One query at most."""
    user = request.user
    waits = user.email_set_at is not None and user.email_confirmed_at is None
    return waits and user.mail.filter(given_up_at__gte=user.email_set_at).exists()


def _take(request: PersonRequest, address: str, rhythm: str) -> None:
    """Take what was chosen: a link goes to an address that is not confirmed. RateLimited where too many were sent."""
    user = request.user
    if address == user.email and user.email_confirmed_at:
        addresses.choose(user, rhythm)
        messages.success(request, _("Your choice is saved."))
        return
    sends = may_mail_link(user, address)
    addresses.give(user, address, rhythm, timezone.now(), sends)
    sentence = _("A link goes to %(address)s within some minutes. At most three go to one address in an hour.")
    messages.success(request, sentence % {"address": address})


@require_button("accounts:mail")
@never_cache
def forget(request: PersonRequest) -> HttpResponse:
    """Forget the address, and what waits to be sent there."""
    addresses.forget(request.user)
    messages.success(request, _("Your address is forgotten. No more mail comes."))
    return redirect("accounts:settings")


@login_not_required
@require_page
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and by a POST confirm, that mail may go to the address to which this link went; nobody is signed in.

    A GET changes nothing: programs that look through mail open every link. 404 of a link that opens nothing any more.
    """
    now = timezone.now()
    user = addresses.to_confirm(token, now)
    if request.method == "POST" and user and addresses.confirm(user, now):
        return redirect(request.path)
    known = user or addresses.person_of(token, addresses.CONFIRM)
    is_done = known is not None and known.email_confirmed_at is not None
    context = {"is_open": user is not None, "is_done": is_done}
    return TemplateResponse(request, "accounts/mail_confirm.html", context, status=200 if user or is_done else 404)


@login_not_required
@csrf_exempt
@require_page
@never_cache
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Turn mail off for the person to whom this link went, by a POST: of the page's button, or of a mail program.

    That one has no session, no cookie and no page (RFC 8058): the signed link itself is the right to do this, and all
    that it can do. 404 of a link that nobody was sent, or that went to an address which is not kept any more.
    """
    user = addresses.person_of(token, addresses.STOP)
    if request.method == "POST" and user:
        addresses.choose(user, Rhythm.NEVER)
        user.mail_rhythm = Rhythm.NEVER
    context = {"is_open": user is not None, "is_done": user is not None and user.mail_rhythm == Rhythm.NEVER}
    return TemplateResponse(request, "accounts/mail_stop.html", context, status=200 if user else 404)
