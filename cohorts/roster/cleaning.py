"""What comes along with a name in lists and mails, and goes: numbers, bullets, addresses, entities. Pure."""

import re
from html import unescape

from accounts import names

NUMBERING = re.compile(
    r"\s*(?:[(\[]?\d{1,4}\s*[.):\]°]+\s*|\d{1,4}\s*[-–—/]\s+|\d{1,3}\s*[-–—/](?=[^\W\d_])|[a-z]\)\s*|"
    r"(?:\d\ufe0f?\u20e3\s*)+)(?=\D)",
    re.I,
)
BULLET = re.compile(r"\s*(?:[•●○▪■◦‣·∙*►▶➢➤✓✔☐☑◆❖\uf0b7\uf0a7–—-]+|\[[ xX]?\])\s+|\s*[•●○▪■◦‣►▶➢➤✓✔☐☑◆❖\uf0b7\uf0a7]")
LEADING = re.compile(r"\s*(\d{5,20})\s+(?=[^\W\d_])")
ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'“”«»]{1,64}@[^\s<>()\[\],;:\"“”«»]{1,190}")
IN_BRACKETS = re.compile(r"[<(\[]\s*(?:mailto:)?\s*[^<>()\[\]\s]*@[^<>()\[\]]*[>)\]]")
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31}\d{0,2});", re.I)
QUOTED = re.compile(r"[\"“«”]\s*([^\"“«”»]+?)\s*[\"”»“]\Z")
TICK = re.compile(r"\s*[✓✔✅☑✗✘❌❎]\ufe0f?\Z")
FIELD_OF_MAIL = re.compile(r"\s*(?:to|cc|bcc|cci|à)\s*:\s*", re.I)
BETWEEN_PEOPLE = re.compile(r"\s*;\s*|(?<=>)\s*,\s*")
BROKEN = re.compile(
    "[\ufffd\x80-\x9f]|Ã[\u0080-\u00bf\u2018-\u203a\u20ac\u2122\u0152\u0153\u0160\u0161\u0178\u017d\u017e]|â€"
    r"|(?<=[^\W\d_])[¼½¾](?=[^\W\d_])"  # Latin-9 that was taken for Windows-1252
)


def has_address(text: str) -> bool:
    return "@" in text and ADDRESS.search(text) is not None


def without_address(text: str) -> str:
    """Return a text without the e-mail addresses in it, and without the signs that stood around them."""
    if "@" not in text:
        return text
    bare = ADDRESS.sub(" ", IN_BRACKETS.sub(" ", text))
    return " ".join(bare.replace("mailto:", " ").split()).strip(" ,;:<>()[]|-–—").strip("\"'“”«» ")


def unnumbered(text: str) -> str:
    """Return a name without the number or the bullet that a list puts before it."""
    for pattern in (BULLET, NUMBERING, BULLET):
        text = pattern.sub("", text, count=1) if pattern.match(text) else text
    return text


def decoded(text: str) -> str:
    """Return a text with the entities of a web page as the signs that they stand for."""
    return unescape(text) if "&" in text and ENTITY.search(text) else text


def cleaned(text: str) -> str:
    """Return the text of a cell as a name: `names.tidy`, without what came along. Longer ones come back as they are."""
    bare = decoded(without_address(text))
    if len(bare) > names.LONGEST:
        return bare
    name = TICK.sub("", names.tidy(bare))
    quoted = QUOTED.match(name)
    return quoted[1] if quoted else name


def broken(text: str) -> bool:
    """Return whether letters were lost or taken for others on the way here."""
    return BROKEN.search(text) is not None


def people_in(text: str) -> list[str]:
    """Return the names that stand in one cell, apart by semicolons, or by commas after addresses in brackets."""
    if ";" not in text and ">" not in text:
        return [text]
    text = FIELD_OF_MAIL.sub("", text, count=1) if FIELD_OF_MAIL.match(text) else text
    return [part for part in BETWEEN_PEOPLE.split(decoded(text)) if part.strip()] or [text]
