"""One item at a time, on one screen of a phone: what stands above it is short, and its button near."""

import pytest
from django.utils import timezone

from lessons.models import Module
from quizzes.models import Attempt, Item
from tests import make
from tests.browser.test_autosave import page_of

pytestmark = pytest.mark.browser
SCREEN = 740  # px of a phone 360 px wide
MEASURE = """() => {
  const bottom = (place) => document.querySelector(place).getBoundingClientRect().bottom;
  return [document.querySelector("fieldset.item").getBoundingClientRect().top, bottom("main button.btn-primary")];
}"""


def test_an_item_of_a_review_begins_high_and_half_of_them_fit(site, context, language):  # noqa: F811
    awa = make.user("Awa")
    items = Item.objects.filter(bank__module=Module.objects.get(), withdrawn_at=None).select_related("current_version")
    asked = [item for item in items.order_by("pk") if item.version.kind == "single" and "review" in item.uses][::8]
    review = Attempt.start_review(awa, asked, timezone.now())
    page = page_of(context, site, awa)
    page.set_viewport_size({"width": 360, "height": SCREEN})
    fits = 0
    for number in range(1, len(asked) + 1):
        page.goto(f"{site}/{language}{review.get_absolute_url()[3:]}?page={number}")
        top, button = page.evaluate(MEASURE)
        assert top < 150
        fits += button <= SCREEN
    assert fits >= len(asked) / 2
