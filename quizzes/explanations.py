"""What a result says of an item, whatever was answered: rendered once in a process for each language."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from django.db.models import CharField, Expression, F, Prefetch
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.compiled import ID, Compiled, Parameter
from lessons.models import Claim
from lessons.rendered import Rendered
from quizzes.models import Attempt, Item, Response
from quizzes.models.kept_versions import versions
from quizzes.models.responses import ResponseQuerySet, with_shown

MOST = 2 * 1024 * 1024  # bytes that one process keeps: a thousand items in two languages


@dataclass(frozen=True)
class Explanation:
    """The explanation with the marks of its claims, the way to report a mistake, and its passage.

    `html` and `report` are as they are shown; where nothing is saved, nothing is reported, and an
    own item is for whoever wrote it. `item_address` is the page
    of the item with its key.
    """

    html: SafeString
    report: SafeString
    address: str
    heading: str
    item_address: str

    @property
    def size(self) -> int:
        return 2 * (len(self.html) + len(self.report))

    def address_from(self, response: Response, goes_on: bool = False) -> str:
        """Return the passage's address for its own learner, from where it leads back to that response, or past it."""
        page, _hash, step = self.address.partition("#")
        return f"{page}?back={response.attempt_id}-{response.position}{'-next' * goes_on}&step={step}#{step}"


EXPLAINED: Rendered[Explanation] = Rendered(MOST)


def marked(responses: ResponseQuerySet) -> list[Response]:
    """Return those that were marked, in order, with all that showing them needs.

    One query; two for versions that this process has not read yet, and two for what it has not explained.
    """
    return _shown(list(_marked(responses, F("item__bank__module__fingerprint"))))


def marked_in(sitting: Attempt) -> list[Response]:
    """Return the same of all responses of an attempt. Queries as `marked`."""
    if sitting.module is None:
        return marked(sitting.responses.all())
    rows = MARKED(attempt=sitting.pk, fingerprint=sitting.module.fingerprint)
    for row in rows:
        row.attempt = sitting
    return _shown(rows)


def _marked(responses: ResponseQuerySet, fingerprint: Expression | F) -> ResponseQuerySet:
    asked = responses.filter(marked_at__isnull=False).order_by("position").select_related("item")
    return asked.annotate(fingerprint=fingerprint)


def _marked_of(attempt: Parameter, fingerprint: Parameter) -> ResponseQuerySet:
    return _marked(Response.objects.filter(attempt=attempt), fingerprint)


MARKED = Compiled(_marked_of, attempt=ID, fingerprint=CharField())


def _shown(rows: list[Response]) -> list[Response]:
    """Return these with the versions that were shown and that marked them, and with what explaining them needs."""
    marking = versions(row.marked_version_id for row in with_shown(rows) if row.marked_version_id)
    for row in rows:
        row.marked_version = marking.get(row.marked_version_id or 0)
    _explain(rows)
    return rows


def explanation_of(response: Response) -> Explanation:
    """Return what is said of the response's item. No query where `marked` brought it along."""
    explanation: Explanation | None = response.explained or _kept(response)
    if explanation is None:
        item = response.item
        html = render_to_string("quizzes/_explanation.html", {"item": item})
        is_reported = response.pk and not item.is_own
        report = render_to_string("quizzes/_report_item.html", {"item": item}) if is_reported else SafeString()
        explanation = Explanation(html, report, item.get_passage_url(), item.passage_heading(), _address(item))
        if key := _key(response):
            EXPLAINED.put(key, explanation)
    response.explained = explanation
    return explanation


def _address(item: Item) -> str:
    """Return the page of an item with its key: below its section, or in its owner's bank. No query."""
    if item.is_own or item.passage is None:
        return reverse("quizzes:own_item", args=[item.bank_id, item.pk])
    section = item.passage.section
    return reverse("quizzes:item", args=[section.module.slug, section.slug, item.slug])


def _explain(responses: Sequence[Response]) -> None:
    """Bring along what explaining their items needs, but for those that this process has explained. 2 queries."""
    for response in responses:
        response.explained = _kept(response)
    unknown = [response for response in responses if response.explained is None]
    claims = Prefetch("claims", Claim.objects.select_related("module"))
    rows = Item.objects.select_related("passage__section__module", "author").prefetch_related(claims)
    items = rows.in_bulk([response.item_id for response in unknown]) if unknown else {}
    for response in unknown:
        response.item = items[response.item_id]


def _kept(response: Response) -> Explanation | None:
    return EXPLAINED.get(_key(response))


def _key(response: Response) -> Hashable:
    """Return all on which the explanation hangs, or None where it is not kept.

    The module's fingerprint, which `marked` annotates, stands for all that a load wrote; what is said of an own item
    its author may change at any moment.
    """
    fingerprint = "" if response.item.is_own else getattr(response, "fingerprint", "")
    return (fingerprint, response.item_id, get_language()) if fingerprint else None
