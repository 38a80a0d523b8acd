"""Answers of a file made those of our kinds, marked as these are; what does not fit is told or refused. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from lessons.content.languages import KNOWN, rules
from quizzes.formats.base import Loss, Losses, Piece, Refusal, Refused, Texts, percent
from quizzes.kinds.number import MOST_SIGNS
from quizzes.kinds.short import LONGEST as LONGEST_FORM
from quizzes.kinds.short import answer_key

OPTIONS, MANY_OPTIONS, PAIRS, ENTRIES, LABELS, SPARES = (2, 8), (3, 8), (2, 8), (3, 8), (2, 6), (0, 4)
NEARLY = Fraction(1, 1000)  # files round a third to 33.33333 %, or to 33.3 %
GAP = "____"
MOST_GAPS = 30  # of one text
THOUSANDS = re.compile(r"\s*[-−]?[1-9]\d{0,2},\d{3}\s*\Z")  # may be 1,250 or 1.25
ANY = "*"  # any other answer
Fields = dict[str, Any]  # of a Question


@dataclass
class Given:
    """One answer as a file has it: its text, weight (1 is the whole mark), feedback, and a number's tolerance."""

    text: Texts
    weight: Fraction
    feedback: Texts = field(default_factory=dict)
    tolerance: str = "0"

    @property
    def plain(self) -> str:
        return next(iter(self.text.values()), "")


@dataclass
class Pair:
    """A text, its partner, and the feedback on it."""

    text: Texts
    partner: Texts
    feedback: Texts = field(default_factory=dict)


def chosen(answers: Sequence[Given], is_single: bool, shuffle: bool, losses: Losses) -> Fields:
    """Return a single or a multiple of options with weights."""
    answers = [answer for answer in answers if answer.text]
    _count(len(answers), OPTIONS)
    _distinct([answer.text for answer in answers])
    keys = _single_keys(answers, losses) if is_single else _multiple_keys(answers, losses)
    stays = shuffle and any(_is_about_the_others(answer.text) for answer in answers)
    if stays:
        losses.add(Loss.STAYS)
    pieces = tuple(Piece(answer.text, int(answer in keys), answer.feedback) for answer in answers)
    return {"kind": "single" if len(keys) == 1 else "multiple", "pieces": pieces, "shuffle": shuffle and not stays}


def _single_keys(answers: Sequence[Given], losses: Losses) -> list[Given]:
    keys = [answer for answer in answers if answer.weight >= 1 - NEARLY]
    highest = max(answer.weight for answer in answers)
    if highest <= 0:
        raise Refused(Refusal.NO_KEY)
    if not keys:
        raise Refused(Refusal.NO_FULL, percent(highest))
    if len(keys) > 1:
        raise Refused(Refusal.TWO_KEYS)
    for answer in answers:
        if answer not in keys and answer.weight:
            losses.add(Loss.PARTIAL, percent(answer.weight))
    return keys


def _multiple_keys(answers: Sequence[Given], losses: Losses) -> list[Given]:
    """Return the keys; each is worth its share here, and a wrong option takes as much back."""
    keys = [answer for answer in answers if answer.weight > 0]
    total = sum((answer.weight for answer in keys), Fraction(0))
    if not keys:
        raise Refused(Refusal.NO_KEY)
    if abs(total - 1) > NEARLY * len(keys):
        raise Refused(Refusal.WEIGHTS, percent(total))
    if len(keys) == len(answers):
        raise Refused(Refusal.ALL_KEYS)
    if len(keys) == 1:
        losses.add(Loss.ONE_KEY)
        return keys
    _count(len(answers), MANY_OPTIONS)
    for answer in answers:
        share = Fraction(1 if answer in keys else -1, len(keys))
        if abs(answer.weight - share) > NEARLY:
            losses.add(Loss.WEIGHTS, percent(answer.weight))
    return keys


def _is_about_the_others(text: Texts) -> bool:
    """Return whether an option says "all of the above" or the like, and so keeps its place."""
    return any(
        rules(language).all_of.search(words)
        for code, words in text.items()
        for language in ([code] if code in KNOWN else KNOWN)
    )


def true_or_false(is_true: bool, reasons: tuple[Texts, Texts], languages: Sequence[str]) -> Fields:
    """Return a single of two options that stay in place; `reasons` are the feedback on true and on false."""
    words = [{code: rules(code).truth[index] for code in languages} for index in (0, 1)]
    pieces = tuple(Piece(text, int(is_true == (index == 0)), reasons[index]) for index, text in enumerate(words))
    return {"kind": "single", "pieces": pieces, "shuffle": False}


def truth_of(pieces: Sequence[Piece], shuffle: bool) -> bool | None:
    """Return whether a statement of two options, true and false in every language, is true; None for another item."""
    if shuffle or len(pieces) != 2 or not pieces[0].text:
        return None
    for index, piece in enumerate(pieces):
        if any(words != rules(code).truth[index] for code, words in piece.text.items()):
            return None
    return bool(pieces[0].weight)


def matched(pairs: Sequence[Pair], shuffle: bool, losses: Losses, is_classify: bool = False) -> Fields:
    """Return a match of pairs; texts that share a partner, or where `is_classify`, make statements to classify.

    A partner without a text is a spare one.
    """
    texts = [pair for pair in pairs if pair.text and pair.partner]
    partners = [pair.partner for pair in texts]
    spares: list[Texts] = []
    for pair in pairs:
        if not pair.text and pair.partner and pair.partner not in partners and pair.partner not in spares:
            spares.append(pair.partner)
    _count(len(texts), PAIRS)
    _distinct([pair.text for pair in texts])
    pieces = tuple(Piece(pair.text, feedback=pair.feedback, partner=pair.partner) for pair in texts)
    is_one_to_one = len({tuple(partner.items()) for partner in partners}) == len(partners)
    if is_one_to_one and not is_classify:
        _count(len(spares), SPARES)
        return {"kind": "match", "pieces": pieces, "spares": tuple(spares), "shuffle": shuffle}
    if not is_classify:
        losses.add(Loss.GROUPED)
    labels = {tuple(text.items()) for text in [*partners, *spares]}
    _count(len(labels), LABELS)
    return {"kind": "classify", "pieces": pieces, "spares": tuple(spares), "shuffle": shuffle}


def ordered(entries: Sequence[tuple[Texts, Texts]]) -> Fields:
    """Return an order of (text, feedback) in the right order."""
    entries = [entry for entry in entries if entry[0]]
    _count(len(entries), ENTRIES)
    _distinct([text for text, _ in entries])
    return {"kind": "order", "pieces": tuple(Piece(text, feedback=feedback) for text, feedback in entries)}


def typed(answers: Sequence[Given], losses: Losses) -> Fields:
    """Return a short answer of forms; wrong ones are not listed here but for what is said of any other."""
    forms: dict[str, dict[str, None]] = {}
    other: Texts = {}
    reasons = 0
    for answer in answers:
        if answer.plain == ANY:
            other = other or answer.feedback
            continue
        reasons += bool(answer.feedback)
        if answer.weight >= 1 - NEARLY:
            for code, form in answer.text.items():
                if words := _form(form, losses):
                    forms.setdefault(code, {})[words] = None
        elif answer.weight > 0:
            losses.add(Loss.PARTIAL, f"{answer.plain}: {percent(answer.weight)}")
    if reasons:
        losses.add(Loss.REASONS, str(reasons))
    if not forms:
        raise Refused(Refusal.NO_FORM)
    accepted = {code: tuple(words) for code, words in forms.items()}
    return {"kind": "short", "accepted": accepted, "other": other, "shuffle": False}


def _form(form: str, losses: Losses) -> str:
    """Return an accepted form in one line; "" where it cannot be one."""
    words = " ".join(form.replace("\\*", ANY).split(" ")).replace("\n", " ")
    if re.search(r"(?<!\\)\*", form):
        losses.add(Loss.WILDCARD, form)
    elif len(words) > LONGEST_FORM:
        losses.add(Loss.LONG_FORM, words)
    elif answer_key(words):
        return words
    return ""


def numeric(answers: Sequence[Given], losses: Losses) -> Fields:
    """Return a number with its tolerance; wrong ones are usual mistakes, any other has the feedback of `*`."""
    keys = [answer for answer in answers if answer.weight >= 1 - NEARLY and answer.plain != ANY]
    if not keys:
        raise Refused(Refusal.NO_KEY)
    key, *others = keys
    value, tolerance = decimal(key.plain), decimal(key.tolerance or "0").removeprefix("-")
    for answer in others:
        losses.add(Loss.OTHER_NUMBERS, answer.plain)
    for answer in answers:
        if THOUSANDS.match(answer.plain):
            losses.add(Loss.COMMA, answer.plain)
    if key.feedback:
        losses.add(Loss.REASONS, "1")
    mistakes: dict[str, Piece] = {}
    other: Texts = {}
    for answer in answers:
        if answer.plain == ANY:
            other = other or answer.feedback
        elif answer.weight < 1 - NEARLY:
            if answer.weight > 0:
                losses.add(Loss.PARTIAL, f"{answer.plain}: {percent(answer.weight)}")
            amount = decimal(answer.plain)
            if abs(Decimal(amount) - Decimal(value)) > Decimal(tolerance) and amount not in mistakes:
                mistakes[amount] = Piece({"": amount}, feedback=answer.feedback)
    return {
        "kind": "number",
        "value": value,
        "tolerance": tolerance,
        "pieces": tuple(mistakes.values()),
        "other": other,
        "shuffle": False,
    }


def decimal(text: str) -> str:
    """Return a number of a file as a canonical decimal; Refused where it is none, or too long."""
    try:
        amount = Decimal(text.strip().replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        raise Refused(Refusal.NOT_A_NUMBER, text) from None
    if not amount.is_finite() or (amount and abs(amount.adjusted()) > MOST_SIGNS):
        raise Refused(Refusal.NOT_A_NUMBER, text)
    plain = f"{amount.normalize():f}" if amount else "0"
    if len(plain) > MOST_SIGNS:
        raise Refused(Refusal.NOT_A_NUMBER, text)
    return plain


def weight(text: str) -> Fraction:
    """Return a weight that a file gives in per cent; 0 where it is none."""
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return Fraction(0)
    return Fraction(amount) / 100 if amount.is_finite() and abs(amount.adjusted()) < 6 else Fraction(0)


def share_of(piece: Piece, keys: int) -> str:
    """Return the weight of an option among so many keys in per cent, as Moodle rounds it."""
    return f"{(1 if piece.weight else -1) * 100 / keys:.5f}".rstrip("0").rstrip(".")


def _count(count: int, bounds: tuple[int, int]) -> None:
    least, most = bounds
    if count < least:
        raise Refused(Refusal.FEW, str(least))
    if count > most:
        raise Refused(Refusal.MANY, str(most))


def _distinct(texts: Sequence[Texts]) -> None:
    """Refuse two pieces that read the same in a language."""
    seen = set()
    for text in texts:
        for code, words in text.items():
            if (code, words.casefold()) in seen:
                raise Refused(Refusal.SAME, words)
            seen.add((code, words.casefold()))
