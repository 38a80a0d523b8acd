"""What search finds of a module, made on load: passages of its lessons, its claims, the entries of its glossary."""

from collections.abc import Iterable, Iterator, Mapping

from lessons.content.alphabet import in_order
from lessons.content.ledger import Claim as Statement
from lessons.content.ledger import Term
from lessons.content.module import Module as Source
from lessons.content.page import Page
from lessons.content.search import indexed, scope, spaced, words_in, words_of
from lessons.models import Claim, Lesson, Module, Passage


def index_module(module: Module, source: Source, lessons: Mapping[str, Lesson], claims: Mapping[str, Claim]) -> None:
    """Make the module's passages say what its text files say.

    `lessons` are the rows by section/lesson, `claims` those by key. No write where nothing differs.
    """
    passages: list[Passage] = []
    for language in source.languages:
        said = [*_of_claims(claims, source.claims.values(), language), *_of_entries(source.terms.values(), language)]
        for section in source.sections:
            documents = {slug: document.text(language) for slug, document in section.documents.items()}
            for lesson in section.lessons:
                row, page = lessons[f"{section.slug}/{lesson.slug}"], lesson.pages[language]
                said += _of_lesson(row, page, documents, language)
        for passage in said:
            passage.module = module
            passage.also += f"{scope(module.slug, language)} "
        passages += said
    Passage.objects.replace(module, passages)


def _of_lesson(lesson: Lesson, page: Page, documents: Mapping[str, str], language: str) -> Iterator[Passage]:
    """Yield a passage for each heading, with the `documents` below it, {slug: words}.

    The first is found by every word of the lesson, the others by its title too.
    """
    texts = [(anchor, spaced(text)) for anchor, text in page.passages(documents)]
    passages = [(anchor, text, indexed(text, language)) for anchor, text in texts]
    whole = words_in(words for _anchor, _text, words in passages)
    title = words_of([page.title], language)
    for position, (anchor, text, words) in enumerate(passages):
        yield Passage(
            lesson=lesson,
            language=language,
            anchor=anchor,
            position=position,
            title=page.title,
            text=text,
            heading=words_of([page.headings[anchor]], language) if anchor else title,
            words=words,
            also=title if anchor else whole,
        )


def _of_claims(rows: Mapping[str, Claim], claims: Iterable[Statement], language: str) -> Iterator[Passage]:
    """Yield the finding of each claim, found by its key, its date and all that its card says too."""
    for position, claim in enumerate(sorted(claims, key=lambda claim: claim.key)):
        finding = spaced(claim.document["finding"][language])
        texts = [text.get(language, "") for text in claim.document.values()]
        yield Passage(
            claim=rows[claim.key],
            language=language,
            position=position,
            title=claim.key,
            text=finding,
            heading=words_of([claim.key], language),
            words=indexed(finding, language),
            also=words_of([claim.date, *texts], language),
        )


def _of_entries(terms: Iterable[Term], language: str) -> Iterator[Passage]:
    """Yield the meaning of each entry, found by its names in every language."""
    for position, term in enumerate(in_order(terms, language)):
        meaning = spaced(term.document["meaning"][language])
        names = [name for other in term.document["name"] for name in term.names(other)]
        yield Passage(
            language=language,
            anchor=f"term-{term.slug}",
            position=position,
            title=term.document["name"][language],
            text=meaning,
            heading=words_of(term.names(language), language),
            words=indexed(meaning, language),
            also=words_of(names, language),
        )
