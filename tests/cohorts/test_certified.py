"""The certificates of a whole cohort: a list with state and expiry, a file for the personnel office, what asks."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Audit
from tests import make
from tests.cohorts.test_board import plain

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def module():
    return make.case_study().sections.get().module


@pytest.fixture
def cohort(bakary, awa, celia):
    row = make.cohort(bakary, [awa, celia], name="Monday group")
    row.enrolments.filter(user=awa).update(roster_name="Coulibaly, Awa", school_number="2026/001")
    return row


@pytest.fixture
def issued(cohort, module, awa, celia):
    """Awa holds one that runs out soon, under another name; Celia one of other work, revoked; a stranger one."""
    now = timezone.now()
    works = make.assignment(cohort, module, title="Spring"), make.assignment(cohort, module)
    other = make.user("Elsewhere")
    make.certificate(other, module, make.assignment(make.cohort(make.user("Teacher"), [other]), module))
    return [
        make.certificate(awa, module, works[0], name_shown="Fatoumata N'Diaye", expires_at=now + 20 * DAY),
        make.certificate(celia, module, works[1], name_shown="Celia Zerbo", revoked_at=now),
    ]


def listed(client, cohort, show=""):
    return plain(client.get(f"/en/cohorts/{cohort.pk}/certificates/?show={show}").text.split("<tbody>")[1])


def rows(client, cohort, language="en", delimiter=","):
    response = client.post(f"/{language}/cohorts/{cohort.pk}/certificates/csv/")
    text = response.content.decode("utf-8-sig")
    return response, list(csv.reader(io.StringIO(text), delimiter=delimiter))


def test_the_roster_name_stands_first_and_a_name_that_differs_is_marked(as_bakary, cohort, issued):
    words = "Coulibaly, Awa on the certificate: Fatoumata N'Diaye · differs from your list Spring"
    assert words in listed(as_bakary, cohort)
    assert "Celia Zerbo" not in listed(as_bakary, cohort)


@pytest.mark.parametrize("name", ["Awa Coulibaly", "COULIBALY Awa"])
def test_the_same_words_in_another_order_do_not_differ(as_bakary, cohort, issued, name):
    type(issued[0]).objects.filter(pk=issued[0].pk).update(name_shown=name)
    assert f"on the certificate: {name}" in listed(as_bakary, cohort)
    assert "differs" not in listed(as_bakary, cohort)


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("current", ["Coulibaly"]),
        ("valid", ["Coulibaly"]),
        ("soon", ["Coulibaly"]),
        ("expired", []),
        ("ended", ["Celia"]),
        ("all", ["Coulibaly", "Celia"]),
        ("nonsense", ["Coulibaly"]),
    ],
)
def test_filters_show_those_alone(as_bakary, cohort, issued, show, names):
    page = listed(as_bakary, cohort, show)
    assert [name for name in ("Coulibaly", "Celia", "Elsewhere") if name in page] == names


def test_the_file_has_a_line_for_each_with_where_to_check_it(as_bakary, bakary, cohort, issued):
    response, table = rows(as_bakary, cohort)
    assert table[0][:3] == ["Number of the school", "Name on the roster", "Name on the certificate"]
    until = issued[0].expires_at.date().isoformat()
    assert table[1] == [
        *("", "", "Celia Zerbo", issued[1].module.neutral_title, "2026-11-02", "", "revoked"),
        f"http://testserver/en/certificates/{issued[1].public_id}/",
    ]
    assert table[2] == [
        *("2026/001", "Coulibaly, Awa", "Fatoumata N'Diaye", "Spring", "2026-11-02", until, "valid"),
        f"http://testserver/en/certificates/{issued[0].public_id}/",
    ]
    assert len(table) == 3
    assert f'filename="certificates-{cohort.pk}.csv"' in response["Content-Disposition"]
    line = Audit.objects.get()
    assert (line.who, line.on_what) == (bakary, f"cohort {cohort.pk}: certificates, 2 rows")


def test_a_name_that_a_spreadsheet_would_run_is_text(as_bakary, cohort, issued):
    type(issued[0]).objects.filter(pk=issued[0].pk).update(name_shown="=1+1")
    assert rows(as_bakary, cohort)[1][2][2] == "'=1+1"


def test_in_french_cells_are_parted_by_semicolons(as_bakary, cohort, issued):
    assert len(rows(as_bakary, cohort, "fr", ";")[1][0]) == 8


def test_the_cohort_page_tells_staff_what_runs_out_and_learners_nothing_of_it(as_bakary, as_celia, cohort, issued):
    words = "1 certificate runs out within six weeks"
    assert words in plain(as_bakary.get(f"/en/cohorts/{cohort.pk}/").text)
    assert words not in plain(as_celia.get(f"/en/cohorts/{cohort.pk}/").text)
    type(issued[0]).objects.filter(pk=issued[0].pk).update(revoked_at=make.NOW)
    assert words not in plain(as_bakary.get(f"/en/cohorts/{cohort.pk}/").text)


@pytest.mark.parametrize("browser", ["as_awa", "as_celia", "as_danso"])
def test_only_its_staff_see_the_list_and_take_the_file(request, browser, cohort, issued):
    client = request.getfixturevalue(browser)
    assert client.get(f"/en/cohorts/{cohort.pk}/certificates/").status_code == 404
    assert client.post(f"/en/cohorts/{cohort.pk}/certificates/csv/").status_code == 404


def test_it_costs_the_same_for_5_and_for_60(as_bakary, cohort, module, django_assert_max_num_queries):
    works = [make.assignment(cohort, module) for _ in range(3)]
    for number in range(60):
        learner = make.user(f"Learner {number}")
        cohort.join(learner, make.NOW)
        make.certificate(learner, module, works[number % 3])
        make.offer(works[(number + 1) % 3], learner, wish="Other")
        if number in (4, 59):
            as_bakary.get("/en/")
            with django_assert_max_num_queries(12):
                as_bakary.get(f"/en/cohorts/{cohort.pk}/certificates/")
            with django_assert_max_num_queries(12):
                rows(as_bakary, cohort)
            with django_assert_max_num_queries(8):
                as_bakary.get(f"/en/cohorts/{cohort.pk}/")
