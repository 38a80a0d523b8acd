"""Items of owners' banks: written, drafted, withdrawn, copied, moved. Imports the tables.

Each verb holds its writer's row, who alone may write in a bank of theirs, so that of two browsers one waits.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any

from accounts.locking import atomic_once_more
from accounts.models import Audit, User
from lessons.content import LEVELS
from lessons.content.source import Problem, checksum
from lessons.models import Claim, Lesson
from quizzes import page_words, pictures, retyped, typed
from quizzes.kinds import KINDS
from quizzes.models import Bank, Item, ItemVersion, Picture, Use
from quizzes.pictures import Encoded
from quizzes.remarking import batches, settle
from quizzes.typed import Checked, Source

USES = [Use.QUIZ, Use.REVIEW]  # never an exam of the course
OF_NO_MODULE = dict.fromkeys(("passage", "objective", "claims"), "")
MARKING = ("tolerance", "accepted", "articles")  # what marks beside the key, in the versions of some kinds
MOST_CLAIMS = 40  # of one item
BATCH = 500  # rows in one statement; SQLite takes fewer
AN_ADDRESS = re.compile(r"(?P<section>[a-z0-9-]{1,50})/(?P<lesson>[a-z0-9-]{1,50})#(?P<anchor>[a-z0-9-]{1,80})\Z")


@dataclass(frozen=True)
class About:
    """What an item says beside its text, found in the module of its bank; and what of it cannot be found."""

    level: str = ""
    objective: int | None = None
    passage: Lesson | None = None
    anchor: str = ""
    claims: list[Claim] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Named:
    """What items of a bank may name in its module: passages and claims, asked for one by one."""

    def __init__(self, bank: Bank) -> None:
        self.module = bank.module_id

    def passage(self, section: str, lesson: str) -> Lesson | None:
        rows = Lesson.objects.live().filter(section__module=self.module, section__slug=section)
        return rows.filter(slug=lesson).select_related("section").first()

    def claims(self, keys: Iterable[str]) -> dict[str, Claim]:
        return {row.key: row for row in Claim.objects.live().filter(module=self.module, key__in=keys)}


class NamedOfMany(Named):
    """The same, read at once for many items. 2 queries."""

    def __init__(self, bank: Bank) -> None:
        super().__init__(bank)
        lessons = Lesson.objects.live().filter(section__module=self.module).select_related("section")
        self.lessons = {(row.section.slug, row.slug): row for row in lessons if self.module}
        self.rows = {row.key: row for row in Claim.objects.live().filter(module=self.module) if self.module}

    def passage(self, section: str, lesson: str) -> Lesson | None:
        return self.lessons.get((section, lesson))

    def claims(self, keys: Iterable[str]) -> dict[str, Claim]:
        return {key: self.rows[key] for key in keys if key in self.rows}


def about(source: Source, bank: Bank, named: Named | None = None) -> About:
    """Return what a Source says beside its text; of a bank without a module the level alone. At most 2 queries."""
    level = source.get("level", "")
    level = level if level in LEVELS else ""
    if bank.module_id is None:
        return About(level)
    problems: list[Problem] = []
    named = named or Named(bank)
    passage, anchor = _passage(source.get("passage", ""), named, problems)
    claims = _claims(source.get("claims", ""), named, problems)
    return About(level, _objective(source.get("objective", ""), passage, problems), passage, anchor, claims, problems)


def _passage(address: str, named: Named, problems: list[Problem]) -> tuple[Lesson | None, str]:
    if not address:
        return None, ""
    if parts := AN_ADDRESS.match(address):
        lesson = named.passage(parts["section"], parts["lesson"])
        if lesson and lesson.heading(parts["anchor"]):
            return lesson, parts["anchor"]
    problems.append(Problem("passage", 0, "no such passage"))
    return None, ""


def _claims(keys: str, named: Named, problems: list[Problem]) -> list[Claim]:
    asked = list(dict.fromkeys(re.split(r"[\s,;]+", keys[: typed.LONGEST_TEXT].strip().upper())))[:MOST_CLAIMS]
    if asked == [""]:
        return []
    rows = named.claims(asked)
    problems += [Problem("claims", 0, f"no claim is called “{key[:20]}”") for key in asked if key not in rows]
    return [rows[key] for key in asked if key in rows]


def _objective(number: str, passage: Lesson | None, problems: list[Problem]) -> int | None:
    number = number.strip()
    if not number:
        return None
    most = len(passage.section.document["objectives"]) if passage else 0
    if not (number.isascii() and number.isdigit() and len(number) < 3 and 1 <= int(number) <= most):
        problems.append(Problem("objective", 0, f"the section of its passage has the objectives 1 to {most}"))
        return None
    return int(number)


@dataclass(frozen=True)
class Written:
    """What became of an item that was sent: `refused` lists why nothing was saved; `asks_reason`, that marks change.

    `lacks` is what makes it a draft, `warnings` what its author should look at; all as Problems of fields.
    """

    item: Item
    refused: list[Problem] = field(default_factory=list)
    lacks: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    asks_reason: bool = False

    @property
    def is_saved(self) -> bool:
        return not self.refused and not self.asks_reason


def judge(item: Item, source: Source, named: Named | None = None) -> tuple[Checked, About, Written]:
    """Return what a Source without blank rows makes, and what would become of it; nothing is written. 2 queries."""
    checked, beside = typed.check(source, item.bank.languages), about(source, item.bank, named)
    errors = [problem for problem in checked.problems if not problem.warning] + beside.problems
    refused = [problem for problem in errors if not page_words.is_missing(problem.text)]
    lacks = [problem for problem in errors if page_words.is_missing(problem.text)]
    warnings = [problem for problem in checked.problems if problem.warning]
    warnings += [Problem(name, 0, words, True) for name, flaw in checked.flaws if (words := page_words.of_flaw(flaw))]
    return checked, beside, Written(item, refused, lacks, warnings)


def write(
    item: Item,
    source: Source,
    at: datetime,
    why: Mapping[str, str] | None = None,
    sent: Iterable[Encoded | Picture] = (),
) -> Written:
    """Save an item whose writer is held, as a draft where something lacks; nothing where something is wrong.

    `why` is {language: reason}, asked for where marks change and somebody answered. Of the pictures that are `sent`
    those are kept that the Source names. In a transaction; 17 queries, 4 more with pictures.
    """
    sent = list(sent)
    has_pictures = "pictures" in source or "pictures" in item.source
    source = typed.without_blanks(source)
    if has_pictures:
        source = pictures.named(source, [*sent, *pictures.kept(item)])
    checked, beside, written = judge(item, source)
    if written.refused:
        return written
    version = item.current_version
    if version and not written.lacks and not why and marks_otherwise(version, checked) and _is_answered(item):
        return Written(item, warnings=written.warnings, asks_reason=True)
    _fill(item, source, checked, beside, written)
    item.save()
    item.claims.set(beside.claims)
    item.rests_on.set(beside.claims)
    if not written.lacks:
        _put_version(item, checked, why or {}, at)
    if has_pictures:
        pictures.keep(item, sent)
        pictures.drop_unnamed(item)
    return Written(item, lacks=written.lacks, warnings=written.warnings)


def _fill(item: Item, source: Source, checked: Checked, beside: About, written: Written) -> None:
    """Give an item what a Source says, but for its claims and its version; nothing is saved."""
    item.source, item.draft = source, [problem.path for problem in written.lacks]
    item.is_flagged = bool(written.warnings)
    item.level, item.objective = beside.level, beside.objective
    item.passage, item.anchor = beside.passage, beside.anchor
    if not written.lacks:
        item.document = {"explanation": checked.explanation, "feedback": checked.feedback}
    elif not item.document:
        item.document = {"explanation": {}, "feedback": {}}


@dataclass(frozen=True)
class Judged:
    """A Source of a new item that was judged, with the pictures that it names."""

    source: Source
    checked: Checked
    about: About
    written: Written
    pictures: list[Encoded] = field(default_factory=list)


def add(judged: Iterable[Judged], at: datetime) -> list[Item]:
    """Save new items that were judged by the rules of `write`, many at a time; those refused are left out.

    Their writer is held. In a transaction; 2 queries for each 500, as many for those that are whole, 2 for claims.
    """
    items: list[Item] = []
    versions: list[ItemVersion] = []
    claims: list[tuple[Item, Claim]] = []
    shown: list[Picture] = []
    for new in judged:
        if new.written.refused:
            continue
        item = new.written.item
        _fill(item, new.source, new.checked, new.about, new.written)
        items.append(item)
        claims += [(item, claim) for claim in new.about.claims]
        shown += [pictures.row(item, picture) for picture in new.pictures]
        if not new.written.lacks:
            versions.append(_version(item, new.checked, at))
    Item.objects.bulk_create(items, BATCH)
    ItemVersion.objects.bulk_create(versions, BATCH)
    for version in versions:
        version.item.current_version = version
    Item.objects.bulk_update([version.item for version in versions], ["current_version"], BATCH)
    Picture.objects.bulk_create(shown, BATCH // 10)
    for link in (Item.claims.through, Item.rests_on.through):
        rows: list[Any] = [link(item=item, claim=claim) for item, claim in claims]
        link.objects.bulk_create(rows, BATCH)
    return items


def _version(item: Item, checked: Checked, at: datetime) -> ItemVersion:
    """Return the first version of an item, unsaved."""
    return ItemVersion(
        item=item,
        number=1,
        kind=checked.kind,
        document=checked.version,
        checksum=checked.checksum,
        reason={},
        made_at=at,
    )


def marks_otherwise(version: ItemVersion, checked: Checked) -> bool:
    """Return whether something else would be right from now on: another key, tolerance or accepted form."""
    before, now = version.document, checked.version
    if version.kind != checked.kind or version.rules.key(before) != KINDS[checked.kind].key(now):
        return True
    return any(before.get(name) != now.get(name) for name in MARKING)


def _is_answered(item: Item) -> bool:
    return item.responses.filter(marked_at__isnull=False, attempt__is_trial=False).exists()


def _put_version(item: Item, checked: Checked, why: Mapping[str, str], at: datetime) -> None:
    """Make the version with this text the current one: a former one that comes back, or a new one. 4 queries."""
    if item.current_version and item.current_version.checksum == checked.checksum:
        return
    version = item.versions.filter(checksum=checked.checksum).first() or item.versions.create(
        number=item.versions.count() + 1,
        kind=checked.kind,
        document=checked.version,
        checksum=checked.checksum,
        reason=dict(why),
        made_at=at,
    )
    item.current_version = version
    item.save(update_fields=["current_version"])


def basis(source: Source) -> str:
    """Return what a page that shows this Source carries, so that a write says what it is based on."""
    return checksum(source)[:12]


@dataclass(frozen=True)
class Newer:
    """What stands of an item that the page did not show: {name of a field: what stands in it}."""

    item: Item
    fields: dict[str, str]


@atomic_once_more
def save(
    user: User,
    bank: Bank,
    number: int | None,
    source: Source,
    based_on: str,
    at: datetime,
    why: Mapping[str, str],
    sent: Sequence[Encoded] = (),
) -> Written | Newer:
    """Save what `user` typed for the item of that number in their bank; None makes one. At most 24 queries.

    `sent` are pictures that the Source may name beside those that are kept.
    Newer, and nothing is written, where something stands that the page did not show. An item that is made is known by
    the token `based_on`: sent twice it is made once, and other text sent with it finds what the first made.
    Bank.DoesNotExist, Item.DoesNotExist where they are not there.
    """
    User.objects.hold(user.pk)
    bank = Bank.objects.edited_by(user).get(pk=bank.pk)
    if number is None:
        slug = f"own-{checksum(based_on)[:20]}"
        item = _made(user, slug) or Item(bank=bank, slug=slug, uses=USES, document={})
    else:
        item = bank.items.select_related("current_version", "bank").get(pk=number)
    source = retyped.over(typed.without_blanks(source), item.source, bank.languages)
    if item.pk and based_on and based_on != basis(item.source):
        if source == item.source:
            return Written(item)
        stands, typed_now = typed.fields(item.source), typed.fields(source)
        return Newer(item, {name: text for name, text in stands.items() if text != typed_now.get(name, "")})
    if source != item.source:
        item.author = user
    return write(item, source, at, why, sent)


def _made(user: User, slug: str) -> Item | None:
    """Return the item that a press made, in whichever bank of `user`'s it stands by now. One query."""
    rows = Item.objects.filter(bank__in=Bank.objects.edited_by(user), slug=slug)
    return rows.select_related("current_version", "bank").first()


def mark_again(item: Item, by: User, at: datetime, why: Mapping[str, str] | None = None) -> int:
    """Mark again what was answered to an item, by its current key, and tell its learners `why`, {language: reason}.

    Return how many responses have another score, or count no more or again. To be called outside the transaction that
    changed it, since learners are locked before their attempts: each batch of attempts is one of its own.
    """
    changes = [change for ids in batches(item) for change in settle(ids, by, at, why)]
    if changes:
        Audit.record(by, "remark", f"item {item.pk}: {len(changes)} responses", at)
    return sum(change.before != change.after for change in changes)


@atomic_once_more
def withdraw(user: User, item: Item, at: datetime | None) -> None:
    """Withdraw an own item, or bring it back (None). 3 queries."""
    User.objects.hold(user.pk)
    Item.objects.filter(pk=item.pk, bank__in=Bank.objects.edited_by(user)).update(withdrawn_at=at)


@atomic_once_more
def copy(user: User, item: Item, bank: Bank, press: str, at: datetime) -> Item:
    """Return a copy of an own item in a bank of `user`'s; once for each press. At most 20 queries.

    Its author is that of the item until `user` changes it. What its bank's module does not have is left out.
    """
    User.objects.hold(user.pk)
    slug = f"own-{checksum(f'{item.pk} {bank.pk} {press}')[:20]}"
    if existing := _made(user, slug):
        return existing
    item = Item.objects.select_related("bank").get(pk=item.pk)
    is_at_home = item.bank.module_id == bank.module_id
    source = dict(item.source) if is_at_home else item.source | OF_NO_MODULE
    new = Item(bank=bank, slug=slug, author=item.author, uses=USES, document={})
    shown = list(item.pictures.filter(checksum__in=pictures.named_in([source])))
    written = write(new, source, at, sent=shown)
    if not written.is_saved:  # in other languages a text may say something else: it stays to be put right
        new.source, new.draft = source, [problem.path for problem in written.refused]
        new.document = {"explanation": {}, "feedback": {}}
        new.save()
        pictures.keep(new, shown)
    return new


@atomic_once_more
def move(user: User, item: Item, bank: Bank) -> None:
    """Put an own item into another bank of its owner's; what was answered goes with it. At most 8 queries.

    Where another item there has its slug, which no page shows, it has a new one. Item.DoesNotExist where it is not
    there to be moved.
    """
    User.objects.hold(user.pk)
    item = Item.objects.filter(bank__in=Bank.objects.edited_by(user)).select_related("bank").get(pk=item.pk)
    if item.bank.module_id != bank.module_id:
        leave_module([item])
    slug = f"own-{token_hex(10)}" if bank.items.filter(slug=item.slug).exclude(pk=item.pk).exists() else item.slug
    Item.objects.filter(pk=item.pk).update(bank=bank, slug=slug)


def leave_module(items: Iterable[Item]) -> None:
    """Take from own items what they name in the module of their bank, which is to be another one. 3 queries."""
    rows = list(items)
    for row in rows:
        row.source, row.passage, row.anchor, row.objective = row.source | OF_NO_MODULE, None, "", None
    Item.objects.bulk_update(rows, ["source", "passage", "anchor", "objective"], batch_size=500)
    for named in (Item.claims.through, Item.rests_on.through):
        named.objects.filter(item__in=[row.pk for row in rows]).delete()


def words_of(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """Return (name of a field, what a page says) of each problem that a page says something of, each once."""
    return list(dict.fromkeys((problem.path, page_words.on_page(problem.text)) for problem in problems))
