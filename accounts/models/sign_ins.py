"""Where somebody is signed in, what happened to their account, and the name that they had. Days, and no addresses."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.users import User

USER = settings.AUTH_USER_MODEL
LONGEST_SIGN_IN = timedelta(days=365)
EVENT_LIFE = timedelta(days=90)
NAME_KEPT = timedelta(days=30)


class SignInQuerySet(models.QuerySet["SignIn"]):
    def of(self, user: "User") -> Self:
        return self.filter(user=user)

    def open(self, on: date) -> Self:
        """Return those whose session has not ended by itself before the date `on`."""
        return self.filter(session__expire_date__date__gte=on)

    def too_long(self, on: date) -> Self:
        """Return those that began more than a year before the date `on`, of whoever can sign in anew."""
        return self.filter(user__is_guest=False, begun_on__lt=on - LONGEST_SIGN_IN)

    def without_session(self) -> Self:
        """Return those that outlived their session, which the release before has ended."""
        return self.exclude(session__in=Session.objects.values("pk"))

    def end(self) -> int:
        """Sign these browsers out at once; return how many. The rows go with their sessions."""
        sessions = Session.objects.filter(pk__in=list(self.values_list("session", flat=True)))
        return sessions.delete()[1].get("sessions.Session", 0)


class SignIn(models.Model):
    """A browser in which somebody is signed in, a guest too; the row goes with the session."""

    # No constraint in the database: the release before knows nothing of this table, and ends sessions beside this one.
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="sign_in", db_constraint=False)
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="sign_ins")
    begun_on = models.DateField()
    last_seen_on = models.DateField()
    is_shared = models.BooleanField(default=False)

    objects = SignInQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.begun_on}"

    @classmethod
    @transaction.atomic
    def keep(cls, session: str, user: "User", begun_on: date, on: date, is_shared: bool) -> bool:
        """Write that the session with this key was seen on the day `on`; return False where it has ended. 6 queries.

        So it has where the person is there no more: their row is locked, so that none is written while they are erased.
        """
        if not user.__class__.objects.filter(pk=user.pk).held():
            return False
        if not Session.objects.select_for_update().filter(pk=session).exists():
            return False
        fields = {"user": user, "begun_on": begun_on, "last_seen_on": on, "is_shared": is_shared}
        cls.objects.update_or_create(session_id=session, defaults=fields)
        return True


class SecurityEventManager(models.Manager["SecurityEvent"]):
    def record(self, user: "User", what: str, on: date) -> "SecurityEvent":
        """Add what happened on the day `on`, for the person alone. One query."""
        return self.create(user=user, what=what, happened_on=on)

    def record_once(self, user: "User", what: str, on: date) -> None:
        """Add what happened on the day `on`, if that day does not say so yet. 2 queries."""
        if not self.filter(user=user, what=what, happened_on=on).exists():
            self.record(user, what, on)

    def recent(self, user: "User", on: date) -> "models.QuerySet[SecurityEvent]":
        """Return what happened in the 90 days before the date `on`, the latest first."""
        return self.filter(user=user, happened_on__gte=on - EVENT_LIFE).order_by("-happened_on", "-pk")

    def forget_old(self, on: date) -> int:
        """Delete what happened more than 90 days before the date `on`; return how many. One query."""
        return self.filter(happened_on__lt=on - EVENT_LIFE).delete()[0]


class SecurityEvent(models.Model):
    """What happened to an account, and the day: for the person alone, and for 90 days."""

    class What(models.TextChoices):
        SIGN_IN = "sign-in", _("Signed in on a device that was new here")
        NAME = "name", _("New name")
        PASSWORD = "password", _("New password; other browsers were signed out")
        WORDS = "words", _("New recovery words")
        RECOVERY = "recovery", _("Opened again with the recovery words; all browsers were signed out")
        SESSIONS = "sessions", _("Other browsers were signed out")
        ENDED = "ended", _("Signed out everywhere by an editor of the site")
        MERGED = "merged", _("What a guest did here came to this name")
        SECOND_STEP_ON = "second-step-on", _("Second step turned on; other browsers were signed out")
        SECOND_STEP_OFF = "second-step-off", _("Second step turned off; other browsers were signed out")
        SECOND_STEP_LOST = "second-step-lost", _("Second step taken off by who runs the site; all browsers signed out")
        BACKUP_CODE = "backup-code", _("A backup code was used")
        BACKUP_CODES = "backup-codes", _("New backup codes; other browsers were signed out")
        CALENDAR = "calendar", _("An address for a calendar was made")
        MAIL = "mail", _("An address for mail was confirmed: mail goes there")
        HELP_OFFERED = (
            "help-offered",
            _("An editor of the site made a link that opens this account with a new password"),
        )
        HELP_ENDED = "help-ended", _("The editor’s link was ended here, unused")
        HELPED_IN = "helped-in", _("Opened again with an editor’s link; all browsers were signed out")
        PLACE_GONE = "place-gone", _("A place in a cohort went to another device, by a new code of its staff")
        PLACE_MERGED = "place-merged", _("The staff of a cohort made two of its rows one")
        PLACE_BACK = "place-back", _("A place in a cohort is as it was before")
        WRONG_CODE = "wrong-code", _("Right password and wrong code, on a device that was new here")

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="security_events")
    what = models.CharField(max_length=20)
    happened_on = models.DateField()

    objects = SecurityEventManager()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.what}"

    @property
    def in_words(self) -> str:
        """Return what happened in words of the active language."""
        return str(self.What(self.what).label)


class FormerName(models.Model):
    """A name that somebody gave up: until that day it recovers their account, and is nobody else's.

    Nor is one that looks like it: `look_key` is as that of a User, and null where a name has no look that fits.
    """

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="former_names")
    name_key = models.CharField(max_length=200)
    look_key = models.CharField(max_length=200, null=True)
    until = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name_key"], name="one_former_bearer_per_name")]

    def __str__(self) -> str:
        return self.name_key
