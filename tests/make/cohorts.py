"""Who takes it by when: cohorts with their people, what is set for them, marks by hand, certificates."""

from decimal import Decimal

from cohorts.models import Certificate, Cohort, Enrolment, Role
from cohorts.places import add
from cohorts.roster import Person
from tests.make.basics import NOW, numbers, text
from tests.make.items import case_study


def cohort(instructor, learners=(), time_zone="UTC", at=NOW, **fields):
    """A cohort of that instructor, joined by the learners."""
    row = Cohort.begin(instructor, "Autumn", time_zone, at)
    for learner in learners:
        row.join(learner, at)
    if fields:
        Cohort.objects.filter(pk=row.pk).update(**fields)
        row.refresh_from_db()
    return row


def joined(learner, at):
    """Let somebody have joined their cohorts then, and been in since."""
    for place in Enrolment.objects.of(learner):
        place.keep([(at, None)])


def staff(cohort, user, role=Role.INSTRUCTOR, at=NOW):
    return cohort.admit(user, role, at)


def listed(cohort, names):
    """Put these names on the roster, by a list of one column."""
    return add(cohort, [Person(name) for name in names])


def place(cohort, name="Coulibaly, A."):
    """A place on the roster that nobody has taken."""
    add(cohort, [Person(name)])
    return cohort.enrolments.get(roster_name=name)


def assignment(cohort, module, sections=(), opens_at=NOW, **fields):
    row = cohort.assignments.create(module=module, opens_at=opens_at, **fields)
    row.sections.set(sections)
    return row


def set_quiz(cohort, quiz, opens_at=NOW, **fields):
    return cohort.quiz_assignments.create(quiz=quiz, opens_at=opens_at, **fields)


def any_hand_mark(enrolment, assignment=None, at=NOW):
    """A mark set by hand in the first section of what is set; without an assignment one is made."""
    row = assignment or globals()["assignment"](enrolment.cohort, case_study())
    section = row.module.sections.order_by("position").first()
    values = {"section": section, "score": Decimal("0.9"), "reason": "An essay", "made_at": at}
    return row.hand_marks.create(enrolment=enrolment, **values)


def hand_mark(assignment, learner, section, score, by=None, at=NOW):
    place = assignment.cohort.enrolments.get(user=learner)
    values = {"score": Decimal(score), "reason": "Told aloud", "made_by": by, "made_at": at}
    return assignment.hand_marks.create(enrolment=place, section=section, **values)


def quiz_hand_mark(row, learner, score, by=None, at=NOW):
    """A mark set by hand for a quiz that is set."""
    place = row.cohort.enrolments.get(user=learner)
    values = {"score": Decimal(score), "reason": "Told aloud", "made_by": by, "made_at": at}
    return row.hand_marks.create(enrolment=place, **values)


def certificate(user, module, assignment=None, at=NOW, **fields):
    """A certificate as if it had been issued; whether anything was passed is not asked."""
    document = {"title": module.document["neutral_title"], "rule": text("All of it was passed.")}
    document |= {"sections": [], "exam": False, "done_on": at.date().isoformat()}
    values = {"public_id": f"{next(numbers):032}", "name_shown": user.name, "document": document} | fields
    return Certificate.objects.create(
        user=user, module=module, assignment=assignment, as_of=module.as_of, checksum="0" * 64, issued_at=at, **values
    )


def offer(assignment, learner, name="Awa Coulibaly", at=NOW, **fields):
    """An open offer of a certificate; whether anything was passed is not asked."""
    place = assignment.cohort.enrolments.get(user=learner)
    return place.offers.create(assignment=assignment, name=name, made_at=at, **fields)
