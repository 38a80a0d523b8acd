"""Questions of every kind as hypothesis draws them, and a file read back."""

from itertools import count

from hypothesis import strategies as st

from cohorts.spreadsheets import rows_to_csv
from lessons.content.languages import rules
from quizzes.formats import TABLE, WRITERS
from quizzes.formats.base import Picture, Piece, Question
from quizzes.formats.reading import report
from quizzes.formats.texts import name_of, tidy

LANGUAGES = ("en", "fr")
SIGNS = "~=#{}:\\<>&\"'[]%*|/;,.-–+@!?()$_`^ \n\t"
MARKUP = ("<b>bold</b>", "&nbsp;", "{{x}}", "[html]x", "%50%x", "-> y", "####x", "// x", "$CATEGORY: x", "T", "____")
FRAGMENTS = st.one_of(st.text(st.sampled_from("aBéçœ漢ߞ0129\u00a0\u202f" + SIGNS), max_size=8), st.sampled_from(MARKUP))


class Texts:
    """Texts as items hold them, no two alike, made of a few fragments: much is drawn in little time."""

    def __init__(self, fragments, blanks, languages):
        self.fragments, self.blanks, self.languages = fragments, blanks, languages
        self.numbers = count()

    def words(self):
        number = next(self.numbers)
        return tidy(f"{self.fragments[number % len(self.fragments)]}{'zyxw'[number % 4]}{number}")

    def text(self):
        return {code: self.words() for code in self.languages}

    def maybe(self):
        """A text that may lack."""
        return {} if self.blanks[next(self.numbers) % len(self.blanks)] else self.text()

    def pieces(self, number):
        return [Piece(self.text(), 0, self.maybe()) for _ in range(number)]


def options(draw, texts):
    number = draw(st.integers(2, 6))
    keys = {0} if number == 2 else draw(st.sets(st.integers(0, number - 1), min_size=1, max_size=number - 1))
    pieces = [Piece(row.text, int(at in keys), row.feedback) for at, row in enumerate(texts.pieces(number))]
    shuffle = draw(st.booleans())
    return {"kind": "single" if len(keys) == 1 else "multiple", "pieces": tuple(pieces), "shuffle": shuffle}


def truths(draw, texts):
    key = draw(st.integers(0, 1))
    words = [{code: rules(code).truth[at] for code in texts.languages} for at in (0, 1)]
    pieces = [Piece(words[at], int(at == key), texts.maybe()) for at in (0, 1)]
    return {"kind": "single", "pieces": tuple(pieces), "shuffle": False}


def matches(draw, texts):
    pairs = [Piece(row.text, 0, row.feedback, texts.text()) for row in texts.pieces(draw(st.integers(2, 4)))]
    spares = tuple(texts.text() for _ in range(draw(st.integers(0, 2))))
    return {"kind": "match", "pieces": tuple(pairs), "spares": spares, "shuffle": draw(st.booleans())}


def classifies(draw, texts):
    labels = [texts.text() for _ in range(draw(st.integers(2, 4)))]
    picks = draw(st.lists(st.sampled_from(labels), min_size=2, max_size=5))
    statements = [
        Piece(row.text, 0, row.feedback, label) for row, label in zip(texts.pieces(len(picks)), picks, strict=True)
    ]
    spares = tuple(label for label in labels if label not in picks)
    return {"kind": "classify", "pieces": tuple(statements), "spares": spares, "shuffle": draw(st.booleans())}


def orders(draw, texts):
    return {"kind": "order", "pieces": tuple(texts.pieces(draw(st.integers(3, 5))))}


def numbers(draw, texts):
    value, tolerance = draw(st.integers(-9999, 9999)), draw(st.integers(0, 5))
    slips = draw(st.lists(st.integers(6, 50), max_size=3, unique=True))
    mistakes = [Piece(dict.fromkeys(texts.languages, str(value + slip)), 0, texts.maybe()) for slip in slips]
    return {
        "kind": "number",
        "pieces": tuple(mistakes),
        "value": str(value),
        "tolerance": str(tolerance),
        "unit": {code: " ".join(text.split()) for code, text in texts.maybe().items()},
        "other": texts.maybe(),
        "shuffle": False,
    }


def shorts(draw, texts):
    number = draw(st.integers(1, 3))
    forms = {code: tuple(" ".join(texts.words().split()) for _ in range(number)) for code in texts.languages}
    return {
        "kind": "short",
        "accepted": forms,
        "other": texts.maybe(),
        "articles": draw(st.booleans()),
        "shuffle": False,
    }


KINDS = (options, truths, matches, classifies, orders, numbers, shorts)


def pictures(draw, texts):
    """Up to two, whose alternative text is one for all languages, as Moodle's XML has it."""
    number = draw(st.integers(0, 2))
    alts = [" ".join(texts.words().split()) for _ in range(number)]
    return tuple(
        Picture(f"carte {at}.png", dict.fromkeys(texts.languages, alt), b"\x89PNG\r\n\x1a\n%d" % at)
        for at, alt in enumerate(alts)
    )


@st.composite
def questions(draw, languages=LANGUAGES, kinds=KINDS, number="q1"):
    fragments = draw(st.lists(FRAGMENTS, min_size=1, max_size=8))
    texts = Texts(fragments, draw(st.lists(st.booleans(), min_size=1, max_size=5)), languages)
    return Question(
        stem=texts.text(),
        explanation=texts.maybe(),
        name=name_of(texts.words()),
        number=number,
        level=draw(st.sampled_from(("", "apply", "evaluate"))),
        objective=draw(st.integers(0, 3)),
        claims=draw(st.sampled_from(((), ("M001",), ("P02", "O11")))),
        rests_on=draw(st.sampled_from(((), ("M002",)))),
        passage=draw(st.sampled_from(("", "roots/roots#after-1991"))),
        tags=draw(st.sampled_from(((), ("petition",), ("a]b", "x\\y", "level:", "à propos, 2")))),
        pictures=pictures(draw, texts),
        category=draw(st.sampled_from(((), ("Mali",), ("Mali", "1/2 Roots")))),
        **draw(st.sampled_from(kinds))(draw, texts),
    )


def written(name, asked, languages=LANGUAGES):
    """The bytes of a file of that format."""
    if name == "csv":
        return rows_to_csv(TABLE.rows(asked, languages))
    return "".join(WRITERS[name].write(asked, languages)).encode()


def read_back(data, name="", language="en"):
    rows = report(data, name, language).rows
    refused = [row.notes for row in rows if row.question is None]
    assert refused == [], data
    return [row.question for row in rows]
