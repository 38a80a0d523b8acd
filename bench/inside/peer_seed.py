"""What Kolibri holds while it is measured, made by its own models in its own shell (`kolibri manage shell`).

Three classes, each with a quiz of ten questions: of 60 and of 500 learners, who have all handed it in, and of a crew
who will. Its last act is to write down who and what there is, in the file that PEER_NOTES names.
"""

import json
import os
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from kolibri.core.auth.models import Classroom, Facility, FacilityUser
from kolibri.core.exams.models import Exam, ExamAssignment
from kolibri.core.logger.models import AttemptLog, ContentSessionLog, ContentSummaryLog, MasteryLog

PASSWORD = os.environ["PEER_PASSWORD"]
CLASSES = {"60": 60, "500": 500, "crew": 8}
QUESTIONS = [
    {"exercise_id": f"{n:032x}", "question_id": f"{100 + n:032x}", "title": f"Question {n}", "counter_in_exercise": 1}
    for n in range(1, 11)
]
SECTION = {"section_title": "", "description": "", "question_count": 10, "learners_see_fixed_order": True}


def person(name: str, facility: Any, password: str) -> Any:
    made = FacilityUser(username=name, full_name=name.title(), facility=facility, password=password)
    made.save()
    return made


def quiz(classroom: Any, coach: Any) -> Any:
    sources = [SECTION | {"questions": QUESTIONS}]
    exam = Exam.objects.create(
        title="Quiz", question_count=10, question_sources=sources, collection=classroom, creator=coach, active=True
    )
    ExamAssignment.objects.create(exam=exam, collection=classroom, assigned_by=coach)
    return exam


def hand_in(exam: Any, learner: Any, turn: int) -> None:
    """Write what an attempt of ten answers leaves, every third of them wrong."""
    now = timezone.now()
    times = {"user": learner, "start_timestamp": now, "end_timestamp": now, "time_spent": 60}
    done = times | {"completion_timestamp": now}
    content = {"content_id": exam.id, "kind": "quiz", "progress": 1}
    session = ContentSessionLog.objects.create(**times, **content, extra_fields={"context": {"quiz_id": exam.id}})
    summary = ContentSummaryLog.objects.create(**done, **content)
    mastery = MasteryLog.objects.create(
        **done,
        summarylog=summary,
        mastery_criterion={"type": "quiz", "coach_assigned": True},
        mastery_level=-1,
        complete=True,
    )
    for number, question in enumerate(QUESTIONS):
        AttemptLog.objects.create(
            **done,
            sessionlog=session,
            masterylog=mastery,
            item=f"{question['exercise_id']}:{question['question_id']}",
            correct=int((turn + number) % 3 > 0),
            complete=True,
            answer={"choice": number % 4},
        )


with transaction.atomic():
    school, secret = Facility.objects.get(), make_password(PASSWORD)
    notes: dict[str, dict[str, str]] = {"classes": {}, "quizzes": {}}
    teacher = person("coach", school, secret)
    for key, size in CLASSES.items():
        room = Classroom.objects.create(name=f"Class {key}", parent=school)
        room.add_coach(teacher)
        test = quiz(room, teacher)
        for number in range(size):
            member = person(f"{key}-{number}", school, secret)
            room.add_member(member)
            if key != "crew":
                hand_in(test, member, number)
        notes["classes"][key], notes["quizzes"][key] = room.id, test.id
Path(os.environ["PEER_NOTES"]).write_text(json.dumps(notes))
