"""A case study as text: read, checked and rendered. Imports neither the ORM nor a request."""

LABELS = ("fact", "attributed", "allegation", "estimate", "opinion")
VERDICTS = ("confirmed", "nuance", "imprecise", "wrong", "unverifiable", "judgement")
ORIGINS = ("article", "omission", "development")
CHECKED = ("page", "record", "text", "none")
LEVELS = ("remember", "understand", "apply", "analyse", "evaluate")
RESERVED_SLUGS = (
    *("claims", "glossary", "timeline", "map", "search", "recall"),
    *("exam", "quiz", "before", "sheet", "items"),
)
