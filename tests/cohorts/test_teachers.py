"""Who teaches whom, as lessons ask it; what it opens is in tests/lessons/test_visibility.py."""

import pytest

from cohorts.models import Role
from cohorts.teachers import teachers_of
from tests import make

pytestmark = pytest.mark.django_db


def test_a_place_without_a_person_is_nobodys_teacher(awa, bakary):
    cohort = make.cohort(bakary, [awa])
    cohort.enrolments.create(role=Role.LEAD, roster_name="Zerbo, M.")
    assert [row["user"] for row in teachers_of(awa)] == [bakary.pk]
