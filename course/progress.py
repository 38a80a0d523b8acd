"""Progress, computed from the facts and stored nowhere. Imports neither the ORM nor a request."""

from dataclasses import dataclass, field

NONE, READING, READ, PASSED = "none", "reading", "read", "passed"


@dataclass(frozen=True)
class Outline:
    """A section as progress sees it: its id and the ids of its live lessons, in order."""

    section_id: int
    lesson_ids: tuple


@dataclass
class Standing:
    """How one learner stands in one section. `best` and `latest` are quiz rows (score, threshold, submitted_at)."""

    outline: Outline
    read: set = field(default_factory=set)
    best: object = None
    latest: object = None
    passed: object = None

    @property
    def state(self):
        """none, reading (a lesson read or a quiz submitted), read (every lesson) or passed (quality L4).

        Passed is never taken away: one quiz at or above the threshold that was copied to it is enough.
        """
        if self.passed:
            return PASSED
        if self.outline.lesson_ids and self.read.issuperset(self.outline.lesson_ids):
            return READ
        return READING if self.read or self.latest else NONE

    @property
    def read_count(self):
        return len(self.read.intersection(self.outline.lesson_ids))

    @property
    def lesson_count(self):
        return len(self.outline.lesson_ids)


def standings(outlines, readings, quizzes):
    """{learner id: {section id: Standing}} of everybody who left a fact.

    `readings` are rows (learner_id, section_id, lesson_id, …), `quizzes` rows (learner_id, section_id, score,
    threshold, submitted_at), both oldest first; the cost in queries is that of these two.
    """
    by_id = {outline.section_id: outline for outline in outlines}
    found = {}

    def standing(row):
        sections = found.setdefault(row.learner_id, {key: Standing(outline) for key, outline in by_id.items()})
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
    return found


def untouched(outlines):
    """{section id: Standing} of somebody who left no fact yet."""
    return {outline.section_id: Standing(outline) for outline in outlines}


def next_lesson(outlines, readings):
    """The id of the first lesson not read after the last one read, else of the first not read; None when all are."""
    order = [lesson for outline in outlines for lesson in outline.lesson_ids]
    read = [row.lesson_id for row in readings if row.lesson_id in order]
    start = order.index(read[-1]) + 1 if read else 0
    return next((lesson for lesson in order[start:] + order[:start] if lesson not in read), None)
