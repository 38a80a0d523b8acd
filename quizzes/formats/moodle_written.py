"""Questions written as Moodle's XML. Pure."""

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from quizzes.formats.base import Loss, Piece, Question, Texts
from quizzes.formats.marking import share_of, truth_of
from quizzes.formats.tags import ORDER_AS_OURS, path_in_words, tags_of
from quizzes.formats.texts import BROKEN, in_html, name_of

TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "match": "matching",
    "classify": "matching",
    "order": "ordering",
    "number": "numerical",
    "short": "shortanswer",
}


def write(questions: Iterable[Question], languages: Sequence[str]) -> Iterator[str]:
    """Yield a file in parts, one for each question; its languages stand in spans that Moodle's filter tells apart."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
    category: tuple[str, ...] = ()
    for question in questions:
        if question.category != category:
            category = question.category
            named = _words(path_in_words(category))
            yield f'<question type="category"><category><text>{named}</text></category></question>\n'
        yield _Written(question, [code for code in question.languages if code in languages]).question()
    yield "</quiz>\n"


def loses(question: Question) -> list[Loss]:
    """Return what Moodle passes over, though the file holds most of it."""
    has_rows = question.kind in ("match", "classify", "order")
    lost = [Loss.REASONS] if has_rows and any(piece.feedback for piece in question.pieces) else []
    lost += [Loss.ARTICLES] if question.articles else []
    return lost + ([Loss.DOCUMENTS] if question.has_documents else [])


def _words(text: str) -> str:
    return escape(BROKEN.sub("", text))


class _Written:
    """One question in some of its languages, element by element."""

    def __init__(self, question: Question, languages: Sequence[str]) -> None:
        self.asked, self.languages = question, languages

    def question(self) -> str:
        asked = self.asked
        is_true = truth_of(asked.pieces, asked.shuffle) if asked.kind == "single" else None
        kind = TYPES[asked.kind] if is_true is None else "truefalse"
        write: Callable[[], Iterator[str]] = getattr(self, f"_{kind}")
        lines = [
            f'<question type="{kind}">',
            f"<name><text>{_words(asked.name or self.title)}</text></name>",
            self._questiontext(),
            self.text("generalfeedback", asked.explanation),
            f"<idnumber>{_words(asked.number)}</idnumber>",
            *write(),
            f"<tags>{''.join(f'<tag><text>{_words(tag)}</text></tag>' for tag in tags_of(asked))}</tags>",
            "</question>",
        ]
        return "\n".join(lines) + "\n"

    @property
    def title(self) -> str:
        return name_of(next((self.asked.stem[code] for code in self.languages if self.asked.stem.get(code)), ""))

    def html(self, texts: Texts) -> str:
        return _words(in_html(texts, self.languages))

    def text(self, name: str, texts: Texts, attributes: str = "", inside: str = "") -> str:
        return f'<{name}{attributes} format="html"><text>{self.html(texts)}</text>{inside}</{name}>'

    def _questiontext(self) -> str:
        """Return the stem with its pictures behind it."""
        shown, files = "", ""
        for picture in self.asked.pictures:
            alternative = next(
                (picture.alternative[code] for code in self.languages if picture.alternative.get(code)), ""
            )
            shown += f"<br><img src={quoteattr('@@PLUGINFILE@@/' + picture.name)} alt={quoteattr(alternative)}>"
            data = base64.b64encode(picture.data).decode()
            files += f'<file name={quoteattr(picture.name)} encoding="base64">{data}</file>'
        html = self.html(self.asked.stem) + _words(shown)
        return f'<questiontext format="html"><text>{html}</text>{files}</questiontext>'

    def answer(self, fraction: str, texts: Texts, feedback: Texts, more: str = "") -> str:
        reason = self.text("feedback", feedback)
        return self.text("answer", texts, f' fraction="{fraction}"', more + reason)

    def plain_answer(self, fraction: str, words: str, feedback: Texts, more: str = "", language: str = "") -> str:
        said = f' lang="{language}"' if language else ""
        start = f'<answer fraction="{fraction}" format="moodle_auto_format"{said}><text>{_words(words)}</text>'
        return f"{start}{more}{self.text('feedback', feedback)}</answer>"

    def _multichoice(self) -> Iterator[str]:
        keys = sum(piece.weight for piece in self.asked.pieces)
        yield f"<single>{'true' if keys == 1 else 'false'}</single>"
        yield f"<shuffleanswers>{'true' if self.asked.shuffle else 'false'}</shuffleanswers>"
        for piece in self.asked.pieces:
            fraction = ("100" if piece.weight else "0") if keys == 1 else share_of(piece, keys)
            yield self.answer(fraction, piece.text, piece.feedback)

    def _truefalse(self) -> Iterator[str]:
        for said, piece in zip(("true", "false"), self.asked.pieces, strict=True):
            yield self.plain_answer("100" if piece.weight else "0", said, piece.feedback)

    def _matching(self) -> Iterator[str]:
        yield f"<shuffleanswers>{'true' if self.asked.shuffle else 'false'}</shuffleanswers>"
        for piece in [*self.asked.pieces, *(Piece({}, partner=spare) for spare in self.asked.spares)]:
            partner = f"<answer><text>{self.html(piece.partner)}</text></answer>"
            reason = self.text("feedback", piece.feedback) if piece.feedback else ""
            yield self.text("subquestion", piece.text, inside=partner + reason)

    def _ordering(self) -> Iterator[str]:
        yield "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype>"
        yield f"<selectcount>{len(self.asked.pieces)}</selectcount>"
        yield f"<gradingtype>{ORDER_AS_OURS}</gradingtype><showgrading>SHOW</showgrading>"
        yield "<shownumcorrect>1</shownumcorrect>"  # without it Moodle 4.5 stops at hints that nobody wrote
        for place, piece in enumerate(self.asked.pieces, 1):
            yield self.answer(str(place), piece.text, piece.feedback)

    def _numerical(self) -> Iterator[str]:
        asked = self.asked
        yield self.plain_answer("100", asked.value, {}, f"<tolerance>{asked.tolerance}</tolerance>")
        for piece in asked.pieces:
            amount = next(iter(piece.text.values()))
            yield self.plain_answer("0", amount, piece.feedback, "<tolerance>0</tolerance>")
        if any(asked.other.get(code) for code in self.languages):
            yield self.plain_answer("0", "*", asked.other, "<tolerance>0</tolerance>")
        if units := [code for code in self.languages if asked.unit.get(code)]:
            yield "<units>"
            for code in units:
                said = f' lang="{code}"' if len(self.languages) > 1 else ""
                name = f"<unit_name>{_words(asked.unit[code])}</unit_name>"
                yield f"<unit{said}><multiplier>1</multiplier>{name}</unit>"
            yield "</units><unitgradingtype>0</unitgradingtype><showunits>0</showunits>"

    def _shortanswer(self) -> Iterator[str]:
        yield "<usecase>0</usecase>"
        forms = {code: self.asked.accepted.get(code, ()) for code in self.languages}
        if len(set(forms.values())) == 1:
            forms = {"": next(iter(forms.values()))}
        for code, words in forms.items():
            for form in words:
                yield self.plain_answer("100", form.replace("*", "\\*"), {}, language=code)
        if any(self.asked.other.get(code) for code in self.languages):
            yield self.plain_answer("0", "*", self.asked.other)
