"""What an author is warned of about a bank as a whole (quality L11, T6). Imports neither the ORM nor a request."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quizzes import cues
from quizzes.flaws import Flaw, Written, gettext_noop
from quizzes.kinds import Version
from quizzes.twins import twins

LEAST_OF_A_SLOT = 10  # single items; of fewer one slot is no habit
MOST_OF_ONE_SLOT = 0.4
LEAST_OF_A_HABIT = 30
MOST_OF_A_HABIT = 200  # of more, as many are judged: others would not change what is found
FOLDS = 5

WORD = "word "  # so begins the cue of a word
COUNTED = {
    "length": gettext_noop("letters"),
    "semicolon": gettext_noop("semicolons"),
    "colon": gettext_noop("colons"),
    "commas": gettext_noop("commas"),
    "hedge": gettext_noop("careful words"),
    "absolute": gettext_noop("absolute words"),
    "negative": gettext_noop("negatives"),
    "reason": gettext_noop("reasons"),
    "capitals": gettext_noop("capital letters"),
    "digits": gettext_noop("numbers"),
    "quotation": gettext_noop("quotation marks"),
    "like the stem": gettext_noop("words of the stem"),
    "like the others": gettext_noop("words of the other options"),
}


def bank_flaws(items: Sequence[Written]) -> Iterator[tuple[str, Flaw]]:
    """Yield what a bank is warned of: (slug of the item that it is about, "" for the bank; the flaw)."""
    singles = [item.version for item in items if item.kind == "single" and item.version.get("key")]
    if len(singles) >= LEAST_OF_A_SLOT:
        yield from (("", flaw) for flaw in _slots(singles))
    nearest: dict[int, tuple[int, float]] = {}  # {later item: (the earlier one most like it, how much)}
    for first, second, likeness in twins(items):
        if likeness > nearest.get(second, (first, 0.0))[1]:
            nearest[second] = first, likeness
    for second, (first, _likeness) in sorted(nearest.items()):
        yield (
            items[second].slug,
            Flaw(
                gettext_noop("this asks nearly the same as “%(twin)s”: ask something else, or take one of them out"),
                {"twin": items[first].slug},
                "stem",
            ),
        )


def habit_flaws(items: Sequence[Written]) -> Iterator[Flaw]:
    """Yield a flaw for each language in which words and form give away the keys of thirty single items or more.

    For a check, not a load: a tenth of a second for forty items, half a second for two hundred or more.
    """
    for language in dict.fromkeys(language for item in items for language in item.version["stem"]):
        yield from _habit(items, language)


def _slots(singles: Sequence[Version]) -> Iterator[Flaw]:
    """Yield a flaw where one slot, or the longest option, is the key in over 40 % of single items."""
    slots = [[option["id"] for option in version["options"]].index(version["key"]) for version in singles]
    for slot in sorted(set(slots)):
        if slots.count(slot) > MOST_OF_ONE_SLOT * len(singles):
            yield Flaw(
                gettext_noop(
                    "option %(slot)d is the key in %(count)d of %(all)d items: move some keys to other options"
                ),
                {"slot": slot + 1, "count": slots.count(slot), "all": len(singles)},
            )
    for language in dict.fromkeys(language for version in singles for language in version["stem"]):
        worded = [version for version in singles if all(language in option["text"] for option in version["options"])]
        longest = sum(longest_option(version, language) == version["key"] for version in worded)
        if len(worded) >= LEAST_OF_A_SLOT and longest > MOST_OF_ONE_SLOT * len(worded):
            yield Flaw(
                gettext_noop(
                    "the longest option is the key in %(count)d of %(all)d items: shorten keys, or say more in "
                    "distractors (%(language)s)"
                ),
                {"count": longest, "all": len(worded), "language": language},
            )


def longest_option(version: Version, language: str) -> str | None:
    """Return the id of the longest option of a single item that has the language; None where two are equally long."""
    lengths = {option["id"]: len(option["text"][language]) for option in version["options"]}
    longest = [option for option, length in lengths.items() if length == max(lengths.values())]
    return longest[0] if len(longest) == 1 else None


def _habit(items: Sequence[Written], language: str) -> Iterator[Flaw]:
    """Yield a flaw where keys are given away, which names the loudest cue.

    The classifier is trained on four fifths of the bank and tried on the fifth that it has not seen, five times. What
    it finds is no chance where the whole 95 % interval lies over the share that may be found.
    """
    asked = cues.choices({"": items}, language)
    asked = asked[:: math.ceil(len(asked) / MOST_OF_A_HABIT) or 1]
    folds = [replace(choice, bank=str(number % FOLDS)) for number, choice in enumerate(asked)]
    tally = cues.judge(folds, language, least=LEAST_OF_A_HABIT)
    if tally is None or tally.interval[0] <= tally.chance + cues.MOST_OVER_CHANCE:
        return
    named = Counter(prediction.cues[0] for prediction in tally.predictions if prediction.hit == 1 and prediction.cues)
    if not named:
        return
    sign, _, cue = named.most_common(1)[0][0].partition(" ")
    frame = (
        gettext_noop(
            "the key can be told without reading in %(count)d of %(all)d items, most often since it has more "
            "%(cue)s than the other options: make options alike in this (%(language)s)"
        )
        if sign == "+"
        else gettext_noop(
            "the key can be told without reading in %(count)d of %(all)d items, most often since it has fewer "
            "%(cue)s than the other options: make options alike in this (%(language)s)"
        )
    )
    yield Flaw(frame, {"count": round(tally.hits), "all": tally.singles, "cue": _counted(cue), "language": language})


def _counted(cue: str) -> Flaw:
    """Return the words for what an option has more or fewer of."""
    if cue.startswith(WORD):
        return Flaw(gettext_noop("occurrences of “%(word)s”"), {"word": cue.removeprefix(WORD)})
    return Flaw(COUNTED[cue])
