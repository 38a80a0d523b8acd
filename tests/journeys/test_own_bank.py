"""Bakary writes questions of his own: a bank, a question of each kind, a draft; tries them, shares and prints them."""

import re

import pytest

from quizzes.kinds import KINDS
from quizzes.models import Bank, Item
from tests import make
from tests.conftest import browser_of
from tests.forms import form_of
from tests.quizzes.test_typed import posted

pytestmark = pytest.mark.django_db
HOME = "/en/banks/"


def link_to(page, words):
    """The address of the link on a page whose text has these words."""
    return next(
        address
        for address, text in re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page.text, re.S)
        if words in text
    )


def fill(client, address, **typed):
    """Fill in the form of a page as it stands, and send it; the page to which that leads."""
    action, fields = form_of(client.get(address), "typed")
    return client.post(action or address, fields | typed, follow=True)


def write(client, bank, kind, stem, **less):
    """Write a question by its form, whose rows have the ids that the page gave them."""
    address = f"/en/banks/{bank.pk}/new/{kind}/"
    _action, fields = form_of(client.get(address), "typed")
    source = make.typed(kind) | {"stem": make.text(stem)}
    rows = {name: value for name, value in fields.items() if name.endswith("-id")}
    data = {name: value for name, value in posted(source).items() if name not in rows}
    if "key" in data:
        data["key"] = rows["option-0-id"]
    for name, value in data.items():  # a label is chosen by the id that the page gave it
        if re.fullmatch(r"statement-\d-key", name):
            data[name] = rows["label-0-id"] if value == "spoken" else rows["label-1-id"]
    more = {name: value for name, value in posted(source).items() if name.endswith("-id") and name not in fields}
    return client.post(address, fields | data | more | less, follow=True)


def test_from_an_empty_list_to_a_printed_sheet(as_bakary, bakary, danso):
    cohort = make.cohort(bakary)
    make.staff(cohort, danso)
    page = as_bakary.get("/en/cohorts/", follow=True)
    page = as_bakary.get(link_to(page, "Banks of questions"))
    made = fill(as_bakary, link_to(page, "Make a bank"), title="Bridges", languages=["en", "fr"])
    bank = Bank.objects.of_owners().get()
    assert "It has no questions yet." in made.text
    for kind in KINDS:
        page = write(as_bakary, bank, kind, f"A question to {kind}?")
        assert f"A question to {kind}?" in page.text
        assert "A draft: this is missing" not in page.text
    page = write(as_bakary, bank, "single", "Half a question?", **{"explanation-en": ""})
    assert "A draft: this is missing" in page.text
    draft = Item.objects.get(current_version=None)

    whole = bank.items.whole()
    assert {item.version.kind for item in whole} == set(KINDS)
    for item in whole:
        address = f"/en/banks/{bank.pk}/items/{item.pk}/"
        open_page = as_bakary.get(f"{address}try/")
        _action, fields = form_of(open_page, "typed")
        assert "So it is" in as_bakary.post(f"{address}try/", fields).text
        before = item.source
        fill(as_bakary, f"{address}edit/")
        item.refresh_from_db()
        assert item.source == before
        assert item.versions.count() == 1

    assert browser_of(danso).get(bank.get_absolute_url()).status_code == 404
    fill(as_bakary, f"/en/banks/{bank.pk}/edit/", cohorts=[cohort.pk], languages=["en", "fr"])
    shared = browser_of(danso).get(HOME)
    assert "Bridges" in shared.text

    paper = as_bakary.get(f"/en/banks/{bank.pk}/paper/")
    assert paper.text.count("A question to ") == len(KINDS)
    assert "Half a question?" not in paper.text
    assert "So it is" not in paper.text
    assert "So it is" in as_bakary.get(f"/en/banks/{bank.pk}/paper/?sheet=feedback").text

    page = fill(as_bakary, f"/en/banks/{bank.pk}/items/{draft.pk}/edit/", **{"explanation-en": "Now it is whole."})
    assert "A draft: this is missing" not in page.text
    assert bank.items.whole().count() == len(KINDS) + 1
