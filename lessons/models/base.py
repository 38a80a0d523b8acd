"""What several tables share: texts in every language, what search finds, what was withdrawn."""

from collections.abc import Sequence
from typing import Self, TypeVar

from django.db import models
from django.utils.translation import get_language

Row = TypeVar("Row", bound=models.Model, covariant=True)
Rows = TypeVar("Rows", bound=models.QuerySet)


class WithDocument(models.Model):
    """A row whose texts stand in `document`, each as {"en": …, "fr": …}."""

    document = models.JSONField()

    class Meta:
        abstract = True

    def text(self, name: str) -> str:
        """Return the text `name` in the language of the page, or an empty string."""
        return self.document.get(name, {}).get(get_language(), "")


class LiveQuerySet(models.QuerySet[Row]):
    def live(self) -> Self:
        """Return what has not been withdrawn."""
        return self.filter(withdrawn_at=None)


class Searching:
    """What a QuerySet of Searched rows can do, beside its other bases."""

    def having(self: Rows, terms: Sequence[str]) -> Rows:  # type: ignore[misc]  # a mixin, always of a QuerySet
        """Return what has every one of the folded `terms` in the language of the page; nothing without terms."""
        rows = self if terms else self.none()
        for term in terms:
            rows = rows.filter(**{f"words__{get_language()}__icontains": term})
        return rows


class Searched(models.Model):
    """A row that search finds: `words` is what it says in each language, folded."""

    words = models.JSONField(default=dict)

    class Meta:
        abstract = True
