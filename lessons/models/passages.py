"""What search finds: passages of lessons, claims and entries of the glossary, by the database's own index."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Self

from django.db import connections, models, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL

from accounts.compiled import Parameter
from lessons.content.search import is_whole, scope
from lessons.models.ledger import Claim
from lessons.models.lessons import Lesson
from lessons.models.modules import Module


class Index(NamedTuple):
    """How a database's own index is asked; the migration `search_index` made it."""

    condition: str
    whole: str
    begins: str
    both: str


# Neither reads our words by rules of its own: they are folded already, and only spaces part them.
INDEXES = {
    "sqlite": Index(
        "lessons_passage.id IN (SELECT rowid FROM lessons_passage_index WHERE lessons_passage_index MATCH %s)",
        whole='"{}"',
        begins='"{}"*',
        both=" AND ",
    ),
    "postgresql": Index("lessons_passage.index @@ %s::tsquery", whole="'{}'", begins="'{}':*", both=" & "),
}
SHOWN = (
    "lesson",
    "lesson__section__slug",
    "lesson__section__position",
    "lesson__slug",
    "lesson__position",
    "claim",
    "claim__stands",
    "language",
    "anchor",
    "title",
    "text",
    "heading",
    "words",
)


class PassageQuerySet(models.QuerySet["Passage"]):
    def live(self) -> Self:
        """Return what stands in a live lesson of a live section, in a live claim or in the glossary."""
        return self.filter(lesson__withdrawn_at=None, lesson__section__withdrawn_at=None, claim__withdrawn_at=None)

    def matching(self, question: str | Parameter) -> Self:
        """Return what the index finds for a `question`: what has every one of its terms."""
        condition = INDEXES[connections[self.db].vendor].condition
        return self.filter(RawSQL(condition, [question], models.BooleanField()))  # noqa: S611  # no text in it

    def question(self, terms: Sequence[str], module: Module, language: str) -> str:
        """Return how the index is asked for one or more terms (`content.search.terms_of`).

        It is asked for module and language too, so that others cost nothing.
        """
        index = INDEXES[connections[self.db].vendor]
        words = [scope(module.slug, language), *terms]
        return index.both.join((index.whole if is_whole(word) else index.begins).format(word) for word in words)

    def hits(self) -> models.QuerySet["Passage", Any]:
        """Return rows of what search shows and ranks, in the order of lessons, claims and entries."""
        ordered = self.order_by("lesson__section__position", "lesson__position", "lesson", "position")
        return ordered.values_list(*SHOWN, named=True)

    def replace(self, module: Module, passages: Iterable["Passage"]) -> bool:
        """Make the module's passages those that stand in `passages`, unsaved; return whether any differed."""
        fresh = {passage.said: passage for passage in passages}
        former = {passage.said: passage.pk for passage in self.filter(module=module)}
        gone = [pk for said, pk in former.items() if said not in fresh]
        made = [passage for said, passage in fresh.items() if said not in former]
        if gone or made:
            with transaction.atomic(using=self.db):
                self.filter(pk__in=gone).delete()
                Passage.objects.using(self.db).bulk_create(made)
                self.index()
        return bool(gone or made)

    def index(self) -> None:
        """Fill the index from the rows, after they were written. PostgreSQL does so by itself."""
        connection = connections[self.db]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO lessons_passage_index (lessons_passage_index) VALUES ('rebuild')")


class Passage(models.Model):
    """A text that search finds, in one language: of a lesson, of a claim, or, where it is neither, of the glossary.

    `anchor` is where it stands on its page, `position` its place in its lesson, among the claims by their key, or among
    the entries by their name. `title` and `text` are shown; the others are the words by which it is found
    (`content.search.indexed`): of its heading or name, of its text, and further ones.
    """

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="passages")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, related_name="passages")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="passages")
    language = models.CharField(max_length=8)
    anchor = models.CharField(max_length=80, blank=True)
    position = models.PositiveSmallIntegerField()
    title = models.TextField()
    text = models.TextField()
    heading = models.TextField()
    words = models.TextField()
    also = models.TextField()

    objects = PassageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(lesson=None) | Q(claim=None), name="a_passage_is_of_one_thing"),
            models.UniqueConstraint(
                fields=["lesson", "anchor", "language"], name="one_passage_per_lesson_anchor_and_language"
            ),
            models.UniqueConstraint(fields=["claim", "language"], name="one_passage_per_claim_and_language"),
            models.UniqueConstraint(
                fields=["module", "anchor", "language"],
                condition=Q(lesson=None, claim=None),
                name="one_passage_per_entry_and_language",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @property
    def said(self) -> tuple[object, ...]:
        """Return all of it but its id."""
        fields = (self.lesson_id, self.claim_id, self.language, self.anchor, self.position)
        return (*fields, self.title, self.text, self.heading, self.words, self.also)
