"""Who signs in and where, what is left of their tries, mail to them, and who did what. May import Django only."""

from accounts.models.limits import AHEAD, HOUR, RateLimitBucket, RateLimitPepper
from accounts.models.outbox import Outbox
from accounts.models.records import Audit
from accounts.models.second_step import BackupCode
from accounts.models.sign_ins import FormerName, SecurityEvent, SignIn
from accounts.models.tokens import Token
from accounts.models.users import GUEST_LIFE, Anyone, Rhythm, User
from accounts.models.ways_in import WayIn

__all__ = [
    "AHEAD", "Anyone", "Audit", "BackupCode", "FormerName", "GUEST_LIFE", "HOUR", "Outbox", "RateLimitBucket",
    "RateLimitPepper", "Rhythm", "SecurityEvent", "SignIn", "Token", "User", "WayIn",
]  # fmt: skip
