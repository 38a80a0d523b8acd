"""The cells of a board, drawn by a function: a template for each of nine hundred was half of the page's time."""

from functools import cache

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cohorts.board import Cell, Row
from lessons.models import Module
from lessons.templatetags.content_tags import icon, points
from quizzes import progress
from quizzes.templatetags.states import state_word

register = template.Library()


@register.simple_tag
def cells(row: Row, learner: str, module: Module) -> SafeString:
    """Return a learner's cells, with glyph, word and depth, each a link into the page at the address `learner`."""
    page = format_html("{}?module={}", learner, module.slug)
    return mark_safe("".join(_cell(cell, page) for cell in row.cells))  # noqa: S308 - each part is escaped


def _cell(cell: Cell, page: str) -> str:
    position, state, language = cell.column.section.position, cell.state, get_language()
    return (
        f'<td class="s-{state}{" late" if cell.is_late else ""}" data-s="{position}"><a href="{page}#s{position}">'
        f"{_opening(state, language)}{_depth(cell)}</span>{_notes(cell)}</a></td>"
    )


@cache
def _opening(state: str, language: str) -> SafeString:
    """Return the word and the glyph of a state, in the language of the page, which is `language`."""
    word = '<span class="visually-hidden">{} </span><span class="num">{} '
    return format_html(word, state_word(state), icon(state))


def _depth(cell: Cell) -> str:
    """Return how far it is: points of 100, or lessons read."""
    if (score := cell.mark.score) is not None:
        return f"{points(score)}/100"
    if cell.state == progress.READ:
        return conditional_escape(pgettext("state of a section", "read"))
    if read := cell.standing.read_count:
        return conditional_escape(_("%(read)s of %(lessons)s") % {"read": read, "lessons": cell.standing.lesson_count})
    return "–"


def _notes(cell: Cell) -> str:
    """Return what stands under it: who set the mark, and whether it is late."""
    notes = format_html('<span class="due">{}</span>', _("set by hand")) if cell.hand else ""
    if cell.has_run_out:
        return notes + format_html('<span class="due">{} {}</span>', icon("clock"), _("ran out"))
    if cell.is_late:
        return notes + format_html('<span class="due">{} {}</span>', icon("clock"), _("late"))
    if cell.is_excused and not cell.is_passed:
        return notes + format_html('<span class="due">{}</span>', _("excused"))
    return notes
