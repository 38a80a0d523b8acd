"""Load content into the database: read and check first, then one atomic write that is safe to repeat.

Imports every app to its left. What the text files hold no more is withdrawn, never deleted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, Prefetch

from course.folders import Read, fingerprint, read_folder
from course.front.rendering import front_documents
from course.rows import BATCH, Fields, Part, Rows
from course.written import ContentError, NotAgreed, Written
from lessons import models as lessons
from lessons.content import ROLES
from lessons.content import module as texts
from lessons.content.ledger import Claim, Reference, Term
from lessons.content.quotes import Quote
from lessons.content.timeline import Event
from lessons.indexing import index_module
from lessons.rendering import RENDERER, Ledger, lesson_document, lesson_text, sheet_document
from quizzes import banks
from quizzes import models as quizzes
from quizzes.kinds import KINDS
from quizzes.models.rewriting import rewrite

NamedRow = TypeVar("NamedRow", lessons.Reference, lessons.Term)


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

    def __init__(self, read: Read, at: datetime) -> None:
        self.source, self.items_of, self.front, self.problems = read
        self.at = at
        self.rows = Rows(at)

    def write(self) -> tuple[lessons.Module, Written]:
        """Write every table in the order in which rows point at each other.

        The number of statements hangs on how many rows are new or changed, by hundreds, and not on how many there are.
        """
        self._write_module()
        self._write_sections()
        self._write_annexes()
        self._write_ledger()
        self._write_claims()
        self._write_events()
        self._write_lessons()
        index_module(self.module, self.source, self.pages, self.claims)
        self._write_items()
        if self.problems.errors:
            raise ContentError(self.problems)
        return self.module, self.rows.written

    def _write_module(self) -> None:
        source = self.source
        former = {module.slug: module for module in lessons.Module.objects.filter(slug=source.slug)}
        self._refuse_another(former.get(source.slug))
        article, outlines = source.document["article"], source.document["map"]
        light = {
            "article": {"reference": article["reference"]} if article else {},
            "map": bool(outlines),
            "corrections": "corrections" in self.front.pages,
            "share": self.front.share,
            "quotes": sum(section.quote is not None for section in source.sections),
            "folder": source.folder.resolve().name,
        }
        fields = {
            "slug": source.slug,
            "document": source.document | light,
            "threshold": source.threshold,
            "as_of": source.as_of,
            "withdrawn_at": None,
        }
        self.module = self.rows.put(lessons.Module, former, {source.slug: fields})[source.slug]

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

    def _write_sections(self) -> None:
        former = {section.slug: section for section in self.module.sections.all()}
        wanted = {section.slug: self._section(section) for section in self.source.sections}
        self.sections = self.rows.put(lessons.Section, former, wanted)
        self.rows.withdraw(former, self.sections)

    def _section(self, section: texts.Section) -> Fields:
        asked = [use for item in self.items_of[section.slug] for use in item.uses]
        counts = {"before": asked.count("pre"), "exam_items": asked.count("exam")}
        return {
            "module": self.module,
            "slug": section.slug,
            "position": section.position,
            "document": section.document | counts,
            "withdrawn_at": None,
        }

    def _write_annexes(self) -> None:
        """Write what single pages show of the module and of its sections."""
        source, labels = self.source, {key: claim.stands for key, claim in self.source.claims.items() if claim.stands}
        periods = [period.document for period in source.timeline.periods]
        of_module = {
            lessons.Part.ARTICLE: source.document["article"],
            lessons.Part.MAP: source.document["map"],
            lessons.Part.TIMELINE: {"periods": periods} if periods else {},
            lessons.Part.QUOTE: source.quotes,
            **front_documents(self.front, source, labels),
        }
        documents: dict[Part, dict[str, Any]] = {
            (self.module, part): document for part, document in of_module.items() if document
        }
        for section in source.sections:
            row = self.sections[section.slug]
            documents[row, lessons.Part.SHEET] = sheet_document(section.sheet, labels, source.slug)
            if section.quote:
                documents[row, lessons.Part.QUOTE] = self._quote(section, section.quote)
        whole: dict[int | None, Model] = {None: self.module} | {row.pk: row for row in self.sections.values()}
        annexes = (annex for annex in self.module.annexes.all() if annex.section_id in whole)
        self.rows.put_parts(
            lessons.Annex,
            {(whole[annex.section_id], annex.part): annex for annex in annexes},
            {
                (row, part): {
                    "module": self.module,
                    "section": row if isinstance(row, lessons.Section) else None,
                    "part": part,
                    "document": document,
                }
                for (row, part), document in documents.items()
            },
        )

    def _quote(self, section: texts.Section, quote: Quote) -> dict[str, Any]:
        """Return the section's row of the quote sheet: its label is the claim's, and its item stands in one lesson."""
        asked = (lesson.slug for lesson in section.lessons if quote.item in texts.master(lesson.pages).checks)
        stands = self.source.claims[quote.claim].stands
        return quote.document | {"claim": quote.claim, "stands": stands, "item": quote.item, "lesson": next(asked)}

    def _write_ledger(self) -> None:
        self.references = self._named(lessons.Reference, self.module.references.all(), self.source.references)
        self.terms = self._named(lessons.Term, self.module.terms.all(), self.source.terms)

    def _named(
        self, model: type[NamedRow], rows: Iterable[NamedRow], source: Mapping[str, Reference | Term]
    ) -> dict[str, NamedRow]:
        """Write what is nothing but a slug and a document."""
        wanted = {slug: {"module": self.module, "slug": slug, "document": row.document} for slug, row in source.items()}
        return self.rows.put(model, {row.slug: row for row in rows}, wanted)

    def _write_claims(self) -> None:
        source = self.source.claims
        former = {claim.key: claim for claim in self.module.claims.for_cards()}
        self._revise(
            lessons.Revision(claim=row, document=_said(row), checksum=row.checksum, reason=source[key].change)
            for key, row in former.items()
            if key in source and source[key].checksum != row.checksum
        )
        rows = self.rows.put(lessons.Claim, former, {key: self._claim(claim) for key, claim in source.items()})
        references = {row: [self.references[slug] for slug in source[key].references] for key, row in rows.items()}
        self.rows.join("references", references)
        self.rows.withdraw(former, source)
        self.rows.drop(self.module.terms.filter(claims=None), self.source.terms)
        self.rows.drop(self.module.references.filter(claims=None), self.source.references)
        self.claims = {claim.key: claim for claim in self.module.claims.for_cards()}

    def _claim(self, claim: Claim) -> Fields:
        return {
            "module": self.module,
            "key": claim.key,
            "origin": claim.origin,
            "section": self.sections[claim.section],
            "date": claim.date,
            "presented": claim.presented,
            "stands": claim.stands,
            "verdict": claim.verdict,
            "testable": claim.testable,
            "said_by": self.terms.get(claim.said_by or ""),
            "said_by_role": claim.said_by if claim.said_by in ROLES else "",
            "checked": claim.checked,
            "document": claim.document,
            "checksum": claim.checksum,
            "withdrawn_at": None,
        }

    def _revise(self, revisions: Iterable[lessons.Revision]) -> None:
        """Keep what claims or lessons said until now."""
        made = list(revisions)
        for revision in made:
            revision.made_at = self.at
        lessons.Revision.objects.bulk_create(made, BATCH)
        self.rows.written.revisions += len(made)

    def _write_events(self) -> None:
        source = self.source.timeline.events
        former = {event.slug: event for event in self.module.events.all()}
        rows = self.rows.put(lessons.Event, former, {slug: self._event(event) for slug, event in source.items()})
        self.rows.join("claims", {row: self._claims(source[slug].claims) for slug, row in rows.items()})
        self.rows.drop(self.module.events.all(), source)

    def _event(self, event: Event) -> Fields:
        return {
            "module": self.module,
            "slug": event.slug,
            "date": event.date,
            "precision": event.precision,
            "document": event.document,
        }

    def _claims(self, keys: Iterable[str]) -> list[lessons.Claim]:
        return [self.claims[key] for key in keys]

    def _write_lessons(self) -> None:
        source = {
            f"{section.slug}/{lesson.slug}": (section, lesson)
            for section in self.source.sections
            for lesson in section.lessons
        }
        rows = lessons.Lesson.objects.filter(section__module=self.module)
        rows = rows.select_related("section").prefetch_related("texts")
        former = {f"{row.section.slug}/{row.slug}": row for row in rows}
        changed = [row for key, row in former.items() if key in source and source[key][1].checksum != row.checksum]
        self._revise(
            lessons.Revision(lesson=row, document=_written(row), checksum=row.checksum, reason={}) for row in changed
        )
        self.rows.written.lessons |= {row.pk for row in changed}
        wanted = {key: self._lesson(*pair, former.get(key)) for key, pair in source.items()}
        self.pages = self.rows.put(lessons.Lesson, former, wanted)
        self.rows.withdraw(former, self.pages)
        self._write_texts(former.values(), source)
        self.rows.join("claims", {row: self._claims(source[key][1].claims) for key, row in self.pages.items()})

    def _lesson(self, section: texts.Section, lesson: texts.Lesson, former: lessons.Lesson | None) -> Fields:
        return {
            "section": self.sections[section.slug],
            "slug": lesson.slug,
            "added_at": former.added_at if former and former.withdrawn_at is None else self.at,
            "position": lesson.position,
            "renderer": RENDERER,
            "checksum": lesson.checksum,
            "document": lesson_document(lesson, self._objectives(section.slug, lesson.slug)),
            "withdrawn_at": None,
        }

    def _objectives(self, section: str, lesson: str) -> list[int]:
        """Return the objectives that the quiz asks for by items whose passage stands in that lesson.

        Of a lesson of which it asks nothing, as of a lab, those of the items that are tried there.
        """
        here = [item for item in self.items_of[section] if item.passage.split("#")[0] == lesson]
        asked = [item for item in here if "quiz" in item.uses] or [item for item in here if "check" in item.uses]
        return sorted({item.objective for item in asked})

    def _write_texts(
        self, former: Iterable[lessons.Lesson], source: Mapping[str, tuple[texts.Section, texts.Lesson]]
    ) -> None:
        """Write what lessons say in each language, and delete what they say in a language that is left."""
        ledger, live = self._shown(), set(self.pages.values())
        self.rows.put_parts(
            lessons.LessonText,
            {(row, text.language): text for row in former if row in live for text in row.texts.all()},
            {
                (self.pages[key], language): {
                    "lesson": self.pages[key],
                    "language": language,
                    **lesson_text(page, ledger, section.documents),
                }
                for key, (section, lesson) in source.items()
                for language, page in lesson.pages.items()
            },
        )

    def _shown(self) -> Ledger:
        """Return what lessons show beside their text, as it was written."""
        claims = Prefetch("claims", lessons.Claim.objects.select_related("module").order_by("key"))
        events = list(self.module.events.prefetch_related(claims))
        source, outlines = self.source, self.source.document["map"]
        return Ledger(self.claims, source.terms, events, source.figures, outlines, self.module.checked_on)

    def _write_items(self) -> None:
        of_section = self._banks()
        source = {
            (of_section[self.sections[slug].pk].pk, item.slug): (slug, item)
            for slug, items in self.items_of.items()
            for item in items
        }
        rows = quizzes.Item.objects.filter(bank__section__module=self.module).select_related("current_version")
        former = {(row.bank_id, row.slug): row for row in rows}
        wanted = {key: {"bank_id": key[0], **self._item(slug, item)} for key, (slug, item) in source.items()}
        items = self.rows.put(quizzes.Item, former, wanted)
        self.rows.withdraw(former, items)
        for name in ("claims", "rests_on"):
            self.rows.join(name, {row: self._claims(getattr(source[key][1], name)) for key, row in items.items()})
        self._write_versions({row: source[key][1] for key, row in items.items()})

    def _banks(self) -> dict[int | None, quizzes.Bank]:
        """Return {id of a section: its bank}."""
        former = {bank.section_id: bank for bank in quizzes.Bank.objects.filter(section__module=self.module)}
        new = [quizzes.Bank(module=self.module, section=row) for row in self.sections.values() if row.pk not in former]
        return former | {bank.section_id: bank for bank in quizzes.Bank.objects.bulk_create(new)}

    def _item(self, section: str, item: banks.Item) -> Fields:
        lesson, anchor = item.passage.split("#")
        return {
            "slug": item.slug,
            "level": item.level,
            "objective": item.objective,
            "uses": item.uses,
            "passage": self.pages[f"{section}/{lesson}"],
            "anchor": anchor,
            "document": item.document,
            "withdrawn_at": None,
        }

    def _write_versions(self, items: Mapping[quizzes.Item, banks.Item]) -> None:
        """Make the versions with these texts the current ones: as they are, former ones that come back, or new ones."""
        current = {row: row.current_version.checksum if row.current_version else "" for row in items}
        differing = {row: item for row, item in items.items() if current[row] != item.checksum}
        former: defaultdict[int, dict[str, quizzes.ItemVersion]] = defaultdict(dict)
        if known := [row for row in differing if row.current_version]:
            for version in quizzes.ItemVersion.objects.filter(item__in=known):
                former[version.item_id][version.checksum] = version
        turned = [row for row, item in differing.items() if self._turn(row, item, former[row.pk])]
        new = [row.version for row in turned if row.version.pk is None]
        quizzes.ItemVersion.objects.bulk_create(new, BATCH)
        for version in new:
            version.item.current_version = version  # whose id it has now
        for start in range(0, len(turned), BATCH):
            rewrite(turned[start : start + BATCH], ["current_version"])
        self.rows.written.versions += len(new)

    def _turn(self, row: quizzes.Item, item: banks.Item, former: Mapping[str, quizzes.ItemVersion]) -> bool:
        """Give a row the version with this text, one of `former` or one not saved yet; no where that is refused."""
        current, kind = row.current_version, item.kind or ""  # without a kind it is an error, and nothing is written
        if current and not item.change and KINDS[kind].key(item.version) != current.rules.key(current.document):
            item.entry.error("the key changes: say why in change.en and change.fr, for those whom it touches")
            return False
        if current:
            self.rows.written.items.add(row.pk)
        if item.checksum in former:
            self.rows.count(row)
        row.current_version = former.get(item.checksum) or quizzes.ItemVersion(
            item=row,
            number=len(former) + 1,
            kind=kind,
            document=item.version,
            checksum=item.checksum,
            reason=item.change,
            made_at=self.at,
        )
        return True


def _said(claim: lessons.Claim) -> dict[str, Any]:
    """Return what a claim said, as its revision keeps it."""
    return {
        "document": claim.document,
        "presented": claim.presented,
        "stands": claim.stands,
        "verdict": claim.verdict,
        "said_by": claim.said_by.slug if claim.said_by else claim.said_by_role,
        "references": [reference.slug for reference in claim.references.all()],
    }


def _written(lesson: lessons.Lesson) -> dict[str, Any]:
    """Return what a lesson said, as its revision keeps it."""
    return {
        "title": lesson.document["title"],
        "source": {text.language: text.source for text in lesson.texts.all()},
    }
