"""Whoever has joined a cohort finds the button that leads to what is set."""

import re

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def test_a_learner_goes_on_from_the_cohorts_page(as_awa, as_bakary, awa, bakary):
    module = make.case_study(sections=2)
    cohort = make.cohort(bakary, [awa])
    make.assignment(cohort, module)
    later = module.sections.order_by("position").last()
    make.assignment(cohort, module, [later])
    ways = re.findall(
        r'<a class="(btn(?: btn-primary)?)" href="([^"]+)">Go on with',
        " ".join(as_awa.get(cohort.get_absolute_url()).text.split()),
    )
    assert sorted(ways, key=lambda way: way[0], reverse=True)[0][0] == "btn btn-primary"
    assert {address for _, address in ways} == {f"{module.get_absolute_url()}go-on/", later.get_absolute_url()}
    assert "Go on with this work" not in as_bakary.get(cohort.get_absolute_url()).text
