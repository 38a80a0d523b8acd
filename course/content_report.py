"""Report what a checked module holds, section by section, for its author. Imports neither the ORM nor a request."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from lessons.content import GROUNDS, LEVELS, READ
from lessons.content.ledger import ground_of
from lessons.content.module import Lesson, Module, Section
from lessons.content.parity import values
from quizzes import cues
from quizzes.bank_lint import habit_flaws, longest_option
from quizzes.banks import Item
from quizzes.kinds import KINDS

Banks = Mapping[str, list[Item]]  # {section slug: items}
Tallies = Mapping[str, cues.Tally]  # {language: how many keys of single items words and form give away}
HIGHER = LEVELS[2:]  # from "apply" on
MOST_BANKS = 3  # that a warning names


def lines(module: Module, banks: Banks) -> Iterator[str]:
    """Yield the report as lines of text: one block for each section."""
    for section in module.sections:
        items = banks[section.slug]
        objectives = range(1, len(section.document["objectives"]) + 1)
        higher = sum(item.level in HIGHER for item in items)
        yield f"{section.position:02} {section.slug}: {len(section.lessons)} lessons, {len(items)} items"
        for lesson in section.lessons:
            size = f"{_by_language(lesson, 'words')} words, {_by_language(lesson, 'minutes')} minutes"
            yield f"   {lesson.slug}: {size}, {_parity(lesson)}"
        yield f"   kinds: {_counted((item.kind for item in items), KINDS)}"
        yield f"   levels: {_counted((item.level for item in items), LEVELS)}; {higher} at apply or above"
        yield f"   objectives: {_counted((item.objective for item in items), objectives)}"
        yield f"   claims: {_claims(module, section, items)}"
        yield f"   keys: {_balance(items)}"
        if not section.document["optional"]:
            kept = sum(item.uses == ["exam"] for item in items)
            yield f"   kept for exams: {kept} of the {module.document['exam']['per_section']} that an exam takes"
    yield from _grounds(module)
    yield _exam(module, banks)


def cue_tallies(module: Module, banks: Banks) -> Tallies:
    """Return how many keys words and form give away, without the languages that have too few single items to judge."""
    tallies = {language: cues.judge(cues.choices(banks, language), language) for language in module.languages}
    return {language: tally for language, tally in tallies.items() if tally}


def cue_lines(tallies: Tallies) -> Iterator[str]:
    """Yield a line for each language: how many keys words and form give away, and in which banks."""
    for language, tally in tallies.items():
        yield f"keys found by words and form alone ({language}): {_share(tally)}; {', '.join(_banks(tally))}"


def cue_items(tallies: Tallies) -> Iterator[str]:
    """Yield the items whose keys are found, the surest first, with the key's probability and what speaks for it."""
    for language, tally in tallies.items():
        yield f"keys found ({language}):"
        for prediction in tally.surest():
            equals = "" if prediction.hit == 1 else f", one of {1 / prediction.hit:.0f} alike"
            item = f"{prediction.choice.bank}/{prediction.choice.slug}"
            yield f"   {prediction.of_key:.2f} {item}{equals}: {', '.join(prediction.cues)}"


def cue_warnings(tallies: Tallies) -> Iterator[str]:
    """Yield a warning for each language in which too many keys are given away, with the banks that are worst."""
    for language, tally in tallies.items():
        if tally.is_too_much:
            worst = ", ".join(_banks(tally)[:MOST_BANKS])
            yield (
                f"words and form alone give away too many keys ({language}): {_share(tally)}, most in {worst}; "
                "make the options of an item one sentence with one element changed, to a value of its own in each "
                "(--check --cues lists the items)"
            )


def habit_warnings(banks: Banks) -> Iterator[tuple[Item, str]]:
    """Yield (first item of a bank, warning) where words and form give away the keys of that bank by itself."""
    for items in banks.values():
        yield from ((items[0], str(flaw)) for flaw in habit_flaws(items))


def _banks(tally: cues.Tally) -> list[str]:
    """Return each bank with its share, the worst first."""
    return [f"{bank} {one.share:.0%}" for bank, one in tally.banks().items()]


def _share(tally: cues.Tally) -> str:
    low, high = tally.interval
    return (
        f"{tally.hits:.0f} of {tally.singles}, {tally.share:.0%} "
        f"(95 % interval {low:.0%} to {high:.0%}, by chance {tally.chance:.0%})"
    )


def _exam(module: Module, banks: Mapping[str, list[Item]]) -> str:
    """Return in how many sections an exam that certifies takes items that are practised too."""
    most = module.document["exam"]["per_section"]
    asked = [banks[section.slug] for section in module.sections if not section.document["optional"]]
    short = sum(sum(item.uses == ["exam"] for item in items) < most for items in asked)
    return f"an exam that certifies takes practised items in {short} of {len(asked)} sections"


def _grounds(module: Module) -> Iterator[str]:
    """Yield what the claims rest on: how many on each ground at best, and which have none that was read."""
    grounds = {key: ground_of(claim, module.references) for key, claim in module.claims.items()}
    yield f"claims rest on: {_counted(grounds.values(), GROUNDS)}"
    for ground in ("copy", "none"):
        yield f"   {ground}: {', '.join(key for key, value in grounds.items() if value == ground) or 'none'}"
    read = Counter(reference.document["read"] for reference in module.references.values())
    links = sum(reference.document["link"] for reference in module.references.values())
    offline = sum("offline" in reference.document for reference in module.references.values())
    how = _counted(read.elements(), READ)
    yield f"sources: {len(module.references)}, {links} open by a link, {offline} have no address; {how}"


def _by_language(lesson: Lesson, name: str) -> str:
    return "/".join(str(getattr(lesson.pages[language], name)) for language in lesson.pages)


def _parity(lesson: Lesson) -> str:
    page, *others = lesson.pages.values()
    numbers = sum(values(page.source, page.language).values())
    if any(other.marks != page.marks for other in others):
        return "marks in another order"
    return f"{len(page.marks)} marks and {numbers} numbers equal in {len(page.headings)} passages"


def _counted(values: Iterable[object], order: Iterable[object]) -> str:
    counts = Counter(values)
    return ", ".join(f"{key} {counts[key]}" for key in order)


def _claims(module: Module, section: Section, items: list[Item]) -> str:
    """Return how many claims of the section its lessons teach and its items ask, and which not."""
    claims = {key for key, claim in module.claims.items() if claim.section == section.slug}
    taught = {key for lesson in section.lessons for key in lesson.claims}
    asked = {key for item in items for key in item.rests_on}
    testable = {key for key in claims if module.claims[key].testable}
    line = f"{len(claims & taught)} of {len(claims)} taught"
    line += f", {len(testable & asked)} of {len(testable)} testable ones asked"
    for word, missing in (("taught", claims - taught), ("asked", testable - asked)):
        if missing:
            line += f"; not {word}: {', '.join(sorted(missing))}"
    return line


def _balance(items: list[Item]) -> str:
    """Return where the keys of single items stand, and how often the longest option is the key, in each language."""
    singles = [item.version for item in items if item.kind == "single"]
    if not singles:
        return "no single items"
    slots = Counter(KINDS["single"].pieces(version).index(version["key"]) + 1 for version in singles)
    longest = "/".join(
        str(sum(longest_option(version, language) == version["key"] for version in singles))
        for language in singles[0]["stem"]
    )
    keys = ", ".join(f"{slots[slot]} in slot {slot}" for slot in sorted(slots))
    return f"of {len(singles)} single items {keys}; the longest option in {longest}"
