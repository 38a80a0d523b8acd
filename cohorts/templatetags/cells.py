"""The cells of a board, drawn by a function: a template for each of nine hundred was half of the page's time."""

from datetime import datetime
from functools import cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cohorts.board import Cell, Row
from cohorts.points import in_words, points_of
from lessons import days
from lessons.models import Module
from lessons.templatetags.content_tags import icon
from quizzes import progress
from quizzes.templatetags.states import state_word

register = template.Library()
MOST_NEEDS = 2  # words of a line that has no more room


@register.simple_tag
def cells(row: Row, learner: str, module: Module, whole: int) -> SafeString:
    """Return a learner's cells, with glyph, word and depth, each a link into the page at the address `learner`.

    Marks are in points of `whole`.
    """
    page, language = format_html("{}?module={}", learner, module.slug), get_language()
    return mark_safe("".join(_cell(cell, page, whole, language) for cell in row.cells))  # noqa: S308 - escaped


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
        return f'{in_words(points_of(score, whole))}<span class="visually-hidden">/{whole}</span>'
    if cell.is_excused and not cell.is_passed:
        return format_html('<span class="of">{}</span>', _("excused"))
    if state == progress.READ:
        return ""
    if read := cell.standing.read_count:
        return f"{read}/{cell.standing.lesson_count}"
    return "–"


def _notes(cell: Cell) -> str:
    """Return what stands beside it: who set the mark, and whether it is late."""
    notes = _note("hand", _("set by hand")) if cell.hand else ""
    if cell.is_late:
        notes += _note("clock", _("ran out") if cell.has_run_out else _("late"))
    return notes


def _note(glyph: str, words: str) -> SafeString:
    return format_html('{}<span class="visually-hidden"> {}</span>', icon(glyph), words)


@register.simple_tag
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
        words.append(_bold(_("stuck in %(sections)s") % {"sections": _numbers(row.stuck)}))
    elif row.judgement.is_silent and row.last_at:
        away = (at - row.last_at).days
        words.append(_bold(ngettext("silent %(days)s day", "silent %(days)s days", away) % {"days": away}))
    elif not row.judgement.has_begun:
        words.append(_("not begun"))
    if late := len(row.late):
        words.append(_("%(sections)s late") % {"sections": late})
    if row.judgement.is_exam_late:
        words.append(_("exam late"))
    if run_out := len(row.run_out):
        words.append(_("%(sections)s ran out") % {"sections": run_out})
    if row.judgement.has_exam_run_out:
        words.append(_("exam ran out"))
    if not words and row.soon:
        words.append(_("%(sections)s due this week") % {"sections": _numbers(row.soon)})
    if not words and row.judgement.is_exam_due_soon:
        words.append(_("exam due this week"))
    if not words and row.due_count:
        words.append(_("%(items)s to review") % {"items": row.due_count})
    return words


def _numbers(cells: list[Cell]) -> str:
    return ", ".join(str(cell.column.section.position) for cell in cells)


def _bold(words: str) -> SafeString:
    return format_html("<b>{}</b>", words)
