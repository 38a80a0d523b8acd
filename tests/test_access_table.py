"""Who gets what, by every address and method (quality R2). An address without a row fails.

A row gives "GET POST" for each role, in the order of ROLES; `=` repeats the role before, and so do the roles that a
short row leaves out. The attempt is Awa's. Awa learns in the cohort, Bakary is its instructor, Danso that of another.
"""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import translation

from cohorts.models import Cohort, Role
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
ROLES = ["visitor", "guest", "awa", "celia", "bakary", "editor", "danso"]
READ_ONLY = ["200 405", "=", "=", "=", "=", "="]
WRITE_ONLY = ["302 302", "=", "=", "=", "=", "="]
READ_LEADS_ON = ["302 405", "=", "=", "=", "=", "="]
TEACHING = ["403 405", "=", "=", "=", "200 405", "=", "="]  # who may not is told how to ask
BANK_READ = ["403 405", "=", "=", "=", "200 405", "404 405", "="]
BANK_FORM = ["403 403", "=", "=", "=", "200 422", "404 404", "="]
BANK_DRAFT = ["403 403", "=", "=", "=", "200 302", "404 404", "="]  # what is not finished is kept
BANK_TRY = ["403 403", "=", "=", "=", "200 200", "404 404", "="]
BANK_BUTTON = ["302 403", "=", "=", "=", "302 302", "302 404", "="]
BANK_INTO = ["302 403", "=", "=", "=", "302 404", "=", "="]  # without a bank to put it into
OF_TEACHERS = [TEACHING, BANK_READ, BANK_FORM, BANK_DRAFT, BANK_TRY, BANK_BUTTON, BANK_INTO]
PAGE = ["mali"]
SECTION = ["mali", "roots"]
LESSON = ["mali", "roots", "first"]
OF_THE_ATTEMPT = [  # whose number is known only once it is made
    *("quizzes:attempt", "quizzes:answers", "quizzes:retry", "cohorts:give_up"),
]
COHORT = [900901]
BANK = [900902]
OF_BANK = [900902, 900902]
QUIZ = [900903]
OF_COHORT = [900901, 900901]
PAPER = ["c" * 32]
CODE = "CDFG-HJKM-NPQR"
FEED = "f" * 43
STAFF_READ = ["302 302", "404 405", "=", "=", "200 405", "404 405", "="]
STAFF_FORM = ["302 302", "404 404", "=", "=", "200 422", "404 404", "="]
STAFF_FILE = ["302 302", "302 404", "=", "=", "302 200", "302 404", "="]
STAFF_WRITE = ["302 302", "302 404", "=", "=", "302 302", "302 404", "="]
TABLE = {
    "home": ([], READ_ONLY),
    "healthz": ([], READ_ONLY),
    "readyz": ([], READ_ONLY),
    "robots": ([], READ_ONLY),
    "sitemap": ([], READ_ONLY),
    "about": ([], READ_ONLY),
    "teach": ([], READ_ONLY),
    "onboard": ([], READ_ONLY),
    "start": ([], READ_ONLY),
    "data-sheet": ([], READ_ONLY),
    "reuse": ([], READ_ONLY),
    "accessibility": ([], READ_ONLY),
    "help": ([], READ_ONLY),
    "try": ([], ["200 200", "=", "=", "=", "=", "="]),
    "sample_sheet": ([], READ_ONLY),
    "sample_items": ([], READ_ONLY),
    "specimen": ([], READ_ONLY),
    "sample_file": ([], READ_ONLY),
    "corrections": ([], READ_ONLY),
    "corrections_feed": ([], READ_ONLY),
    "sources": ([], READ_LEADS_ON),
    "who_sees_what": ([], READ_ONLY),
    "admin:index": ([], ["302 302", "404 404", "=", "=", "=", "200 200", "404 404"]),
    "own": ([], ["302 302", "200 405", "=", "=", "=", "=", "="]),
    "warnings": ([], ["302 302", "200 302", "=", "=", "=", "=", "="]),
    "display": ([], ["200 302", "=", "=", "=", "=", "=", "="]),
    "calendar": ([], ["302 302", "200 200", "=", "=", "=", "=", "="]),
    "calendar_end": ([], WRITE_ONLY),
    "calendar_feed": ([FEED], READ_ONLY),
    "changes": ([], ["302 302", "200 302", "=", "=", "=", "=", "="]),
    "my_data": ([], ["302 302", "200 405", "=", "=", "=", "=", "="]),
    "my_data_json": ([], ["302 302", "302 200", "=", "=", "=", "=", "="]),
    "my_data_csv": ([], ["302 302", "302 200", "=", "=", "=", "=", "="]),
    "erase_me": ([], ["302 302", "200 422", "=", "=", "=", "=", "="]),
    "erased": ([], READ_ONLY),
    "end_visit": ([], ["302 302", "200 302", "302 302", "=", "=", "=", "="]),
    "visit_ended": ([], READ_ONLY),
    "visit_words": ([], ["302 302", "302 200", "302 302", "=", "=", "=", "="]),
    "way_back": ([], ["200 422", "=", "=", "=", "=", "=", "="]),
    "whose_work": ([], ["302 302", "=", "=", "=", "=", "=", "="]),
    "quizzes:reports": ([], ["302 302", "200 405", "=", "=", "=", "=", "="]),
    "quizzes:report_claim": (["mali", "M901"], ["200 422", "=", "=", "=", "=", "=", "="]),
    "quizzes:report_item": ([*SECTION, "try-it"], ["302 302", "404 404", "=", "=", "200 422", "=", "="]),
    "quizzes:report_lesson": (LESSON, ["200 422", "=", "=", "=", "=", "=", "="]),
    "bank_ways": (SECTION, TEACHING),
    "bank_file": (SECTION, TEACHING),
    "module": (PAGE, READ_ONLY),
    "lessons:reference": (PAGE, READ_ONLY),
    "lessons:claims": (PAGE, READ_ONLY),
    "lessons:claim": (["mali", "M901"], READ_ONLY),
    "lessons:article": (PAGE, READ_ONLY),
    "lessons:sources": (PAGE, READ_ONLY),
    "module_corrections": (PAGE, READ_ONLY),
    "lessons:source": (["mali", "gazette"], ["200 302", "=", "=", "=", "=", "=", "="]),
    "lessons:open_source": (["mali", "gazette"], ["302 405", "=", "=", "=", "=", "=", "="]),
    "lessons:glossary": (PAGE, READ_ONLY),
    "lessons:search": (PAGE, READ_ONLY),
    "lessons:timeline": (PAGE, READ_ONLY),
    "lessons:map": (PAGE, READ_ONLY),
    "go_on": (PAGE, READ_LEADS_ON),
    "end": (PAGE, READ_LEADS_ON),
    "quotes": (PAGE, ["404 405", "=", "=", "=", "=", "=", "="]),
    "exam": (PAGE, ["200 302", "=", "=", "=", "=", "="]),
    "section": (SECTION, READ_ONLY),
    "section_go_on": (SECTION, READ_LEADS_ON),
    "quizzes:before": (SECTION, ["200 200", "=", "=", "=", "=", "="]),
    "lessons:sheet": (SECTION, TEACHING),
    "lessons:lesson": (LESSON, READ_ONLY),
    "quiz": (SECTION, WRITE_ONLY),
    "lessons:read": (LESSON, WRITE_ONLY),
    "quizzes:checks": (LESSON, WRITE_ONLY),
    "quizzes:check": ([*LESSON, "try-it"], ["200 302", "=", "=", "=", "=", "=", "="]),
    "quizzes:recall": (PAGE, TEACHING),
    "quizzes:flagged": ([], ["403 405", "=", "=", "=", "404 405", "200 405", "404 405"]),
    "review": ([], ["302 302", "200 302", "=", "=", "=", "=", "="]),
    "progress": ([], ["302 302", "200 405", "=", "=", "=", "=", "="]),
    "quizzes:items": (SECTION, TEACHING),
    "quizzes:items_paper": (SECTION, TEACHING),
    "quizzes:item": ([*SECTION, "try-it"], TEACHING),
    "quizzes:statistics": (SECTION, TEACHING),
    "quizzes:item_statistics": ([*SECTION, "try-it"], TEACHING),
    "quizzes:item_search": ([], TEACHING),
    "quizzes:bank": (BANK, BANK_READ),
    "quizzes:bank_paper": (BANK, BANK_READ),
    "quizzes:item_new": ([*BANK, "single"], BANK_DRAFT),
    "quizzes:own_item": (OF_BANK, BANK_READ),
    "quizzes:item_edit": (OF_BANK, BANK_DRAFT),
    "quizzes:item_try": (OF_BANK, BANK_TRY),
    "quizzes:item_withdraw": (OF_BANK, BANK_BUTTON),
    "quizzes:item_copy": (OF_BANK, BANK_INTO),
    "quizzes:item_move": (OF_BANK, BANK_INTO),
    "cohorts:banks": ([], TEACHING),
    "cohorts:quizzes": ([], TEACHING),
    "cohorts:quiz_new": ([], ["403 403", "=", "=", "=", "200 422", "=", "="]),
    "cohorts:quiz": (QUIZ, ["302 302", "404 405", "200 405", "404 405", "200 405", "404 405", "="]),
    "cohorts:quiz_edit": (QUIZ, BANK_FORM),
    "cohorts:quiz_bank": ([900903, 900902], ["403 403", "=", "=", "=", "200 302", "404 404", "="]),
    "cohorts:quiz_try": (QUIZ, STAFF_WRITE),
    "cohorts:quiz_paper": ([900903, "a"], BANK_READ),
    "cohorts:quiz_begin": (QUIZ, ["302 302", "302 404", "302 302", "302 404", "302 302", "302 404", "="]),
    "cohorts:set_quiz_new": (COHORT, STAFF_FORM),
    "cohorts:set_quiz": (OF_COHORT, STAFF_READ),
    "cohorts:set_quiz_dates": (OF_COHORT, STAFF_FORM),
    "cohorts:set_quiz_take_back": (OF_COHORT, STAFF_WRITE),
    "cohorts:bank_new": ([], ["403 403", "=", "=", "=", "200 422", "=", "="]),
    "cohorts:bank_edit": (BANK, BANK_FORM),
    "lessons:look_round": ([], ["302 302", "302 404", "=", "=", "302 302", "=", "="]),
    "quizzes:attempt": ([], ["302 401", "404 404", "200 302", "404 404", "=", "="]),
    "quizzes:answers": ([], ["302 401", "404 404", "302 302", "404 404", "=", "="]),
    "quizzes:retry": ([], ["302 302", "302 404", "302 302", "302 404", "=", "="]),
    "cohorts:join": ([], ["200 422", "=", "=", "=", "=", "=", "="]),
    "cohorts:hand_over": ([], ["302 302", "=", "=", "=", "=", "=", "="]),
    "cohorts:undo": (OF_COHORT, ["302 302", "302 404", "302 302", "302 404", "302 302", "302 404", "="]),
    "cohorts:invited": ([], ["404 404", "=", "=", "=", "=", "=", "="]),
    "cohorts:invited_by_link": (["no-such"], ["302 405", "=", "=", "=", "=", "=", "="]),
    "cohorts:invitations": (COHORT, STAFF_FORM),
    "cohorts:invitation_revoke": (OF_COHORT, STAFF_WRITE),
    "cohorts:join_by_link": ([CODE], ["302 422", "=", "302 302", "=", "=", "=", "="]),
    "cohorts:join_cohort": ([], ["302 404", "=", "=", "=", "=", "=", "="]),
    "cohorts:join_pasted": (["no-code/."], READ_LEADS_ON),
    "cohorts:cohorts": ([], ["302 302", "200 405", "=", "=", "=", "=", "="]),
    "cohorts:cohort_new": ([], ["302 302", "=", "200 422", "=", "=", "=", "="]),
    "cohorts:overview": ([], ["302 302", "404 405", "=", "=", "=", "=", "="]),
    "cohorts:cohort": (COHORT, ["302 302", "404 405", "200 405", "404 405", "200 405", "404 405", "="]),
    "cohorts:cohort_edit": (COHORT, STAFF_FORM),
    "cohorts:cohort_code": (COHORT, STAFF_WRITE),
    "cohorts:cohort_copy": (COHORT, STAFF_FORM),
    "cohorts:cohort_archive": (COHORT, STAFF_WRITE),
    "cohorts:bundle": (COHORT, STAFF_FILE),
    "cohorts:cohort_leave": (COHORT, ["302 302", "302 404", "302 302", "302 404", "302 302", "302 404", "="]),
    "cohorts:said_name": (COHORT, ["302 302", "404 404", "200 302", "404 404", "=", "=", "="]),
    "cohorts:removal_seen": (COHORT, ["302 302", "302 404", "=", "=", "=", "=", "="]),
    "cohorts:cohort_members": (COHORT, STAFF_READ),
    "cohorts:gather": (COHORT, ["302 302", "302 404", "=", "=", "302 422", "302 404", "="]),
    "cohorts:cohort_member": ([900901, 900901], ["302 302", "302 404", "=", "=", "302 422", "302 404", "="]),
    "cohorts:board": (COHORT, STAFF_READ),
    "cohorts:misses": (COHORT, STAFF_READ),
    "cohorts:groups": (COHORT, STAFF_FORM),
    "cohorts:group": ([900901, 900901], ["302 302", "302 404", "=", "=", "302 422", "302 404", "="]),
    "cohorts:group_delete": ([900901, 900901], STAFF_WRITE),
    "cohorts:roster": (COHORT, STAFF_FORM),
    "cohorts:slips": (COHORT, STAFF_READ),
    "cohorts:merge": (COHORT, STAFF_FORM),
    "cohorts:place": ([900901, 900901], ["302 302", "404 404", "=", "=", "200 302", "404 404", "="]),
    "cohorts:place_code": ([900901, 900901], STAFF_WRITE),
    "cohorts:place_back": ([900901, 900901], STAFF_WRITE),
    "cohorts:same": ([900901, 900901], STAFF_READ),
    "cohorts:place_remove": ([900901, 900901], STAFF_WRITE),
    "cohorts:assignment_new": (COHORT, STAFF_FORM),
    "cohorts:assignment": ([900901, 900901], STAFF_FORM),
    "cohorts:schedule": (COHORT, STAFF_FORM),
    "cohorts:later": (OF_COHORT, STAFF_FORM),
    "cohorts:assignment_delete": ([900901, 900901], STAFF_WRITE),
    "cohorts:learner": (OF_COHORT, STAFF_READ),
    "cohorts:attempt": (OF_COHORT, STAFF_READ),
    "cohorts:knowledge": (COHORT, STAFF_READ),
    "cohorts:gradebook": (COHORT, STAFF_FORM),
    "cohorts:gradebook_csv": (COHORT, STAFF_FILE),
    "cohorts:cell": ([900901, 900901, 900901], STAFF_FORM),
    "cohorts:comment": (OF_COHORT, ["302 302", "404 404", "=", "=", "200 302", "404 404", "="]),
    "cohorts:section_comment": ([900901, 900901, 900901], ["302 302", "404 404", "=", "=", "200 302", "404 404", "="]),
    "cohorts:marks": (OF_COHORT, STAFF_READ),
    "cohorts:marks_csv": (OF_COHORT, STAFF_FILE),
    "cohorts:done_csv": (OF_COHORT, STAFF_FILE),
    "cohorts:extension": ([900901, 900901, 900901], STAFF_FORM),
    "cohorts:hand_mark": (
        [900901, 900901, 900901, 900901],
        ["302 302", "404 404", "=", "=", "307 307", "404 404", "="],
    ),
    "cohorts:running": (COHORT, ["302 302", "404 404", "=", "=", "200 302", "404 404", "="]),
    "cohorts:give_up": ([], ["302 302", "302 404", "302 302", "302 404", "=", "="]),
    "cohorts:note_to_all": (COHORT, ["302 302", "404 404", "=", "=", "200 302", "404 404", "="]),
    "cohorts:reminder": (COHORT, STAFF_READ),
    "cohorts:notes": (COHORT, STAFF_READ),
    "cohorts:note": (OF_COHORT, ["302 302", "404 404", "=", "=", "200 302", "404 404", "="]),
    "cohorts:cohort_certificate": (OF_COHORT, ["302 302", "404 404", "200 422", "404 404", "=", "=", "="]),
    "cohorts:cohort_certificates": (OF_COHORT, STAFF_FORM),
    "cohorts:cohort_certificates_print": (OF_COHORT, STAFF_READ),
    "cohorts:offer_settle": ([900901, 900901, 900901], STAFF_WRITE),
    "cohorts:certificate_list": (COHORT, STAFF_READ),
    "cohorts:certificate_list_csv": (COHORT, STAFF_FILE),
    "cohorts:offer": ([900901], ["302 302", "404 404", "200 200", "404 404", "=", "=", "="]),
    "cohorts:certificate_revoke": (OF_COHORT, ["302 302", "302 404", "=", "=", "302 422", "302 404", "="]),
    "cohorts:certificates": ([], ["302 302", "200 405", "=", "=", "=", "=", "="]),
    "cohorts:certificate_new": (PAGE, ["302 302", "=", "200 422", "=", "=", "=", "="]),
    "cohorts:certificate": (PAPER, ["200 422", "=", "=", "=", "=", "=", "="]),
    "cohorts:certificate_name": (PAPER, ["302 302", "302 404", "302 302", "302 404", "=", "=", "="]),
    "cohorts:certificate_print": (PAPER, ["302 302", "404 405", "200 405", "404 405", "=", "=", "="]),
    "cohorts:certificate_withdraw": (PAPER, ["302 302", "302 404", "302 302", "302 404", "=", "=", "="]),
    "accounts:sign_in": ([], ["200 422", "=", "=", "=", "=", "="]),
    "accounts:sign_up": ([], ["200 422", "=", "302 302", "=", "=", "="]),
    "accounts:sign_out": ([], WRITE_ONLY),
    "accounts:leave": ([], ["302 204", "=", "=", "=", "=", "=", "="]),
    "accounts:go_on": ([], WRITE_ONLY),
    "accounts:recover": ([], ["200 422", "=", "=", "=", "=", "="]),
    "accounts:way_in": (["no-such"], ["404 404", "=", "=", "=", "=", "=", "="]),
    "accounts:settings": ([], ["302 302", "200 422", "=", "=", "=", "="]),
    "accounts:mail": ([], ["302 302", "=", "200 422", "=", "=", "="]),
    "accounts:mail_forget": ([], WRITE_ONLY),
    "accounts:mail_confirm": (["no-such"], ["404 404", "=", "=", "=", "=", "=", "="]),
    "accounts:mail_stop": (["no-such"], ["404 404", "=", "=", "=", "=", "=", "="]),
    "accounts:new_words": ([], ["302 302", "=", "200 422", "=", "=", "="]),
    "accounts:sessions": ([], ["302 302", "200 405", "=", "=", "=", "="]),
    "accounts:end_sessions": ([], ["302 302", "302 302", "=", "=", "=", "="]),
    "accounts:code": ([], ["302 302", "=", "=", "=", "=", "="]),
    "accounts:two_step": ([], ["302 302", "=", "200 422", "=", "=", "="]),
    "accounts:two_step_confirm": ([], ["302 302", "=", "=", "=", "=", "="]),
    "accounts:backup_codes": ([], ["302 302", "=", "=", "=", "=", "="]),
    "accounts:two_step_off": ([], ["302 302", "=", "=", "=", "=", "="]),
    "accounts:change_password": ([], ["302 302", "=", "200 422", "=", "=", "="]),
}


@pytest.fixture
def people(guest, awa, celia, bakary, danso, settings):
    settings.OPEN_TEACHING = False
    settings.SENDS_MAIL = True
    return {
        "guest": guest,
        "awa": awa,
        "celia": celia,
        "bakary": bakary,
        "editor": make.user("Ely", is_staff=True),
        "danso": danso,
    }


@pytest.fixture
def attempt(awa, bakary, danso):
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
    make.set_quiz(cohort, make.own_quiz(bakary, [item], pk=900903), pk=900901)
    make.feed(awa, FEED)
    make.offer(assignment, awa, pk=900901)
    return make.quiz(awa, section)


def names(patterns, prefix=""):
    """Every named address, with its namespace; Django's admin as one."""
    for pattern in patterns:
        if getattr(pattern, "namespace", None) == "admin":
            yield "admin:index"
        elif hasattr(pattern, "url_patterns"):
            space = f"{prefix}{pattern.namespace}:" if getattr(pattern, "namespace", None) else prefix
            yield from names(pattern.url_patterns, space)
        else:
            yield f"{prefix}{pattern.name}"


def expected(cells):
    """{role: (GET, POST)} of a row."""
    filled = []
    for cell in cells:
        filled.append(filled[-1] if cell == "=" else tuple(int(code) for code in cell.split()))
    filled += filled[-1:] * (len(ROLES) - len(filled))
    return dict(zip(ROLES, filled, strict=True))


def absent(arguments):
    """The same address, of something that never was."""
    never = {int: 999_999, str: "no-such"} if arguments[0] != CODE else {str: "3333-4444-6666"}
    return [never[type(arguments[0])], *arguments[1:]]


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(names(get_resolver().url_patterns)) == set(TABLE)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", TABLE)
def test_each_role_gets_what_its_row_says(name, language, people, attempt):
    arguments, cells = TABLE[name]
    arguments = [attempt.pk] if name in OF_THE_ATTEMPT else arguments
    with translation.override(language):
        address = reverse(name, args=arguments)
    found = {}
    for role in ROLES:
        codes = []
        for method in ("get", "post"):
            client = browser_of(people[role]) if role in people else Client()
            data = {"try-it": "0", "module": "mali"} if method == "post" else {}
            codes.append(getattr(client, method)(address, data).status_code)
        found[role] = tuple(codes)
    assert found == expected(cells)


@pytest.mark.parametrize("name", TABLE)
def test_head_answers_as_get_does_and_changes_nothing(name, people, attempt):
    """Watchers and previews of links ask by HEAD."""
    address = reverse(name, args=[attempt.pk] if name in OF_THE_ATTEMPT else TABLE[name][0])
    for role in ROLES:
        client = browser_of(people[role]) if role in people else Client()
        client.get(address)  # the first page of a day is written down, and brings the cookie of forms
        shown = client.get(address)
        with CaptureQueriesContext(connection) as queries:
            asked = client.head(address)
        assert (role, asked.status_code, asked.content) == (role, shown.status_code, b"")
        missing = {*shown.headers} ^ {*asked.headers}
        assert missing <= {"ETag"}  # which is made of the body, unless that was rendered before
        assert {*asked.cookies} == {*shown.cookies}
        assert [row["sql"] for row in queries if row["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


@pytest.mark.parametrize("name", [name for name in TABLE if "302 302" in TABLE[name][1] or "302 200" in TABLE[name][1]])
def test_the_address_of_a_button_leads_to_the_page_that_has_it(name, people, attempt):
    """Whoever opens or reloads a page that is only posted to finds a page, or their way to sign in."""
    address = reverse(name, args=[attempt.pk] if name in OF_THE_ATTEMPT else TABLE[name][0])
    for role in ("visitor", "awa", "bakary"):
        client = browser_of(people[role]) if role in people else Client()
        page = client.get(address, follow=True)
        assert page.status_code in (200, 403, 404)


OF_SOMETHING = [name for name in TABLE if (TABLE[name][0] or name in OF_THE_ATTEMPT) and name != "cohorts:join_pasted"]


@pytest.mark.parametrize("name", OF_SOMETHING)
def test_what_is_withdrawn_or_never_was_is_a_404(name, people, attempt):
    arguments = absent(TABLE[name][0] or [attempt.pk])
    client = browser_of(people["celia"])
    for method in (client.get, client.post):
        refused = (403, 405) if TABLE[name][1] in OF_TEACHERS else (404, 405)  # how to ask is told of whatever it names
        assert method(reverse(name, args=arguments), follow=True).status_code in refused


def test_a_strangers_attempt_answers_exactly_like_an_absent_one(people, attempt):
    client, addresses = browser_of(people["celia"]), [reverse(name, args=[attempt.pk]) for name in OF_THE_ATTEMPT]

    def answers():
        return [send(address, {"page": 1}) for address in addresses for send in (client.get, client.post)]

    theirs = answers()
    attempt.delete()
    for one, other in zip(theirs, answers(), strict=True):
        assert one.status_code in (302, 404)
        assert one.content == other.content
        assert one.headers == other.headers


def headers(response):
    """The headers; where the answer leads to without its numbers, since they were asked for."""
    return {name: re.sub(r"/\d+/", "/", value) for name, value in response.headers.items()}


COHORT_PAGES = [name for name in TABLE if TABLE[name][0][:1] == COHORT]


@pytest.mark.parametrize("role", ["guest", "celia", "editor", "danso"])
@pytest.mark.parametrize("name", COHORT_PAGES)
def test_a_strangers_cohort_answers_exactly_like_an_absent_one(name, role, people, attempt):
    client = browser_of(people[role])
    theirs, nowhere = reverse(name, args=TABLE[name][0]), reverse(name, args=absent(TABLE[name][0]))
    for method in (client.get, client.post):
        one, other = method(theirs), method(nowhere)
        assert one.status_code in (302, 404, 405)
        assert one.text.replace(theirs, nowhere) == other.text
        assert headers(one) == headers(other)


OF_ANOTHER = ["cohorts:cohort_member", *(name for name in COHORT_PAGES if len(TABLE[name][0]) > 1)]


@pytest.mark.parametrize("name", OF_ANOTHER)
def test_what_belongs_to_another_cohort_is_not_reached_through_ones_own(name, people, attempt):
    own = Cohort.objects.taught_by(people["danso"]).get()
    client, address = browser_of(people["danso"]), reverse(name, args=[own.pk, *TABLE[name][0][1:]])
    assert client.get(address).status_code in (302, 404, 405)  # the address of a button leads to its page, unasked
    assert client.post(address).status_code in (404, 405)
    assert Cohort.objects.get(pk=900901).assignments.exists()
