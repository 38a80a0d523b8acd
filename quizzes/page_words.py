"""What a page says of a fault that the check of an item has, in its reader's language. Imports Django and pure modules.

The check's own sentences are for authors of files, in English; here each has one for somebody at a form. One without
stands as the check says it.
"""

import re

from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from quizzes.flaws import Flaw

# Where nothing is wrong but something lacks: an item with these alone is kept as a draft.
MISSING = [
    (r"“[\w.-]+” is missing( or empty)?$", _("This is still empty.")),
    (
        r"an item of this kind has (?P<least>\d+) to (?P<most>\d+) tables .*; this one has (?P<count>\d+)$",
        _("There are %(count)s of these; a question of this kind has %(least)s to %(most)s."),
    ),
    (r"one option is the key .*; here \d+ are$", _("Say which one is right.")),
    (
        r"two or more options are keys, .*; here \d+ are$",
        _("Mark two or more as right, and leave at least one that is not."),
    ),
    (r"“accepted\.[\w-]+” names at least one form$", _("Write at least one answer that is right.")),
]
WRONG = [
    (r"two of these read the same: “(?P<text>.*)”$", _("Two of these read the same: “%(text)s”.")),
    (r"two partners read the same: ", _("Two partners read the same: each belongs to one alone.")),
    (
        r"“\w+” should be a number",
        _("This cannot be read as a number. Write one such as 1250 or 3.5, with no comma or point between thousands."),
    ),
    (r"a tolerance is 0 or more$", _("A tolerance is 0 or more.")),
    (
        r"this mistake lies within the tolerance, ",
        _("This lies within the tolerance, so it is right and no mistake."),
    ),
    (
        r"“\w+” has \d+ signs; an answer has at most (?P<most>\d+)$",
        _("This number is too long: it has at most %(most)s signs."),
    ),
    (
        r"“[\w-]+” has (?P<count>\d+) characters; it has at most (?P<most>\d+)$",
        _("This has %(count)s characters; at most %(most)s may stand here."),
    ),
    (r"“accepted” has \d+ forms; it has at most (?P<most>\d+)$", _("At most %(most)s answers may stand here.")),
    (
        r"“\w+”: the \w+ says (?P<value>.+) where the \w+ does not$",
        _("“%(value)s” stands in one language alone: numbers and dates are to be the same in all."),
    ),
]
BESIDE = [
    (r"no such passage$", _("This passage is not there any more. Choose another one.")),
    (r"no claim is called “(?P<key>.*)”$", _("No claim is called “%(key)s”.")),
    (
        r"the section of its passage has the objectives 1 to (?P<most>\d+)$",
        _("Choose a passage first; its section has the objectives 1 to %(most)s."),
    ),
]
WARNINGS = [
    (
        r"“(?P<text>.*?)” with an article before it is wrong",
        _("“%(text)s” with an article before it would be wrong: accept that too."),
    ),
    (
        r"“[\w.-]+”: a sentence of (?P<count>\d+) words, more than (?P<most>\d+): “(?P<text>.*) …”$",
        _("“%(text)s …” is a sentence of %(count)s words; up to %(most)s are easily read."),
    ),
    (
        r"“[\w.-]+”: “(?P<text>.*)” is shown as it stands; only lessons and sheets have marks$",
        _("“%(text)s” is shown as it stands: texts of questions are plain."),
    ),
    (
        r"“[\w.-]+”: “(?P<text>[^”]*)” says nothing of what the picture shows$",
        _("“%(text)s” says nothing of what the picture shows. Say what somebody would see in it."),
    ),
    (r"“[\w.-]+”: “(?P<text>[^”]*)”: ", _("“%(text)s”: plain language says it otherwise.")),
]
# Why no picture can be made of a file (quizzes.pictures.NotAPicture).
NO_PICTURE = {
    "heavy": _("This file is larger than 8 MB. Make a smaller copy of the picture and choose that one."),
    "large": _("This picture has more than 25 million pixels. Make a smaller copy and choose that one."),
    "svg": _("A drawing in SVG may hold a script. Save it as a PNG picture and choose that one."),
    "unknown": _("This is no picture in PNG, JPEG, WebP or GIF. Save it as one of these and choose that one."),
    "broken": _("This file is broken: it cannot be opened as a picture. Choose another copy of it."),
}
# Entries of an own item have ids that were drawn: whether these are in order tells nobody anything.
UNSAID = "the ids are in the order of the key"


def is_missing(sentence: str) -> bool:
    """Return whether the check says that something lacks, and not that something is wrong."""
    return any(re.match(pattern, sentence) for pattern, _words in MISSING)


def on_page(sentence: str) -> str:
    """Return the sentence of the check as a page says it; itself where it has no words."""
    for pattern, words in (*MISSING, *WRONG, *BESIDE, *WARNINGS):
        if match := re.match(pattern, sentence, re.DOTALL):
            return str(words) % match.groupdict()
    return sentence


def of_flaw(flaw: Flaw) -> str | None:
    """Return what a page says of a flaw, as a sentence of its own; None of what it does not say."""
    if flaw.words.startswith(UNSAID):
        return None
    words = _named(flaw).told(gettext)
    return f"{words[0].upper()}{words[1:]}."


def _named(flaw: Flaw) -> Flaw:
    """Return the flaw with the name of its language in the reader's, where files have its code."""
    values = {name: _named(value) if isinstance(value, Flaw) else value for name, value in flaw.values.items()}
    if "language" in values:
        values["language"] = get_language_info(str(values["language"]))["name_translated"]
    return flaw._replace(values=values)
