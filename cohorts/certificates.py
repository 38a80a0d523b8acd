"""Certificates: what is asked, whether somebody meets it, and their issue, which happens here alone."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.locking import atomic_once_more
from accounts.models import Audit, User
from accounts.names import same_words
from cohorts.choices import WhichAttempt
from cohorts.marks import RUNS_OUT_SOON, Mark, counting, done_at, grade_row_of, months_later
from cohorts.models import Assignment, Certificate, Enrolment, Offer
from cohorts.workload import read_by, workload_of
from lessons.models import Lesson, Module, Section
from quizzes.models import Attempt, Use

VALID, EXPIRED, REVOKED, REPLACED = "valid", "expired", "revoked", "replaced"
MONTHS_OF_A_SPECIMEN = 12  # a lead chooses; without a number a certificate holds for good


@dataclass
class Eligibility:
    """What one person may have certified of a module: for an assignment or, without one, alone.

    `asked` are the marks of all that must be passed: sections that are not optional, and a required exam.
    """

    user: User
    module: Module
    assignment: Assignment | None
    asked: list[Mark]

    @property
    def months(self) -> int | None:
        """Return for how many months it holds; None: for good."""
        return self.assignment.months_valid if self.assignment else None

    def missing(self, at: datetime) -> list[Mark]:
        """Return what is not passed, or not any more."""
        return [mark for mark in self.asked if not mark.holds(at, self.months)]

    @property
    def sections(self) -> list[Section]:
        return [mark.section for mark in self.asked if mark.section]

    @property
    def exam(self) -> Mark | None:
        """Return the mark of the exam, or None where none is asked."""
        return next((mark for mark in self.asked if mark.section is None), None)

    @property
    def done_at(self) -> datetime | None:
        """Return when all of it was passed; None before, and where nothing is asked."""
        return done_at(self.asked, self.months)

    @property
    def expires_at(self) -> datetime | None:
        """Return the assignment's months after `done_at`, or None: asking again makes nothing valid for longer."""
        return months_later(self.done_at, self.months) if self.months and self.done_at else None

    def is_met(self, at: datetime) -> bool:
        """Return whether a certificate can be issued then: all is passed, and it has not run out."""
        return self.done_at is not None and (self.expires_at is None or at < self.expires_at)

    def rule(self) -> str:
        """Return what is certified, as sentences in the language of the page; no section is named."""
        return " ".join(filter(None, [self._quizzes(), self._by_hand(), self._exam()]))

    def _quizzes(self) -> str:
        count = len(self.sections)
        points = sorted(
            {int(mark.threshold * 100) for mark in self.asked if mark.section and mark.threshold is not None}
        )
        sentence = ngettext(
            "Passed the quiz of %(sections)s section, with %(points)s of 100 points or more.",
            "Passed the quizzes of %(sections)s sections, each with %(points)s of 100 points or more.",
            count,
        )
        span = " – ".join(str(point) for point in dict.fromkeys([*points[:1], *points[-1:]]))
        return sentence % {"sections": count, "points": span} if count else ""

    def _by_hand(self) -> str:
        count = sum(mark.has_passed and not mark.passing for mark in self.asked)
        sentence = ngettext(
            "For %(marks)s of them the staff set the mark by hand.",
            "For %(marks)s of them the staff set the marks by hand.",
            count,
        )
        return sentence % {"marks": count} if count else ""

    def _exam(self) -> str:
        if self.exam is None:
            return ""
        points = int((self.exam.threshold or self.module.threshold) * 100)
        return _("Passed the exam over all sections, with %(points)s of 100 points or more.") % {"points": points}

    def document(self, done_at: datetime, specimen: Sequence[Lesson] | None = None) -> dict[str, Any]:
        """Return what is copied into the certificate, every text in every language. One query, none of a `specimen`.

        Title, rule, sections and the day it was done; who issues it ({} where no operator is named), and how long it
        took: of a specimen all of these lessons. `subject` names the case study and what one can now do: for a print of
        its holder's alone.
        """
        read = read_by(self.user, self.asked) if specimen is None else specimen
        rules: dict[str, str] = {}
        for language, _name in settings.LANGUAGES:
            with override(language):
                rules[language] = self.rule()
        return {
            "title": self.module.document["neutral_title"],
            "rule": rules,
            "sections": [section.slug for section in self.sections],
            "exam": self.exam is not None,
            "done_on": done_at.date().isoformat(),
            "issuer": dict(settings.OPERATOR.get("name", {})),
            "workload": workload_of(read, self.module, self.asked, specimen is not None),
            "subject": {
                "title": self.module.document["title"],
                "outcomes": [row["text"] for section in self.sections for row in section.document["objectives"]],
            },
        }

    def current(self) -> Certificate | None:
        """Return the certificate that stands for this now, or None. One query."""
        rows = Certificate.objects.of(self.user).current()
        return rows.filter(module=self.module, assignment=self.assignment).first()

    @atomic_once_more
    def issue(self, name: str, at: datetime, shows_name: bool = False) -> Certificate:
        """Issue the certificate of what is met, and return it; one that stood before is replaced. At most 7 queries.

        One that says the same stands: whoever presses twice does not end an address that was handed out already. The
        person's row is held, so that of two requests at once the second finds what the first made. With `shows_name`
        its page shows the name to whoever has the address. An offer that was open for it is answered by it.
        """
        if self.done_at is None or not self.is_met(at):
            raise ValueError("What is asked is not met.")
        says = {
            "attempt_id": self.exam.passing[-1 if self.months else 0].pk if self.exam else None,
            "document": self.document(self.done_at),
            "name_shown": name,
            "as_of": self.module.checked_on,
            "checksum": self.module.fingerprint,
            "expires_at": self.expires_at,
        }
        User.objects.hold(self.user.pk)
        before = self.current()
        if before and all(getattr(before, field) == value for field, value in says.items()):
            before.show_name(shows_name, at)
            return self._answering(before, at)
        if before:
            before.replaced_at = at
            before.save(update_fields=["replaced_at"])
        made = Certificate.objects.create(
            user=self.user,
            module=self.module,
            assignment=self.assignment,
            public_id=secrets.token_hex(16),
            issued_at=at,
            name_public_at=at if shows_name else None,
            **says,
        )
        return self._answering(made, at)

    def _answering(self, certificate: Certificate, at: datetime) -> Certificate:
        """Answer the offer that was open for it, if any, and return it. One query at most."""
        if self.assignment:
            offers = Offer.objects.open().filter(assignment=self.assignment, enrolment__user=self.user)
            offers.update(answered_at=at, certificate=certificate)
        return certificate


def eligibility_of(enrolment: Enrolment, assignment: Assignment) -> Eligibility:
    """Return the Eligibility of a learner for an assignment that has its module at hand. 6 queries."""
    if enrolment.user is None:
        raise ValueError("Nothing is certified to a place that nobody has taken.")
    beside = list(Assignment.objects.filter(cohort=assignment.cohort_id, module=assignment.module_id).with_sections())
    same = next(row for row in beside if row == assignment)
    same.module = assignment.module
    return Eligibility(enrolment.user, same.module, same, grade_row_of(same, enrolment, beside).asked)


def eligibility_alone(user: User, module: Module) -> Eligibility:
    """Return the Eligibility of somebody who learns alone: for every section that is not optional. 2 queries.

    Where the module asks for the exam too, one more.
    """
    rows = sorted(Attempt.objects.of(user).counted([module]), key=lambda row: (row.section_id, row.submitted_at))
    by_section = {key: list(quizzes) for key, quizzes in groupby(rows, key=lambda row: row.section_id)}
    sections = module.sections.live().select_related("module").order_by("position")
    asked = []
    for section in sections:
        if not section.is_optional:
            attempts = by_section.get(section.pk, [])
            asked.append(Mark(section, attempts, counting(attempts, WhichAttempt.BEST), None))
    if module.asks_exam:
        exams = list(Attempt.objects.of(user).counted([module], use=Use.EXAM))
        asked.append(Mark(None, exams, counting(exams, WhichAttempt.BEST), None))
    return Eligibility(user, module, None, asked)


def specimen(module: Module, at: datetime) -> Certificate:
    """Return a certificate of everything that is asked, to be looked at: nobody's, and never saved. One query."""
    rows = Lesson.objects.live().filter(section__module=module, section__withdrawn_at=None)
    lessons = list(rows.select_related("section__module").order_by("section__position", "position"))
    lessons = [lesson for lesson in lessons if not lesson.section.is_optional]
    asked = [Mark(section, [], None, None) for section in {row.section_id: row.section for row in lessons}.values()]
    if module.asks_exam:
        asked.append(Mark(None, [], None, None))
    return Certificate(
        module=module,
        document=Eligibility(User(), module, None, asked).document(at, lessons),
        name_shown=_("Name of the learner"),
        as_of=module.checked_on,
        checksum=module.fingerprint,
        issued_at=at,
        expires_at=months_later(at, MONTHS_OF_A_SPECIMEN),
    )


def state(certificate: Certificate, at: datetime) -> str:
    """Return valid, expired, revoked or replaced at that time."""
    if certificate.revoked_at:
        return REVOKED
    if certificate.replaced_at:
        return REPLACED
    return EXPIRED if certificate.expires_at and certificate.expires_at <= at else VALID


def has_name(certificate: Certificate, name: str) -> bool:
    """Return whether that is the name on it, in whatever order of words; never where it no longer holds.

    It takes as long whichever the answer is: the page that asks is open to whoever has the address.
    """
    is_same = same_words(certificate.name_shown, name)
    return is_same and certificate.revoked_at is None and certificate.replaced_at is None


def runs_out_soon(certificate: Certificate, at: datetime) -> bool:
    """Return whether it holds then, and for six weeks more at most."""
    ends = certificate.expires_at
    return state(certificate, at) == VALID and ends is not None and ends <= at + RUNS_OUT_SOON


def revoke(certificate: Certificate, by: User, reason: str, at: datetime) -> None:
    """Revoke it for good, by staff or by its holder, and note who and why; what was revoked before stays as it was."""
    with transaction.atomic():
        document = certificate.document | {"revoked": reason}
        rows = Certificate.objects.filter(pk=certificate.pk, revoked_at=None)
        if rows.update(revoked_at=at, document=document):
            Audit.record(by, "certificate", f"certificate {certificate.pk} revoked: {reason}", at)
