"""What a board says, once more: plainly, one fact at a time, from whole rows. The tests hold the site's own to it."""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.folding import folded
from cohorts.marks import months_later
from cohorts.models import Assignment, Enrolment, Membership
from lessons.models import Lesson, Reading, Section
from quizzes.models import Attempt

SHOWN = ("all", "not_joined", "not_started", "stuck", "silent", "late", "soon", "passed")


@dataclass
class PlainCell:
    """One section of one learner."""

    state: str = "none"
    best: Decimal | None = None
    hand: Decimal | None = None
    read: int = 0
    is_passed: bool = False
    has_run_out: bool = False
    is_late: bool = False
    is_stuck: bool = False
    is_excused: bool = False
    is_soon: bool = False
    is_asked: bool = False


@dataclass
class PlainRow:
    """One learner."""

    name: str
    pk: int
    last_at: datetime | None
    has_joined: bool
    is_away: bool
    has_sat_exam: bool
    cells: list[PlainCell] = field(default_factory=list)
    exams: list[PlainCell] = field(default_factory=list)  # one for each assignment that requires it

    @property
    def has_begun(self):
        return self.has_sat_exam or any(cell.state != "none" for cell in self.cells)

    def is_among(self, shown):
        return {
            "all": True,
            "not_joined": not self.has_joined,
            "not_started": self.has_joined and not self.has_begun,
            "stuck": any(cell.is_stuck for cell in self.cells),
            "silent": self.is_away and any(cell.is_asked for cell in (*self.cells, *self.exams)),
            "soon": any(cell.is_soon for cell in (*self.cells, *self.exams)),
            "late": any(cell.is_late for cell in (*self.cells, *self.exams)),
            "passed": all(cell.is_passed and not cell.has_run_out for cell in (*self.cells, *self.exams)),
        }[shown]


def covers(assignment, section):
    chosen = list(assignment.sections.all())
    return assignment.module_id == section.module_id and (not chosen or section in chosen)


def counted(enrolment, assignments):
    """The attempts of one enrolment that count for one of these assignments, oldest first."""
    if enrolment.user_id is None or enrolment.left_at or enrolment.role != "learner":
        return []
    stays = list(Membership.objects.filter(enrolment=enrolment))
    rows = []
    attempts = Attempt.objects.filter(learner=enrolment.user_id).select_related("bank__section")
    for attempt in attempts.prefetch_related("terms").order_by("submitted_at", "pk"):
        if attempt.is_trial or attempt.score is None:
            continue
        at = attempt.submitted_at
        if attempt.use == "quiz":
            was_in = any(stay.from_at <= at and (stay.until_at is None or at < stay.until_at) for stay in stays)
            is_set = any(is_open(row, enrolment, at) and covers(row, attempt.bank.section) for row in assignments)
            counts = was_in and is_set
        elif attempt.use == "exam":
            asking = [row.pk for row in assignments if row.exam != "not_asked"]
            counts = any(row.counts and row.assignment_id in asking for row in attempt.terms.all())
        else:
            counts = False
        if counts:
            rows.append(attempt)
    return rows


def is_open(assignment, enrolment, at):
    """Whether what this person hands in then counts: from the opening to the closing date, or as much later as due."""
    if at < assignment.opens_at:
        return False
    if assignment.closes_at is None:
        return True
    extension = next((row for row in enrolment.extensions.all() if row.assignment_id == assignment.pk), None)
    own_due = due(assignment, extension)
    return own_due is None or at <= assignment.closes_at + (own_due - assignment.due_at)


def leader(assignments, section):
    """The assignment by whose rule a section is marked: the one that is due first, then the oldest."""
    setting = [row for row in assignments if covers(row, section)]
    dated = [row for row in setting if row.due_at]
    if dated:
        first = min(row.due_at for row in dated)
        return min((row for row in dated if row.due_at == first), key=lambda row: row.pk)
    first = min(row.opens_at for row in setting)
    return min((row for row in setting if row.opens_at == first), key=lambda row: row.pk)


def hand_of(enrolment, section):
    """The mark set by hand that counts for a section, under whatever assignment: the latest not taken back."""
    rows = [mark for mark in enrolment.hand_marks.all() if mark.section_id == section.pk]
    return latest([mark for mark in rows if mark.taken_back_at is None])


def mark(enrolment, section, assignments):
    """(score, whether it is late) of what one learner has in a section, in a cohort that set these; None without."""
    leading = leader(assignments, section)
    own_due = due(leading, next((row for row in enrolment.extensions.all() if row.assignment_id == leading.pk), None))
    scores = []
    for quiz in counted(enrolment, assignments):
        if quiz.use == "quiz" and quiz.bank.section == section:
            late = own_due is not None and quiz.submitted_at > own_due
            off = Decimal(leading.late_points) / 100 if late and leading.late_rule == "less" else Decimal(0)
            scores.append((max(quiz.score - off, Decimal(0)), late))
    if hand := hand_of(enrolment, section):
        return hand.score, False
    if not scores:
        return None
    if leading.counts == "latest":
        return scores[-1]
    if leading.counts == "first":
        return scores[0]
    best = max(score for score, _ in scores)
    return next((score, late) for score, late in scores if score == best)


def sections_of(assignments):
    rows = Section.objects.filter(withdrawn_at=None).select_related("module").order_by("position")
    return [section for section in rows if any(covers(row, section) for row in assignments)]


def due(assignment, extension):
    if assignment.due_at is None or (extension and extension.is_excused):
        return None
    later = extension.due_at if extension else None
    return max(assignment.due_at, later) if later else assignment.due_at


def board(cohort, at):
    """[PlainRow] of all who learn in a cohort whose assignments are of one module, in no order."""
    assignments = list(Assignment.objects.filter(cohort=cohort).prefetch_related("sections"))
    people = Enrolment.objects.filter(cohort=cohort, role="learner", left_at=None).select_related("user")
    people = people.prefetch_related("hand_marks", "extensions")
    return [row_of(enrolment, assignments, at) for enrolment in people]


def row_of(enrolment, assignments, at):
    attempts, sections = counted(enrolment, assignments), sections_of(assignments)
    readings = Reading.objects.filter(learner=enrolment.user_id, lesson__withdrawn_at=None, learner__isnull=False)
    readings = [row for row in readings.select_related("lesson__section") if row.lesson.section in sections]
    moments = [attempt.submitted_at for attempt in attempts] + [reading.read_at for reading in readings]
    last_at = max(moments, default=None)
    is_away = last_at is not None and at - last_at > timedelta(days=14)
    has_sat_exam = any(attempt.use == "exam" for attempt in attempts)
    row = PlainRow(enrolment.known_name, enrolment.pk, last_at, enrolment.user_id is not None, is_away, has_sat_exam)
    for section in sections:
        quizzes = [attempt for attempt in attempts if attempt.use == "quiz" and attempt.bank.section == section]
        read = {reading.lesson_id for reading in readings if reading.lesson.section == section}
        setting = [assignment for assignment in assignments if covers(assignment, section)]
        row.cells.append(cell_of(enrolment, section, setting, quizzes, read, at))
    for assignment in assignments:
        if (
            assignment.is_required
            and assignment.exam == "required"
            and any(covers(assignment, one) for one in sections)
        ):
            row.exams.append(exam_of(enrolment, assignment, attempts, at))
    return row


def exam_of(enrolment, assignment, attempts, at):
    """The exam that an assignment requires, as a cell: by its own date, and by what began under it alone."""
    cell = PlainCell()
    exams = [attempt for attempt in attempts if attempt.use == "exam" and attempt.score >= attempt.threshold]
    passes = [
        exam.submitted_at
        for exam in exams
        if any(terms.counts and terms.assignment_id == assignment.pk for terms in exam.terms.all())
    ]
    cell.is_passed = bool(passes)
    if passes and assignment.months_valid and months_later(max(passes), assignment.months_valid) <= at:
        cell.has_run_out = cell.is_late = True
    extension = next((row for row in enrolment.extensions.all() if row.assignment_id == assignment.pk), None)
    own_due = due(assignment, extension)
    if not cell.is_passed and own_due:
        cell.is_late = own_due < at
        cell.is_soon = at <= own_due < at + timedelta(days=7)
    cell.is_excused = bool(extension and extension.is_excused)
    holds = cell.is_passed and not cell.has_run_out
    cell.is_asked = assignment.opens_at <= at and not holds and not cell.is_excused
    return cell


def cell_of(enrolment, section, setting, quizzes, read, at):
    cell = PlainCell(read=len(read), best=max((quiz.score for quiz in quizzes), default=None))
    hand = hand_of(enrolment, section)
    cell.hand = hand and hand.score
    passes = [quiz.submitted_at for quiz in quizzes if quiz.score >= quiz.threshold]
    passes += [hand.made_at] if hand and hand.score >= section.threshold else []
    cell.is_passed = bool(passes)
    lessons = set(Lesson.objects.filter(section=section, withdrawn_at=None).values_list("pk", flat=True))
    if cell.is_passed:
        cell.state = "passed"
    elif lessons and read == lessons:
        cell.state = "read"
    elif read or quizzes:
        cell.state = "reading"
    cell.is_stuck = sum(quiz.score < quiz.threshold for quiz in quizzes) >= 3 and not cell.is_passed
    required = [row for row in setting if row.is_required and not section.document["optional"]]
    extensions = {row.assignment_id: row for row in enrolment.extensions.all()}
    for assignment in required:
        extension = extensions.get(assignment.pk)
        until = passes and assignment.months_valid and months_later(max(passes), assignment.months_valid)
        if cell.is_passed and until and until <= at:
            cell.has_run_out = cell.is_late = True
        own_due = due(assignment, extension)
        if not cell.is_passed and own_due:
            cell.is_late = cell.is_late or own_due < at
            cell.is_soon = cell.is_soon or at <= own_due < at + timedelta(days=7)
    cell.is_excused = bool(required) and all(row.pk in extensions and extensions[row.pk].is_excused for row in required)
    has_opened = any(row.opens_at <= at for row in setting)
    holds = cell.is_passed and not cell.has_run_out
    cell.is_asked = bool(required) and has_opened and not holds and not cell.is_excused
    return cell


def latest(marks):
    return max(marks, key=lambda mark: (mark.made_at, mark.pk), default=None)


def ordered(rows, order):
    rows = sorted(
        rows,
        key=lambda row: (folded(row.name).replace("'", ""), unicodedata.normalize("NFD", row.name).swapcase(), row.pk),
    )
    if order == "last":
        rows.sort(key=lambda row: row.last_at.timestamp() if row.last_at else 0)
    elif order == "passed":
        rows.sort(key=lambda row: sum(cell.is_passed and not cell.has_run_out for cell in row.cells))
    return rows
