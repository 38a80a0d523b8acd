"""The cells of a board of quizzes, drawn by a function as those of the board of sections are."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from cohorts.points import written
from cohorts.quiz_board import BEGUN, HANDED_IN, NOT_BEGUN, PASSED, STATES, QuizCell
from lessons.templatetags.content_tags import icon

register = template.Library()


def _words() -> dict[str, str]:
    return {NOT_BEGUN: _("not begun"), BEGUN: _("begun"), HANDED_IN: _("handed in"), PASSED: _("passed")}


@register.simple_tag
def quiz_key() -> SafeString:
    """Return each glyph with its word."""
    words = _words()
    return format_html_join(
        " ", '<span class="state s-{}">{} {}</span>', ((state, icon(state), words[state]) for state in STATES)
    )


@register.simple_tag
def quiz_cells(cells: Sequence[QuizCell], cohort: Cohort, learner: str) -> SafeString:
    """Return a learner's cells, with glyph, word and points, each a link to the page of the mark.

    That is below the learner's own, at the address `learner`.
    """
    words = _words() if cells else {}
    return format_html_join("", "{}", ((_cell(cell, cohort, words[cell.state], learner),) for cell in cells))


def _cell(cell: QuizCell, cohort: Cohort, word: str, learner: str) -> SafeString:
    glyph = format_html("{} ", icon(cell.state)) if cell.state != NOT_BEGUN else ""
    score = cell.mark.score
    points = "–" if score is None else written(score, cohort.points, get_language())
    inside = format_html('<span class="visually-hidden">{} </span><span class="num">{}{}</span>', word, glyph, points)
    if cell.is_late:
        inside += format_html('{}<span class="visually-hidden"> {}</span>', icon("clock"), _("late"))
    if cell.mark.hand:
        inside += format_html('{}<span class="visually-hidden"> {}</span>', icon("hand"), _("set by hand"))
    late = " late" if cell.is_late else ""
    address = f"{learner}quizzes/{cell.quiz.pk}/"
    return format_html('<td class="s-{}{}"><a href="{}">{}</a></td>', cell.state, late, address, inside)
