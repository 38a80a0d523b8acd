"""A check inside a lesson: answered in place, told at once, counted nowhere."""

import uuid

import pytest

from quizzes import progress
from quizzes.models import Attempt, Response, Use
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson():
    section = make.section()
    make.lesson(section)
    make.item(section, uses=["check"], slug="try-it")
    make.item(section, uses=["check"], kind="classify", slug="label-it")
    make.item(section, slug="for-the-quiz")
    return make.lesson(section, checks=["try-it", "label-it"])


def send(client, lesson, item="try-it", **posted):
    return client.post(
        address(lesson, item),
        {name if name == "client_id" else name.replace("_", "-"): v for name, v in posted.items()},
    )


def address(lesson, item="try-it"):
    return f"{lesson.get_absolute_url()}checks/{item}/"


def told(client, lesson, item="try-it", query=""):
    """The part of a check's own page on the item."""
    return client.get(address(lesson, item) + query).text.split("<section")[1].split("</section>")[0]


def words(item, name):
    return item.document[name]["en"]


def test_a_wrong_answer_is_told_with_reason_right_answer_and_passage(as_awa, awa, lesson):
    item = lesson.section.bank.items.get(slug="try-it")
    b = item.current_version.document["options"][1]["text"]["en"]
    a = item.current_version.document["options"][0]["text"]["en"]
    response = send(as_awa, lesson, try_it=1)
    assert response["Location"] == address(lesson)
    page = told(as_awa, lesson)
    for text in (a, b, words(item, "explanation"), item.document["feedback"]["b"]["en"], item.get_passage_url()):
        assert text in page
    assert item.document["feedback"]["c"]["en"] not in page
    attempt = Attempt.objects.of(awa).get()
    assert (attempt.use, attempt.score, attempt.is_open) == (Use.CHECK, 0, False)


def test_tried_again_the_last_answer_is_told(as_awa, lesson):
    send(as_awa, lesson, try_it=1)
    assert "<fieldset" not in told(as_awa, lesson)
    assert "<fieldset" in told(as_awa, lesson, query="?again")
    send(as_awa, lesson, try_it=0)
    assert "is-wrong" not in told(as_awa, lesson)
    assert [response.outcome for response in Response.objects.order_by("pk")] == ["wrong", "right"]


def test_a_few_labels_are_partly_right(as_awa, lesson):
    send(as_awa, lesson, "label-it", label_it_0=0, label_it_1=1)
    response = Response.objects.get()
    assert response.answer == {"a": "fact", "b": "attributed"}
    assert response.outcome == "partly"
    assert "1 of 4 right" in told(as_awa, lesson, "label-it")


def test_nobody_else_is_told(as_awa, as_celia, client, lesson):
    send(as_awa, lesson, try_it=1)
    explanation = words(lesson.section.bank.items.get(slug="try-it"), "explanation")
    assert explanation in told(as_awa, lesson)
    for other in (as_celia, client):
        assert explanation not in told(other, lesson)


def test_it_counts_nowhere(as_awa, awa, lesson):
    send(as_awa, lesson, try_it=0)
    assert list(Attempt.objects.of(awa).counted([lesson.section.module])) == []
    way = as_awa.get(lesson.section.get_absolute_url()).context["section"]
    assert way.standing.state == progress.NONE


@pytest.mark.parametrize(
    "posted", [{}, {"try_it": ""}, {"try_it": 4}, {"try_it": -1}, {"try_it": "a"}, {"try_it": "٣"}]
)
def test_an_answer_that_is_none_is_asked_for_again(as_awa, lesson, posted):
    response = send(as_awa, lesson, **posted)
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert 'role="alert"' not in told(as_awa, lesson)
    assert not Attempt.objects.exists()


def test_an_item_of_the_quiz_is_no_check(as_awa, lesson):
    """Or its key could be had before the quiz, for the asking."""
    assert send(as_awa, lesson, "for-the-quiz", for_the_quiz=0).status_code == 404
    assert send(as_awa, lesson, "unknown", unknown=0).status_code == 404
    assert not Attempt.objects.exists()


def test_a_withdrawn_check_is_gone(as_awa, lesson):
    lesson.section.bank.items.update(withdrawn_at=make.NOW)
    assert send(as_awa, lesson, try_it=0).status_code == 404
    assert as_awa.get(lesson.get_absolute_url()).status_code == 200


def test_a_lesson_with_more_checks_costs_no_more_queries(as_awa, lesson, django_assert_max_num_queries):
    slugs = [make.item(lesson.section, uses=["check"]).slug for _ in range(8)]
    longer = make.lesson(lesson.section, checks=slugs)
    for slug in slugs:
        as_awa.post(f"{longer.get_absolute_url()}checks/{slug}/", {slug: 1})
    with django_assert_max_num_queries(8):
        page = as_awa.get(longer.get_absolute_url())
    assert page.text.count('<section class="box check"') == 8
    with django_assert_max_num_queries(10):
        assert "is-wrong" in as_awa.get(address(longer, slugs[0])).text


def test_the_lesson_does_not_tell_and_the_way_back_leads_to_the_same_place(as_awa, lesson):
    before = as_awa.get(lesson.get_absolute_url()).content
    page = send(as_awa, lesson, try_it=1).wsgi_request
    page = as_awa.get(page.path)
    assert f'href="{lesson.get_absolute_url()}#check-try-it-end"' in page.text
    assert "no-store" in page["Cache-Control"]
    assert as_awa.get(lesson.get_absolute_url()).content == before
    assert 'id="check-try-it"' in before.decode()


def test_looking_at_the_outcome_again_answers_nothing(as_awa, awa, lesson):
    send(as_awa, lesson, try_it=1)
    for _ in range(3):
        as_awa.get(address(lesson))
    assert Attempt.objects.of(awa).count() == 1


# Made offline, and sent when the line is back: perhaps twice


def test_a_check_that_is_sent_twice_is_kept_once(as_awa, awa, lesson):
    mine = str(uuid.uuid4())
    first = send(as_awa, lesson, try_it=1, client_id=mine)
    again = send(as_awa, lesson, try_it=0, client_id=mine.upper())
    assert first["Location"] == again["Location"]
    assert Response.objects.get().answer == "b"
    send(as_awa, lesson, try_it=0, client_id=str(uuid.uuid4()))
    assert Attempt.objects.of(awa).count() == 2


def test_ids_are_each_learners_own(as_awa, as_celia, lesson):
    mine = str(uuid.uuid4())
    for browser in (as_awa, as_celia):
        send(browser, lesson, try_it=1, client_id=mine)
    assert Attempt.objects.count() == 2


@pytest.mark.parametrize("client_id", [None, "", "1", "x" * 5000, "\x00", "{}"])
def test_without_an_id_each_sending_is_a_check(as_awa, lesson, client_id):
    given = {} if client_id is None else {"client_id": client_id}
    for _ in range(2):
        assert send(as_awa, lesson, try_it=1, **given).status_code == 302
    assert list(Attempt.objects.values_list("client_id", flat=True)) == [None, None]


@pytest.mark.django_db(transaction=True)
def test_of_16_sendings_at_once_one_is_kept(in_parallel, awa, lesson):
    item = lesson.section.bank.items.select_related("bank", "current_version").get(slug="try-it")
    mine = uuid.uuid4()

    def answer(number):
        return Attempt.answer_check(awa, item, "abcd"[number % 4], list("abcd"), make.NOW, mine)

    sent = in_parallel(answer)
    attempt = Attempt.objects.get()
    assert {(each.pk, each.score) for each in sent} == {(attempt.pk, attempt.score)}
    assert attempt.responses.count() == 1


def test_another_language_takes_along_what_was_chosen_in_all_of_them(client, lesson):
    """The page's own button sends them by GET, and without its token: nothing is done by it."""
    address = lesson.get_absolute_url().replace("/en/", "/fr/")
    page = client.get(f"{lesson.get_absolute_url()}").text
    [switch] = [tag for tag in page.split("<button")[1:] if f'formaction="{address}"' in tag]
    assert 'form="checks"' in switch
    assert "csrf" not in switch.split(">")[0]
    query = "?try-it=2&label-it-0=1&label-it-3=0"
    assert 'value="2" checked' in told(client, lesson, query=query)
    labels = told(client, lesson, "label-it", query)
    assert labels.count(" checked") + labels.count(" selected") == 2
    assert not Attempt.objects.exists()


def test_on_a_checks_own_page_too_another_language_takes_along_what_was_chosen(as_awa, lesson):
    send(as_awa, lesson, try_it=1)
    page = as_awa.get(f"{address(lesson)}?again").text
    [switch] = [tag for tag in page.split("<button")[1:] if 'lang="fr"' in tag]
    for part in (
        'form="check"',
        'formmethod="get"',
        'name="again"',
        f'formaction="{address(lesson)}'.replace("/en/", "/fr/"),
    ):
        assert part in switch
    assert 'id="check"' in page
    page = as_awa.get(address(lesson).replace("/en/", "/fr/"), {"again": "1", "try-it": "2"}).text
    assert 'value="2" checked' in page
    assert Response.objects.count() == 1


@pytest.mark.parametrize("to", ["how-many/", ""])
def test_a_number_that_cannot_be_read_stands_there_to_be_put_right(client, lesson, to):
    item = make.item(lesson.section, uses=["check"], slug="how-many")
    stem = item.current_version.document["stem"]
    make.version(
        item, "number", {"stem": stem, "shuffle": False, "value": "12", "tolerance": "0", "unit": {}, "mistakes": []}
    )
    lesson = make.lesson(lesson.section, checks=["try-it", "how-many"])
    page = client.post(f"{lesson.get_absolute_url()}checks/{to}", {"how-many": "a dozen"})
    assert (page.status_code, 'value="a dozen"' in page.text) == (422, True)
    assert "This cannot be read as a number" in page.text
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("query", ["?try-it=9", "?try-it=x", "?try-it=1&try-it=2", "?label-it-0=99", "?try-it=%00"])
def test_an_address_that_asks_for_what_is_not_on_offer_chooses_nothing_else(client, lesson, query):
    assert client.get(lesson.get_absolute_url() + query).status_code == 200


def test_an_answer_that_is_there_is_not_hidden_by_an_address(as_awa, lesson):
    send(as_awa, lesson, try_it=1)
    assert "<fieldset" not in told(as_awa, lesson, query="?try-it=2")
    assert 'value="2" checked' in told(as_awa, lesson, query="?again=try-it&try-it=2")


def test_enter_in_a_field_answers_what_was_chosen(as_awa, lesson):
    response = as_awa.post(f"{lesson.get_absolute_url()}checks/", {"label-it-0": 0})
    assert response["Location"] == f"{lesson.get_absolute_url()}checks/label-it/"
    assert [row.item.slug for row in Response.objects.all()] == ["label-it"]
    response = as_awa.post(f"{lesson.get_absolute_url()}checks/", {})
    assert (response.status_code, "Choose one of the answers below" in response.text) == (422, True)
    assert Response.objects.count() == 1


def test_enter_answers_no_item_that_does_not_stand_in_the_lesson(client, lesson):
    make.item(lesson.section, uses=["check"], slug="elsewhere")
    client.post(f"{lesson.get_absolute_url()}checks/", {"elsewhere": 0, "for-the-quiz": 0})
    assert not Attempt.objects.exists()
    bare = make.lesson(lesson.section)
    assert client.post(f"{bare.get_absolute_url()}checks/", {"try-it": 0}).status_code == 404
