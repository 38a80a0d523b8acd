"""manage.py demo: make people to look around with, and a class of theirs, on a laptop only."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from course import demo
from lessons.models import Lesson, Module, Reading

PASSWORD = "sahel-demo"  # noqa: S105 - printed by `make run`, and refused on a real machine
PEOPLE = {
    "awa": "learns: has read a lesson of the first section",
    "bakary": "teaches: may see keys",
    "celia": "has just come",
    "danso": "leads an onboarding",
}


class Command(BaseCommand):
    help = "Make demo people with a known password, and a class. Repeatable; refuses on a real machine."

    def handle(self, **options: object) -> None:
        if settings.REAL_MACHINE:
            raise CommandError("SECRET_KEY is set, so this is a real machine: demo people have a known password.")
        module = Module.objects.live().order_by("pk").first()
        with transaction.atomic():
            for name in PEOPLE:
                if not User.objects.named(name).exists():
                    self.make(name, module)
        for name, what in PEOPLE.items():
            self.stdout.write(f"  {name:8} {PASSWORD:12} {what}")
        cast = self.cast()
        if module and cast["bakary"] and cast["danso"]:
            demo.fill(module, cast["bakary"], cast["danso"], cast["awa"], timezone.now())
            self.stdout.write(f"  {demo.NAME}: a class of sixty; bakary teaches it, danso leads it, awa learns in it")

    def cast(self) -> dict[str, User | None]:
        """Return {name: the demo person}; None in the place of somebody else of that name, who is left alone."""
        people = {name: User.objects.named(name).get() for name in PEOPLE}
        return {name: user if user.check_password(PASSWORD) else None for name, user in people.items()}

    def make(self, name: str, module: Module | None) -> None:
        """Make one of the demo people; Awa has read the first lesson, Bakary and Danso may teach."""
        user = User.objects.create_user(name, PASSWORD)
        if name in ("bakary", "danso"):
            user.may_teach_at = timezone.now()
            user.save(update_fields=["may_teach_at"])
        if name == "awa" and module:
            lessons = Lesson.objects.live().filter(section__in=module.sections.live())
            if lesson := lessons.order_by("section__position", "position").first():
                Reading.objects.record(user, lesson, timezone.now())
