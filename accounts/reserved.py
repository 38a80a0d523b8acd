"""Names that no account may have: of those who speak for the site, in each of its languages. May import Django only."""

import re
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext, override

from accounts import names
from accounts.folding import folded

EVERYWHERE = "root, admin, administrator, moderator, staff, guest, sysadmin, superuser, webmaster, postmaster"


def is_reserved(name: str) -> bool:
    """Return whether a name is such a word or looks like one, also with numbers or other words after it."""
    organisation = settings.OPERATOR.get("name", {}).values()
    looks = _looks(tuple(code for code, _name in settings.LANGUAGES), settings.SITE_NAME, *organisation)
    first = next(iter(names.words(name)), "")
    return not looks.isdisjoint(map(_look, [name, first, first.rstrip("0123456789")]))


def _look(text: str) -> str:
    """Return how a text looks, its accents too."""
    return names.look(folded(text))


@lru_cache
def _looks(languages: tuple[str, ...], *site: str) -> frozenset[str]:
    """Return how the reserved words look in these languages, with the names of the site."""
    lists = [EVERYWHERE]
    for language in languages:
        with override(language):
            # Translators: names that nobody may take because they speak for the site: yours, with commas; all genders
            lists += [gettext("staff, team, moderator, editor, instructor, teacher, guest, anonymous, nobody")]
            lists += [gettext("No name yet")]
    words = [word for text in lists for word in re.split("[,،、]", text)]
    return frozenset(_look(word) for word in [*words, *site]) - {""}
