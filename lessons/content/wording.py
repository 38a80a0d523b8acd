"""Whether a text reads easily in its language: how long its sentences are, and forms to avoid. Pure."""

import re

from lessons.content.languages import rules

MARKS = re.compile(r"\[\^[A-Z]\d+\]|\]\([^)]*\)|[\[\]*_#|]")
END = re.compile(r"(?<=[.!?…])[»”)]*\s+|\n+")
WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, roughly: an abbreviation before a capital counts as an end."""
    return [part for part in END.split(MARKS.sub(" ", text)) if part and part.strip()]


def wording(text: str, language: str) -> list[str]:
    """Return, as sentences, what makes a text hard to read by the rules of its language; nothing where it has none."""
    guide = rules(language)
    faults = [f"“{match[0]}”: {guide.instead}" for match in guide.avoid.finditer(text)]
    if guide.longest_sentence:
        for sentence in sentences(text):
            if (length := len(WORD.findall(sentence))) > guide.longest_sentence:
                start = " ".join(sentence.split()[:6])
                faults.append(f"a sentence of {length} words, more than {guide.longest_sentence}: “{start} …”")
    return faults
