"""What is asked: items of a section, in versions, and whole case studies of them."""

from lessons.content import LABELS
from quizzes.models import Item
from tests.make import modules
from tests.make.basics import NOW, both, numbers, text

LABELS_OF_AN_ITEM = LABELS[:3]


def item(section=None, kind="single", uses=("quiz", "exam", "review"), shuffle=True, options=4, slug=None):
    """An item with its first version; its key is the option `a`, or for each statement the first label.

    Of the other kinds: `a` and `b`; the letters in their order; each letter with its own; 3500; "Bamako".
    """
    number = next(numbers)
    section = section or modules.section()
    passage = section.lessons.order_by("position").first() or modules.lesson(section)
    ids = "abcdefgh"[:options]
    row = Item.objects.create(
        bank=section.bank,
        slug=slug or f"item-{number}",
        level="remember",
        objective=1,
        uses=list(uses),
        passage=passage,
        anchor="why",
        document={
            "explanation": text(f"Explanation {number}"),
            "feedback": {letter: text(f"Feedback {number}{letter}") for letter in ids},
        },
    )
    pieces = [{"id": letter, "text": text(f"Choice {number}{letter}")} for letter in ids]
    rest = {
        "single": {"options": pieces, "key": "a"},
        "multiple": {"options": pieces, "keys": ["a", "b"]},
        "classify": {
            "labels": [{"id": label} for label in LABELS_OF_AN_ITEM],
            "statements": pieces,
            "key": dict.fromkeys(ids, LABELS_OF_AN_ITEM[0]),
        },
        "order": {"entries": pieces, "key": {letter: place for place, letter in enumerate(ids, 1)}},
        "match": {
            "pairs": pieces,
            "choices": [{"id": letter, "text": text(f"Partner {number}{letter}")} for letter in ids],
        },
        "number": {"value": "3500", "tolerance": "0", "unit": text("km"), "mistakes": []},
        "short": {"accepted": both(["Bamako"])},
    }[kind]
    version(row, kind=kind, document={"stem": text(f"Stem {number}?"), "shuffle": shuffle, **rest})
    return row


def version(item, kind=None, document=None, **changes):
    """The item's next version, current from now: like the last one but for `changes` of its document."""
    last = item.current_version
    item.current_version = item.versions.create(
        number=item.versions.count() + 1,
        kind=kind or last.kind,
        document={**(document or last.document), **changes},
        checksum=f"{next(numbers):064}",
        made_at=NOW,
    )
    item.save(update_fields=["current_version"])
    return item.current_version


def case_study(sections=1, lessons=2, items=6):
    """A module with sections, lessons in them, and drawable items of both kinds, every third one to classify."""
    row = modules.module()
    for _ in range(sections):
        place = modules.section(row)
        for _ in range(lessons):
            modules.lesson(place)
        for number in range(items):
            item(place, kind="classify" if number % 3 == 2 else "single")
    return row
