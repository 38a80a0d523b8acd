"""The lines of a board, drawn by a function: a template for each of a thousand cells was half of the page's time."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cohorts.board import Cell, Row
from cohorts.models import Cohort
from cohorts.points import in_words, points_of
from cohorts.templatetags.quiz_cells import quiz_cells
from lessons import days
from lessons.models import Module
from lessons.templatetags.content_tags import icon
from quizzes import progress
from quizzes.templatetags.states import state_word

register = template.Library()
MOST_NEEDS = 2  # words of a line that has no more room


@register.simple_tag
def board_lines(
    rows: Iterable[Row], cohort: Cohort, module: Module, at: datetime, with_groups: bool, with_last: bool
) -> SafeString:
    """Return the line of each learner: name, group, cells of sections, then of quizzes of staff, and what is needed.

    A cell has glyph, word and depth, and is a link into the learner's page; `with_last` as `needs` says.
    """
    lines = []
    learners, language = reverse("cohorts:learner", args=[cohort.pk, 0]).removesuffix("0/"), get_language()
    for row in rows:
        member, learner = row.member, f"{learners}{row.member.pk}/"
        page = f"{learner}?module={module.slug}"
        lines.append(f'<tr><th scope="row"><a href="{page}">{escape(member.known_name)}</a>')
        if member.chosen_name:
            lines.append(f' <span class="nick">{escape(member.chosen_name)}</span>')
        lines.append("</th>")
        if with_groups:
            group = escape(member.group or "")
            lines.append(f'<td class="grp" title="{group}">{group}</td>')
        lines += [_cell(cell, page, cohort.points, language) for cell in row.cells]
        lines.append(quiz_cells(row.quizzes, cohort, learner))
        lines.append(f'<td class="need">{needs(row, at, with_last)}</td></tr>')
    return mark_safe("".join(lines))  # noqa: S308 - escaped


def _cell(cell: Cell, page: str, whole: int, language: str) -> str:
    state = cell.state
    return (
        f'<td class="s-{state}{" late" if cell.is_late else ""}"><a href="{page}#s{cell.column.section.position}">'
        f"{_opening(state, language)}{_depth(cell, state, whole)}</span>{_notes(cell)}</a></td>"
    )


@cache
def _opening(state: str, language: str) -> SafeString:
    """Return the word and the glyph of a state, in the language of the page, which is `language`."""
    word = '<span class="visually-hidden">{} </span><span class="num">{}'
    return format_html(word, state_word(state), icon(state) if state != progress.NONE else "")


def _depth(cell: Cell, state: str, whole: int) -> str:
    """Return how far it is in that state: points of `whole`, or lessons read; where all are, the glyph says enough."""
    if (score := cell.mark.score) is not None:
        return f'{_points(score, whole, get_language())}<span class="visually-hidden">/{whole}</span>'
    if cell.is_excused and not cell.is_passed:
        return format_html('<span class="of">{}</span>', _("excused"))
    if state == progress.READ:
        return ""
    if read := cell.standing.read_count:
        return f"{read}/{cell.standing.lesson_count}"
    return "–"


@lru_cache(10_000)
def _points(score: Decimal, whole: int, language: str) -> str:
    """Return a score as points of `whole`, as the language of the page writes them, which is `language`."""
    return in_words(points_of(score, whole))


def _notes(cell: Cell) -> str:
    """Return what stands beside it: who set the mark, and whether it is late."""
    notes = _note("hand", _("set by hand")) if cell.hand else ""
    if cell.is_late:
        notes += _note("clock", _("ran out") if cell.has_run_out else _("late"))
    return notes


@cache
def _note(glyph: str, words: str) -> SafeString:
    return format_html('{}<span class="visually-hidden"> {}</span>', icon(glyph), words)


def needs(row: Row, at: datetime, with_last: bool = False) -> SafeString:
    """Return in few words what a learner needs, the most pressing first; `with_last` when they were last here."""
    words = _needs(row, at)
    if with_last and row.last_at:
        words.insert(0, days.short(localtime(row.last_at).date()))
    return format_html_join(" · ", "{}", ((word,) for word in words[:MOST_NEEDS]))


def _needs(row: Row, at: datetime) -> list[str]:
    if not row.judgement.has_joined:
        return [_bold(_("not joined"))]
    words: list[str] = []
    if row.stuck:
        words.append(_bold(_("stuck in %(sections)s") % {"sections": ", ".join(_numbers(row.stuck))}))
    elif row.judgement.is_silent and row.last_at:
        away = (at - row.last_at).days
        words.append(_bold(ngettext("silent %(days)s day", "silent %(days)s days", away) % {"days": away}))
    elif not row.judgement.has_begun:
        words.append(_("not begun"))
    if late := len(row.late) + sum(quiz.is_overdue for quiz in row.quizzes):
        words.append(_("%(sections)s late") % {"sections": late})
    if row.judgement.is_exam_late:
        words.append(_("exam late"))
    if run_out := len(row.run_out):
        words.append(_("%(sections)s ran out") % {"sections": run_out})
    if row.judgement.has_exam_run_out:
        words.append(_("exam ran out"))
    soon = [quiz.short for quiz in row.quizzes if quiz.is_due_soon]
    if not words and (row.soon or soon):
        words.append(_("%(sections)s due this week") % {"sections": ", ".join([*_numbers(row.soon), *soon])})
    if not words and row.judgement.is_exam_due_soon:
        words.append(_("exam due this week"))
    if not words and row.due_count:
        words.append(_("%(items)s to review") % {"items": row.due_count})
    return words


def _numbers(cells: list[Cell]) -> list[str]:
    return [str(cell.column.section.position) for cell in cells]


def _bold(words: str) -> SafeString:
    return format_html("<b>{}</b>", words)
