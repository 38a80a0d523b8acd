"""What the course had wrong: the log that its text keeps, and every card that was changed on this copy since."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, cast

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from course.changes import standing
from lessons.models import Claim, Module, Part, Revision
from lessons.models.base import in_language_of_page
from lessons.pages import anchor_of, place_of


@dataclass(frozen=True)
class Entry:
    """A correction of the log, the `number`-th from 0; `document` as course.front.reading returns it."""

    number: int
    document: dict[str, Any]
    claims: list[Claim]

    @property
    def day(self) -> date:
        return date.fromisoformat(self.document["date"])

    @property
    def anchor(self) -> str:
        return anchor_of(self.document["slug"])

    @property
    def place(self) -> str:
        """Return where it stands on the pages of the log, to be added to their address."""
        return place_of(self.number, self.document["slug"])

    def text(self, name: str) -> str:
        """Return a text of it, such as `was` or `now`, in the language of the page."""
        return in_language_of_page(self.document[name])

    @property
    def title(self) -> str:
        return self.text("title")

    @property
    def was(self) -> str:
        return self.text("was")

    @property
    def now(self) -> str:
        return self.text("now")

    @property
    def why(self) -> str:
        return self.text("why")


@dataclass(frozen=True)
class CardChange:
    """A claim that was changed on this copy: what it said before and after that change, and why."""

    claim: Claim
    revision: Revision
    after: dict[str, Any]

    @property
    def day(self) -> date:
        return localtime(self.at).date()

    @property
    def at(self) -> datetime:
        return self.revision.made_at

    @property
    def anchor(self) -> str:
        return f"card-{self.revision.pk}"

    @property
    def title(self) -> str:
        return _("Claim %(key)s") % {"key": self.claim.key}

    @property
    def before(self) -> dict[str, Any]:
        return self.revision.document

    @property
    def why(self) -> str:
        return in_language_of_page(self.revision.reason)

    @property
    def was(self) -> str:
        return in_language_of_page(self.before["document"]["finding"])

    @property
    def now(self) -> str:
        return in_language_of_page(self.after["document"]["finding"])

    @property
    def stood(self) -> list[str]:
        return standing(self.before["stands"], self.before["verdict"])

    @property
    def stands(self) -> list[str]:
        return standing(self.after["stands"], self.after["verdict"])


def log_of(module: Module) -> list[Entry]:
    """Return the log of a module, latest first. 2 queries."""
    rows = module.annexes.read(Part.LOG).get("entries", [])
    keys = {key for row in rows for key in row["claims"]}
    claims = {claim.key: claim for claim in module.claims.live().filter(key__in=keys).select_related("module")}
    return [
        Entry(number, row, [claims[key] for key in row["claims"] if key in claims]) for number, row in enumerate(rows)
    ]


def card_changes(module: Module) -> list[CardChange]:
    """Return every change of a live claim whose finding, label or verdict is another since, latest first. One query."""
    rows = Revision.objects.filter(claim__module=module, claim__withdrawn_at=None).select_related("claim__module")
    changes: list[CardChange] = []
    for _claim, group in groupby(rows.order_by("claim", "made_at", "pk"), key=lambda row: row.claim_id):
        revisions = list(group)
        claim = cast(Claim, revisions[0].claim)  # of a revision of a claim, as the filter says
        now = {"document": claim.document, "stands": claim.stands, "verdict": claim.verdict}
        following = [*(revision.document for revision in revisions[1:]), now]
        changes += [
            CardChange(claim, revision, after)
            for revision, after in zip(revisions, following, strict=True)
            if _told(revision.document) != _told(after)
        ]
    return sorted(changes, key=lambda change: (change.at, change.revision.pk), reverse=True)


def _told(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["document"]["finding"], row["stands"], row["verdict"]
