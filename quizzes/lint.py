"""What an author is warned of in one item (quality L11). Imports neither the ORM nor a request.

Haladyna, Downing & Rodriguez 2002, "A review of multiple-choice item-writing guidelines for classroom assessment",
Applied Measurement in Education 15, 309-333, lists the rules. No order of options changes what is said of an item.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lessons.content.languages import rules
from lessons.content.readability import WORD, bare, content_words, is_heavy
from quizzes.flaws import Flaw, gettext_noop
from quizzes.kinds import KINDS, Version
from quizzes.kinds.short import without_article

NEARLY_ALL = 0.8  # of the key's words, where it has three or more
LEAST_WORDS = 3
RARE = 5  # letters; shorter words are shared by chance
LAST_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+[’']?\Z")
GAP = " .:…_\n\t\u00a0\u202f"  # where an option is to stand


@dataclass(frozen=True)
class Choosing:
    """What there is to choose from in one language: the stem, the keys and the distractors, as texts."""

    language: str
    stem: str
    keys: Sequence[str]
    others: Sequence[str]


def item_flaws(kind: str, version: Version) -> list[Flaw]:
    """Return what an author is warned of in one item, first what its kind says of its pieces."""
    flaws = list(KINDS[kind].lint(version))
    for language, stem in version["stem"].items():
        flaws += _of_stem(stem, language)
        if kind in ("single", "multiple"):
            flaws += _of_options(_choosing(version, language), bool(version["shuffle"]))
        elif kind == "short":
            flaws += _of_key(Choosing(language, stem, version["accepted"].get(language, ()), ()))
    return flaws


def _choosing(version: Version, language: str) -> Choosing:
    keys = version.get("keys", [version.get("key")])
    texts = [(option["id"] in keys, option["text"].get(language, "")) for option in version["options"]]
    return Choosing(
        language,
        version["stem"][language],
        [text for is_key, text in texts if is_key],
        [text for is_key, text in texts if not is_key],
    )


def _of_stem(stem: str, language: str) -> Iterator[Flaw]:
    """Yield what the stem alone is warned of."""
    if rules(language).bare_not.search(stem):
        yield Flaw(
            gettext_noop("the stem asks by a bare negative: ask for what holds (%(language)s)"),
            {"language": language},
            "stem",
        )
    if is_heavy(stem):
        yield Flaw(
            gettext_noop("the stem is very hard to read: make two sentences of it, of shorter words (%(language)s)"),
            {"language": language},
            "stem",
        )


def _of_options(asked: Choosing, shuffled: bool) -> Iterator[Flaw]:
    """Yield what options are warned of beside their stem, or beside each other once they are shuffled."""
    texts, language = [*asked.keys, *asked.others], rules(asked.language)
    if shuffled:
        spoken = sorted(text for text in texts if language.places.search(text) and not language.all_of.search(text))
        for text in spoken:
            yield Flaw(
                gettext_noop(
                    "“%(text)s” speaks of where other options stand, and they are shuffled: write what it stands for "
                    "(%(language)s)"
                ),
                {"text": text, "language": asked.language},
            )
    last = LAST_WORD.search(asked.stem.rstrip(GAP))
    article = last[0].casefold().replace("'", "’") if last else ""
    fit = sum(language.fits(article, text) for text in texts)
    if 0 < fit < len(texts):
        yield Flaw(
            gettext_noop(
                "the stem ends with “%(word)s”, which fits %(count)d of %(all)d options: begin each option with its "
                "own article (%(language)s)"
            ),
            {"word": article, "count": fit, "all": len(texts), "language": asked.language},
            "stem",
        )
    yield from _of_key(asked)


def _of_key(asked: Choosing) -> Iterator[Flaw]:
    """Yield a flaw where the stem says the key, or a word of it that no distractor has."""
    stem = content_words(asked.stem, asked.language)
    if any(_carries(asked, stem, text) for text in asked.keys) and not any(
        _carries(asked, stem, text) for text in asked.others
    ):
        yield Flaw(
            gettext_noop("the stem carries the key: ask without its words (%(language)s)"),
            {"language": asked.language},
            "stem",
        )
    elif len(asked.keys) == 1 and (word := _cue_word(asked, stem)):
        yield Flaw(
            gettext_noop(
                "“%(word)s” stands in the stem and in the key alone: use it in a distractor too, or another word in "
                "the key (%(language)s)"
            ),
            {"word": word, "language": asked.language},
        )


def _carries(asked: Choosing, stem: frozenset[str], text: str) -> bool:
    """Return whether the stem says that text as it stands, or nearly all of its content words."""
    words = content_words(text, asked.language)
    return bool(words) and (
        f" {without_article(bare(text), asked.language)} " in f" {bare(asked.stem)} "
        or (len(words) >= LEAST_WORDS and len(words & stem) >= NEARLY_ALL * len(words))
    )


def _cue_word(asked: Choosing, stem: frozenset[str]) -> str:
    """Return a rare word that stem and key share and no distractor has; "" where some distractor has one of its own."""
    theme = content_words(" ".join(rules(asked.language).authors), asked.language)
    options = [content_words(text, asked.language) & stem - theme for text in [*asked.keys, *asked.others]]
    rare = [
        sorted(word for word in words if len(word) >= RARE and sum(word in other for other in options) == 1)
        for words in options
    ]
    if not rare or not rare[0] or any(rare[1:]):
        return ""
    written = (word for word in WORD.findall(asked.stem) if content_words(word, asked.language) == {rare[0][0]})
    return next(written, rare[0][0])
