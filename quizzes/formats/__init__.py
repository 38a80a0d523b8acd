"""The formats of banks. Imports neither the ORM nor a request.

Each reads a file's questions; all but Aiken, which holds neither feedback nor another kind than one right option, are
written too. `reading.report` takes a file of any of them.
"""

from quizzes.formats.aiken import Aiken
from quizzes.formats.base import Format, Writer
from quizzes.formats.gift import Gift
from quizzes.formats.moodle_xml import MoodleXml
from quizzes.formats.table import Table

TABLE = Table()
WRITERS: dict[str, Writer] = {"moodle": MoodleXml(), "gift": Gift()}
# In the order of trying: a question in Aiken may have a brace, which is GIFT's mark.
FORMATS: dict[str, Format] = {"moodle": WRITERS["moodle"], "aiken": Aiken(), "gift": WRITERS["gift"], "csv": TABLE}

__all__ = ["FORMATS", "TABLE", "WRITERS", "Format", "Writer"]
