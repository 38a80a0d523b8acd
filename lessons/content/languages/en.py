"""English."""

import re
from decimal import Decimal

from lessons.content.languages import Language

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SPACE = r"[ \u00a0\u202f]"


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "")).normalize()


LANGUAGE = Language(
    name="English",
    numbers=re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"),
    decimal=_decimal,
    months=MONTHS,
    finds_months=re.compile(
        rf"\b({'|'.join(MONTHS)})(?={SPACE}\d{{4}})|\d{{1,2}}(?:st|nd|rd|th)?{SPACE}({'|'.join(MONTHS)})\b"
    ),
    articles=("the", "an", "a"),
    authors=("the article", "the text"),
    absolute=re.compile(r"\b(always|never|all|only|every|none|nobody|nothing)\b", re.I),
    all_of=re.compile(r"\b(all|none|both) of (the above|these|them)\b", re.I),
    bare_not=re.compile(r"\bnot\b|n’t\b"),
    hedge=re.compile(
        r"\b((?-i:may)|might|could|can|some|often|usually|partly|perhaps|probably|likely|about|around|almost|at least"
        r"|according|reported(ly)?|said|says|claim(s|ed)?|alleged(ly)?|seems?|suggests?|leaves? open"
        r"|not (established|known|proven|shown|verified|confirmed))\b",
        re.I,
    ),
    reason=re.compile(r"\b(because|since|as|so|therefore|thus|hence)\b", re.I),
    because=re.compile(r"\bbecause\b", re.I),
    avoid=re.compile(r"\(?\bour translation\b\)?", re.I),
    instead="the page says once that quotations are translated",
    truth=("True", "False"),
)
