"""Who signs in. May import Django only."""

import datetime
import secrets
from typing import Any, ClassVar, Self, cast

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts import names, words
from accounts.folding import name_key
from accounts.locking import PersonGone
from accounts.models.sign_ins import NAME_KEPT, FormerName, SecurityEvent

GUEST_LIFE = datetime.timedelta(days=180)
# A guest has no name to be looked up by: the words alone must find the row, so all guests share one salt. Some 49 bits
# behind a slow hash are beyond guessing even so; an account's words have a salt of their own.
SALT_OF_GUESTS = "the-words-of-guests"


def site_language() -> str:
    """Return the code of the language that this site speaks to whoever asks for none of its own."""
    return settings.LANGUAGE_CODE


def _hash_of_guest(text: str) -> str:
    return make_password(words.folded(text), salt=SALT_OF_GUESTS)


class Rhythm(models.TextChoices):
    """How often mail may come to whoever confirmed an address."""

    DAILY = "daily", _("At once, one mail a day at most")
    WEEKLY = "weekly", _("One mail a week at most")
    NEVER = "never", _("None for now")


class UserQuerySet(models.QuerySet["User"]):
    def named(self, name: str) -> Self:
        return self.filter(name_key=name_key(name))

    def looking_like(self, name: str, on: datetime.date) -> Self:
        """Return who has a name that a reader could take for this one, or gave it up in the 30 days before `on`."""
        if not (look := names.look(name)):
            return self.none()
        former = models.Q(former_names__look_key=look, former_names__until__gte=on)
        return self.filter(models.Q(look_key=look) | former).distinct()

    def bearing(self, name: str, on: datetime.date) -> Self:
        """Return who has that name, or gave it up in the 30 days before the date `on`: to others it is taken."""
        key = name_key(name)
        former = models.Q(former_names__name_key=key, former_names__until__gte=on)
        return self.filter(models.Q(name_key=key) | former).distinct()

    def teachers(self) -> Self:
        """Return who may teach, as `may_teach` says it of one."""
        named = self.filter(is_guest=False)
        if settings.OPEN_TEACHING:
            return named
        return named.filter(models.Q(is_staff=True) | models.Q(may_teach_at__isnull=False))

    def idle_guests(self, on: datetime.date) -> Self:
        """Return guests who were not seen in the 180 days before the date `on`, the life of a session."""
        return self.filter(is_guest=True, last_seen_on__lt=on - GUEST_LIFE)

    def wanting_mail(self) -> Self:
        """Return who confirmed an address and wants mail there."""
        rows = self.filter(is_active=True, is_guest=False, email_confirmed_at__isnull=False)
        return rows.exclude(email="").exclude(mail_rhythm=Rhythm.NEVER)

    def unconfirmed(self, before: datetime.datetime) -> Self:
        """Return whose address was given before that moment and is not confirmed."""
        since = models.Q(email_set_at=None) | models.Q(email_set_at__lt=before)
        return self.filter(since, email_confirmed_at=None).exclude(email="")

    def held(self) -> Self:
        """Lock these rows, by id, until the transaction ends. Foreign keys may still be set to them."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")

    def hold(self, *keys: int | None) -> "list[User]":
        """Lock the rows of these people, by id, and return them; PersonGone where one is missing. One query."""
        people = cast("list[User]", list(self.filter(pk__in=keys).held()))
        if len(people) < len(set(keys)):
            raise PersonGone
        return people


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, name: str | None) -> "User":
        return self.get(name_key=name_key(name or ""))

    def by_words(self, name: str, text: str, on: datetime.date | None = None) -> "User | None":
        """Return the person of that name if these are their recovery words, else None.

        With a date, a name that they gave up in the 30 days before it will do. Hash once in any case, so that the
        time it takes does not tell who exists.
        """
        people = UserQuerySet(self.model, using=self._db)
        people = people.bearing(name, on) if on else people.named(name)
        user = people.filter(is_guest=False, is_active=True).first()
        return user if check_password(words.folded(text), user.recovery_words if user else "") else None

    def by_guest_words(self, text: str) -> "User | None":
        """Return the guest whose words these are, else None. One hash in any case, one query."""
        return self.filter(is_guest=True, is_active=True, recovery_words=_hash_of_guest(text)).first()

    def create_user(self, name: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person with a name and, if given, a password; IntegrityError if the name is taken. One query."""
        user = self.model(name=self.model.normalize_username(name), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, name: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(name, password, is_staff=True, **fields)

    def create_guest(self, language: str, on: datetime.date) -> "User":
        """Create somebody who has just done the first thing worth keeping; `on` is today, for pruning idle guests."""
        return self.create_user(f"guest-{secrets.token_hex(8)}", is_guest=True, language=language, last_seen_on=on)


class User(AbstractBaseUser):
    """A person who keeps work here: under a name of their choice, or as a guest of one browser.

    `look_key` is null for guests, who are not shown by their name, and for whoever had a name like another's before
    names that look alike were refused: they keep it. `changed_at` says since when something that they answered or read
    is corrected; null once they have seen it. `warned_at` says so of what others did to their account or to a place of
    theirs. `second_step_at` says since when signing in asks for a code too. `email` is empty unless its person gave an
    address for mail, at `email_set_at`; nothing but a link goes there before it is confirmed.
    """

    name = models.CharField(_("name on this site"), max_length=60, unique=True)
    name_key = models.CharField(max_length=200, unique=True, editable=False)
    look_key = models.CharField(max_length=200, unique=True, null=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    email_set_at = models.DateTimeField(null=True, blank=True)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    mail_rhythm = models.CharField(max_length=8, choices=Rhythm, default=Rhythm.NEVER, db_default=Rhythm.NEVER)
    is_guest = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    may_teach_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=8, default=site_language)
    time_zone = models.CharField(max_length=64, default="UTC")
    recovery_words = models.CharField(max_length=128, blank=True)
    second_step_at = models.DateTimeField(null=True, blank=True)
    last_seen_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    last_login = None

    objects = UserManager.from_queryset(UserQuerySet)()
    USERNAME_FIELD = "name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_guest=False) | models.Q(is_staff=False, may_teach_at=None),
                name="a_guest_neither_teaches_nor_edits",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it with the keys of its name, the second anew only for a new name. IntegrityError if either is taken."""
        if self.name_key != (key := name_key(self.name)) or self.is_guest:
            self.name_key, self.look_key = key, self._look_key()
        if "name" in (fields := kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*fields, "name_key", "look_key"}
        super().save(*args, **kwargs)

    def _look_key(self) -> str | None:
        return None if self.is_guest else names.look(self.name) or None

    def become_named(self, name: str, password: str) -> None:
        """Turn this guest into a named person; the work stays because the row stays, and a guest's words end.

        IntegrityError if the name is taken.
        """
        self.name = self.normalize_username(name)
        self.is_guest = False
        self.recovery_words = ""
        self.set_password(password)
        self.save(update_fields=["name", "name_key", "is_guest", "recovery_words", "password"])

    @transaction.atomic
    def rename(self, name: str, on: datetime.date) -> None:
        """Give up the name for another: for 30 days the former recovers the account still. IntegrityError if taken."""
        former, look, key = self.name_key, names.look(self.name), name_key(name)
        self.name = name
        self.save(update_fields=["name", "name_key"])
        if key != former:
            FormerName.objects.filter(name_key=key).delete()
            kept = {"user": self, "look_key": look if 0 < len(look) <= 200 else None, "until": on + NAME_KEPT}
            FormerName.objects.update_or_create(name_key=former, defaults=kept)
            SecurityEvent.objects.record(self, SecurityEvent.What.NAME, on)

    def renew_words(self, language: str) -> list[str]:
        """Draw six new recovery words, to be shown once: only their hash is stored, and the old ones end."""
        drawn = words.draw(language)
        text = " ".join(drawn)
        self.recovery_words = _hash_of_guest(text) if self.is_guest else make_password(words.folded(text))
        self.save(update_fields=["recovery_words"])
        return drawn

    @transaction.atomic
    def restart(self, password: str, language: str, what: str, on: datetime.date) -> list[str]:
        """Set a new password for whoever lost theirs, sign all browsers out, and return new words, to be shown once."""
        self.set_password(password)
        self.save(update_fields=["password"])
        self.sign_ins.all().end()
        self.tokens.all().delete()
        SecurityEvent.objects.record(self, what, on)
        return self.renew_words(language)

    def warn(self, what: str, at: datetime.datetime) -> None:
        """Add what others did to the account, or to a place of its person; every page says so until it is seen.

        2 queries.
        """
        SecurityEvent.objects.record(self, what, at.date())
        User.objects.filter(pk=self.pk).update(warned_at=at)

    def see_warnings(self, shown: str) -> bool:
        """Note that its person has seen what others did, as a page `shown` that day it was warned of; one query.

        False where something happened since, or the page showed no moment.
        """
        try:
            until = datetime.datetime.fromisoformat(shown)
        except ValueError:
            return False
        if until.tzinfo is None:
            return False
        return bool(User.objects.filter(pk=self.pk, warned_at__lte=until).update(warned_at=None))

    @property
    def lacks_second_step(self) -> bool:
        """Return whether an editor's rights wait for the second step: on a real machine none holds without it."""
        return settings.REAL_MACHINE and self.is_staff and self.second_step_at is None

    @property
    def may_teach(self) -> bool:
        """Return whether keys, facilitator's sheets and item pages are open to this person."""
        if self.lacks_second_step:
            return False
        return self.is_staff or self.may_teach_at is not None or (settings.OPEN_TEACHING and not self.is_guest)

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Return whether this is an editor: staff may do all in Django's admin, others nothing."""
        return self.is_active and self.is_staff and not self.lacks_second_step

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm(app_label)


# Whoever sends a request: a guest is a User, a visitor is not.
Anyone = User | AnonymousUser
