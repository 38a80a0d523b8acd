"""Who asks for the addresses of the access table, and what they ask for."""

import pytest

from cohorts.models import Cohort, Role
from tests import make
from tests.access_rows import CODE, FEED, PAPER, PICTURE


@pytest.fixture
def people(guest, awa, celia, bakary, danso, settings):
    settings.OPEN_TEACHING = False
    settings.SENDS_MAIL = True
    return people_of(guest, awa, celia, bakary, danso)


@pytest.fixture
def attempt(awa, bakary, danso):
    return attempt_of(awa, bakary, danso)


def people_of(guest, awa, celia, bakary, danso):
    """{role: user}; the visitor is nobody."""
    editor = make.user("Ely", is_staff=True)
    return {"guest": guest, "awa": awa, "celia": celia, "bakary": bakary, "editor": editor, "danso": danso}


def attempt_of(awa, bakary, danso):
    """Awa's open quiz, and the cohort in which she takes it; all that belongs to it has the number 900901."""
    section = make.section(make.module("mali"), slug="roots", pk=900901)
    make.lesson(section, slug="first", checks=["try-it"])
    make.claim(section, "M901")
    make.article(section.module, "gazette")
    make.corrections(section.module)
    tried = make.item(section, slug="try-it", uses=["check"])
    make.front(section.module, tried)
    make.item(section, uses=["pre"])
    for _ in range(5):
        make.item(section)
    make.cohort(danso)
    cohort = Cohort.objects.create(pk=900901, name="Autumn", join_code=CODE.replace("-", ""))
    make.staff(cohort, bakary)
    cohort.enrolments.create(pk=900901, user=awa, role=Role.LEARNER).keep([(make.NOW, None)])
    cohort.groups.create(pk=900901, name="Monday")
    cohort.enrolments.get(user=awa).handovers_to.create(
        pk=900901, cohort=cohort, is_by_code=False, made_at=make.NOW, done_at=make.NOW, undone_at=make.NOW
    )
    cohort.invitations.create(pk=900901, role=Role.LEAD, code_hash="0", made_at=make.NOW)
    assignment = make.assignment(cohort, section.module, pk=900901, exam="open")
    make.exam_result(awa, section.module, "0.9", pk=900901)
    make.certificate(awa, section.module, assignment, pk=900901, public_id=PAPER[0])
    item = make.own_item(make.bank(bakary, pk=900902), pk=900902)
    item.pictures.create(checksum=PICTURE, media_type="image/png", width=1, height=1, data=b"PNG")
    make.upload(item.bank, pk=900902)
    make.set_quiz(cohort, make.own_quiz(bakary, [item], pk=900903), pk=900901)
    make.feed(awa, FEED)
    make.offer(assignment, awa, pk=900901)
    return make.quiz(awa, section)
