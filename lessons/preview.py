"""Looking round as a learner would, for those who may teach: the session keeps it, and nothing of it counts.

May import Django and lessons' tables only.
"""

from collections import namedtuple

from django.db.models import F

from lessons.models import Lesson

ON, READ = "preview", "preview_read"
Row = namedtuple("Row", "learner_id section_id lesson_id")


def is_active(request):
    """Whether this session looks round now. No query."""
    return request.user.is_authenticated and request.user.may_teach and bool(request.session.get(ON))


def begin(request):
    """From now on this session looks round, with no lesson read."""
    request.session[ON], request.session[READ] = True, []


def end(request):
    request.session.pop(ON, None)
    request.session.pop(READ, None)


def note_read(request, lesson):
    """Remember in the session that the lesson was read, for the way on."""
    if not has_read(request, lesson):
        request.session[READ] = [*request.session[READ], lesson.pk]


def has_read(request, lesson):
    return lesson.pk in request.session[READ]


def readings(request, module):
    """Rows (learner_id, section_id, lesson_id) in the order of reading, in place of the stored ones. One query."""
    read = request.session[READ]
    lessons = Lesson.objects.live().filter(section__module=module, pk__in=read).values_list("section_id", F("pk"))
    rows = [Row(request.user.pk, section, lesson) for section, lesson in lessons]
    return sorted(rows, key=lambda row: read.index(row.lesson_id))
