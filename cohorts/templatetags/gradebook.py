"""Points of a cohort, and the cells of its gradebook, drawn by a function: a thousand templates would be slow."""

from decimal import Decimal
from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cohorts import points
from cohorts.gradebook import Figure, Gradebook, Line, Total
from cohorts.marks import EXCUSED, MARKED, MISSING, Mark
from lessons.templatetags.content_tags import icon

register = template.Library()


@register.filter
def points_of(score: Decimal, whole: int) -> str:
    """Return a score from 0 to 1 as points of `whole`, as the language of the page writes them."""
    return points.in_words(points.points_of(score, whole))


@register.filter
def total_of(total: Total, whole: int) -> str:
    return points.in_words(total.points(whole))


@register.filter
def in_points(number: Decimal) -> str:
    """Return points as the language of the page writes them."""
    return points.in_words(number)


@register.simple_tag
def mark_cells(line: Line, book: Gradebook, learner: str) -> SafeString:
    """Return a learner's marks, each a link to the page of the mark, below the learner's own at address `learner`."""
    pairs = zip(line.marks, book.heads, strict=True)
    return mark_safe("".join(_cell(mark, book, learner, head.key) for mark, head in pairs))  # noqa: S308 - escaped


def _cell(mark: Mark, book: Gradebook, learner: str, section: int | None) -> str:
    short = mark.section.position if mark.section else _exam(get_language())
    standing = mark.standing(book.at)
    inside = _points(mark, book.cohort.points) if standing == MARKED else _nothing(standing, get_language())
    if section is not None:
        inside = f'<a href="{learner}sections/{section}/">{inside}</a>'
    kind = "num" if standing == MARKED else "soft nd"
    return f'<td class="{kind}" data-s="{short}">{inside}</td>'


def _points(mark: Mark, whole: int) -> str:
    language = get_language()
    text = points_of(mark.score or Decimal(0), whole)
    text = f"<b>{text}</b>" if mark.has_passed else text
    text += _glyph("clock", language) if mark.is_late else ""
    return text + (_glyph("hand", language) if mark.hand else "")


@cache
def _exam(language: str) -> str:
    return _("Exam")


@cache
def _glyph(name: str, language: str) -> SafeString:
    words = _("late") if name == "clock" else _("set by hand")
    return format_html('{}<span class="visually-hidden"> {}</span>', icon(name), words)


@cache
def _nothing(standing: str, language: str) -> SafeString:
    """Return what stands where there is no mark."""
    if standing == EXCUSED:
        return format_html('<span class="small">{}</span>', _("excused"))
    sign, words = ("–", _("nothing handed in")) if standing == MISSING else ("·", _("not due yet"))
    return format_html('{}<span class="visually-hidden"> {}</span>', sign, words)


@register.simple_tag
def figure_cells(figures: list[Figure | None], name: str) -> SafeString:
    """Return a row of the class's figures, "mean" or "median", each with its number; empty of fewer than five.

    Of the total, then, after the number of marks that it rests on, of each mark.
    """
    cells = []
    for figure in figures:
        if figure is None:
            cells.append("<td></td>")
            continue
        number = points.in_words(getattr(figure, name))
        of = _("of %(count)s") % {"count": figure.count}
        cells.append(format_html('<td class="num">{} <span class="of">{}</span></td>', number, of))
    cells.insert(1, "<td></td>")
    return mark_safe("".join(cells))  # noqa: S308 - each part is escaped
