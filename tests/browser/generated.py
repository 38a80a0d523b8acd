"""Forty questions as a file has them, and learners of drawn abilities who answer them: what is bad is known. Pure."""

import math
from dataclasses import dataclass, replace

from quizzes.models.draws import generator

SEED = 2
LEARNERS = 35
SPREAD, SLOPE = 1.5, 2  # of the abilities, and how sharply what is known parts learners
LURE = 0.8  # of those who do not know, how many the wrong key draws
WRONG_KEY, LUCK = "wrong key", "luck"


@dataclass(frozen=True)
class Asked:
    """A question: what is `true` is what learners who know it choose; the `key` is what the file says, if another."""

    stem: str
    true: str
    others: tuple[str, ...]
    hardness: float = 0
    key: str = ""
    why: str = "Multiply the tens, then the ones, and add both."
    bad: str = ""  # what is wrong with it

    @property
    def options(self) -> tuple[str, ...]:
        return (self.true, *self.others)

    def gift(self) -> str:
        """Return it as GIFT, with a reason for each option, and the explanation where there is one."""
        key = self.key or self.true
        rows = [f"{'=' if option == key else '~'}{option}#Look at {option} once more." for option in self.options]
        return "\n".join([f"{self.stem}{{", *rows, *([f"####{self.why}"] if self.why else []), "}"])

    def answer_of(self, learner: int) -> str:
        """Return the option that a learner of that number chooses, always the same."""
        rng = generator(f"{SEED} {learner} {self.stem}")
        ability = generator(f"{SEED} {learner}").gauss(0, SPREAD)
        if self.bad == LUCK:
            return rng.choice(self.options)
        if rng.random() < 1 / (1 + math.exp(SLOPE * (self.hardness - ability))):
            return self.true
        return self.key if self.bad == WRONG_KEY and rng.random() < LURE else rng.choice(self.options)


def product(one: int, other: int) -> Asked:
    """A sum whose other options are as long as the key; the later, the harder."""
    right = one * other
    others = tuple(str(right + off) for off in ((2, 10, -1), (-2, 1, 11), (-10, 3, 9))[(one + other) % 3])
    return Asked(f"How much is {one} × {other}?", str(right), others, hardness=(one - 5) / 2)


# What is said of these on the pages of a bank: the key is long, an option speaks of places, no explanation.
LONG = Asked(
    "Why is a long sum done twice?",
    "A slip seldom comes twice at the same place, so that two results that agree are probably both without one",
    ("It looks better", "It takes longer", "It uses paper"),
)
PLACES = Asked("Which of these numbers is even?", "28", ("27", "31", "The first two options"))
SILENT = Asked("Which number is the half of 58?", "29", ("24", "28", "34"), why="")
MENDED = [
    replace(LONG, true="It finds slips"),
    replace(PLACES, others=("27", "31", "33")),
    replace(SILENT, why="Twice 29 is 58."),
]
MISKEYED = Asked("How much is 7 × 18?", "126", ("116", "124", "136"), key="116", bad=WRONG_KEY)
UNKNOWN = Asked("Which number did the writer draw?", "52", ("17", "36", "88"), bad=LUCK)

PRODUCTS = [product(one, other) for one in range(3, 8) for other in range(11, 18)]
QUESTIONS = [*PRODUCTS, LONG, PLACES, SILENT, MISKEYED, UNKNOWN]
BY_STEM = {question.stem: question for question in [*QUESTIONS, *MENDED]}  # as they are asked in the end


def file_of_questions() -> str:
    return "\n\n".join(question.gift() for question in QUESTIONS)
