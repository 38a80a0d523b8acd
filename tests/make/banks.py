"""Banks of owners: items as they are typed, quizzes of them, and sittings of those."""

from decimal import Decimal
from io import BytesIO

from PIL import Image

from quizzes.incoming import bring, questions_of
from quizzes.models import Attempt, Bank, Item, Quiz, Upload
from quizzes.pictures import encoded
from quizzes.writing import write
from tests.make.attempts import hand_in
from tests.make.basics import NOW, both, numbers, text


def typed_rows(*words, **fields):
    """Rows as they are typed, with ids of their own; the key is in the first of them where `key` is given."""
    return [
        {"id": f"r{number}{word.split()[0].lower()}", "text": text(word), "feedback": text(f"Why {word}"), **fields}
        for number, word in enumerate(words)
    ]


def typed(kind):
    """What the author of a whole item of that kind typed, as a Source."""
    rows = typed_rows("Alpha", "Beta", "Gamma", "Delta")
    parts = {
        "single": {"option": [{**row, "key": row is rows[0]} for row in rows]},
        "multiple": {"option": [{**row, "key": row in rows[:2]} for row in rows]},
        "classify": {
            "label": [{"id": "spoken", "text": text("Spoken")}, {"id": "seen", "text": text("Seen")}],
            "statement": [{**row, "key": "spoken" if row in rows[:2] else "seen"} for row in rows],
        },
        "order": {"entry": rows},
        "match": {
            "pair": [{**row, "match": text(f"Partner {row['id']}")} for row in rows],
            "extra": [{"id": "spare", "text": text("Spare")}],
        },
        "number": {
            "value": "3500", "tolerance": "10", "unit": text("km"), "feedback": text("Look again"),
            "mistake": [{"id": "m", "value": "350", "feedback": text("Ten times as much")}],
        },
        "short": {"accepted": both(["Bamako"]), "articles": True, "feedback": text("It lies on the Niger")},
    }  # fmt: skip
    rest = dict.fromkeys(("level", "passage", "objective", "claims"), "")
    if kind in ("single", "multiple", "classify", "match"):
        rest["shuffle"] = True
    return {"kind": kind, "stem": text("What?"), "explanation": text("So it is")} | parts[kind] | rest


def bank(owner, title="Questions of my own", cohort=None, languages=("en", "fr"), **fields):
    """A bank of that owner, shared with the `cohort` where one is given."""
    row = Bank.objects.create(owner=owner, title=title, languages=list(languages), **fields)
    if cohort:
        cohort.banks.add(row)
    return row


def own_item(bank, kind="single", stem=None, is_draft=False, at=NOW, **fields):
    """An item as its owner typed it; a draft lacks its explanation, and has no version."""
    number = next(numbers)
    source = typed(kind) | {"stem": text(stem or f"Own stem {number}?")}
    source["explanation"] = both("") if is_draft else text(f"Own explanation {number}")
    row = Item(bank=bank, slug=f"own-{number}", author=bank.owner, uses=["quiz", "review"], document={}, **fields)
    assert write(row, source, at).is_saved
    return row


def picture(colour="red", size=(80, 60)):
    """A picture of that colour, as it is kept."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return encoded(file.getvalue())


def own_item_with_picture(bank, sent=None, **fields):
    """An own item that shows a picture, and the picture."""
    item, sent = own_item(bank, **fields), sent or picture()
    entry = sent.entry({"en": "Two rivers that meet", "fr": "Deux rivières qui se rejoignent"})
    assert write(item, item.source | {"pictures": [entry]}, NOW, sent=[sent]).is_saved
    return item, sent


def upload(bank, text="Who signed? {=Nine ~Nobody}", name="bank.txt", at=NOW, pk=None):
    """A file of questions that the owner of a bank looks at."""
    language = bank.languages[0]
    questions = questions_of(bank, bank.owner, text.encode(), name, language).to_end()
    made = bring(bank.owner, bank, text.encode(), name, language, questions, at)
    if pk:
        Upload.objects.filter(pk=made.pk).update(id=pk)
    return Upload.objects.get(pk=pk or made.pk)


def own_quiz(owner, items=(), rules=(), title="A quiz of mine", threshold="0.8", **fields):
    """A quiz of that owner which asks these items, and draws by `rules`: (bank, size) or (bank, size, {level: …})."""
    row = Quiz.objects.create(owner=owner, title=title, threshold=Decimal(threshold), **fields)
    row.items.set(items)
    for bank, size, *part in rules:
        row.rules.create(bank=bank, size=size, **(part[0] if part else {}))
    return row


def own_sitting(learner, quiz, right=None, at=NOW, **fields):
    """An open attempt of that quiz; with `right` handed in, so many of its items answered rightly."""
    attempt = Attempt.start_own(learner, quiz, at, **fields)
    return attempt if right is None else hand_in(attempt, right, at)
