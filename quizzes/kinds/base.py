"""What the kinds share: texts of options, absolute words, and the refusal of a value that was not on offer. Pure."""

import re

from lessons.content import LANGUAGES

ABSOLUTE = {
    "en": re.compile(r"\b(always|never|all|only|every|none|nobody|nothing)\b", re.I),
    "fr": re.compile(r"\b(toujours|jamais|tous|toutes|seulement|uniquement|aucune?|personne|rien)\b", re.I),
}
CATCH_ALL = {
    "en": re.compile(r"\b(all|none|both) of (the above|these|them)\b", re.I),
    "fr": re.compile(r"\b(toutes?|tous|aucune?) (les|des) (réponses|propositions)|ci-dessus\b", re.I),
}


class NotOnOffer(ValueError):
    """An answer that the page did not offer."""


def rows(entry, key, least, most, required=True):
    """The tables [[item.<key>]], with distinct ids and distinct texts; too few or too many are refused."""
    found = entry.entries(key, required)
    if key in entry.data and not least <= len(found) <= most:
        entry.error(f"an item of this kind has {least} to {most} tables [[item.{key}]]; this one has {len(found)}")
    ids = [row.slug("id") for row in found]
    if len(set(ids)) < len(ids):
        entry.error(f"two tables [[item.{key}]] have the same id")
    texts = [row.text("text") for row in found]
    for language in LANGUAGES:
        shown = [text.get(language, "").strip().casefold() for text in texts]
        for row, text in zip(found, shown, strict=True):
            if text and shown.count(text) > 1:
                row.error(f"two of these read the same: “{text}”", "text")
    return list(zip(found, ids, texts, strict=True))


def position(value, count):
    """The posted `value` as an index below `count`; None where it is empty; NotOnOffer else."""
    if value in (None, ""):
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 4 and int(value) < count):
        raise NotOnOffer(value[:20])
    return int(value)


def option_rows(options, keys, feedback, language):
    """Options as the page of an item lists them: text, whether it is a key, and feedback."""
    return [
        {
            "text": option["text"][language],
            "is_key": option["id"] in keys,
            "feedback": feedback.get(option["id"], {}).get(language, ""),
        }
        for option in options
    ]


def wrong_rows(answers, feedback, language):
    """The same for typed answers (text, id of its feedback) that are wrong."""
    return [{"text": text, "feedback": feedback.get(key, {}).get(language, "")} for text, key in answers]


def lint_options(options, keys, most=5):
    """The item-writing faults of options, as sentences (quality L11)."""
    if not 3 <= len(options) <= most:
        yield f"{len(options)} options; 3 to {most} are best"
    for language in LANGUAGES:
        texts = {option["id"]: option["text"][language] for option in options}
        longest = {
            is_key: max((len(t) for o, t in texts.items() if (o in keys) == is_key), default=0)
            for is_key in (True, False)
        }
        if longest[False] and longest[True] > 1.5 * longest[False]:
            yield f"the key is over 1.5 times as long as the longest distractor ({language})"
        absolute = {option for option, text in texts.items() if ABSOLUTE[language].search(text)}
        if absolute and not absolute & set(keys):
            yield f"absolute words stand only in distractors ({language})"
        if any(CATCH_ALL[language].search(text) for text in texts.values()):
            yield f"an option says all or none of the above ({language})"
