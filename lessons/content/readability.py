"""How heavy a text is to read, and the words that it is about. Pure."""

import re
from functools import lru_cache

from accounts.folding import folded
from lessons.content.languages import rules

WORD = re.compile(r"[^\W_]+")
END = re.compile(r"(?<![.!?:…])[.!?:…]++(?=\W)")
CLOSING = " .!?:…»”’\"')\n\u00a0\u202f"
LONG = 6  # letters; longer words are long
REMEMBERED = 2000  # texts of a bank, which several rules ask for
LEAST_WORDS = 20  # of fewer the share of long words says nothing
VERY_DIFFICULT = 60  # as Björnsson's scale has it: 20 very easy, 60 very difficult


def lix(text: str) -> float:
    """Return how heavy a text is: words a sentence plus the per cent of words of more than six letters; 0 for no words.

    Björnsson 1968, Läsbarhet (Stockholm, Liber). It counts no syllables, so that it is the same in every language that
    parts its words by spaces; Anderson 1981, "Analysing the readability of English and non-English texts in the
    classroom with Lix" (ERIC ED207022), found it to agree between English and French texts. A colon ends a sentence; an
    apostrophe or a hyphen parts words.
    """
    words = WORD.findall(text)
    if not words:
        return 0.0
    sentences = len(END.findall(text.rstrip(CLOSING))) + 1
    return len(words) / sentences + 100 * sum(len(word) > LONG for word in words) / len(words)


def is_heavy(text: str) -> bool:
    """Return whether a text is long enough to tell, and very difficult to read."""
    return len(WORD.findall(text)) >= LEAST_WORDS and lix(text) >= VERY_DIFFICULT


@lru_cache(maxsize=REMEMBERED)
def bare(text: str) -> str:
    """Return a text folded, with a space for an apostrophe."""
    return folded(text).replace("'", " ")


@lru_cache(maxsize=REMEMBERED)
def content_words(text: str, language: str) -> frozenset[str]:
    """Return the words that a text is about: folded, a plural as its singular, without those of grammar alone."""
    words = bare(text).split()
    grammar = rules(language).function_words
    return frozenset(_singular(word) for word in words if word not in grammar and (len(word) > 1 or word.isdigit()))


def _singular(word: str) -> str:
    """Return a word without the s or x of a plural, roughly: what matters is that both forms are one."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and word[-2] != "s" else word
