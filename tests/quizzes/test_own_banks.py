"""Banks of owners: who sees and who writes them, what is never drawn, and what becomes of them without their owner."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from cohorts.models import Role
from course.erasing import erase_one
from quizzes import remarking, retyped, writing
from quizzes.models import Bank, Item, ItemVersion, Recall, Remark, Response, Use
from quizzes.models.draws import draw
from quizzes.own_banks import address_of, next_by_state
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=1)


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa])


@pytest.fixture
def bank(bakary, cohort):
    return make.bank(bakary, cohort=cohort)


def seen(user):
    return set(Bank.objects.of_owners().seen_by(user))


# Who sees, who writes


def test_the_owner_sees_and_writes_it(bakary, bank):
    assert seen(bakary) == set(Bank.objects.edited_by(bakary)) == {bank}
    assert bank.is_edited_by(bakary)


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.LEAD])
def test_staff_of_a_cohort_that_it_is_shared_with_see_it_and_do_not_write(danso, bank, cohort, role):
    assert seen(danso) == set()
    make.staff(cohort, danso, role)
    assert seen(danso) == {bank}
    assert not Bank.objects.edited_by(danso).exists()
    assert not bank.is_edited_by(danso)


def test_staff_who_left_see_it_no_more(danso, bank, cohort):
    make.staff(cohort, danso).leave(LATER)
    assert seen(danso) == set()


def test_learners_strangers_and_staff_who_may_not_teach_see_none(awa, celia, guest, bank, cohort):
    make.staff(cohort, celia)
    assert [seen(person) for person in (awa, celia, guest)] == [set(), set(), set()]


def test_whoever_may_teach_no_more_neither_sees_nor_writes_their_own(bakary, bank):
    bakary.may_teach_at = None
    bakary.save()
    assert seen(bakary) == set(Bank.objects.edited_by(bakary)) == set()


def test_the_course_s_banks_are_seen_and_never_written(bakary, settings):
    section = make.section()
    assert section.bank in Bank.objects.seen_by(bakary)
    section.module.visibility = "cohorts"
    section.module.save()
    assert section.bank not in Bank.objects.seen_by(bakary)
    assert section.bank not in Bank.objects.edited_by(bakary)


# Constraints


def refused(**fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Bank.objects.create(**fields)


def test_a_bank_of_a_section_has_its_module_and_one_of_an_owner_its_title(bakary):
    refused(owner=bakary, title="")
    refused(title="")
    section = make.section()
    with pytest.raises(IntegrityError), transaction.atomic():
        Bank.objects.filter(section=section).update(module=None)


# What is drawn


def test_a_draft_is_never_drawn(awa):
    section = make.section()
    whole, draft = make.item(section), make.item(section)
    Item.objects.filter(pk=draft.pk).update(draft=["stem-en"])
    assert [version.item for version in draw(awa, section.bank, 5, 1)] == [whole]
    assert section.bank.items.drawable(Use.QUIZ) == [whole]


def test_an_own_bank_of_a_module_adds_nothing_to_its_exam_or_review(awa, bakary):
    section = make.section()
    item = make.item(section)
    own = make.own_item(make.bank(bakary, module=section.module))
    make.answered(awa, own)
    exam = make.exam(awa, section.module)
    assert [row.item for row in exam.responses.all()] == [item]
    assert list(awa.recalls.reviewable().filter(item=own)) == []


# Written


def test_a_whole_item_has_a_version_and_a_changed_text_makes_the_next(bank):
    item = make.own_item(bank)
    assert (item.version.number, item.draft) == (1, [])
    source = item.source | {"stem": make.text("Otherwise?")}
    assert writing.write(item, source, LATER).is_saved
    assert item.version.number == 2
    writing.write(item, source | {"explanation": make.text("Another reason")}, LATER)
    assert (item.version.number, item.explanation) == (2, "Another reason")
    writing.write(item, item.source | {"stem": item.versions.get(number=1).document["stem"]}, LATER)
    assert (item.version.number, item.versions.count()) == (1, 2)


def test_what_lacks_is_a_draft_and_what_is_wrong_is_not_saved(bank):
    item = make.own_item(bank, is_draft=True)
    assert item.draft == ["explanation-en"]
    assert item.current_version is None
    rows = [{**row, "text": make.text("Same")} for row in item.source["option"]]
    written = writing.write(item, item.source | {"option": rows}, LATER)
    assert not written.is_saved
    item.refresh_from_db()
    assert item.source["option"][0]["text"]["en"] == "Alpha"


def test_a_changed_key_asks_why_marks_again_and_tells(awa, bakary, bank):
    item = make.own_item(bank)
    response = make.answered(awa, item)
    rows = [{**row, "key": number == 1} for number, row in enumerate(item.source["option"])]
    source = item.source | {"option": rows}
    assert writing.write(item, source, LATER).asks_reason
    assert ItemVersion.objects.filter(item=item).count() == 1
    writing.write(item, source, LATER, {"en": "Beta was right."})
    assert writing.mark_again(item, bakary, LATER) == 1
    response.refresh_from_db()
    assert response.score == 0
    assert Remark.objects.get().version.reason == {"en": "Beta was right."}
    awa.refresh_from_db()
    assert awa.changed_at == LATER


def test_what_is_marked_again_comes_back_for_review_as_a_wrong_answer_does(awa, bakary, bank):
    quiz = make.own_quiz(bakary, [item := make.own_item(bank)])
    make.own_sitting(awa, quiz, right=1)
    before = Recall.objects.get(learner=awa, item=item)
    rows = [{**row, "key": number == 1} for number, row in enumerate(item.source["option"])]
    writing.write(item, item.source | {"option": rows}, LATER, {"en": "Beta was right."})
    writing.mark_again(item, bakary, LATER)
    assert Recall.objects.get(learner=awa, item=item).due_on < before.due_on


def test_marking_again_takes_so_many_attempts_at_a_time(awa, bakary, bank, monkeypatch):
    monkeypatch.setattr(remarking, "BATCH", 2)
    item = make.own_item(bank)
    people = [awa, bakary, make.user("Celia")]
    for person in people:
        make.answered(person, item)
    rows = [{**row, "key": number == 1} for number, row in enumerate(item.source["option"])]
    writing.write(item, item.source | {"option": rows}, LATER, {"en": "Beta was right."})
    assert writing.mark_again(item, bakary, LATER) == 3
    assert {*User.objects.filter(changed_at=LATER)} == {*people}


def test_nobody_is_asked_why_where_nobody_answered(bank):
    item = make.own_item(bank)
    rows = [{**row, "key": number == 1} for number, row in enumerate(item.source["option"])]
    assert writing.write(item, item.source | {"option": rows}, LATER).is_saved


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("number", {"value": "3600"}),
        ("number", {"tolerance": "3000"}),
        ("short", {"accepted": make.both(["Bamako", "Dakar"])}),
        ("short", {"articles": False}),
    ],
)
def test_all_that_marks_otherwise_asks_why(awa, bank, kind, changed):
    item = make.own_item(bank, kind)
    make.answered(awa, item)
    assert not writing.write(item, item.source | {"explanation": make.text("Otherwise")}, LATER).asks_reason
    assert writing.write(item, item.source | changed, LATER).asks_reason


def test_a_text_that_changes_no_mark_is_not_counted_as_marked_again(awa, bakary, bank):
    item = make.own_item(bank)
    response = make.answered(awa, item)
    writing.write(item, item.source | {"stem": make.text("Otherwise?")}, LATER)
    assert writing.mark_again(item, bakary, LATER) == 0
    response.refresh_from_db()
    assert response.marked_version == item.version


def test_partners_that_change_places_void_what_was_answered_with_them_and_nothing_else(awa, celia, bakary, bank):
    """An id is of an entry and its partner: were it kept, the former partner would be marked as right."""
    item, other = make.own_item(bank, "match"), make.own_item(bank)
    quiz, former = make.own_quiz(bakary, [item, other]), item.source
    first, second, *rest = former["pair"]
    kept = {row["id"]: row["id"] for row in rest}
    whole, part = (make.own_sitting(person, quiz) for person in (awa, celia))
    for attempt, answer in ((whole, {row["id"]: row["id"] for row in former["pair"]}), (part, kept)):
        of_match, of_other = (attempt.responses.get(item=one) for one in (item, other))
        attempt.save_answers({of_match.position: answer, of_other.position: "r0alpha"}, "en", make.NOW)
        attempt.submit(make.NOW)
    assert list(Response.objects.filter(item=item).order_by("pk").values_list("score", flat=True)) == [
        1,
        Decimal("0.5"),
    ]
    pairs = [{**first, "match": second["match"]}, {**second, "match": first["match"]}, *rest]
    source = retyped.over(former | {"pair": pairs}, former, ["en", "fr"])
    assert writing.write(item, source, LATER).asks_reason
    why = {"en": "Two partners stood in each other's place."}
    assert writing.write(item, source, LATER, why).is_saved
    writing.mark_again(item, bakary, LATER, why)
    of_awa, of_celia = Response.objects.filter(item=item).order_by("pk")
    assert (of_awa.score, of_celia.score) == (None, Decimal("0.5"))
    whole.refresh_from_db()
    assert whole.score == 1
    assert {pair["id"]: pair["text"]["en"] for pair in of_awa.shown_version.document["pairs"]}[first["id"]] == "Alpha"
    assert Remark.objects.get(response=of_awa).reason == why


def test_a_withdrawn_item_counts_for_nobody_and_comes_back(awa, bakary, bank):
    response = make.answered(awa, item := make.own_item(bank))
    for at, score in ((LATER, None), (None, 1)):
        writing.withdraw(bakary, item, at)
        writing.mark_again(item, bakary, LATER)
        response.refresh_from_db()
        assert response.score == score


# Copied, moved


@pytest.mark.parametrize("verb", ["move", "copy"])
def test_what_was_saved_after_the_page_was_read_is_moved_and_copied(bakary, bank, verb):
    module = make.module()
    other = make.bank(bakary, module=module)
    stale = make.own_item(bank)
    now = Item.objects.get(pk=stale.pk)
    writing.write(now, now.source | {"explanation": make.text("Saved meanwhile")}, LATER)
    if verb == "move":
        writing.move(bakary, stale, other)
    else:
        writing.copy(bakary, stale, other, "press", LATER)
    assert other.items.get().source["explanation"] == make.text("Saved meanwhile")


def named(owner):
    """A bank of a module with an item that names all that it may of it."""
    section = make.section()
    make.lesson(section, slug="first")
    make.claim(section, "M038")
    bank = make.bank(owner, module=section.module)
    item = make.own_item(bank)
    beside = {"passage": f"{section.slug}/first#why", "claims": "M038", "objective": "1"}
    assert writing.write(item, item.source | beside, LATER).is_saved
    assert item.passage
    assert item.claims.exists()
    return bank, item


def names_nothing(item):
    item = Item.objects.get(pk=item.pk)
    beside = [item.source[name] for name in ("passage", "objective", "claims")]
    return (item.passage, item.anchor, item.objective, beside, item.claims.count(), item.rests_on.count()) == (
        None, "", None, ["", "", ""], 0, 0
    )  # fmt: skip


def test_an_item_that_leaves_its_module_names_nothing_of_it(bakary, as_bakary):
    bank, item = named(bakary)
    other = make.bank(bakary)
    assert names_nothing(writing.copy(bakary, item, other, "press", LATER))
    page = as_bakary.get(f"/en/banks/{bank.pk}/edit/")
    basis = re.search(r'name="basis" value="([^"]*)"', page.text)[1]
    data = {"title": "Otherwise", "languages": ["en", "fr"], "module": bank.module.slug, "basis": basis}
    as_bakary.post(f"/en/banks/{bank.pk}/edit/", data)
    assert not names_nothing(item)
    basis = re.search(r'name="basis" value="([^"]*)"', as_bakary.get(f"/en/banks/{bank.pk}/edit/").text)[1]
    as_bakary.post(f"/en/banks/{bank.pk}/edit/", data | {"module": "", "basis": basis})
    assert names_nothing(item)
    bank, item = named(bakary)
    writing.move(bakary, item, other)
    assert names_nothing(item)


def test_withdrawn_questions_stand_last(as_bakary, bank):
    first, second = make.own_item(bank, stem="Withdrawn?"), make.own_item(bank, stem="Asked?")
    Item.objects.filter(pk=first.pk).update(withdrawn_at=LATER)
    text = as_bakary.get(f"/en/banks/{bank.pk}/").text
    assert text.index("Asked?") < text.index("Withdrawn?")
    assert second.is_own


# Erasing


def test_a_shared_bank_stays_without_its_owner(bakary, danso, bank, cohort):
    item = make.own_item(bank)
    make.staff(cohort, danso)
    assert erase_one(bakary, LATER) == []
    bank.refresh_from_db()
    item.refresh_from_db()
    assert (bank.owner, item.author) == (None, None)
    assert seen(danso) == {bank}
    assert not Bank.objects.edited_by(danso).exists()


def test_what_a_colleague_s_quiz_asks_stays(bakary, danso):
    asked, drawn, gone = (make.bank(bakary) for _ in range(3))
    item = make.own_item(asked)
    make.own_item(gone)
    quiz = make.own_quiz(danso, [item], [(drawn, 1)])
    make.own_item(drawn)
    make.own_quiz(bakary, [gone.items.get()])
    erase_one(bakary, LATER)
    assert list(quiz.items.all()) == [item]
    assert quiz.rules.get().bank == drawn
    assert set(Bank.objects.of_owners()) == {asked, drawn}


def test_a_bank_that_nobody_shares_goes_but_for_what_was_answered(awa, bakary, danso):
    kept, gone = make.bank(bakary), make.bank(bakary)
    answered = make.own_item(kept)
    make.answered(awa, answered)
    make.own_item(kept)
    make.own_item(gone, is_draft=True)
    erase_one(bakary, LATER)
    assert list(Bank.objects.of_owners()) == [kept]
    assert list(kept.items.all()) == [answered]
    assert seen(danso) == set()


# From one that was mended to the next


def test_a_question_leads_to_the_next_draft_and_to_the_next_one_to_be_looked_at(as_bakary, bakary):
    bank = make.bank(bakary)
    first, second = (make.own_item(bank, is_draft=True) for _ in range(2))
    third = make.own_item(bank)
    Item.objects.filter(pk=third.pk).update(is_flagged=True)
    make.own_item(bank, is_draft=True, withdrawn_at=make.NOW)
    make.own_item(make.bank(bakary), is_draft=True)
    assert next_by_state(first) == {"drafts": second.pk, "flagged": third.pk}
    assert next_by_state(second) == {"drafts": first.pk, "flagged": third.pk}
    assert next_by_state(third) == {"drafts": first.pk}
    page = as_bakary.get(address_of(second)).text
    assert re.search(rf'href="{address_of(first)}">\s*The next draft', page)
    assert re.search(rf'href="{address_of(third)}">\s*The next one to be looked at', page)
    assert "The next" not in as_bakary.get(address_of(make.own_item(make.bank(bakary)))).text


def test_the_next_draft_is_not_named_to_whoever_may_not_mend_it(as_danso, danso, bank, cohort):
    make.staff(cohort, danso, Role.INSTRUCTOR)
    shown, _draft = make.own_item(bank), make.own_item(bank, is_draft=True)
    assert "The next draft" not in as_danso.get(address_of(shown)).text
