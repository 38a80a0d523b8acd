"""What differs between two texts, line by line and there word by word. Pure: the standard library only."""

import re
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"
Line = list[tuple[str, str]]  # (SAME, GONE or NEW, words)
WORDS = re.compile(r"\S+\s*|\s+")


def differences(before: str, after: str) -> list[Line]:
    """Return the changed lines of `after`; lines that stay are left out.

    What is SAME or GONE in them are the words of `before`, what is SAME or NEW those of `after`.
    """
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for step, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step != "equal":
            paired = max(end - start, last - first)
            olds = old[start:end] + [""] * (paired - (end - start))
            news = new[first:last] + [""] * (paired - (last - first))
            lines += [_words(one, other) for one, other in zip(olds, news, strict=True) if one or other]
    return lines


def _words(before: str, after: str) -> Line:
    """Return one line as chunks; two lines with little in common stand whole, one after the other."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.4:
        return [chunk for chunk in ((GONE, before), (NEW, after)) if chunk[1]]
    chunks = []
    for step, start, end, first, last in matcher.get_opcodes():
        if step == "equal":
            chunks.append((SAME, "".join(old[start:end])))
        else:
            chunks += [(GONE, "".join(old[start:end])), (NEW, "".join(new[first:last]))]
    return [chunk for chunk in chunks if chunk[1]]
