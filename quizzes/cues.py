"""Whether the keys of single items can be found by words and form alone. Imports neither the ORM nor a request.

A classifier that knows nothing of the subject is trained on all banks of a module but one, and tested on that one. It
is a conditional logit, a softmax over the options of each item (McFadden 1974, "Conditional logit analysis of
qualitative choice behavior", in Zarembka, Frontiers in Econometrics, 105-142). Options are shuffled when they are
shown, so their position is no cue.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from accounts.folding import folded
from lessons.content.languages import Language, rules
from quizzes.flaws import Written
from quizzes.statistics import wilson

LEAST_SINGLES = 100  # with fewer the interval is too wide to say anything
MOST_OVER_CHANCE = 0.10  # so 35 % where each item has four options
# Gradient descent with momentum on a mean over items; by then no weight changes by 0.01 any more.
STEPS, RATE, MOMENTUM, L2 = 60, 2.0, 0.8, 0.01
ROUNDING = 1e-9
NAMED = 3  # cues of a prediction
WORD = re.compile(r"[^\W_]+")
QUOTATION_MARK = re.compile(r"[“”«»\"]")

Cues = dict[str, float]  # of one option: {cue: by how much it differs from the mean of the item's options}
Weights = dict[str, float]
Row = tuple[list[list[tuple[int, float]]], int]  # an item: (index of a weight, value) of each option's cues; its key


@dataclass(frozen=True)
class Choice:
    """A single item in one language; `key` is the index of the right one among `options`."""

    bank: str
    slug: str
    stem: str
    options: tuple[str, ...]
    key: int


@dataclass(frozen=True)
class Prediction:
    """The probability of each option of a choice, in their order; their sum is 1.

    `cues` names those that speak most for the key, with + where the key has more of it than other options, else with -.
    """

    choice: Choice
    probabilities: tuple[float, ...]
    cues: tuple[str, ...]

    @property
    def of_key(self) -> float:
        """Return the probability of the key."""
        return self.probabilities[self.choice.key]

    @property
    def hit(self) -> float:
        """Return the chance that taking the likeliest option takes the key: 1, 0, or 1/k where k are equally likely."""
        least = max(self.probabilities) - ROUNDING
        equals = sum(probability >= least for probability in self.probabilities)
        return (self.of_key >= least) / equals


@dataclass(frozen=True)
class Tally:
    """Predictions in one language, at least one, and how many keys they find."""

    predictions: Sequence[Prediction]

    @property
    def singles(self) -> int:
        return len(self.predictions)

    @cached_property
    def hits(self) -> float:
        """Return how many keys are found; k options that are equally likely count as 1/k."""
        return math.fsum(prediction.hit for prediction in self.predictions)

    @property
    def share(self) -> float:
        """Return the share of keys found, from 0 to 1."""
        return self.hits / self.singles

    @property
    def chance(self) -> float:
        """Return the share that is found without reading, from 0 to 1."""
        return math.fsum(1 / len(prediction.choice.options) for prediction in self.predictions) / self.singles

    @property
    def interval(self) -> tuple[float, float]:
        """Return the ends of the share's 95 % interval."""
        return wilson(self.hits, self.singles)

    @property
    def is_too_much(self) -> bool:
        """Whether so many keys are found that the banks can be passed by their tone."""
        return self.share > self.chance + MOST_OVER_CHANCE

    def banks(self) -> dict[str, "Tally"]:
        """Return {bank: its tally}, the largest share first."""
        of_bank: dict[str, list[Prediction]] = {}
        for prediction in self.predictions:
            of_bank.setdefault(prediction.choice.bank, []).append(prediction)
        tallies = {bank: Tally(predictions) for bank, predictions in of_bank.items()}
        return dict(sorted(tallies.items(), key=lambda row: -row[1].share))

    def surest(self) -> list[Prediction]:
        """Return the predictions that find the key, alone or among equals, the most probable key first."""
        return sorted((one for one in self.predictions if one.hit), key=lambda one: -one.of_key)


def choices(banks: Mapping[str, Iterable[Written]], language: str) -> list[Choice]:
    """Return the single items of {section slug: items} that have a key and all their texts in that language."""
    singles = [(bank, item) for bank, items in banks.items() for item in items if item.kind == "single"]
    return [choice for bank, item in singles if (choice := _choice(bank, item, language))]


def _choice(bank: str, item: Written, language: str) -> Choice | None:
    version = item.version
    are_key = [option["id"] == version["key"] for option in version["options"]]
    stem, *texts = (
        text.get(language) for text in [version["stem"], *(option["text"] for option in version["options"])]
    )
    if not (stem and all(texts) and any(are_key)):
        return None
    return Choice(bank, item.slug, stem, tuple(texts), are_key.index(True))


def judge(asked: Sequence[Choice], language: str, least: int = LEAST_SINGLES) -> Tally | None:
    """Return what a classifier finds in each bank, trained on the others; None where there is too little to train on.

    `least` is the number of singles that is enough. A second for two hundred items in nine banks.
    """
    banks = dict.fromkeys(choice.bank for choice in asked)
    if len(asked) < least or len(banks) < 2:
        return None
    pairs = [(choice, cues_of(choice, rules(language))) for choice in asked]
    predictions: list[Prediction] = []
    for bank in banks:
        weights = train([(cues, choice.key) for choice, cues in pairs if choice.bank != bank])
        predictions += [predict(choice, cues, weights) for choice, cues in pairs if choice.bank == bank]
    return Tally(predictions)


def cues_of(choice: Choice, language: Language) -> list[Cues]:
    """Return the cues of each option, in order, less their mean: to a softmax nothing else matters."""
    words = [dict.fromkeys(folded(text).split()) for text in choice.options]
    stem = set(folded(choice.stem).split())
    length = sum(map(len, choice.options)) / len(choice.options)
    raw = [_form(text, length, language) | _words(index, words, stem) for index, text in enumerate(choice.options)]
    names = dict.fromkeys(name for cues in raw for name in cues)
    means = {name: sum(cues.get(name, 0) for cues in raw) / len(raw) for name in names}
    less = [{name: cues.get(name, 0) - means[name] for name in names} for cues in raw]
    return [{name: value for name, value in cues.items() if abs(value) > ROUNDING} for cues in less]


# The factors below are units: L2 shrinks a weight the more the smaller the unit of its cue is.


def _form(text: str, length: float, language: Language) -> Cues:
    """Return how an option looks, beside options of that mean length in characters."""
    return {
        "length": 3 * len(text) / length,
        "semicolon": float(";" in text),
        "colon": float(":" in text),
        "commas": 0.7 * min(text.count(","), 3),
        "hedge": float(bool(language.hedge.search(text))),
        "absolute": float(bool(language.absolute.search(text))),
        "negative": float(bool(language.bare_not.search(text))),
        "reason": float(bool(language.reason.search(text))),
        "capitals": 0.5 * min(sum(word[0].isupper() for word in WORD.findall(text)[1:]), 4),
        "digits": float(any(sign.isdigit() for sign in text)),
        "quotation": float(bool(QUOTATION_MARK.search(text))),
    }


def _words(index: int, words: Sequence[Mapping[str, None]], stem: set[str]) -> Cues:
    """Return the words of one option, and the share of them that the stem and the other options have too.

    Where distractors are made by changing the key, the key is most like the others: who takes the option in the middle
    is right without having read. Numbers are left out of the words: what they are is content.
    """
    mine = words[index].keys()
    others = [other.keys() for number, other in enumerate(words) if number != index]
    common = [len(mine & other) / len(mine | other) for other in others if mine | other]
    cues = {f"word {word}": 0.5 for word in mine if not any(sign.isdigit() for sign in word)}
    return cues | {
        "like the stem": 2 * len(mine & stem) / max(len(mine), 1),
        "like the others": 3 * sum(common) / max(len(common), 1),
    }


def train(seen: Sequence[tuple[Sequence[Cues], int]]) -> Weights:
    """Return the weight of each cue: those of the least mean of -log p(key) plus L2/2 of their squares.

    `seen` holds for each item the cues of its options and the index of its key. A cue of one item alone is left out.
    Gradient descent with momentum from 0; a step that makes it worse is taken back and the rate halved.
    """
    items = Counter(name for options, _ in seen for name in dict.fromkeys(name for cues in options for name in cues))
    names = [name for name, count in items.items() if count > 1]
    column = {name: number for number, name in enumerate(names)}
    rows: list[Row] = [
        ([[(column[name], value) for name, value in cues.items() if name in column] for cues in options], key)
        for options, key in seen
    ]
    weights, speed, rate = [0.0] * len(names), [0.0] * len(names), RATE
    lowest, slope = loss(rows, weights)
    for _ in range(STEPS):
        speed = [MOMENTUM * velocity - rate * steepness for velocity, steepness in zip(speed, slope, strict=True)]
        moved = [weight + velocity for weight, velocity in zip(weights, speed, strict=True)]
        reached, new_slope = loss(rows, moved)
        if reached > lowest + ROUNDING:
            speed, rate = [0.0] * len(names), rate / 2
        else:
            weights, lowest, slope = moved, reached, new_slope
    return dict(zip(names, weights, strict=True))


def loss(rows: Sequence[Row], weights: Sequence[float]) -> tuple[float, list[float]]:
    """Return what `train` minimises, and its gradient, one number for each weight."""
    total = L2 / 2 * sum(weight * weight for weight in weights)
    slope = [L2 * weight for weight in weights]
    for options, key in rows:
        probabilities = softmax([sum([weights[column] * value for column, value in cues]) for cues in options])
        total -= math.log(max(probabilities[key], 1e-300)) / len(rows)
        for index, cues in enumerate(options):
            error = (probabilities[index] - (index == key)) / len(rows)
            for column, value in cues:
                slope[column] += error * value
    return total, slope


def predict(choice: Choice, cues: Sequence[Cues], weights: Weights) -> Prediction:
    """Return the prediction of these weights, given the cues of each option."""
    parts = [{name: weights[name] * value for name, value in option.items() if name in weights} for option in cues]
    of_key = parts[choice.key]
    loudest = [name for name in sorted(of_key, key=lambda name: -of_key[name])[:NAMED] if of_key[name] > 0]
    signed = tuple(f"{'+' if cues[choice.key][name] > 0 else '-'} {name}" for name in loudest)
    return Prediction(choice, tuple(softmax([math.fsum(part.values()) for part in parts])), signed)


def softmax(scores: Sequence[float]) -> list[float]:
    """Return the probability of each option by its score; their sum is 1."""
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
