"""Tags and filters for pages of content: glyphs, labels, dates, numbers. Imports lessons' words."""

import datetime
from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from lessons import days
from lessons.content.languages import rules
from lessons.content.search import Excerpt
from lessons.models import Acts, Claim, Event, Label, Module
from lessons.models.base import WithDocument, language_of
from lessons.models.references import language_name

register = template.Library()
SYMBOLS = {
    line.split('id="i-', 1)[1].split('"', 1)[0]: line
    for line in (Path(settings.BASE_DIR) / "templates/_parts/symbols.svg").read_text().splitlines()
}


@register.simple_tag
def symbols(*groups: str) -> SafeString:
    """Return the sprite: just the named glyphs ("next back"), so that a page sends no other. KeyError for others."""
    names = dict.fromkeys(name for group in groups for name in group.split())
    return mark_safe("".join(SYMBOLS[name] for name in names))  # noqa: S308 - our own file


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    return format_html('<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def rail(number: int, count: int) -> SafeString:
    """Return the rule above a step of a lesson: as many parts as there are steps, filled up to this one."""
    width = 100 / count
    rows = (
        ("fill" if place < number else "rail", f"{place * width:.1f}", f"{width - 0.8:.1f}") for place in range(count)
    )
    parts = format_html_join("", '<rect class="{}" x="{}%" width="{}%" height="4"/>', rows)
    return format_html('<svg class="at" width="100%" height="4" aria-hidden="true">{}</svg>', parts)


@register.simple_tag
def label(value: str) -> SafeString:
    """Return a label of a claim: glyph and word."""
    return _label(value, get_language())


@cache
def _label(value: str, language: str | None) -> SafeString:
    return format_html('<span class="label l-{}">{}{}</span>', value, icon(value), Label(value).label)


@register.simple_tag
def once(template: str, **values: Hashable) -> SafeString:
    """Return a part that hangs on these few values and the language alone, as this process has rendered it.

    No row, and no time of day: neither tells a part apart from what it was. While the site is developed each is
    rendered anew, so that a template that was changed is seen.
    """
    return render_to_string(template, values) if settings.DEBUG else _once(template, get_language(), **values)


@lru_cache(maxsize=4096, typed=True)  # by type too: text that is safe is equal to text that is not
def _once(template: str, language: str | None, **values: Hashable) -> SafeString:
    return render_to_string(template, values)


@register.simple_tag
def mark(claim: Claim, card: str = "") -> SafeString:
    """Return a claim's mark: a link to its `card` on the page, or to the claim's own page."""
    name = f"{Label(claim.stands).label}, {claim.key}"
    return format_html(
        '<a class="mark l-{}" href="{}" data-id="{}">{}<span class="visually-hidden"> {}</span></a>',
        claim.stands,
        card or claim.get_absolute_url(),
        claim.key,
        icon(claim.stands),
        name,
    )


@register.simple_tag
def stated(event: Event) -> SafeString:
    """Return what an event says with the marks of its claims; the first of them never starts a line."""
    before, space, word = event.text("text").rpartition(" ")
    first, *others = [mark(claim) for claim in event.claims.all()] or [SafeString()]
    return format_html('{}{}<span class="nb">{}{}</span>{}', before, space, word, first, SafeString("".join(others)))


@register.simple_tag
def acts(kind: str) -> SafeString:
    """Return the shape that stands for who acts, and its words for whoever does not see it."""
    return _acts(kind, get_language())


@register.filter
def acting(kind: str) -> str:
    """Return in words who acts."""
    return str(Acts(kind).label)


@cache
def _acts(kind: str, language: str | None) -> SafeString:
    return format_html('{}<span class="visually-hidden">{}. </span>', icon(kind), Acts(kind).label)


@register.simple_tag
def is_overdue(module: Module) -> bool:
    """Return whether nobody has checked the module for longer than its keeper promises."""
    return module.is_overdue(timezone.localdate())


@register.filter
def when(date: str) -> str:
    """Return a content date in words: 2019-10-23, 2019-10, 2019, a/b from a to b, /b up to b; several with commas."""
    return ", ".join(_span(part) for part in date.split(", ")) if date else ""


def _span(part: str) -> str:
    first, slash, last = part.partition("/")
    if not slash:
        return _moment(first)
    if not first:
        return _("up to %(date)s") % {"date": _moment(last)}
    if len(first) == 10 and first[:7] == last[:7]:
        return f"{days.number(datetime.date.fromisoformat(first))}–{_moment(last)}"
    return f"{_moment(first)} – {_moment(last)}" if last else f"{_moment(first)} –"


def _moment(text: str) -> str:
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return text
    moment = datetime.date(*(*parts, 1)[:3])
    return date_format(moment, "F Y") if len(parts) == 2 else days.in_words(moment)


@register.filter
def in_year(date: str) -> str:
    """Return what is left of an event's date beside its year: 23 October, October, 23–24 October; "in the year"."""
    first, _slash, last = date.partition("/")
    if last and last[:4] != first[:4]:
        return when(date)
    return when(date).replace(f" {first[:4]}", "") if len(first) > 4 else _("in the year")


@register.filter(expects_localtime=True)
def day(value: datetime.date | None) -> str:
    """Return a day in words: 2 November 2026, 1er novembre 2026."""
    return days.in_words(value) if value else ""


@register.filter(expects_localtime=True)
def short_day(value: datetime.date | None) -> str:
    """Return a day as it stands in a table: 2 Nov 2026, 1er nov. 2026."""
    return days.short(value) if value else ""


@register.filter(expects_localtime=True)
def brief_day(value: datetime.date | None, now: datetime.datetime) -> str:
    """Return a day as it stands where there is no room: 2 Nov, with its year where that is another than now."""
    return days.brief(value, timezone.localtime(now).date()) if value else ""


@register.filter(expects_localtime=True)
def weekday(value: datetime.date | None) -> str:
    """Return a day of the week with its date: Monday 2 November."""
    return days.weekday(value) if value else ""


@register.filter(expects_localtime=True)
def moment(value: datetime.datetime | None) -> str:
    """Return a day and its hour: 2 November 2026, 18:05."""
    return days.with_time(value) if value else ""


@register.filter(expects_localtime=True)
def clock(value: datetime.datetime | None) -> str:
    """Return the hour alone, where a sentence names the day itself: 18:05, 18 h 05."""
    return days.clock(value) if value else ""


@register.filter
def points(score: Decimal | float) -> int:
    """Return a score from 0 to 1 as whole points of 100, rounded down: 0.7999 is 79."""
    return int(score * 100)


@register.filter
def is_rounded(score: Decimal) -> bool:
    """Return whether a score is more than the whole points that are shown of it: 0.875 is 87 and a half."""
    return score * 100 != points(score)


@register.filter
def in_language(text: Mapping[str, Any]) -> Any:
    """Return the text or page of a document, {language: text}, in the language of the page.

    Nothing where the document has none: until `load_content` has run it may be of another release.
    """
    return text.get(language_of(text), "") if text else ""


@register.filter
def parted(texts: Iterable[object]) -> str:
    """Return texts in a row, parted by semicolons with the space that the language of the page wants before them."""
    return pgettext("between the parts of a row", "; ").join(map(str, texts))


@register.filter
def own_text(row: WithDocument, name: str) -> str:
    """Return a text of the row's document, such as "article" or "note" of a claim, in the language of the page."""
    return row.text(name)


@register.filter
def claim(claims: Mapping[str, Claim], key: str) -> Claim:
    """Return the claim of that key out of {key: Claim}."""
    return claims[key]


@register.filter
def quoted(words: str, language: str) -> str:
    """Return words in the quotation marks of their own language, with its spaces."""
    opening, closing = rules(language).quotes
    return opening + rules(language).typeset(words) + closing


@register.filter
def name_of_language(code: str) -> str:
    """Return the name of a language as it stands in a sentence of the page."""
    return language_name(code)


@register.filter
def split_words(text: str) -> list[str]:
    return text.split()


@register.filter
def marked(excerpt: Excerpt) -> SafeString:
    """Return an excerpt of a text with what was searched for marked in it."""
    pieces = (f"<mark>{escape(words)}</mark>" if is_hit else escape(words) for words, is_hit in excerpt)
    return mark_safe(" ".join(pieces))  # noqa: S308  # each piece is escaped
