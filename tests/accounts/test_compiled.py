"""A query that is written once returns what Django's own returns, whatever it is asked with."""

import pytest
from django.db import connection
from django.db.models import CharField
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError, atomic
from django.test.utils import CaptureQueriesContext

from accounts.compiled import ID, Compiled, Ids
from accounts.models import User
from course.context import ROLES
from course.views.home import LIVE_SECTION
from lessons.pages import FINGERPRINT_BY_PERSON, FINGERPRINT_BY_VISITOR, SEEN_BY_PERSON, SEEN_BY_VISITOR
from quizzes.explanations import MARKED
from quizzes.models import Response
from quizzes.models.attempts import WITH_OPEN_QUIZ
from quizzes.models.draws import POOL
from quizzes.saving import HELD_KEYS, HELD_PAGE
from quizzes.views.attempts import ASKED, SITTING
from tests import make
from tests.accounts.told import plain, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def quizzes(awa, celia):
    """An open quiz and one that is handed in of Awa's, and Celia's open one, of a section of twelve items."""
    section = make.section(draw=12)
    for _ in range(12):
        make.item(section)
    make.cohort(celia, [awa])
    return [make.quiz(awa, section, right=7), make.quiz(awa, section), make.quiz(celia, section)]


def asked_with(attempt):
    """For each compiled query what it is asked with for that attempt."""
    whose = {"learner": attempt.learner_id, "attempt": attempt.pk}
    section = attempt.section
    return [
        (SITTING, whose),
        (ASKED, {"attempt": attempt.pk}),
        (HELD_PAGE, whose | {"first": 3, "last": 10}),
        (HELD_KEYS, whose),
        (MARKED, {"attempt": attempt.pk, "fingerprint": f"loaded {attempt.pk}"}),
        (POOL, {"bank": attempt.bank_id}),
        (WITH_OPEN_QUIZ, {"learner": attempt.learner_id, "bank": attempt.bank_id, "is_trial": attempt.is_trial}),
        (LIVE_SECTION, {"module": section.module.slug, "section": section.slug}),
        (SEEN_BY_PERSON, {"slug": section.module.slug, "user": attempt.learner_id}),
        (SEEN_BY_VISITOR, {"slug": section.module.slug}),
        (FINGERPRINT_BY_PERSON, {"slug": section.module.slug, "user": attempt.learner_id}),
        (FINGERPRINT_BY_VISITOR, {"slug": section.module.slug}),
        (ROLES, {"user": attempt.learner_id}),
    ]


def expected(compiled, values):
    """What Django makes of the same query, asked with values alone."""
    if compiled is MARKED:
        return [
            told(row) | {"fingerprint": values["fingerprint"]}
            for row in Response.objects.filter(attempt=values["attempt"], marked_at__isnull=False)
            .order_by("position")
            .select_related("item")
        ]
    return [told(row) for row in plain(compiled, **values)]


@pytest.mark.parametrize("number", range(13))
def test_each_query_of_a_quiz_returns_what_django_returns(quizzes, number):
    for attempt in (*quizzes, quizzes[0]):
        compiled, values = asked_with(attempt)[number]
        with atomic():
            assert [told(row) for row in compiled(**values)] == expected(compiled, values)


def test_the_queries_of_a_quiz_find_something(quizzes):
    handed_in, begun, _of_celia = (dict(asked_with(attempt)) for attempt in quizzes)
    with atomic():
        assert all(compiled(**begun[compiled]) for compiled in begun if compiled is not MARKED)
        assert len(MARKED(**handed_in[MARKED])) == 12
        assert [row.position for row in HELD_PAGE(**begun[HELD_PAGE])] == list(range(3, 11))


def test_the_sql_is_written_once(quizzes, monkeypatch):
    written, as_sql = [], SQLCompiler.as_sql

    def writing(compiler, *arguments, **more):
        written.append(compiler)
        return as_sql(compiler, *arguments, **more)

    monkeypatch.setattr(SQLCompiler, "as_sql", writing)
    named = Compiled(lambda name: User.objects.filter(name=name), name=CharField())
    with CaptureQueriesContext(connection) as queries:
        found = [[row.name for row in named(name=name)] for name in ("Awa", "Celia", "Nobody")]
    assert found == [["Awa"], ["Celia"], []]
    assert (len(written), len(queries)) == (1, 3)


def test_a_name_is_a_value_and_never_sql(awa):
    named = Compiled(lambda name: User.objects.filter(name=name).values_list("pk", "name"), name=CharField())
    assert named(name="Awa' OR '1'='1") == named(name="%s") == []
    assert named(name="Awa") == [(awa.pk, "Awa")]


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_in_a_transaction_alone(awa):
    held = Compiled(lambda pk: User.objects.filter(pk=pk).held(), pk=ID)
    with atomic():
        assert held(pk=awa.pk) == [awa]
    with pytest.raises(TransactionManagementError):
        held(pk=awa.pk)


def test_any_number_of_ids_is_asked_and_a_few_by_one_sql(awa, celia):
    among = Compiled(lambda ids: User.objects.filter(pk__in=ids).order_by("pk"), ids=Ids(3))
    with CaptureQueriesContext(connection) as queries:
        found = [among(ids=ids) for ids in ([], [awa.pk], {celia.pk: 1, awa.pk: 2}, [celia.pk, 0, celia.pk])]
    assert found == [[], [awa], [awa, celia], [celia]]
    none, one, two, three = (query["sql"].count(",") for query in queries)
    assert (none, two) == (one, three)
    assert among(ids=[0, 0, 0, celia.pk]) == [celia]
