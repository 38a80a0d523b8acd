"""Who sees a module that is for the cohorts of its owner (docs/decisions/0016): Bakary's, whose learner is Awa."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from cohorts.models import Role
from lessons.models import Claim, Lesson, Module, Reading, Section, Visibility
from tests import make

pytestmark = pytest.mark.django_db
PAGES = ["lesson", "claim", "reference", "claims", "glossary", "timeline", "map", "search"]
ROWS = [Module, Section, Lesson, Claim]


@pytest.fixture
def lesson(bakary):
    lesson = make.lesson(make.section(make.module(owner=bakary, visibility=Visibility.COHORTS)))
    make.claim(lesson.section)
    return lesson


@pytest.fixture
def cohort(bakary, awa, lesson):
    return make.cohort(bakary, [awa])


def address(lesson, page):
    module = lesson.section.module
    if page == "lesson":
        return lesson.get_absolute_url()
    if page == "claim":
        return module.claims.get().get_absolute_url()
    return f"/en/modules/{module.slug}/{page}/"


def statuses(client, lesson):
    return {page: client.get(address(lesson, page)).status_code for page in PAGES}


def seen_by(user):
    """How many rows of each table the user sees, where there is one of each."""
    return [model.objects.seen_by(user).count() for model in ROWS]


def test_one_module_is_asked_about_by_the_rule_for_all(lesson, cohort, bakary, awa, celia, django_assert_num_queries):
    module, visitor = lesson.section.module, AnonymousUser()
    for visibility in Visibility.values:
        for withdrawn_at in (None, make.NOW):
            module.visibility, module.withdrawn_at = visibility, withdrawn_at
            module.save()
            for person in (visitor, bakary, awa, celia):
                assert module.is_seen_by(person) == Module.objects.seen_by(person).filter(pk=module.pk).exists()
    module.visibility, module.withdrawn_at = Visibility.PUBLIC, None
    with django_assert_num_queries(0):
        assert module.is_seen_by(celia)


ALL, NOTHING = dict.fromkeys(PAGES, 200), dict.fromkeys(PAGES, 404)


def test_a_public_module_is_open_to_a_visitor_whoever_owns_it(client, lesson):
    Module.objects.update(visibility=Visibility.PUBLIC)
    assert statuses(client, lesson) == ALL
    assert seen_by(AnonymousUser()) == [1, 1, 1, 1]


def test_its_owner_sees_it_with_and_without_a_cohort(as_bakary, bakary, lesson):
    assert statuses(as_bakary, lesson) == ALL
    assert seen_by(bakary) == [1, 1, 1, 1]


def test_a_learner_of_its_owners_cohort_sees_it(as_awa, awa, lesson, cohort):
    assert statuses(as_awa, lesson) == ALL
    assert seen_by(awa) == [1, 1, 1, 1]
    as_awa.post(f"{lesson.get_absolute_url()}read/")
    assert Reading.objects.get().learner == awa


def test_a_visitor_gets_what_does_not_exist(client, lesson, cohort):
    assert statuses(client, lesson) == NOTHING
    assert client.post(f"{lesson.get_absolute_url()}read/").status_code == 404
    assert seen_by(AnonymousUser()) == [0, 0, 0, 0]


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_gets_the_very_page_of_what_does_not_exist(as_celia, lesson, cohort, page):
    there = address(lesson, page)
    slug = lesson.section.module.slug
    nowhere = there.replace(slug, "x" * len(slug))
    hidden, missing = as_celia.get(there), as_celia.get(nowhere)
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.replace(there, nowhere).replace(slug, "x" * len(slug)) == missing.text


def test_a_learner_of_another_cohort_is_a_stranger(as_celia, celia, danso, lesson, cohort):
    make.cohort(danso, [celia])
    assert statuses(as_celia, lesson) == NOTHING


def test_staff_who_may_teach_are_strangers_too(as_danso, lesson, cohort):
    assert statuses(as_danso, lesson) == NOTHING
    assert as_danso.get(f"{lesson.section.get_absolute_url()}sheet/").status_code == 404
    page = as_danso.post("/en/preview/", {"module": lesson.section.module.slug})
    assert page.status_code == 404


def test_it_takes_an_owner_who_teaches_not_one_who_learns(awa, celia, danso, lesson):
    """Bakary learns in Danso's cohort: that shows nothing of his to the others in it."""
    cohort = make.cohort(danso, [celia])
    cohort.join(lesson.section.module.owner, make.NOW)
    assert seen_by(celia) == seen_by(danso) == [0, 0, 0, 0]


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.LEAD])
def test_whoever_teaches_beside_its_owner_sees_it(danso, cohort, role):
    make.staff(cohort, danso, role)
    assert seen_by(danso) == [1, 1, 1, 1]


def test_whoever_leaves_sees_it_no_longer(awa, cohort):
    cohort.enrolments.get(user=awa).leave(make.NOW)
    assert seen_by(awa) == [0, 0, 0, 0]


def test_an_owner_who_left_the_cohort_shows_it_to_nobody_there(awa, bakary, danso, cohort):
    make.staff(cohort, danso)
    cohort.enrolments.get(user=bakary).leave(make.NOW)
    assert seen_by(awa) == [0, 0, 0, 0]


def test_in_an_archived_cohort_it_stays_readable(awa, cohort):
    cohort.archive(make.NOW)
    assert seen_by(awa) == [1, 1, 1, 1]


def test_a_place_that_nobody_has_taken_opens_nothing(celia, cohort):
    make.place(cohort)
    assert seen_by(celia) == seen_by(AnonymousUser()) == [0, 0, 0, 0]


def test_without_its_owner_nobody_sees_it(awa, cohort):
    Module.objects.update(owner=None)
    assert seen_by(awa) == [0, 0, 0, 0]


def test_what_is_withdrawn_is_seen_by_nobody_not_even_its_owner(bakary, cohort):
    Module.objects.update(withdrawn_at=make.NOW)
    assert seen_by(bakary) == [0, 0, 0, 0]


def test_a_module_has_a_visibility_of_the_list():
    with pytest.raises(IntegrityError):
        make.module(visibility="secret")


def test_the_rule_costs_no_query(awa, cohort, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Lesson.objects.seen_by(awa).select_related("section__module").get().section.module.owner_id
