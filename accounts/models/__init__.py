"""Who signs in, what is left of their tries, mail to them, and who did what. May import Django only."""

from accounts.models.limits import HOUR, RateLimitBucket
from accounts.models.records import Audit, Outbox
from accounts.models.users import GUEST_LIFE, Anyone, User

__all__ = ["Anyone", "GUEST_LIFE", "HOUR", "RateLimitBucket", "Audit", "Outbox", "User"]
