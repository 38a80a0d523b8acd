"""English."""

import re
from decimal import Decimal

from accounts.folding import folded
from lessons.content.languages import Language

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SPACE = r"[ \u00a0\u202f]"

FUNCTION_WORDS = """
a about after all also am among an and any are as at be because been before being between both but by can could did
do does doing during each either else for from had has have having he her here hers him his how i if in into is it
its itself just may me might more most much my neither no nor not now of off on once one only or other our out over
own per same shall she should since so some such than that the their them then there these they this those through
to too under until up upon very was we were what when where whether which while who whom whose why will with within
without would yet you your
"""
LIST = r"[A-H](?:, [A-H])*,? (?:and|or|nor) [A-H]"
PLACES = re.compile(
    rf"^(?i:(?:both|neither|either|only) )?{LIST}[.]?$"
    r"|\b(?i:answers?|options?|choices?) (?:[A-H]\b(?!['’])|[1-8]\b)"
    r"|\b(?i:the) (?:first|last|other) (?:two|three|four|(?:answers?|options?|choices?))"
    r"(?= *$| *[.,;]| (?:are|is|only|together|hold|answers|options|choices)\b)"
    r"|\b(?i:the) (?:previous|preceding|next|following|above|below) (?:answers?|options?|choices?)\b"
    r"|\b(?:answers?|options?|choices?) (?:above|below)\b"
)
# What opens a clause that says of which thing it speaks; after a preposition, "and" or a comma it asks.
OPENER = r"(?<=\w )(?<!\b(?:in|of|at|to|on|by) )(?<!\b(?:for|and) )(?<!\b(?:from|with) )(?:that|which|who|where)\b"
AMOUNT = (
    rf"{SPACE}(?:[$€£]?\d|half\b|a (?:dozen|hundred|thousand|million|third|quarter)\b"
    r"|(?:two|three|four|five|six|seven|eight|nine|ten|twelve|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b)"
)
UNSURE = re.compile(r"[hu]|eu|ew|on(?:e|ce)|\w\b", re.I)  # an hour, a union; an MP: what is read by its letters


def fits(last: str, text: str) -> bool:
    """Return False where "a" stands before a vowel or "an" before a consonant; letters read either way fit both."""
    word = text.lstrip(" “‘\"'(")
    if last not in ("a", "an") or not word[:1].isalpha() or UNSURE.match(word) or word[:2].isupper():
        return True
    return (last == "an") == (folded(word[0]) in tuple("aeio"))


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "")).normalize()


LANGUAGE = Language(
    name="English",
    numbers=re.compile(r"\d(?:\d{0,2}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d*(?:\.\d+)?)"),  # a digit is looked for first
    decimal=_decimal,
    months=MONTHS,
    finds_months=re.compile(  # what it begins with is looked at first
        rf"(?=[ADFJMNOS\d])(?:\b({'|'.join(MONTHS)})(?={SPACE}\d{{4}})"
        rf"|\d{{1,2}}(?:st|nd|rd|th)?{SPACE}({'|'.join(MONTHS)})\b)"
    ),
    articles=("the", "an", "a"),
    authors=("the article", "the text"),
    absolute=re.compile(r"(?!\A\w+\W*\Z)\b(always|never|all|only|every|none|nobody|nothing)\b", re.I),
    all_of=re.compile(r"\b(all|none|both) of (the above|these|them)\b", re.I),
    bare_not=re.compile(rf"(?:\A|[.?!:;]\s)(?:(?!{OPENER}|[.?!:;]\s).)*?(?:\bnot\b|n['’]t\b)", re.I | re.S),
    hedge=re.compile(
        rf"\b((?-i:may)|might|could|(?!\A)can|(?:about|around)(?={AMOUNT})|some|often|sometimes|usually|generally|mostly"
        r"|partly|perhaps|probably|likely|almost|at least|according|reported(ly)?|said|says|claim(s|ed)?"
        r"|alleged(ly)?|seems?|suggests?|leaves? open|not (established|known|proven|shown|verified|confirmed))\b",
        re.I,
    ),
    reason=re.compile(r"\b(because|since|as|so|therefore|thus|hence)\b", re.I),
    because=re.compile(r"\bbecause\b", re.I),
    places=PLACES,
    fits=fits,
    function_words=frozenset(FUNCTION_WORDS.split()),
    avoid=re.compile(r"\(?\bour translation\b\)?", re.I),
    parts_to_avoid=("our translation",),
    instead="the page says once that quotations are translated",
    truth=("True", "False"),
)
