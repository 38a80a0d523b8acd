"""How often one may fail in an hour (quality R12), and what strangers cannot spend for others (R23).

May import Django and accounts only. Decision 0025 says which act hangs on which bucket.
"""

import ipaddress
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts import devices
from accounts.folding import cut, name_key
from accounts.models import RateLimitBucket, User
from accounts.pages import PersonRequest

PER_ACCOUNT = 10
PER_NETWORK = 300
SIGN_UPS_PER_NETWORK = 120
LINKS_PER_ACCOUNT, LINKS_PER_ADDRESS = 5, 3  # mails with a link: whoever asks for them, and whoever gets them
PER_CERTIFICATE = 60  # wrong names, of all who have the address of one together
LONGEST_NAME = 60  # of a name as it is typed: what is longer is nobody's
GUESSING = {"sign-in", "recovery"}  # what shares one bucket of the network: no other act is closed by it
Limit = tuple[str, str, int]  # what is limited, for whom, and how many there are in an hour


class RateLimited(Exception):
    """Nothing is left for now; `wait` says for how many seconds. course.errors answers it with 429."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class RateLimit:
    """The tries at `what` for one account name from one network.

    A try is spent before the password is looked at and given back when it was right, so that parallel guesses cannot
    outrun the limit. Names that nobody has are limited like the others. `limit` is how many an account has in an hour.
    """

    def __init__(self, request: HttpRequest, what: str, name: str, limit: int = PER_ACCOUNT) -> None:
        of_network = "network" if what in GUESSING else f"network {what}"
        self.buckets: list[Limit] = [(what, name_key(name), limit), (of_network, network(request), PER_NETWORK)]

    def spend(self) -> None:
        """Spend one try. RateLimited where the account or the network has none left: then nothing is spent."""
        at = timezone.now()
        for number, (what, who, limit) in enumerate(self.buckets):
            if wait := RateLimitBucket.objects.take(what, who, limit, limit, at):
                self._give_back(self.buckets[:number])
                raise RateLimited(wait)

    def give_back(self) -> None:
        """Give the try back: it was no failure."""
        self._give_back(self.buckets)

    def forget(self) -> None:
        """Forget the account's failures: its owner has shown who they are."""
        what, who, _limit = self.buckets[0]
        RateLimitBucket.objects.forget(what, who)

    def _give_back(self, buckets: Sequence[Limit]) -> None:
        for what, who, limit in buckets:
            RateLimitBucket.objects.give_back(what, who, limit)


class OwnLimit(RateLimit):
    """The tries at `what` of one alone: a session, a device, or a network where nobody in particular is limited."""

    def __init__(self, what: str, who: str, limit: int = PER_ACCOUNT) -> None:
        self.buckets = [(what, who, limit)]


def begun_as(request: HttpRequest) -> str:
    """Return the key under which this session began: a new key on the way brings it no new tries."""
    return str(request.session.get("sign_in", {}).get("first", request.session.session_key))


def owner_tries(request: HttpRequest, what: str = "password") -> RateLimit:
    """Return the tries at one's own password in this session: whoever is signed in elsewhere, or not, has others."""
    return OwnLimit(what, f"{request.user.pk} {begun_as(request)}")


def is_owner(request: PersonRequest, password: str) -> bool:
    """Return whether this is the password of whoever is signed in. RateLimited after ten failures in this session."""
    tries = owner_tries(request)
    tries.spend()
    if not request.user.check_password(password):
        return False
    tries.give_back()
    return True


def guess_tries(request: HttpRequest, what: str, name: str) -> RateLimit:
    """Return the tries at the account of that name: a device's, where the account was signed in, else strangers'.

    Six words cannot be guessed, so that strangers are limited network by network where they try them; a password
    might, so that all strangers together are.
    """
    name = name[:LONGEST_NAME]
    if who := devices.bearer(request, name, timezone.now().date()):
        return OwnLimit(f"{what} on a device", who)
    return RateLimit(request, what, f"{network(request)} {name}" if what == "recovery" else name)


def name_tries(request: HttpRequest, certificate: str) -> RateLimit:
    """Return the tries at the name on a certificate: of a network at this one, of all at this one, of the network.

    A name that is right costs none, so that whoever checks a pile of papers is never made to wait.
    """
    tries = RateLimit(request, "name on paper", f"{network(request)} {certificate}")
    tries.buckets.append(("name on paper, all", certificate, PER_CERTIFICATE))
    return tries


def may_mail_link(user: User, address: str) -> bool:
    """Return whether a mail with a link may go to that address; RateLimited where this person asked for too many.

    Whether others asked for too many is nobody's to know: then none goes out, and the page says the same.
    """
    OwnLimit("link", str(user.pk), LINKS_PER_ACCOUNT).spend()
    try:
        OwnLimit("link to", address.casefold(), LINKS_PER_ADDRESS).spend()
    except RateLimited:
        return False
    return True


def network(request: HttpRequest) -> str:
    """Return where a request comes from: an address, or the /64 that a house or a phone has of IPv6.

    Never store it. Behind PROXIES proxies it is what the outermost of them saw; what a client adds itself stands
    further left.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    seen = [*hops, request.META.get("REMOTE_ADDR", "")]
    text = cut(seen[max(-1 - settings.PROXIES, -len(seen))])
    try:
        address = ipaddress.ip_address(text)
        address = getattr(address, "ipv4_mapped", None) or address
        return str(address if address.version == 4 else ipaddress.ip_network((int(address), 64), strict=False))
    except ValueError:
        return text
