"""What a load of content writes, and why it writes nothing."""

from dataclasses import dataclass, field

from lessons.content.source import Problems


class ContentError(Exception):
    """The folder holds errors; `problems` names each with file and line. Nothing was written."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("\n".join(str(problem) for problem in problems.errors))
        self.problems = problems


@dataclass
class Written:
    """How many rows a load made, changed or withdrew; all zero for unchanged content.

    `gone` names what is withdrawn; `items` and `lessons` are the ids of those that are withdrawn or say something else.
    """

    made: int = 0
    changed: int = 0
    withdrawn: int = 0
    versions: int = 0
    revisions: int = 0
    gone: list[str] = field(default_factory=list)
    items: set[int] = field(default_factory=set)
    lessons: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return any([self.made, self.changed, self.withdrawn, self.versions, self.revisions])

    def __str__(self) -> str:
        return (
            f"{self.made} made, {self.changed} changed, {self.withdrawn} withdrawn, "
            f"{self.versions} new versions, {self.revisions} revisions"
        )


class NotAgreed(Exception):
    """Whoever loads did not agree to what would be `written`. Nothing was."""

    def __init__(self, written: Written) -> None:
        super().__init__(f"not agreed: {written}")
        self.written = written
