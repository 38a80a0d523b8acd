"""Home, module and section with their progress, and the start of a quiz."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.guests import learner_of
from cohorts.models import Assignment, Note
from course.reviews import Load, known_to
from lessons import preview
from lessons.models import Lesson, Module, Reading, Section
from quizzes import progress
from quizzes.models import Attempt, Use
from quizzes.outlines import outline, with_lessons


@dataclass(frozen=True)
class Due:
    """A date that a cohort sets for a section, as it holds for one learner; `row` as `by_section` gives it."""

    row: tuple
    section: Section
    at: datetime

    @property
    def is_required(self):
        return self.row.is_required and not self.section.is_optional

    @property
    def is_done(self):
        """Passed, or marked as passing by hand for that cohort."""
        by_hand = self.row.hand_score is not None and self.row.hand_score >= self.section.threshold
        return by_hand or self.section.standing.is_passed

    @property
    def is_late(self):
        due_at = self.row.own_due_at
        return bool(due_at and due_at < self.at and self.is_required and not self.row.is_excused and not self.is_done)


@dataclass
class Way:
    """A module as one learner finds it: sections with standings, and the one next step."""

    module: Module
    sections: list
    open_attempt: Attempt | None
    lesson: Lesson | None
    quiz: Section | None
    has_passed_exam: bool
    load: Load

    @property
    def is_ready_for_exam(self):
        """Whether every section that is not optional is passed, and the exam is not."""
        needed = [section for section in self.sections if not section.is_optional]
        passed = bool(needed) and all(section.standing.is_passed for section in needed)
        return passed and not self.has_passed_exam

    @property
    def lesson_count(self):
        return sum(len(section.live_lessons) for section in self.sections)

    @property
    def minutes(self):
        return sum(section.minutes for section in self.sections)

    @property
    def passed_count(self):
        return sum(section.standing.is_passed for section in self.sections)

    @property
    def has_begun(self):
        return any(section.standing.state != progress.NONE for section in self.sections)


def way_of(request, module, at, sections=None):
    """The Way through `module` of whoever is here: 5 queries, 2 for a visitor, 2 less with `sections` at hand.

    The next step: the open attempt, else the first lesson not read after the last one read, else the quiz of the first
    section that is not passed, else what is due for review today, in whatever module, else the exam. Optional sections
    are offered once, on the way, and never asked for afterwards. In a preview it begins anew: what counts is left out.
    """
    user, is_trial = request.user, preview.is_active(request)
    sections = with_lessons(module.sections.all()) if sections is None else sections
    outlines = [outline(section) for section in sections]
    today = timezone.localdate(at)
    readings, attempts, known = [], [], []
    if user.is_authenticated:
        attempts = list(Attempt.objects.of(user).on_the_way(module, is_trial))
    if is_trial:
        readings = preview.readings(request, module)
    elif user.is_authenticated:
        readings, known = list(Reading.objects.of(user).counted(module)), known_to(user, at)
    counted = [] if is_trial else attempts
    quizzes = [attempt for attempt in counted if attempt.use == Use.QUIZ and attempt.submitted_at]
    opened = [attempt for attempt in attempts if attempt.is_open]
    standings = progress.section_progress(outlines, readings, quizzes, known, today).get(user.pk)
    standings = standings or progress.untouched(outlines)
    by_id = {}
    for section in sections:
        section.module = module
        section.standing = standings[section.pk]
        section.minutes = sum(lesson.minutes for lesson in section.live_lessons)
        for lesson in section.live_lessons:
            lesson.section = section
            lesson.is_read = lesson.pk in section.standing.read
            by_id[lesson.pk] = lesson
        section.next_lesson = next((lesson for lesson in section.live_lessons if not lesson.is_read), None)
    unpassed = (section for section in sections if not section.standing.is_passed and not section.is_optional)
    return Way(
        module=module,
        sections=sections,
        open_attempt=max(opened, key=lambda attempt: attempt.started_at, default=None),
        lesson=by_id.get(progress.next_lesson(outlines, readings)),
        quiz=next(unpassed, None),
        has_passed_exam=any(attempt.has_passed for attempt in counted if attempt.use == Use.EXAM),
        load=Load(known, today),
    )


@login_not_required
@require_GET
@never_cache
def home(request):
    """What this is, and the way in; whoever was here before finds where to go on."""
    module = Module.objects.live().order_by("pk").first()
    way = way_of(request, module, timezone.now()) if module else None
    return TemplateResponse(request, "course/home.html", {"module": module, "way": way})


@login_not_required
@require_GET
@never_cache
def module(request, module):
    """The strip, the next step, and the sections with their dates. At most 8 queries, whatever the sections."""
    sections = with_lessons(Section.objects.filter(module__slug=module, module__withdrawn_at=None))
    found = sections[0].module if sections else get_object_or_404(Module.objects.live(), slug=module)
    now = timezone.now()
    way = way_of(request, found, now, sections)
    dues = list(Assignment.objects.set_for(request.user).by_section(found))
    for each in way.sections:
        each.dues = [Due(row, each, now) for row in dues if row.section_id == each.pk]
    return TemplateResponse(request, "course/module.html", {"module": found, "way": way, "now": now})


@login_not_required
@require_GET
@never_cache
def section(request, module, section):
    """One section: objectives, lessons, the notes of one's cohorts, and the way to its quiz. At most 8 queries."""
    sections = with_lessons(Section.objects.filter(module__slug=module, module__withdrawn_at=None))
    here = next((each for each in sections if each.slug == section), None)
    if here is None:
        raise Http404
    way = way_of(request, here.module, timezone.now(), sections)
    notes = Note.objects.for_member(request.user).filter(section=here).select_related("cohort").order_by("cohort")
    context = {
        "module": here.module,
        "way": way,
        "section": here,
        "notes": notes,
        "after": next((each for each in sections if each.position > here.position), None),
    }
    return TemplateResponse(request, "course/section.html", context)


@login_not_required
@require_GET
def who_sees_what(request):
    """What is stored about a person, who sees it, for how long, and who answers for it. No query of its own."""
    organisation = {
        "name": settings.ORGANISATION_NAME,
        "contact": settings.ORGANISATION_CONTACT,
        "privacy": settings.ORGANISATION_PRIVACY,
    }
    return TemplateResponse(request, "course/who_sees_what.html", {"organisation": organisation})


@login_not_required
@require_POST
def quiz(request, module, section):
    """Start the section's quiz, or go on with the open one; a visitor is a guest from now on."""
    rows = Section.objects.live().filter(module__withdrawn_at=None).select_related("module", "bank")
    found = get_object_or_404(rows, slug=section, module__slug=module)
    return redirect(Attempt.start_quiz(learner_of(request), found, timezone.now(), preview.is_active(request)))
