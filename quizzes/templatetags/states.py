"""What states of a section are called."""

from django import template
from django.utils.translation import gettext_lazy as _

from quizzes import progress

register = template.Library()
WORDS = {
    progress.NONE: _("Not started"),
    progress.READING: _("Reading"),
    progress.READ: _("Read"),
    progress.PASSED: _("Passed"),
    progress.MASTERED: _("Mastered"),
    progress.FADING: _("Fading"),
}


@register.filter
def state_word(state: str) -> str:
    """Return what a state (quizzes.progress) is called."""
    return str(WORDS[state])
