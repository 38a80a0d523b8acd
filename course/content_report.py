"""What a checked module holds, section by section, for whoever writes it. Imports neither the ORM nor a request."""

from collections import Counter

from lessons.content import LANGUAGES, LEVELS
from lessons.content.parity import values
from quizzes.banks import longest_option
from quizzes.kinds import KINDS

HIGHER = LEVELS[2:]  # from "apply" on


def lines(module, banks):
    """The report as lines of text: one block for each section."""
    for section in module.sections:
        items = banks[section.slug]
        objectives = range(1, len(section.document["objectives"]) + 1)
        higher = sum(item.level in HIGHER for item in items)
        yield f"{section.position:02} {section.slug}: {len(section.lessons)} lessons, {len(items)} items"
        for lesson in section.lessons:
            size = f"{_each(lesson, 'words')} words, {_each(lesson, 'minutes')} minutes"
            yield f"   {lesson.slug}: {size}, {_parity(lesson)}"
        yield f"   kinds: {_counted((item.kind for item in items), KINDS)}"
        yield f"   levels: {_counted((item.level for item in items), LEVELS)}; {higher} at apply or above"
        yield f"   objectives: {_counted((item.objective for item in items), objectives)}"
        yield f"   claims: {_claims(module, section, items)}"
        yield f"   keys: {_balance(items)}"


def _each(lesson, what):
    return "/".join(str(getattr(lesson.pages[language], what)) for language in LANGUAGES)


def _parity(lesson):
    english, french = (lesson.pages[language] for language in LANGUAGES)
    numbers = sum(values(english.source, "en").values())
    if english.marks != french.marks:
        return "marks in another order"
    return f"{len(english.marks)} marks and {numbers} numbers equal in {len(english.headings)} passages"


def _counted(found, order):
    counts = Counter(found)
    return ", ".join(f"{key} {counts[key]}" for key in order)


def _claims(module, section, items):
    own = {key for key, claim in module.claims.items() if claim.section == section.slug}
    taught = {key for lesson in section.lessons for key in lesson.claims}
    asked = {key for item in items for key in item.rests_on}
    testable = {key for key in own if module.claims[key].testable}
    told = f"{len(own & taught)} of {len(own)} taught, {len(testable & asked)} of {len(testable)} testable ones asked"
    for word, missing in (("taught", own - taught), ("asked", testable - asked)):
        if missing:
            told += f"; not {word}: {', '.join(sorted(missing))}"
    return told


def _balance(items):
    """Where the keys of single items stand, and how often the longest option is the key, in each language."""
    singles = [item.version for item in items if item.kind == "single"]
    slots = Counter(KINDS["single"].pieces(version).index(version["key"]) + 1 for version in singles)
    longest = "/".join(
        str(sum(longest_option(version, language) == version["key"] for version in singles)) for language in LANGUAGES
    )
    places = ", ".join(f"{slots[slot]} in slot {slot}" for slot in sorted(slots))
    return f"of {len(singles)} single items {places}; the longest option in {longest}"
