"""Points of a cohort, and the cells of its gradebook, drawn by a function: a thousand templates would be slow."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cohorts import points
from cohorts.gradebook import Figure, Gradebook, Line
from cohorts.marks import EXCUSED, MARKED, MISSING, Mark
from cohorts.quiz_marks import short_of
from lessons.templatetags.content_tags import icon

register = template.Library()
register.filter("short_of", short_of)


@register.filter
def points_of(score: Decimal, whole: int) -> str:
    """Return a score from 0 to 1 as points of `whole`, as the language of the page writes them."""
    return points.written(score, whole, get_language())


@register.filter
def in_points(number: Decimal) -> str:
    """Return points as the language of the page writes them."""
    return points.in_words(number)


@register.simple_tag
def mark_lines(lines: Iterable[Line], book: Gradebook, module: str) -> SafeString:
    """Return the line of each learner: name, number of the school, group, total, marks, and how many are late.

    The name leads to the learner's page, in the module of that slug, "" without any.
    """
    learners = reverse("cohorts:learner", args=[book.cohort.pk, 0]).removesuffix("0/")
    whole, language = book.cohort.points, get_language()
    of_points, marks, late = _("of %(points)s") % {"points": whole}, _("marks"), _("handed in late")
    nothing = f'–<span class="visually-hidden"> {_("nothing counts yet")}</span>'
    with_groups = bool(book.groups)
    drawn = []
    for line in lines:
        member, learner, total = line.member, f"{learners}{line.member.pk}/", line.total
        drawn.append(f'<tr><th scope="row"><a href="{learner}?module={module}">{escape(member.known_name)}</a>')
        if member.school_number:
            drawn.append(f' <span class="nick num">{escape(member.school_number)}</span>')
        drawn.append("</th>")
        if with_groups:
            group = escape(member.group or "")
            drawn.append(f'<td class="grp" title="{group}">{group}</td>')
        inside = f"<b>{points.in_words(total.points(whole))}</b>" if total else nothing
        drawn.append(f'<td class="num total" data-s="{of_points}">{inside}</td>')
        drawn.append(f'<td class="num" data-s="{marks}">{total.count if total else 0}</td>')
        drawn += _mark_cells(line, book, learner, language)
        late_count = line.late_count
        kind = "num" if late_count else "num nd"
        drawn.append(f'<td class="{kind}" data-s="{late}">{late_count or "–"}</td></tr>')
    return mark_safe("".join(drawn))  # noqa: S308 - escaped


def _mark_cells(line: Line, book: Gradebook, learner: str, language: str) -> list[str]:
    """Return a learner's marks, each a link to what made it.

    That is the page of the mark, below the learner's own at address `learner`.
    """
    cells = []
    for mark, head in zip(line.marks, book.heads, strict=True):
        short = str(mark.section.position) if mark.section else _exam(language)
        behind = f"{learner}sections/{head.key}/" if head.key is not None else ""
        cells.append(_cell(mark, book, short, behind, language))
    for quiz, mark in zip(book.quizzes, line.quizzes, strict=True):
        cells.append(_cell(mark, book, short_of(quiz.number), f"{learner}quizzes/{quiz.pk}/", language))
    return cells


def _cell(mark: Mark, book: Gradebook, short: str, behind: str, language: str) -> str:
    standing = mark.standing(book.at)
    inside = _points(mark, book.cohort.points, language) if standing == MARKED else _nothing(standing, language)
    if behind:
        inside = f'<a href="{behind}">{inside}</a>'
    kind = "num" if standing == MARKED else "soft nd"
    return f'<td class="{kind}" data-s="{short}">{inside}</td>'


def _points(mark: Mark, whole: int, language: str) -> str:
    text = points.written(mark.score or Decimal(0), whole, language)
    text = f"<b>{text}</b>" if mark.has_passed else text
    text += _glyph("clock", language) if mark.is_late else ""
    return text + (_glyph("hand", language) if mark.hand else "")


@cache
def _exam(language: str) -> str:
    return _("Exam")


@cache
def _glyph(name: str, language: str) -> SafeString:
    words = _("handed in late") if name == "clock" else _("set by hand")
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
