"""A case study as text: read, checked and rendered. Imports neither the ORM nor a request."""

LABELS = ("fact", "attributed", "allegation", "estimate", "opinion")
VERDICTS = ("confirmed", "nuance", "imprecise", "wrong", "unverifiable", "judgement")
ORIGINS = ("article", "omission", "development")
CHECKED = ("page", "record", "text", "none")
ROLES = ("authors", "unnamed", "course")  # who says it, where it is no term of the glossary
REASONS = ("office", "head", "author", "record")  # why a person is named: the last speaks in public in a cited page
REFERENCE_KINDS = ("official", "law", "survey", "report", "study", "press", "advocacy", "reference")
PRIMARY = ("official", "law", "survey", "report")  # a document, or a report of one's own acts or data
GROUNDS = ("primary", "study", "press", "copy", "none")  # what a claim rests on at best
SIDES = ("mali", "africa", "russia", "west", "international", "elsewhere")  # where a publisher is at home
READ = ("page", "excerpt", "address")  # whole; its opening or a part; not opened, confirmed by another that was
ACTS = ("mali", "abroad", "bodies", "armed", "society")  # who acts in an event
LEVELS = ("remember", "understand", "apply", "analyse", "evaluate")
STAMPS = ("stands", "named", "correct", "update", "leave")  # what becomes of a sentence that somebody wants to quote
HABITS = ("author", "day", "verb", "base", "reply")  # what a wrong answer missed
FRONT = "front"  # the folder of a module whose texts are pages of the site, not of a section
RESERVED_SLUGS = (
    *("claims", "article", "sources", "corrections", "glossary", "timeline", "map", "search", "recall"),
    *("reference", "exam", "quiz", "before", "sheet", "items", "go-on", "end", "quotes"),
)
