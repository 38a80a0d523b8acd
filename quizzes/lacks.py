"""What a draft lacks, in words. Imports Django and no table."""

from collections import Counter
from collections.abc import Collection, Iterable

from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

EXPLANATION, FEEDBACK, TEXT, LANGUAGE = "explanation", "feedback", "text", "language:"
WORDS = {
    EXPLANATION: _("why it is so"),
    FEEDBACK: _("why answers are right or wrong"),
    TEXT: _("part of the question"),
}


def lacks_of(paths: Iterable[str], languages: Collection[str], written: Collection[str]) -> list[str]:
    """Return codes of what lacks: `paths` are names of fields, `written` the languages in which the question stands."""
    return sorted({_code(path.split("-"), languages, written) for path in paths})


def _code(parts: list[str], languages: Collection[str], written: Collection[str]) -> str:
    if parts[-1] in languages and parts[-1] not in written:
        return f"{LANGUAGE}{parts[-1]}"
    return next((code for code in (EXPLANATION, FEEDBACK) if code in parts), TEXT)


def in_words(code: str) -> str:
    """Return a code as what a sentence names: “why it is so”, “the text in French”."""
    if code.startswith(LANGUAGE):
        name = get_language_info(code.removeprefix(LANGUAGE))["name_translated"]
        return gettext("the text in %(language)s") % {"language": name}
    return str(WORDS[code])


def listed(codes: Iterable[str]) -> str:
    """Return all codes in words, with commas between."""
    return ", ".join(map(in_words, codes))


def counted(lists: Iterable[Iterable[str]]) -> list[tuple[str, int]]:
    """Return (words, of how many) of what lacks, the most frequent first."""
    counts = Counter(code for codes in lists for code in codes)
    return [(in_words(code), count) for code, count in counts.most_common()]
