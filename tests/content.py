"""A small, valid case study as text files, about a bridge, and the means to break one string of it."""

import tomllib

from django.apps import apps

from lessons.content.ledger import read_claims, read_glossary, read_references
from lessons.content.source import Entry, Lines, Problems
from lessons.content.timeline import read_timeline
from quizzes.kinds import KINDS

SECTION = "01-who-says-it"
NAMES = {
    "module": "module.toml",
    "references": "references.toml",
    "glossary": "glossary.toml",
    "claims": "claims.toml",
    "timeline": "timeline.toml",
    "article": "article.toml",
    "quotations": "quotations.toml",
    "people": "people.toml",
    "section": f"{SECTION}/section.toml",
    "items": f"{SECTION}/items.toml",
    "documents": f"{SECTION}/documents.toml",
    "lesson_en": f"{SECTION}/01-the-bridge.en.md",
    "lesson_fr": f"{SECTION}/01-the-bridge.fr.md",
    "sheet_en": f"{SECTION}/sheet.en.md",
    "sheet_fr": f"{SECTION}/sheet.fr.md",
}

MODULE = """\
slug = "bridge"
title.en = "The bridge"
title.fr = "Le pont"
neutral_title.en = "A case study"
neutral_title.fr = "Une étude de cas"
summary.en = "Who says what of a bridge."
summary.fr = "Qui dit quoi d’un pont."
languages = ["en", "fr"]
threshold = 0.8
as_of = 2026-09-01
read_to = 2026-09-20
checked_on = 2026-10-01

[upkeep]
by.en = "The river's editors."
by.fr = "La rédaction du fleuve."
days = 90

[exam]
per_section = 2
"""

REFERENCES = """\
[[reference]]
id = "gazette-2019"
publisher = "River Gazette"
title = "The bridge is open"
date = "2019-10"
url = "https://www.river-gazette.net/bridge"
language = "en"
kind = "press"
side = "elsewhere"
read = "page"
opened = 2026-10-01
"""

GLOSSARY = """\
[[term]]
id = "river-office"
kind = "organisation"
name.en = "River Office"
name.fr = "Office du fleuve"
aliases.en = ["RO"]
aliases.fr = ["OF"]
meaning.en = "It counts the boats."
meaning.fr = "Il compte les bateaux."

[[term]]
id = "ford"
kind = "place"
name.en = "Old Ford"
name.fr = "Vieux Gué"
meaning.en = "A crossing."
meaning.fr = "Un passage."
lat = 14.5
lon = -4
"""

CLAIMS = """\
[[claim]]
id = "M001"
origin = "article"
section = "who-says-it"
date = "2019-10"
presented = "fact"
verdict = "confirmed"
stands = "fact"
said_by = "authors"
references = ["gazette-2019"]
checked = "page"
testable = true
article.en = "A bridge was opened."
article.fr = "Un pont a été ouvert."
finding.en = "The bridge opened in October 2019."
finding.fr = "Le pont a ouvert en octobre 2019."
note.en = "The Gazette reported it."
note.fr = "La Gazette l’a rapporté."

[[claim]]
id = "M002"
origin = "article"
section = "who-says-it"
date = "2021/2023"
presented = "fact"
verdict = "nuance"
stands = "attributed"
said_by = "river-office"
references = []
checked = "record"
testable = true
article.en = "1,277 boats pass."
article.fr = "1 277 bateaux passent."
finding.en = "The River Office says that 1,277 boats pass in a year."
finding.fr = "L’Office du fleuve dit que 1 277 bateaux passent par an."

[[claim]]
id = "O01"
origin = "omission"
section = "who-says-it"
date = "2022"
stands = "fact"
references = []
checked = "record"
testable = false
finding.en = "Nobody counted the ferries."
finding.fr = "Personne n’a compté les bacs."
"""

TIMELINE = """\
[[event]]
id = "opening"
date = "2019-10"
precision = "month"
actors = ["river-office"]
acts = ["mali"]
claims = ["M001"]
text.en = "The bridge opens."
text.fr = "Le pont ouvre."
"""

ARTICLE = """\
reference = "gazette-2019"

[[paragraph]]
part.en = "The crossing"
part.fr = "La traversée"
summary.en = "A bridge opens, and boats go under it."
summary.fr = "Un pont ouvre, et des bateaux passent dessous."
opening = "At last the bridge"
claims = ["M001", "M002"]
"""

QUOTATIONS = """\
[[quotation]]
words.en = "“at long last”"
words.fr = "« enfin »"
"""

DOCUMENTS = """\
[[document]]
id = "the-count"
kind = "table"
title.en = "Boats by month"
title.fr = "Bateaux par mois"
references = ["gazette-2019"]
claims = ["M002"]
silent.en = "Who counted at night."
silent.fr = "Qui comptait la nuit."
  [[document.column]]
  text.en = "Month"
  text.fr = "Mois"
  [[document.column]]
  text.en = "Boats"
  text.fr = "Bateaux"
  [[document.row]]
  cells.en = ["October 2019", "101"]
  cells.fr = ["Octobre 2019", "101"]
  source = "gazette-2019"

[[document]]
id = "the-owners"
kind = "names"
title.en = "Who owns boats"
title.fr = "Qui a des bateaux"
references = ["gazette-2019"]
claims = ["M001"]
silent.en = "How many each has."
silent.fr = "Combien chacun en a."
  [[document.group]]
  text.en = "Ferries (2)"
  text.fr = "Bacs (2)"
  names.en = ["River Office", "Old Ford"]
  names.fr = ["Office du fleuve", "Vieux Gué"]

[[document]]
id = "the-days"
kind = "dates"
title.en = "How it was opened"
title.fr = "Comment il a ouvert"
references = ["gazette-2019"]
claims = ["M001"]
silent.en = "Who paid."
silent.fr = "Qui a payé."
  [[document.date]]
  date = "2019-09"
  text.en = "The last stone."
  text.fr = "La dernière pierre."
  [[document.date]]
  date = "2019-10-01"
  text.en = "The first boat."
  text.fr = "Le premier bateau."

[[document]]
id = "the-speech"
kind = "quotation"
title.en = "What the mayor said"
title.fr = "Ce que le maire a dit"
references = ["gazette-2019"]
claims = ["M001"]
words = "It opens at last"
language = "en"
said_by.en = "The mayor, at the opening"
said_by.fr = "Le maire, à l’ouverture"
translation.fr = "Il ouvre enfin"
silent.en = "Why so late."
silent.fr = "Pourquoi si tard."

[[document]]
id = "the-pictures"
kind = "picture"
title.en = "Two pictures"
title.fr = "Deux images"
references = ["gazette-2019"]
claims = ["M001"]
silent.en = "Who took them."
silent.fr = "Qui les a prises."
  [[document.picture]]
  shows.en = "A ferry at a quay"
  shows.fr = "Un bac au quai"
  place.en = "Old Ford"
  place.fr = "Vieux Gué"
  taken.en = "In 2014"
  taken.fr = "En 2014"
  account.en = "The Gazette"
  account.fr = "La Gazette"
"""

QUOTES = """
[quotes]
lead.en = "May we print it?"
lead.fr = "Peut-on l’imprimer ?"
answer.en = "Now you know."
answer.fr = "Vous le savez."
"""

QUOTE = """[quote]
claim = "M001"
sentence.en = "The bridge was opened “at long last”"
sentence.fr = "Le pont a ouvert « enfin »"
stamp = "correct"
line.en = "It opened in October 2019."
line.fr = "Il a ouvert en octobre 2019."
item = "try-a-label"

"""

SECTION_TOML = """\
title.en = "Who says it?"
title.fr = "Qui le dit ?"
notice.en = "A short section."
notice.fr = "Une section brève."

[quiz]
draw = 5

[[objective]]
level = "remember"
text.en = "Say what happened."
text.fr = "Dire ce qui s’est passé."

[[objective]]
level = "analyse"
text.en = "Say who says it."
text.fr = "Dire qui le dit."
"""

LESSON_EN = """\
# Two statements about a bridge

The bridge opened in October 2019.[^M001]

## Who counts {#who-counts}

The [River Office](term:river-office) says that 1,277 boats pass in a year.[^M002]

[check](item:try-a-label)

## What is missing {#missing}

The ferries were not counted.[^O01]
"""

LESSON_FR = """\
# Deux affirmations sur un pont

Le pont a ouvert en octobre 2019.[^M001]

## Qui compte {#who-counts}

L’[Office du fleuve](term:river-office) dit que 1 277 bateaux passent par an.[^M002]

[check](item:try-a-label)

## Ce qui manque {#missing}

Les bacs n’ont pas été comptés.[^O01]
"""

ITEM = """\
[[item]]
slug = "{slug}"
kind = "{kind}"
level = "remember"
objective = 1
rests_on = ["M001"]
claims = ["M001", "M002"]
passage = "the-bridge#who-counts"
uses = {uses}
stem.en = "What holds of the {slug}?"
stem.fr = "Que vaut-il du sujet {slug} ?"
explanation.en = "The Gazette reported it."
explanation.fr = "La Gazette l’a rapporté."
"""

ROW = """
  [[item.{table}]]
  id = "{id}"
  text.en = "{word} of the {slug}"
  text.fr = "{word} du sujet {slug}"
  feedback.en = "Look at {word} again."
  feedback.fr = "Revoyez {word}."
"""

DRAWN, TRIED = '["quiz", "exam", "review"]', '["check"]'


def single(slug, key="b", uses=DRAWN):
    """A single item with the options a, b and c."""
    rows = ""
    for letter, word in zip("abc", ("amber", "birch", "cedar"), strict=True):
        rows += ROW.format(table="option", id=letter, word=word, slug=slug)
        rows += "  key = true\n" if letter == key else ""
    return ITEM.format(slug=slug, kind="single", uses=uses) + rows


def classify(slug, uses=DRAWN):
    """An item with two statements, to be told fact from attributed."""
    rows = ""
    for number, (word, label) in enumerate((("amber", "fact"), ("birch", "attributed")), 1):
        rows += ROW.format(table="statement", id=f"s{number}", word=word, slug=slug) + f'  key = "{label}"\n'
    return ITEM.format(slug=slug, kind="classify", uses=uses) + 'labels = ["fact", "attributed"]\n' + rows


ITEMS = "\n".join(
    [single("pier"), single("arch", "a"), single("deck", "c"), single("rail"), single("toll", "a")]
    + [classify("gate"), classify("lamp"), classify("try-a-label", TRIED)]
)

FILES = {
    "module": MODULE,
    "references": REFERENCES,
    "glossary": GLOSSARY,
    "claims": CLAIMS,
    "timeline": TIMELINE,
    "article": ARTICLE,
    "quotations": QUOTATIONS,
    "section": SECTION_TOML,
    "items": ITEMS,
    "lesson_en": LESSON_EN,
    "lesson_fr": LESSON_FR,
    "sheet_en": "# Sheet\n",
    "sheet_fr": "# Fiche\n",
}


def write_module(folder, **changes):
    """Write the case study into `folder`; a change replaces a file, by its name above, or leaves it out (None)."""
    for name, text in (FILES | changes).items():
        path = folder / NAMES[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            path.write_text(text, encoding="utf-8")
    return folder


def with_documents(folder, *shown, **changes):
    """Write the case study with documents; the first step of its lesson shows those, before its item to try."""
    marks = "".join(f"[document](document:{name})\n\n" for name in shown)
    lessons = {
        name: text.replace("[check]", f"{marks}[check]")
        for name, text in (("lesson_en", LESSON_EN), ("lesson_fr", LESSON_FR))
    }
    return write_module(folder, **{"documents": DOCUMENTS} | lessons | changes)


def with_quotes(folder):
    """Write the case study with a quote sheet, of one row."""
    section = SECTION_TOML.replace("[[objective]]", QUOTE + "[[objective]]", 1)
    return write_module(folder, module=MODULE + QUOTES, section=section)


def broken(folder, name, old, new):
    """Replace the first `old` in one file by `new`; the line, from 1, on which it stood."""
    path = folder / NAMES[name]
    text = path.read_text(encoding="utf-8")
    before, found, after = text.partition(old)
    assert found, f"{old!r} is not in {path.name}"
    path.write_text(before + new + after, encoding="utf-8")
    return before.count("\n") + 1


def line_of(folder, name, words):
    """The first line of the file, from 1, on which `words` stand."""
    text = (folder / NAMES[name]).read_text(encoding="utf-8")
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def refused(problems, folder, name, line, words):
    """Assert that there is one error, in that file and line, and that it says `words`."""
    found = [(problem.path, problem.line) for problem in problems.errors]
    assert found == [(str(folder / NAMES[name]), line)], [str(problem) for problem in problems]
    assert words in problems.errors[0].text


def parsed(text):
    """(version, feedback, problems) of one item's text, as its kind reads it."""
    problems = Problems()
    (item,) = Entry("items.toml", tomllib.loads(text), Lines(text), 0, problems).entries("item")
    version, feedback, _habits = KINDS[item.data["kind"]].parse(item)
    return version, feedback, problems


def row_counts():
    """How many rows every table of content holds."""
    models = [*apps.get_app_config("lessons").get_models(), *apps.get_app_config("quizzes").get_models()]
    return {model.__name__: model.objects.count() for model in models}


def read_ledger(folder):
    """The four files of the ledger, and the problems in them."""
    problems = Problems()
    references = read_references(folder / NAMES["references"], problems)
    terms = read_glossary(folder / NAMES["glossary"], problems)
    claims = read_claims(folder / NAMES["claims"], problems, references, terms)
    events = read_timeline(folder / NAMES["timeline"], problems, claims, terms).events
    return references, terms, claims, events, problems
