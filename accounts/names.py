"""What a name may hold, and which names look alike. The standard library only.

Names on rosters, certificates and cohorts are `tidy` and have no `unseen` sign. Those of accounts are held to more, see
`fault`: on a list of people, next to a menu of roles, no two may look alike.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hmac import compare_digest
from pathlib import Path

from accounts.folding import APOSTROPHES, QUOTE, folded, is_unseen, name_key

MOST_SORTED = 1 << 14  # names whose place in a list is kept, of a few hundred bytes each: the largest cohorts' own
LONGEST = 1_000  # signs of what somebody sends that are looked at: no name is longer before it is made tidy
HARMLESS = "\u00ad\u200b\u200e\u200f\u061c\u2060\ufeff"  # marks of hyphenation and direction that come with copying
JOINERS = "\u200c\u200d"
STYLES = "\ufe0e\ufe0f"  # of a symbol: as text, or as a picture
VARIANTS = "\u180b\u180c\u180d\u180f"  # of a Mongolian letter
JOINING = {  # scripts in which a joiner, or its absence, shows another letter
    *("ARABIC", "SYRIAC", "NKO", "ADLAM", "MANDAIC", "MONGOLIAN", "PHAGS-PA", "HANIFI", "MANICHAEAN", "SOGDIAN"),
    *("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA"),
    *("KHMER", "MYANMAR", "TIBETAN", "BALINESE", "JAVANESE", "CHAKMA", "GRANTHA", "NEWA", "TIRHUTA"),
}
TOGETHER = [{"CJK", "HIRAGANA", "KATAKANA"}, {"CJK", "BOPOMOFO"}, {"CJK", "HANGUL"}]  # scripts of one word
BETWEEN_WORDS = re.compile(r"[,;.]")
COMMON = re.compile(r"[ -~À-ɏ]*")  # printable ASCII and Latin letters: nothing unseen, no dash but the hyphen
WORD = re.compile(r"[^\s!-/:-@\[-`{-~]+")
MOST_MARKS = 3  # on one letter, as Hebrew and Vietnamese may need
# Accents that tell letters apart at a glance; a dot, a ring or a line below, and what crosses a letter out, do not.
PLAIN_ACCENTS = "\u0300\u0301\u0302\u0303\u0304\u0306\u0308\u0309\u030a\u030b\u030c\u031b\u0327\u0328"
STRETCHES = "\u0640\u07fa\u2d7f"  # join letters of Arabic, N'Ko and Tifinagh, and are hardly seen or not at all
LETTER_IN_NAME = re.compile(r"(?:SMALL CAPITAL|SYMBOL LETTER|(?:SQUARED|CIRCLED) LATIN CAPITAL LETTER) ([A-Z])\Z")


def _look_alikes() -> dict[int, str]:
    """Return {sign: what it looks like}, from the file beside this one."""
    lines = Path(__file__).with_name("look_alikes.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(" ") for line in lines if not line.startswith("# "))
    return {ord(sign): target for target, signs in rows for sign in signs}


LOOK_ALIKES = _look_alikes()


def tidy(name: str) -> str:
    """Return the name composed (NFC), one space between words, without marks that came along and do no harm.

    A joiner stays between two letters of a script that needs it, and in an emoji; elsewhere it goes.
    """
    text = unicodedata.normalize("NFC", name[:LONGEST])
    if COMMON.fullmatch(text):
        return " ".join(text.split())
    text = "".join(sign for sign in text if sign not in HARMLESS)
    text = re.sub(f"([{JOINERS}])[{JOINERS}]+", r"\1", text)
    kept = (sign for at, sign in enumerate(text) if sign not in JOINERS or _has_effect(text, at))
    return " ".join("".join(kept).split())


def unseen(name: str) -> int | None:
    """Return where the first sign stands that cannot be seen and has no effect; None where there is none."""
    if COMMON.fullmatch(name):
        return None
    return next((at for at, sign in enumerate(name) if is_unseen(sign) and not _has_effect(name, at)), None)


def says_something(name: str) -> bool:
    """Return whether there is a letter or a digit that can be seen."""
    return any(sign.isalnum() and not is_unseen(sign) for sign in name)


def key(name: str) -> str:
    """Return the form under which two names on a roster are one.

    Whatever case, composition, width, apostrophes, dashes and spaces, and whatever cannot be seen.
    """
    text = name_key(name.translate(APOSTROPHES))
    if COMMON.fullmatch(text):
        return " ".join(text.split())
    text = "".join(sign for sign in text if not is_unseen(sign) or sign.isspace())
    return " ".join("".join("-" if unicodedata.category(sign) == "Pd" else sign for sign in text).split())


def same_words(one: str, other: str) -> bool:
    """Return whether two names are the same words by their `key`, in whatever order; commas and full stops aside.

    The words are compared in a time that does not tell how many of them are right.
    """
    words = (" ".join(sorted(BETWEEN_WORDS.sub(" ", key(name)).split())) for name in (one, other))
    return compare_digest(*(text.encode(errors="surrogatepass") for text in words))


@lru_cache(MOST_SORTED)
def sort_key(name: str) -> tuple[str, str]:
    """Return by what a list of names is sorted, the same whatever the database's locale: letters before accents.

    Élodie stands among the E; of two names that differ in accents or case alone the plainer comes first. This is the
    order of English and French lists, word by word, as if there were no apostrophe.
    """
    return folded(name).replace(QUOTE, ""), unicodedata.normalize("NFD", name).swapcase()


class What(StrEnum):
    """What is wrong with the name of an account."""

    UNSEEN = "unseen"
    NOTHING = "nothing"
    MIXED = "mixed"
    MARKS = "marks"


@dataclass(frozen=True)
class Fault:
    """`where` is the word that is meant, or what stands before a sign that cannot be seen; `sign` is its number."""

    what: What
    where: str = ""
    sign: str = ""


def unseen_fault(name: str) -> Fault | None:
    """Return the Fault of the first sign of a name that cannot be seen, or None."""
    at = unseen(name)
    return None if at is None else Fault(What.UNSEEN, name[:at].strip(), f"U+{ord(name[at]):04X}")


def fault(name: str) -> Fault | None:
    """Return why an account cannot have this name, or None. Whether another has one that looks like it is not asked."""
    if hidden := unseen_fault(name):
        return hidden
    if not says_something(name) or not look(name):
        return Fault(What.NOTHING)
    for word in words(name):
        scripts = set(_scripts(word))
        if len(scripts) > 1 and not any(scripts <= family for family in TOGETHER):
            return Fault(What.MIXED, word)
        if _has_many_marks(word):
            return Fault(What.MARKS, word)
    return None


def words(name: str) -> list[str]:
    """Return the words of a name, apart at spaces and at punctuation of ASCII, each in its plainest signs (NFKC)."""
    return WORD.findall(unicodedata.normalize("NFKC", name))


def look(name: str) -> str:
    """Return the form under which two names look alike; empty where a name has neither letter nor digit.

    The skeleton of UTS 39, which keeps accents, and more that a reader takes for the same: case, so that I, i, l and 1
    are one; faint marks; what stands between the letters; digits of other scripts. At most three times as long as the
    name in NFKC.
    """
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name))
    text = unicodedata.normalize("NFC", "".join(sign for sign in text if not _is_faint(sign)))
    text = "".join(sign for sign in text if not _is_accent(sign))
    for _ in range(2):  # capitals look like capitals of another script, and small letters like its small ones
        text = "".join(map(_letter, text)).translate(LOOK_ALIKES).translate(LOOK_ALIKES).casefold()
    bare = "".join(sign for sign in text if _is_said(sign))
    return unicodedata.normalize("NFC", bare.replace("m", "rn").replace("i", "l").replace("vv", "w"))


def _has_effect(text: str, at: int) -> bool:
    """Return whether the sign there, though unseen, changes how its neighbours are shown."""
    sign = text[at]
    before = next((other for other in reversed(text[:at]) if not _is_mark(other)), "")
    after = text[at + 1 : at + 2]
    if sign in JOINERS:
        if _is_symbol(before):
            return sign == "\u200d" and _is_symbol(after)
        return before.isalpha() and after.isalpha() and _script(before) == _script(after) and _script(after) in JOINING
    if sign in STYLES:
        return at > 0 and (_is_symbol(text[at - 1]) or text[at - 1] in "#*0123456789" and after == "\u20e3")
    return sign in VARIANTS and at > 0 and _script(text[at - 1]) == "MONGOLIAN"


def _is_mark(sign: str) -> bool:
    """Return whether it belongs to the sign before it: an accent, a vowel's sign, a skin's tone, a style."""
    return unicodedata.category(sign)[0] == "M" or "\U0001f3fb" <= sign <= "\U0001f3ff"


def _is_symbol(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign) == "So"


def _script(sign: str) -> str:
    """Return the script of a letter or a digit by its name in Unicode, which begins with it."""
    first, _, rest = unicodedata.name(sign, "").partition(" ")
    if first in ("ARABIC-INDIC", "EXTENDED"):
        return "ARABIC"
    return f"{first} {rest.partition(' ')[0]}" if first in ("OLD", "NEW") else first


def _scripts(word: str) -> Iterator[str]:
    """Yield the script of each letter, of each digit that is not of ASCII, and of each mark that belongs to one."""
    for sign in word:
        kind = unicodedata.category(sign)
        is_mark = kind[0] == "M" and not _is_accent(sign) and not is_unseen(sign)
        if is_mark or (sign.isalpha() or sign.isdecimal() and not sign.isascii()) and kind != "Lm":
            yield _script(sign)


def _has_many_marks(word: str) -> bool:
    """Return whether accents stand on nothing, enclose, come twice, or pile up."""
    run = ""
    for sign in " " + unicodedata.normalize("NFD", word):
        kind = unicodedata.category(sign)
        if kind == "Me" or kind == "Mn" and (sign in run or len(run) == MOST_MARKS or run == " "):
            return True
        run = run + sign if kind == "Mn" else ""
        run = " " if sign == " " else run
    return False


def _is_accent(sign: str) -> bool:
    """Return whether it is an accent that composes with no letter before it, of no script of its own."""
    return unicodedata.name(sign, "").startswith("COMBINING ")


def _is_faint(sign: str) -> bool:
    return _is_accent(sign) and sign not in PLAIN_ACCENTS


def _is_said(sign: str) -> bool:
    """Return whether it is a letter, a digit or a mark; small signs that modify or join letters are taken for dots."""
    kind = unicodedata.category(sign)
    is_small = sign in STRETCHES or unicodedata.name(sign, "").startswith("MODIFIER ")
    return kind[0] in "LMN" and not is_unseen(sign) and not is_small


def _letter(sign: str) -> str:
    """Return the letter or digit that a small capital, a squared letter or a digit of another script stands for."""
    if match := LETTER_IN_NAME.search(unicodedata.name(sign, "")):
        return match[1].lower()
    digit = None if ord(sign) in LOOK_ALIKES else unicodedata.digit(sign, None)
    return sign if digit is None else str(digit)
