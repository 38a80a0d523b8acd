"""Parts of an item: a label on offer, and what is said of it beside what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lessons.rendered import Rendered
from lessons.templatetags.content_tags import label, once, points
from quizzes.explanations import explanation_of
from quizzes.models import ItemVersion, Response

register = template.Library()
MOST = 2 * 1024 * 1024  # bytes of cards that one process keeps


@dataclass(frozen=True)
class Cards:
    """The documents of a version as they are shown in one language."""

    html: SafeString

    @property
    def size(self) -> int:
        return 2 * len(self.html)


CARDS: Rendered[Cards] = Rendered(MOST)


@register.simple_tag
def documents(version: ItemVersion) -> SafeString:
    """Return the documents that a version shows, as this process has drawn them: it never changes."""
    shown = version.document.get("documents")
    if not shown:
        return SafeString()
    key = (version.checksum, get_language())
    cards = CARDS.get(key)
    if cards is None:
        cards = Cards(SafeString("".join(_card(document) for document in shown)))
        CARDS.put(key, cards)
    return cards.html


def _card(document: Mapping[str, object]) -> str:
    return render_to_string("lessons/_document.html", {"document": document})


@register.simple_tag
def explanation(response: Response, leads_back: bool = False) -> SafeString:
    """Return the explanation of the response's item with its claims, and its passage.

    The passage `leads_back` for whoever the attempt is of, where it has a page. An own item need name none.
    """
    said = explanation_of(response)
    if not said.address:
        return said.html
    address = said.address_from(response) if leads_back else said.address
    words = _("Read the passage: %(heading)s") % {"heading": said.heading}
    return format_html('{}<p><a href="{}">{}</a>{}</p>', said.html, address, words, said.report)


@register.simple_tag
def item_address(response: Response) -> str:
    """Return the address of the response's item with its key, for those who may teach."""
    return explanation_of(response).item_address


@register.simple_tag
def outcome(response: Response, is_told: bool = False) -> SafeString:
    """Return how a marked response turned out: what is right in part with its points, the others say it by the word."""
    shown = points(response.score) if response.outcome == "partly" and response.score is not None else None
    return once(
        "quizzes/_outcome.html",
        outcome=response.outcome,
        is_blank=response.answer is None,
        points=shown,
        is_told=bool(is_told),
    )


@register.simple_tag
def label_of(choice: Mapping[str, str]) -> SafeString:
    """Return one of the labels of an item: its own text, or the label of a claim with that id."""
    return format_html('<span class="label">{}</span>', choice["text"]) if choice["text"] else label(choice["id"])
