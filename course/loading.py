"""Load content into the database: read and check first, then one atomic write that is safe to repeat.

Imports every app to its left. What the text files hold no more is withdrawn, never deleted.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Manager, Model, Prefetch, QuerySet

from course.folders import Read, fingerprint, read_folder
from course.front.rendering import front_documents
from course.written import ContentError, NotAgreed, Written
from lessons import models as lessons
from lessons.content import ROLES
from lessons.content import module as texts
from lessons.content.documents import Document
from lessons.content.ledger import Claim
from lessons.content.quotes import Quote
from lessons.content.source import checksum
from lessons.content.timeline import Event
from lessons.indexing import index_module
from lessons.rendering import RENDERER, Ledger, lesson_document, lesson_text, sheet_document
from quizzes import banks
from quizzes import models as quizzes
from quizzes.kinds import KINDS

Row = TypeVar("Row", bound=Model)


def load(folder: Path, at: datetime) -> tuple[lessons.Module, Written]:
    """Read `folder` and write it; return (module, Written). ContentError, and nothing written, where it has errors.

    Where nothing has changed since the last load (see `fingerprint`) it costs one query.
    """
    mark = fingerprint(folder)
    if module := lessons.Module.objects.live().filter(fingerprint=mark).first():
        return module, Written()
    return write(read_folder(folder), mark, at)


def write(
    read: Read,
    mark: str,
    at: datetime,
    agreed: Callable[[Written], bool] = lambda written: True,
) -> tuple[lessons.Module, Written]:
    """Write what `read_folder` read of a folder with that fingerprint; as `load`.

    `agreed` is asked inside the transaction, so it should not wait for anybody: where it says no, NotAgreed is raised
    and nothing was written.
    """
    problems = read.problems
    if problems.errors:
        raise ContentError(problems)
    with transaction.atomic():
        module, written = _Loader(read, at).write()
        if not agreed(written):
            raise NotAgreed(written)
        lessons.Module.objects.filter(pk=module.pk).update(fingerprint=mark)
    return module, written


class _Loader:
    """One atomic write of a checked module; rows by slug, claims by key, lessons (`pages`) by section/lesson."""

    module: lessons.Module
    sections: dict[str, lessons.Section]
    references: dict[str, lessons.Reference]
    terms: dict[str, lessons.Term]
    claims: dict[str, lessons.Claim]
    pages: dict[str, lessons.Lesson]
    ledger: Ledger

    def __init__(self, read: Read, at: datetime) -> None:
        self.source, self.items_of, self.front, self.problems = read
        self.at = at
        self.written = Written()
        self.counted: set[Model] = set()
        self.new: set[Model] = set()

    def write(self) -> tuple[lessons.Module, Written]:
        """Write every table in the order in which rows point at each other."""
        self._write_sections()
        self._write_ledger()
        self._write_lessons()
        index_module(self.module, self.source, self.pages, self.claims)
        for slug, items in self.items_of.items():
            self._bank(self.sections[slug], items)
        if self.problems.errors:
            raise ContentError(self.problems)
        return self.module, self.written

    def _write_sections(self) -> None:
        source = self.source
        former = lessons.Module.objects.filter(slug=source.slug).first()
        self._refuse_another(former)
        article, outlines = source.document["article"], source.document["map"]
        front = front_documents(self.front, source, self._labels())
        light = {
            "article": {"reference": article["reference"]} if article else {},
            "map": bool(outlines),
            "corrections": "corrections" in self.front.pages,
            "share": self.front.share,
            "quotes": sum(section.quote is not None for section in source.sections),
            "folder": source.folder.resolve().name,
        }
        self.module = self._put(
            lessons.Module.objects,
            {"slug": source.slug},
            former,
            document=source.document | light,
            threshold=source.threshold,
            as_of=source.as_of,
            withdrawn_at=None,
        )
        periods = [period.document for period in source.timeline.periods]
        annexes = {
            lessons.Part.ARTICLE: article,
            lessons.Part.MAP: outlines,
            lessons.Part.TIMELINE: {"periods": periods} if periods else {},
            lessons.Part.QUOTE: source.quotes,
            **front,
        }
        self._annexes(self.module, {part: document for part, document in annexes.items() if document})
        self.sections = {section.slug: self._section(section) for section in source.sections}
        self._withdraw(self.module.sections, self.sections)
        for gone in self.module.sections.exclude(slug__in=list(self.sections)):
            self._withdraw(gone.lessons, [])
            self._withdraw(quizzes.Item.objects.filter(bank__section=gone), [])

    def _write_ledger(self) -> None:
        source = self.source
        self.references = self._references()
        self.terms = self._terms()
        former = {claim.key: claim for claim in self.module.claims.for_cards().select_related("section", "said_by")}
        for claim in source.claims.values():
            self._claim(claim, former.get(claim.key))
        self._withdraw(self.module.claims, source.claims, "key")
        self.claims = {claim.key: claim for claim in self.module.claims.for_cards()}
        former_events = {event.slug: event for event in self.module.events.prefetch_related("claims")}
        for event in source.timeline.events.values():
            self._event(event, former_events.get(event.slug))
        self._drop(self.module.events, source.timeline.events)
        self._drop(self.module.terms.filter(claims=None), source.terms)
        self._drop(self.module.references.filter(claims=None), source.references)

    def _write_lessons(self) -> None:
        source = self.source
        claims = Prefetch("claims", lessons.Claim.objects.select_related("module").order_by("key"))
        events = list(self.module.events.prefetch_related(claims))
        outlines = source.document["map"]
        self.ledger = Ledger(self.claims, source.terms, events, source.figures, outlines, self.module.checked_on)
        self.pages = {}
        for section in source.sections:
            row = self.sections[section.slug]
            written = {lesson.slug: self._lesson(row, section, lesson) for lesson in section.lessons}
            self._withdraw(row.lessons, written)
            self.pages |= {f"{section.slug}/{slug}": lesson for slug, lesson in written.items()}

    def _refuse_another(self, former: lessons.Module | None) -> None:
        """Refuse a folder with the slug of a module from another folder, as a copy has: it would replace that one."""
        name = self.source.folder.resolve().name
        if former and name != (folder := former.document.get("folder", former.slug)):
            self.source.entry.error(
                f"“{former.slug}” was loaded from a folder called {folder}, and this one is called {name}: "
                f"give it a slug of its own, or call the folder {folder} if it is that module",
                "slug",
            )
            raise ContentError(self.problems)

    def _put(
        self,
        rows: Manager[Row],
        identity: Mapping[str, Any],
        row: Row | None,
        part_of: Model | None = None,
        **fields: Any,
    ) -> Row:
        """Return the `row` of that identity (None: a new one) with those fields, written only if something differs.

        What is `part_of` another row counts as that one.
        """
        if row is None:
            row = rows.create(**identity, **fields)
            if part_of is None:
                self.written.made += 1
                self.counted.add(row)
                self.new.add(row)
            else:
                self._count(part_of)
            return row
        differing = [name for name, value in fields.items() if not _equal(getattr(row, name), value)]
        if differing:
            for name in differing:
                setattr(row, name, fields[name])
            row.save(update_fields=differing)
            self._count(part_of or row)
        return row

    def _annexes(self, row: lessons.Module | lessons.Section, documents: Mapping[lessons.Part, dict[str, Any]]) -> None:
        """Write what single pages show of a module or a section, and delete what it has no more."""
        rows = row.annexes.filter(section=row if isinstance(row, lessons.Section) else None)
        former = {annex.part: annex for annex in rows}
        for part, document in documents.items():
            identity = {"module": self.module, "part": part}
            self._put(row.annexes, identity, former.get(part), part_of=row, document=document)
        if rows.exclude(part__in=list(documents)).delete()[0]:
            self._count(row)

    def _count(self, row: Model) -> None:
        """Count a changed row, once."""
        self.written.changed += row not in self.counted
        self.counted.add(row)

    def _set(self, row: Model, name: str, rows: Iterable[Model]) -> None:
        """Make the row's many-to-many hold exactly those rows; no write where it does."""
        relation = getattr(row, name)
        if row in self.new:
            relation.add(*rows)
        elif {other.pk for other in relation.all()} != {other.pk for other in rows}:
            relation.set(rows)
            self._count(row)

    def _withdraw(self, rows: Manager[Row] | QuerySet[Row], names: Iterable[str], field: str = "slug") -> None:
        """Withdraw the rows that the text files hold no more, all but those of these `names`."""
        gone = rows.filter(withdrawn_at=None).exclude(**{f"{field}__in": list(names)})
        if leaving := dict(gone.order_by(field).values_list("pk", field)):
            self._name_gone(gone.model, leaving.values())
            self.written.items |= leaving.keys() if gone.model is quizzes.Item else set()
            self.written.lessons |= leaving.keys() if gone.model is lessons.Lesson else set()
            self.written.withdrawn += gone.update(withdrawn_at=self.at)

    def _name_gone(self, model: type[Model], names: Iterable[str]) -> None:
        self.written.gone += [f"{model.__name__.lower()} {name}" for name in names]

    def _labels(self) -> dict[str, str]:
        return {key: claim.stands for key, claim in self.source.claims.items() if claim.stands}

    def _section(self, section: texts.Section) -> lessons.Section:
        sheet = sheet_document(section.sheet, self._labels(), self.source.slug)
        asked = [use for item in self.items_of[section.slug] for use in item.uses]
        counts = {"before": asked.count("pre"), "exam_items": asked.count("exam")}
        row = self._put(
            self.module.sections,
            {"slug": section.slug},
            self.module.sections.filter(slug=section.slug).first(),
            position=section.position,
            document=section.document | counts,
            withdrawn_at=None,
        )
        annexes = {lessons.Part.SHEET: sheet}
        if quote := section.quote:
            annexes[lessons.Part.QUOTE] = self._quote(section, quote)
        self._annexes(row, annexes)
        return row

    def _quote(self, section: texts.Section, quote: Quote) -> dict[str, Any]:
        """Return the section's row of the quote sheet: its label is the claim's, and its item stands in one lesson."""
        asked = (lesson.slug for lesson in section.lessons if quote.item in texts.master(lesson.pages).checks)
        stands = self.source.claims[quote.claim].stands
        return quote.document | {"claim": quote.claim, "stands": stands, "item": quote.item, "lesson": next(asked)}

    def _references(self) -> dict[str, lessons.Reference]:
        rows = self.module.references
        former = {row.slug: row for row in rows.all()}
        return {
            slug: self._put(rows, {"slug": slug}, former.get(slug), document=reference.document)
            for slug, reference in self.source.references.items()
        }

    def _terms(self) -> dict[str, lessons.Term]:
        rows = self.module.terms
        former = {row.slug: row for row in rows.all()}
        return {
            slug: self._put(rows, {"slug": slug}, former.get(slug), document=term.document)
            for slug, term in self.source.terms.items()
        }

    def _event(self, event: Event, former: lessons.Event | None) -> None:
        fields: dict[str, Any] = {"date": event.date, "precision": event.precision, "document": event.document}
        row = self._put(self.module.events, {"slug": event.slug}, former, **fields)
        self._set(row, "claims", [self.claims[key] for key in event.claims])

    def _drop(self, rows: Manager[Row] | QuerySet[Row], slugs: Iterable[str]) -> None:
        """Delete what nothing points at any more: events, and terms and references without a claim."""
        gone = rows.exclude(slug__in=list(slugs))
        self._name_gone(gone.model, gone.order_by("slug").values_list("slug", flat=True))
        for row in gone:
            row.delete()
            self.written.withdrawn += 1

    def _revise(self, change: Mapping[str, str], document: Mapping[str, Any], checksum: str, **thing: Model) -> None:
        """Keep what a claim or lesson said until now."""
        lessons.Revision.objects.create(document=document, checksum=checksum, reason=change, made_at=self.at, **thing)
        self.written.revisions += 1

    def _claim(self, claim: Claim, former: lessons.Claim | None) -> None:
        if former and former.checksum != claim.checksum:
            document = {
                "document": former.document,
                "presented": former.presented,
                "stands": former.stands,
                "verdict": former.verdict,
                "said_by": former.said_by.slug if former.said_by else former.said_by_role,
                "references": [reference.slug for reference in former.references.all()],
            }
            self._revise(claim.change, document, former.checksum, claim=former)
        role = claim.said_by if claim.said_by in ROLES else ""
        row = self._put(
            self.module.claims,
            {"key": claim.key},
            former,
            origin=claim.origin,
            section=self.sections[claim.section],
            date=claim.date,
            presented=claim.presented,
            stands=claim.stands,
            verdict=claim.verdict,
            testable=claim.testable,
            said_by=self.terms.get(claim.said_by or ""),
            said_by_role=role,
            checked=claim.checked,
            document=claim.document,
            checksum=claim.checksum,
            withdrawn_at=None,
        )
        self._set(row, "references", [self.references[slug] for slug in claim.references])

    def _lesson(self, section: lessons.Section, source: texts.Section, lesson: texts.Lesson) -> lessons.Lesson:
        former = section.lessons.filter(slug=lesson.slug).first()
        if former and former.checksum != lesson.checksum:
            was = dict(former.texts.values_list("language", "source"))
            self._revise({}, {"title": former.document["title"], "source": was}, former.checksum, lesson=former)
            self.written.lessons.add(former.pk)
        row = self._put(
            section.lessons,
            {"slug": lesson.slug},
            former,
            added_at=former.added_at if former and former.withdrawn_at is None else self.at,
            position=lesson.position,
            renderer=RENDERER,
            checksum=lesson.checksum,
            document=lesson_document(lesson, self._objectives(section.slug, lesson.slug)),
            withdrawn_at=None,
        )
        self._texts(row, lesson, source.documents)
        self._set(row, "claims", [self.claims[key] for key in lesson.claims])
        return row

    def _objectives(self, section: str, lesson: str) -> list[int]:
        """Return the objectives that the quiz asks for by items whose passage stands in that lesson.

        Of a lesson of which it asks nothing, as of a lab, those of the items that are tried there.
        """
        here = [item for item in self.items_of[section] if item.passage.split("#")[0] == lesson]
        asked = [item for item in here if "quiz" in item.uses] or [item for item in here if "check" in item.uses]
        return sorted({item.objective for item in asked})

    def _texts(self, row: lessons.Lesson, lesson: texts.Lesson, documents: Mapping[str, Document]) -> None:
        """Write what a lesson says in each language, and delete what it says in a language that is left."""
        former = {text.language: text for text in row.texts.all()}
        for language, page in lesson.pages.items():
            fields = lesson_text(page, self.ledger, documents)
            self._put(row.texts, {"language": language}, former.get(language), part_of=row, **fields)
        if row.texts.exclude(language__in=list(lesson.pages)).delete()[0]:
            self._count(row)

    def _bank(self, section: lessons.Section, items: list[banks.Item]) -> None:
        bank, _made = quizzes.Bank.objects.get_or_create(module=self.module, section=section)
        rows = bank.items.select_related("current_version", "passage").prefetch_related("claims", "rests_on")
        former = {row.slug: row for row in rows}
        for item in items:
            self._item(section, bank, item, former.get(item.slug))
        self._withdraw(bank.items, [item.slug for item in items])

    def _item(
        self, section: lessons.Section, bank: quizzes.Bank, item: banks.Item, former: quizzes.Item | None
    ) -> None:
        lesson, anchor = item.passage.split("#")
        row = self._put(
            bank.items,
            {"slug": item.slug},
            former,
            level=item.level,
            objective=item.objective,
            uses=item.uses,
            passage=self.pages[f"{section.slug}/{lesson}"],
            anchor=anchor,
            document=item.document,
            withdrawn_at=None,
        )
        self._set(row, "claims", [self.claims[key] for key in item.claims])
        self._set(row, "rests_on", [self.claims[key] for key in item.rests_on])
        self._version(row, item)

    def _version(self, row: quizzes.Item, item: banks.Item) -> None:
        """Make the version with this text the current one: as it is, a former one that comes back, or a new one."""
        current = row.current_version
        if current and current.checksum == item.checksum:
            return
        kind = item.kind or ""  # an item without one is an error, and nothing is written
        rules = KINDS[kind]
        if current and not item.change and rules.key(item.version) != current.rules.key(current.document):
            item.entry.error("the key changes: say why in change.en and change.fr, for those whom it touches")
            return
        former = {} if row in self.new else {version.checksum: version for version in row.versions.all()}
        version = former.get(item.checksum)
        if version is None:
            version = row.versions.create(
                number=len(former) + 1,
                kind=kind,
                document=item.version,
                checksum=item.checksum,
                reason=item.change,
                made_at=self.at,
            )
            self.written.versions += 1
        else:
            self._count(row)
        if current:
            self.written.items.add(row.pk)
        row.current_version = version
        row.save(update_fields=["current_version"])


def _equal(stored: Any, new: Any) -> bool:
    """Return whether a value is as it is stored; floats as the decimals of four places that they are stored as."""
    if isinstance(new, float):
        return float(stored) == round(new, 4)
    if isinstance(new, dict):
        return checksum(stored) == checksum(new)
    return stored == new
