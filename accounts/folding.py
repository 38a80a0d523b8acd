"""How texts are compared: a key for names, a fold for what is typed or searched for. The standard library only."""

import re
import unicodedata

# Characters of a text from outside that are folded or hashed: normalising takes the square of a run of marks.
LONGEST = 400
QUOTE = "'"
APOSTROPHES = dict.fromkeys(map(ord, "’‘‛′‵＇ʼʻʽʾʿʹˈˊˋ`´ꞌߴߵ"), QUOTE)  # as keyboards and word processors make them
LETTERS = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ħ": "h",
        "ŧ": "t",
        "þ": "th",
        "ı": "i",
        "ȷ": "j",
        "ɛ": "e",
        "ε": "e",
        "ǝ": "e",
        "ə": "e",
        "ɔ": "o",
        "ŋ": "n",
        "ɲ": "n",
        "ɓ": "b",
        "ɗ": "d",
        "ɖ": "d",
        "ƴ": "y",
        "ɣ": "g",
        "ɠ": "g",
        "ƙ": "k",
        "ɩ": "i",
        "ɪ": "i",
        "ʊ": "u",
        "ʋ": "v",
        "ƒ": "f",
        "ⱱ": "v",
        "ɨ": "i",
        "ʉ": "u",
        "ـ": "",
    }
)
# What `translate` would change, found faster: most texts have few of them.
APOSTROPHE, LETTER = (re.compile(f"[{''.join(map(chr, signs))}]") for signs in (APOSTROPHES, LETTERS))
INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w)|(?!\w))")
# What Unicode calls ignorable, and letters that are blank; control signs and those for format are known by their kind.
BLANK = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
UNSEEN_KINDS = ("Cc", "Cf", "Cn", "Co", "Cs")
MARK = re.compile(r"[^\w\s]|_")
KEPT_BELOW = 0x3000
WORDY = "'%&_/@#*+"  # signs that belong to a word when they stand inside one


def cut(text: str) -> str:
    """Return as much of a text from outside as is ever normalised, folded, hashed or searched for."""
    return text[:LONGEST]


def name_key(name: str) -> str:
    """Return the form under which a name is unique: two names that differ in case or composition alone are one.

    What stands beyond LONGEST is left out: no name is as long. SQLite's LOWER knows ASCII alone, so the folding is
    ours and the key is a column.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cut(name)).casefold())


def folded(text: str) -> str:
    """Return the text as search, short answers, glossary and names compare it: its bare words, a space between two.

    Case, accents, width and signs that cannot be seen are gone; œ, ø, ɛ, ŋ and their like are the letters that stand in
    for them; quotes and dashes of every kind are spaces, but for an apostrophe in a word, which is straight; so are
    other marks, but inside a number or a sign such as % in a word; initials with dots are one word. Idempotent.
    Lessons are folded too, so nothing is left out here: `cut` what comes from outside.
    """
    if text.isascii() and text.isprintable():  # most words: no accent to take away, and nothing that is not seen
        text = text.lower().replace("`", QUOTE)
        if text.isalnum():
            return text
    else:
        text = unicodedata.normalize("NFKC", APOSTROPHE.sub(QUOTE, text)).casefold()
        text = unicodedata.normalize("NFKD", APOSTROPHE.sub(QUOTE, text))
        text = unicodedata.normalize("NFC", text.translate(PLAIN))
        text = text.translate(LETTERS) if LETTER.search(text) else text
    if "." in text:
        text = INITIALS.sub(lambda initials: initials[0].replace(".", ""), text)
    return " ".join(MARK.sub(_said, text).split())


class Plain(dict[int, int | None]):
    """What `translate` makes of the number of a sign: itself, or None of an accent and of what cannot be seen.

    Each is weighed once, of the alphabets that names here are written in; the rest of Unicode is not kept.
    """

    def __missing__(self, code: int) -> int | None:
        sign = chr(code)
        is_plain = not unicodedata.combining(sign) and (sign.isspace() or not is_unseen(sign))
        plain = code if is_plain else None
        if code < KEPT_BELOW:
            self[code] = plain
        return plain


PLAIN = Plain()


def is_unseen(sign: str) -> bool:
    """Return whether nothing is shown for this sign: ignorable, blank, a control, or of no meaning. Spaces are not."""
    return unicodedata.category(sign) in UNSEEN_KINDS or BLANK.match(sign) is not None


def _said(mark: re.Match[str]) -> str:
    """Return a vowel's sign, a symbol, or punctuation that belongs to the word around it; a space for any other."""
    sign, text, at = mark[0], mark.string, mark.start()
    if unicodedata.category(sign)[0] not in "PZC":
        return sign
    return sign if 0 < at < len(text) - 1 and _belongs(text[at - 1], sign, text[at + 1]) else " "


def _belongs(before: str, sign: str, after: str) -> bool:
    """Return whether a mark is part of the word or number around it."""
    if before.isdecimal() and after.isdecimal():
        return sign in ".,:/" + QUOTE
    return sign in WORDY and before.isalnum() and after.isalnum()
