"""Progress, computed from the facts and stored nowhere. Imports neither the ORM nor a request."""

from dataclasses import dataclass, field
from datetime import date

from quizzes import schedule

NONE, READING, READ, PASSED, MASTERED, FADING = STATES = ("none", "reading", "read", "passed", "mastered", "fading")


@dataclass(frozen=True)
class Outline:
    """A section as progress sees it: its id, the ids of its live lessons in order, and whether it may be left out."""

    section_id: int
    lesson_ids: tuple
    is_optional: bool = False


@dataclass
class SectionProgress:
    """How one learner stands in one section.

    `best`, `latest` and `passed`, the first that passed, are quiz rows (score, threshold, submitted_at); `recalls` are
    rows of what is known of the section's items, as on the day `today`.
    """

    outline: Outline
    read: set = field(default_factory=set)
    best: object = None
    latest: object = None
    passed: object = None
    recalls: list = field(default_factory=list)
    today: date | None = None

    @property
    def state(self):
        """none, reading (a lesson read or a quiz submitted), read (every lesson), passed, mastered or fading (L4).

        Passed is never taken away: one quiz at or above the threshold that was copied to it is enough. Mastered is
        passed with every item that was met by then right on three days, the last after a gap of a week; fading is
        mastered with these items' mean recall below 0.80 today. Items met later change neither.
        """
        if self.passed:
            met = self.met
            if not met or not all(recall.mastered_on for recall in met):
                return PASSED
            return FADING if still_known(met, self.today) < schedule.FADES_BELOW * len(met) else MASTERED
        if self.outline.lesson_ids and self.read.issuperset(self.outline.lesson_ids):
            return READ
        return READING if self.read or self.latest else NONE

    @property
    def is_passed(self):
        """Whether it is passed, whatever has become of it since."""
        return self.passed is not None

    @property
    def met(self):
        """The recalls of the items that the learner had met by the day, in the learner's zone, of the first pass."""
        return [each for each in self.recalls if each.first_on <= self.passed.submitted_at.astimezone(each.zone).date()]

    @property
    def due_count(self):
        return sum(recall.due_on <= self.today for recall in self.recalls)

    @property
    def read_count(self):
        return len(self.read.intersection(self.outline.lesson_ids))

    @property
    def lesson_count(self):
        return len(self.outline.lesson_ids)


def still_known(recalls, today):
    """How many of these items are probably still known today: the sum of their recalls, 0 to their number."""
    return sum(schedule.recall(recall.stability, (today - recall.last_on).days) for recall in recalls)


def section_progress(outlines, readings, quizzes, recalls=(), today=None):
    """{learner id: {section id: SectionProgress}} of everybody who left a fact.

    `readings` are rows (learner_id, section_id, lesson_id, …), `quizzes` rows (learner_id, section_id, score,
    threshold, submitted_at), both oldest first; `recalls` are rows (learner_id, section_id, stability, first_on,
    last_on, mastered_on, due_on, zone), of which nothing is judged without `today`. The cost in queries is that of
    these three.
    """
    by_id = {outline.section_id: outline for outline in outlines}
    found = {}

    def standing(row):
        sections = found.get(row.learner_id)
        if sections is None:
            sections = {key: SectionProgress(outline, today=today) for key, outline in by_id.items()}
            found[row.learner_id] = sections
        return sections.get(row.section_id)

    for row in readings:
        if place := standing(row):
            place.read.add(row.lesson_id)
    for row in quizzes:
        if place := standing(row):
            place.latest = row
            if place.best is None or row.score > place.best.score:
                place.best = row
            if place.passed is None and row.score >= row.threshold:
                place.passed = row
    for row in recalls:
        if place := standing(row):
            place.recalls.append(row)
    return found


def untouched(outlines):
    """{section id: SectionProgress} of somebody who left no fact yet."""
    return {outline.section_id: SectionProgress(outline) for outline in outlines}


def next_lesson(outlines, readings):
    """The id of the first lesson not read after the last one read, else of the first not read; None when all are.

    Of what lies before the last one read, optional sections are not offered again: leaving them out is no gap.
    """
    order = [(lesson, outline.is_optional) for outline in outlines for lesson in outline.lesson_ids]
    places = {lesson: place for place, (lesson, _) in enumerate(order)}
    read = [row.lesson_id for row in readings if row.lesson_id in places]
    start = places[read[-1]] + 1 if read else 0
    offered = order[start:] + [each for each in order[:start] if not each[1]]
    return next((lesson for lesson, _ in offered if lesson not in read), None)
