"""An address for mail: given, confirmed by a link, taken away; and links that need no signing in (decision 0051).

May import Django and accounts only. A link is signed and hangs on the moment at which its address was given, so that
another address, and the same one given anew, ends it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.locking import atomic_once_more
from accounts.models import Outbox, Rhythm, SecurityEvent, User
from accounts.zones import zone

LINK_LIFE = timedelta(hours=24)
UNCONFIRMED_KEPT = timedelta(days=7)
CONFIRM, STOP = "accounts.mail.confirm", "accounts.mail.stop"  # what a link is good for


def token_of(user: User, purpose: str) -> str:
    """Return the text of a link for the address that the user has now. No query."""
    moment = user.email_set_at.isoformat() if user.email_set_at else ""
    return signing.dumps([user.pk, moment], salt=purpose)


def person_of(token: str, purpose: str) -> User | None:
    """Return whose link it is, where it is one for the address that they have now, else None. One query at most."""
    try:
        key, moment = signing.loads(token, salt=purpose)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=key, is_active=True).exclude(email="").first()
    return user if user and user.email_set_at and user.email_set_at.isoformat() == moment else None


def to_confirm(token: str, at: datetime) -> User | None:
    """Return whose address the link confirms, if it does still: for 24 hours, and once. One query at most."""
    user = person_of(token, CONFIRM)
    is_open = user and user.email_set_at and user.email_confirmed_at is None and at < user.email_set_at + LINK_LIFE
    return user if is_open else None


def address_of(user: User, purpose: str) -> str:
    """Return the whole address of a link, in the language of its person."""
    name = "accounts:mail_confirm" if purpose == CONFIRM else "accounts:mail_stop"
    with override(user.language):
        return settings.SITE_URL + reverse(name, args=[token_of(user, purpose)])


@atomic_once_more
def give(user: User, address: str, rhythm: str, at: datetime, sends: bool = True) -> None:
    """Let mail go to `address` once its person has opened the link that is sent there; a former one gets no more.

    Without `sends` no link is sent: where others asked for too many to that address, which is nobody's to know.
    At most 5 queries.
    """
    row = User.objects.hold(user.pk)[0]
    _forget_unsent(row)
    row.email, row.email_set_at, row.email_confirmed_at, row.mail_rhythm = address, at, None, rhythm
    row.save(update_fields=["email", "email_set_at", "email_confirmed_at", "mail_rhythm"])
    if sends:
        Outbox.objects.create(user=row, key=f"link {row.pk} {at.isoformat()}", **_link_mail(row, at), made_at=at)


def _link_mail(user: User, at: datetime) -> dict[str, str]:
    """Return kind, subject and body of the mail with the link."""
    with override(user.language), timezone.override(zone(user.time_zone)):
        lines = [
            _("Somebody asked this site to send mail to this address: %(site)s") % {"site": settings.SITE_URL},
            _("If it was you, open this address within a day, and press the button there:"),
            Outbox.LINK,
            _("If it was not you, do nothing. No more mail comes, and the address is forgotten within about a week."),
        ]
        return {"kind": Outbox.Kind.LINK, "subject": _("Confirm your address"), "body": "\n\n".join(lines) + "\n"}


@atomic_once_more
def confirm(user: User, at: datetime) -> bool:
    """Let mail go to the address; return False where that is another by now, or confirmed already. 3 queries."""
    row = User.objects.hold(user.pk)[0]
    if row.email_set_at != user.email_set_at or row.email_confirmed_at:
        return False
    User.objects.filter(pk=row.pk).update(email_confirmed_at=at)
    SecurityEvent.objects.record(row, SecurityEvent.What.MAIL, at.date())
    return True


@atomic_once_more
def choose(user: User, rhythm: str) -> None:
    """Let mail come so often from now on; where none is to, what waits is forgotten. At most 3 queries."""
    row = User.objects.hold(user.pk)[0]
    User.objects.filter(pk=row.pk).update(mail_rhythm=rhythm)
    if rhythm == Rhythm.NEVER:
        _forget_unsent(row)


@atomic_once_more
def forget(user: User) -> None:
    """Forget the address, and what waits to be sent there. 3 queries."""
    row = User.objects.hold(user.pk)[0]
    _forget_unsent(row)
    fields = {"email": "", "email_set_at": None, "email_confirmed_at": None, "mail_rhythm": Rhythm.NEVER}
    User.objects.filter(pk=row.pk).update(**fields)


def forget_unconfirmed(at: datetime) -> int:
    """Forget the addresses that nobody confirmed within a week; return how many. One query, and 3 for each."""
    people = list(User.objects.unconfirmed(at - UNCONFIRMED_KEPT))
    for person in people:
        forget(person)
    return len(people)


def _forget_unsent(user: User) -> None:
    Outbox.objects.waiting().filter(user=user).delete()
