"""The lines of a board, drawn by a function: a template for each of a thousand cells was half of the page's time."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cohorts.board import Cell, Row
from cohorts.models import Cohort
from cohorts.points import written
from cohorts.templatetags.quiz_cells import quiz_cells
from lessons import days
from lessons.models import Module
from lessons.templatetags.content_tags import icon
from quizzes import progress
from quizzes.templatetags.states import state_word

register = template.Library()
MOST_NEEDS = 2  # words of a line that has no more room
BOLD = ("not joined", "stuck", "silent")


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
        lines.append(f'<td class="need">{needs(row, at, with_last, language)}</td></tr>')
    return mark_safe("".join(lines))  # noqa: S308 - escaped


def _cell(cell: Cell, page: str, whole: int, language: str) -> str:
    state, is_late = cell.state, cell.is_late
    return (
        f'<td class="s-{state}{" late" if is_late else ""}"><a href="{page}#s{cell.column.section.position}">'
        f"{_opening(state, language)}{_depth(cell, state, whole, language)}</span>"
        f"{_hand(language) if cell.mark.hand else ''}{_clock(cell.has_run_out, language) if is_late else ''}</a></td>"
    )


@cache
def _opening(state: str, language: str) -> SafeString:
    """Return the word and the glyph of a state, in the language of the page, which is `language`."""
    word = '<span class="visually-hidden">{} </span><span class="num">{}'
    return format_html(word, state_word(state), icon(state) if state != progress.NONE else "")


def _depth(cell: Cell, state: str, whole: int, language: str) -> str:
    """Return how far it is in that state: points of `whole`, or lessons read; where all are, the glyph says enough."""
    if (score := cell.mark.score) is not None:
        return f'{written(score, whole, language)}<span class="visually-hidden">/{whole}</span>'
    if cell.is_excused and not cell.is_passed:
        return format_html('<span class="of">{}</span>', _("excused"))
    if state == progress.READ:
        return ""
    if read := cell.standing.read_count:
        return f"{read}/{cell.standing.lesson_count}"
    return "–"


@cache
def _hand(language: str) -> SafeString:
    """Return what says that a mark is set by hand."""
    return _note("hand", _("set by hand"))


@cache
def _clock(has_run_out: bool, language: str) -> SafeString:
    """Return what says that work is late, or has run out."""
    return _note("clock", _("ran out") if has_run_out else _("late"))


def _note(glyph: str, words: str) -> SafeString:
    return format_html('{}<span class="visually-hidden"> {}</span>', icon(glyph), words)


def needs(row: Row, at: datetime, with_last: bool, language: str) -> SafeString:
    """Return in few words what a learner needs, the most pressing first; `with_last` when they were last here.

    In the language of the page, which is `language`.
    """
    words = _needs(row, at, language)
    if with_last and row.last_at:
        words.insert(0, conditional_escape(days.short(localtime(row.last_at).date())))
    return mark_safe(" · ".join(words[:MOST_NEEDS]))  # noqa: S308 - each is escaped


def _needs(row: Row, at: datetime, language: str) -> list[SafeString]:
    if not row.judgement.has_joined:
        return [_word("not joined", language)]
    words: list[SafeString] = []
    if row.stuck:
        words.append(_word("stuck", language, ", ".join(_numbers(row.stuck))))
    elif row.judgement.is_silent and row.last_at:
        words.append(_word("silent", language, (at - row.last_at).days))
    elif not row.judgement.has_begun:
        words.append(_word("not begun", language))
    if late := len(row.late) + sum(quiz.is_overdue for quiz in row.quizzes):
        words.append(_word("late", language, late))
    if row.judgement.is_exam_late:
        words.append(_word("exam late", language))
    if run_out := len(row.run_out):
        words.append(_word("ran out", language, run_out))
    if row.judgement.has_exam_run_out:
        words.append(_word("exam ran out", language))
    soon = [quiz.short for quiz in row.quizzes if quiz.is_due_soon]
    if not words and (row.soon or soon):
        words.append(_word("soon", language, ", ".join([*_numbers(row.soon), *soon])))
    if not words and row.judgement.is_exam_due_soon:
        words.append(_word("exam soon", language))
    if not words and row.due_count:
        words.append(_word("review", language, row.due_count))
    return words


@lru_cache(1000)
def _word(what: str, language: str, value: int | str = "") -> SafeString:
    """Return one need in the language of the page, which is `language`; the most pressing ones are bold."""
    many = value if isinstance(value, int) else 0
    words = {
        "not joined": _("not joined"),
        "not begun": _("not begun"),
        "stuck": _("stuck in %(sections)s") % {"sections": value},
        "silent": ngettext("silent %(days)s day", "silent %(days)s days", many) % {"days": value},
        "late": _("%(sections)s late") % {"sections": value},
        "exam late": _("exam late"),
        "ran out": _("%(sections)s ran out") % {"sections": value},
        "exam ran out": _("exam ran out"),
        "soon": _("%(sections)s due this week") % {"sections": value},
        "exam soon": _("exam due this week"),
        "review": _("%(items)s to review") % {"items": value},
    }
    return format_html("<b>{}</b>" if what in BOLD else "{}", words[what])


def _numbers(cells: list[Cell]) -> list[str]:
    return [str(cell.column.section.position) for cell in cells]
