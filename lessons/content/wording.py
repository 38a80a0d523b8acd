"""Whether a text reads easily in its language: how long its sentences are, and forms to avoid. Pure."""

import re

from lessons.content.languages import rules

CLAIM = re.compile(r"\[\^[A-Z]\d+\]|!\[[^\]]*\]\([^)]*\)|\[check\]\([^)]*\)|\{#[^}]*\}")
HEADING = re.compile(r"^#+ .*$", re.M)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
ACRONYM = re.compile(r"(?<![\w*-])[A-Z]{2,7}(?:-[A-Z]{2,4})?(?![\w*/-])")
GLOSSED_BEFORE = re.compile(r"(?:, (?:l[ae] |l’|les )?|\b(?:ONG|NGO) )\Z")
GLOSSED_AFTER = re.compile(r" ?\(|, (?![A-Z]{2})")
MARKS = re.compile(r"\[\^[A-Z]\d+\]|\]\([^)]*\)|[\[\]*_#|]")
END = re.compile(r"(?<=[.!?…])[»”)]*\s+|\n+")
WORD = re.compile(r"[^\W_]++(?:[’'-][^\W_]++)*+")
NO_CLAIM = re.compile(r"\[\^[^\]]{0,30}\]?")
HTML = re.compile(r"</?[a-zA-Z][^>]*>|<[!?]")
# Signs of a mark that was meant and not read: a link, a picture, weight, code, an anchor, a table, a claim, an entity.
# What they begin with is looked at first, since few signs of a text are any of these. A text without `SIGN` and `:::`
# has none of them, nor HTML, and most texts are like that.
SIGN = re.compile(r"[\]\[*_`{|~^ˆ＾［&<]")
LEFT_OVER = re.compile(
    r"(?=[\]\[!*_`{:|~(^［&<])(?:"
    r"\]\(|\]\[|\[\[|!\[|\*\*|__|`|\{#|:::|\|\s*:?-|~~|[({][\^ˆ＾]|\[[ˆ＾]|\^\[|［\^|\[[MOP]\d{2,3}\]|&#?\w+;"
    r"|<[a-zA-Z][^>]*$"
    r"|(?<!\w)\*(?=\w)|(?<=[\w’])\*(?!\w)|(?<![\w’])_(?=\w)|(?<=\w)_(?!\w))"
)


def may_have_marks(text: str) -> bool:
    """Return False where a text surely has no sign of Markdown or HTML."""
    return SIGN.search(text) is not None or ":::" in text


def mark_in(text: str) -> str:
    """Return the first sign of Markdown or HTML in a plain text, which shows it as it stands; "" if there is none."""
    if not may_have_marks(text):
        return ""
    return next((mark[0] for pattern in (HTML, NO_CLAIM, LEFT_OVER) for mark in pattern.finditer(text)), "")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, roughly: an abbreviation before a capital counts as an end."""
    return [part for part in END.split(MARKS.sub(" ", text)) if part and part.strip()]


def unspelt(source: str, language: str) -> list[str]:
    """Return, as sentences, the acronyms of a page's source that stand without their words where they are first met.

    There they stand in parentheses, before them, or in apposition; but for those that everybody knows.
    """
    known = rules(language).acronyms
    if not known:
        return []
    text = LINK.sub(r"\1", HEADING.sub("", CLAIM.sub("", source)))
    first: dict[str, re.Match[str]] = {}
    for match in ACRONYM.finditer(text):
        first.setdefault(match[0], match)
    return [
        f"“{name}” stands here for the first time: give its words, and it in parentheses"
        for name, match in first.items()
        if name not in known and not _stands_by_its_words(text, match)
    ]


def _stands_by_its_words(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    is_in_parentheses = before.rfind("(") > before.rfind(")")
    return is_in_parentheses or bool(GLOSSED_BEFORE.search(before) or GLOSSED_AFTER.match(after))


def wording(text: str, language: str) -> list[str]:
    """Return, as sentences, what makes a text hard to read by the rules of its language; nothing where it has none."""
    guide = rules(language)
    small = text.lower()
    matches = guide.avoid.finditer(text) if any(part in small for part in guide.parts_to_avoid) else ()
    faults = [f"“{match[0]}”: {guide.instead}" for match in matches]
    least = 2 * guide.longest_sentence  # characters: a word has a letter, and a sign beside it
    if guide.longest_sentence and len(text) > least and len(WORD.findall(text)) > guide.longest_sentence:
        for sentence in sentences(text):
            if len(sentence) > least and (length := len(WORD.findall(sentence))) > guide.longest_sentence:
                start = " ".join(sentence.split()[:6])
                faults.append(f"a sentence of {length} words, more than {guide.longest_sentence}: “{start} …”")
    return faults
