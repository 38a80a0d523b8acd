"""Questions written as GIFT. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from quizzes.formats.base import Loss, Question, Texts
from quizzes.formats.marking import share_of, truth_of
from quizzes.formats.tags import ORDER_AS_OURS, path_in_words, tags_of
from quizzes.formats.texts import in_html

RESERVED = re.compile(r"[\\#=~{}:]")
Shown = Callable[[Texts], str]  # a text as the file has it


def write(questions: Iterable[Question], languages: Sequence[str]) -> Iterator[str]:
    """Yield the questions, one a part, each with its tags and its number in a comment."""
    category: tuple[str, ...] = ()
    for question in questions:
        head = ""
        if question.category != category:
            category = question.category
            head = f"$CATEGORY: {path_in_words(category)}\n\n"
        yield head + _written(question, [code for code in question.languages if code in languages])


def loses(question: Question, languages: Sequence[str]) -> list[Loss]:
    """Return what GIFT has no place for: reasons for each pair, entry or label; units; forms by language; shuffling."""
    lost = []
    if question.kind in ("match", "classify", "order") and any(piece.feedback for piece in question.pieces):
        lost.append(Loss.REASONS)
    if any(question.unit.values()):
        lost.append(Loss.UNITS)
    if question.articles:
        lost.append(Loss.ARTICLES)
    if question.has_documents:
        lost.append(Loss.DOCUMENTS)
    if len({forms for code, forms in question.accepted.items() if code in languages}) > 1:
        lost.append(Loss.FORMS)
    if any("->" in form for code, forms in question.accepted.items() if code in languages for form in forms):
        lost.append(Loss.ARROW)
    if question.pictures:
        lost.append(Loss.PICTURE_AWAY)
    if _stays(question):
        lost.append(Loss.STAYS)
    return lost


def _stays(question: Question) -> bool:
    """Return whether the pieces keep their order, which GIFT cannot say but of true and false."""
    has_pieces = question.kind in ("single", "multiple", "match", "classify")
    return has_pieces and not question.shuffle and truth_of(question.pieces, question.shuffle) is None


def _written(question: Question, languages: Sequence[str]) -> str:
    said = [f"[id:{_commented(question.number)}]"] if question.number else []
    said += [f"[tag:{_commented(tag)}]" for tag in tags_of(question)]
    comment = f"// {' '.join(said)}\n" if said else ""
    name = f"::{_shielded(question.name)}::" if question.name else ""

    def text(texts: Texts) -> str:
        words = in_html(texts, languages)
        words = f"&#37;{words[1:]}" if words.startswith("%") else words  # no weight
        return ("[html]" if words.startswith("[") else "") + _shielded(words)

    stem = in_html(question.stem, languages)
    general = f"####{text(question.explanation)}" if any(question.explanation.values()) else ""
    answers = "".join(ANSWERS[question.kind](question, text, languages))
    return f"{comment}{name}[html]{_shielded(stem)}{{{answers}{general}}}\n\n"


def _commented(text: str) -> str:
    return " ".join(text.split()).replace("\\", "/").replace("]", "\\]")


def _shielded(text: str) -> str:
    """Return a text with its signs shielded; a blank line in it would end the question."""
    return RESERVED.sub(lambda sign: f"\\{sign[0]}", text).replace("\n", "\\n")


def _reason(texts: Texts, text: Shown) -> str:
    words = text(texts)
    return f"#{words}" if words else ""


def _options(question: Question, text: Shown, _languages: Sequence[str]) -> Iterator[str]:
    is_true = truth_of(question.pieces, question.shuffle)
    if is_true is not None:
        right, wrong = sorted(question.pieces, key=lambda piece: -piece.weight)
        reasons = [text(wrong.feedback), text(right.feedback)]
        yield ("TRUE" if is_true else "FALSE") + "".join(f"#{words}" for words in (reasons if any(reasons) else []))
        return
    keys = sum(piece.weight for piece in question.pieces)
    for piece in question.pieces:
        sign = ("=" if piece.weight else "~") if keys == 1 else f"~%{share_of(piece, keys)}%"
        yield f"\n{sign}{text(piece.text)}{_reason(piece.feedback, text)}"
    yield "\n"


def _pairs(question: Question, text: Shown, _languages: Sequence[str]) -> Iterator[str]:
    for piece in question.pieces:
        yield f"\n={text(piece.text)} -> {text(piece.partner)}"
    for spare in question.spares:
        yield f"\n= -> {text(spare)}"
    yield "\n"


def _number(question: Question, text: Shown, _languages: Sequence[str]) -> Iterator[str]:
    yield f"#\n={question.value}:{question.tolerance}"
    for piece in question.pieces:
        amount = next(iter(piece.text.values()))
        yield f"\n=%0%{amount}:0{_reason(piece.feedback, text)}"
    if other := text(question.other):
        yield f"\n~#{other}"
    yield "\n"


def _forms(question: Question, text: Shown, languages: Sequence[str]) -> Iterator[str]:
    for form in dict.fromkeys(chain.from_iterable(question.accepted.get(code, ()) for code in languages)):
        starred = form.replace("*", "\\*").replace("->", "→")  # a bare star is any signs, an arrow makes a pair
        yield f"\n=%100%{_shielded(starred)}"
    if other := text(question.other):
        yield f"\n=%0%*#{other}"
    yield "\n"


def _order(question: Question, _text: Shown, languages: Sequence[str]) -> Iterator[str]:
    """Yield the entries with their signs as HTML names them: what reads an order takes strokes for letters."""
    yield f">{len(question.pieces)} ALL VERTICAL {ORDER_AS_OURS} SHOW none\n"
    for piece in question.pieces:
        words = in_html(piece.text, languages)
        yield re.sub(r"^[/\[]|[{}\\#]", lambda sign: f"&#{ord(sign[0])};", words) + "\n"


ANSWERS = {
    "single": _options,
    "multiple": _options,
    "match": _pairs,
    "classify": _pairs,
    "number": _number,
    "short": _forms,
    "order": _order,
}
