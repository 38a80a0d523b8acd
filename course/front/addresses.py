"""The pages to which a text of the front door leads, by the names that its author writes, and their addresses."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override

from lessons.content.page import PAGE, Block

_SITE = {
    "home": "home",
    "corrections": "corrections",
    "feed": "corrections_feed",
    "sheet": "sample_sheet",
    "items": "sample_items",
    "certificate": "specimen",
    "file": "sample_file",
    "who-sees-what": "who_sees_what",
    "my-data": "my_data",
    "erase-me": "erase_me",
    "sign-up": "accounts:sign_up",
    "sign-in": "accounts:sign_in",
    "join": "cohorts:join",
    "cohorts": "cohorts:cohorts",
    "cohort-new": "cohorts:cohort_new",
    "certificates": "cohorts:certificates",
    "display": "display",
    **{name: name for name in ("about", "teach", "onboard", "start", "data-sheet", "reuse", "accessibility", "help")},
}
_MODULE = {
    "module": "module",
    "exam": "exam",
    "quotes": "quotes",
    **{name: f"lessons:{name}" for name in ("claims", "article", "sources", "glossary", "timeline", "map", "search")},
}
FIRST_LESSON, CLAIMS, TO_TEACH = "first-lesson", "claims", "sign-up-to-teach"
NAMES = (*_SITE, *_MODULE, FIRST_LESSON, TO_TEACH)


def lead(block: Block, address: Callable[[str], str]) -> None:
    """Make the links of a block to pages of the site lead there."""
    for child in (child for token in block.tokens for child in token.children or ()):
        href = str(child.attrGet("href") or "")
        if href.startswith(PAGE):
            name, mark, anchor = href.removeprefix(PAGE).partition("#")
            child.attrSet("href", f"{address(name)}{mark}{anchor}")


def addresses(module: str, section: str, lesson: str) -> Callable[[str], str]:
    """Return what gives the address of a page by its name; `section` and `lesson` are the slugs of the first.

    In the language that is on, if the site has it, else in its first.
    """

    def address(name: str) -> str:
        here = get_language() or ""
        with override(here if here in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            return _address(name)

    def _address(name: str) -> str:
        if name == FIRST_LESSON:
            return reverse("lessons:lesson", args=[module, section, lesson])
        if name == CLAIMS:
            return f"{reverse('lessons:claims', args=[module])}?section=all"
        if name == TO_TEACH:
            return f"{reverse('accounts:sign_up')}?{urlencode({'next': reverse('cohorts:cohort_new')})}"
        return reverse(_MODULE[name], args=[module]) if name in _MODULE else reverse(_SITE[name])

    return address
