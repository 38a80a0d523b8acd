"""Cards of claims, sources of documents and the words of a lesson, drawn by functions.

By templates they were a seventh of what a load costs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lessons.models import Claim, Origin, Reference
from lessons.models.references import Read, language_name, publisher_of, what_it_is
from lessons.templatetags.content_tags import icon, in_language, label, when

register = template.Library()
MOST_SOURCES = 3  # on a card; the claim's own page has them all
FEW_CARDS = 4  # fewer stand open where there is room


@dataclass(frozen=True)
class Named:
    """Where a text names a claim or a term: the id of its link, and the step in which it stands, 0 before the first."""

    id: str
    step: int


@register.simple_tag
def card_text(claim: Claim, heading: str) -> SafeString:
    """Return what a claim's card says, its finding as a heading of that tag. The claim is one of `for_cards`."""
    address, verdict = claim.get_absolute_url(), claim.what_the_check_found()
    article, finding = escape(claim.text("article")), escape(claim.finding)
    parts = [f'<p>{label(claim.stands)} <a class="id" href="{address}">{claim.key}</a></p>']
    if claim.is_corrected:
        where = _("in the article")
        parts.append(f"<p><del>{article}</del> {where} → <ins>{finding}</ins></p>")
    else:
        parts.append(f"<{heading}>{finding}</{heading}>")
    if verdict:
        parts.append(f'<p class="gist">{escape(capfirst(verdict))}</p>')
    note = f"{escape(verdict)}. " if verdict else ""
    rows = [
        (_("In the article"), _in_the_article(claim, article)),
        (_("Who says so"), escape(claim.who())),
        (_("The check"), note + escape(claim.text("note"))),
    ]
    if claim.document.get("method"):
        rows.append((_("How it was counted"), escape(claim.text("method"))))
    rows.append((_("Sources"), _sources(claim, address)))
    parts.append(f"<dl>{''.join(f'<dt>{name}</dt><dd>{html}</dd>' for name, html in rows)}</dl>")
    return mark_safe("".join(parts))  # noqa: S308 - escaped


def _in_the_article(claim: Claim, article: str) -> str:
    """Return how the article, whose words are `article`, has the statement; where it comes from if it has not."""
    if not claim.presented:
        return escape(str(Origin(claim.origin).label))  # get_origin_display translates every origin of the list
    presented = _("presented %(how)s") % {"how": escape(claim.how_presented())}
    return capfirst(presented) if claim.is_corrected else f"{article} ({presented})"


def _sources(claim: Claim, address: str) -> str:
    """Return the best sources of a claim, the way to the others, and why none was read where none was."""
    sources, missing = claim.sources, claim.without_reading()
    place = _place(claim.module.slug)
    html = "".join(f"<div>{_source(source, place)}</div>" for source in sources[:MOST_SOURCES])
    if len(sources) > MOST_SOURCES:
        others = _("All sources of this claim")
        html += f'<a href="{address}">{others}</a>'
    return f"{html}<div>{escape(missing)}.</div>" if missing else html


def _place(module: str) -> str:
    """Return the address of a module's sources, below which each has its own: it is looked for once for all of them."""
    return reverse("lessons:sources", args=[module])


def _source(reference: Reference, place: str) -> str:
    """Return one line for a source: who, when, in which language, how it was read, and the way out."""
    document, publisher = reference.document, escape(reference.publisher)
    link, way_out = f"{place}{reference.slug}/", ""
    if document.get("link"):
        link += "open/"
        opens = _("opens another site:")
        way_out = f' {icon("out")}<span class="visually-hidden"> {opens}</span> {escape(reference.host)}'
    rel = ' rel="external noreferrer"' if way_out else ""
    date = f", {escape(when(document['date']))}" if document.get("date") else ""
    names = {"language": escape(reference.language), "read": escape(reference.how_read())}
    about = _("(in %(language)s, %(read)s)") % names
    return f'<a href="{link}"{rel}>{publisher}</a>{date} <span class="soft">{about}{way_out}</span>'


@register.simple_tag
def document_sources(document: Mapping[str, Any]) -> SafeString:
    """Return where a document was read: publisher, title as printed, day, kind, and the way to each source."""
    place = _place(document["module"])
    sources = "".join(_document_source(source, place) for source in document.get("sources", ()))
    return mark_safe(f'<ul class="from small">{sources}</ul>')  # noqa: S308 - escaped


def _document_source(source: Mapping[str, Any], place: str) -> str:
    printed = f' lang="{source["language"]}"' if source.get("is_printed") else ""
    date = f" ({escape(when(source['date']))})" if source.get("date") else ""
    about = _("%(kind)s, in %(language)s, %(read)s on %(day)s") % {
        "kind": escape(what_it_is(source)),
        "language": escape(language_name(source["language"])),
        "read": escape(str(Read(source["read"]).label)),
        "day": escape(when(source["opened"])),
    }
    return (
        f"<li>{_way_to(source, place)}{escape(publisher_of(source))}</a>, "
        f"<cite{printed}>{escape(in_language(source['title']))}</cite>{date} "
        f'<span class="soft">{about} <span class="address">{escape(source.get("url", ""))}</span></span></li>'
    )


@register.simple_tag
def row_source(document: Mapping[str, Any], row: Mapping[str, Any]) -> SafeString:
    """Return in which of its document's sources a row was read, by its publisher; nothing where none is named."""
    links = (
        f" {_way_to(source, _place(document['module']), 'small')}{escape(in_language(source['publisher']))}</a>"
        for source in document.get("sources", ())
        if source["id"] == row.get("source")
    )
    return mark_safe("".join(links))  # noqa: S308 - escaped


def _way_to(source: Mapping[str, Any], place: str, style: str = "") -> str:
    """Return how a link to a source of a document begins."""
    named = f'class="{style}" ' if style else ""
    return f'<a {named}href="{place}{source["id"]}/open/" rel="external noreferrer">'


def cards(shown: Sequence[tuple[Claim, str, Iterable[Named]]]) -> str:
    """Return the cards below a block as HTML, folded up: [(claim, its `card_text`, where the text names it)]."""
    signs = "".join(f'<span class="l-{claim.stands} lc">{icon(claim.stands)}</span>' for claim, _text, _at in shown)
    keys, asked = ", ".join(claim.key for claim, _text, _at in shown), _("Who says so?")
    articles = (
        f'<article class="card l-{claim.stands}" id="{claim.key}">{text}{_again(named)}</article>'
        for claim, text, named in shown
    )
    return (
        f'<details class="claims{" open-wide" if len(shown) < FEW_CARDS else ""}"><summary>{signs}{asked}'
        f'<span class="visually-hidden"> {keys}</span></summary><div class="cards">{"".join(articles)}</div></details>'
    )


def _again(named: Iterable[Named]) -> str:
    return f'<p class="again">{ways}</p>' if (ways := _back_to_steps(named)) else ""


def _back_to_steps(named: Iterable[Named]) -> str:
    """Return the ways back to the steps that name a claim or a term."""
    beginning, step = _("Back to the beginning"), _("Back to step %(number)s")
    return "".join(
        f' <a class="back" href="#{place.id}">{step % {"number": place.step} if place.step else beginning}</a>'
        for place in named
    )


def words(terms: Iterable[tuple[str, Mapping[str, Any], Iterable[Named]]]) -> str:
    """Return the words that a lesson names as HTML: [(slug, document of the term, where the text names it)]."""
    entries = (
        f'<p id="term-{slug}"><b>{escape(in_language(term["name"]))}</b> – {escape(in_language(term["meaning"]))}'
        f"{_back_to_steps(named)}</p>"
        for slug, term, named in terms
    )
    title = _("Words in this lesson")
    return (
        '<aside class="note" id="lesson-words" aria-labelledby="lesson-words-name">'
        f'<p class="kicker" id="lesson-words-name">{title}</p>{"".join(entries)}</aside>'
    )
