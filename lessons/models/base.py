"""What several tables share: texts in every language, and what was withdrawn."""

from collections.abc import Mapping
from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

Row = TypeVar("Row", bound=models.Model, covariant=True)


def language_of(texts: Mapping[str, object]) -> str:
    """Return the language of the page where `texts` has it, else the first of the site's that it has, else any it has.

    The order in which a document names its languages says nothing: PostgreSQL does not keep it.
    """
    here = get_language() or settings.LANGUAGE_CODE
    if here in texts:
        return here
    return next((code for code, _name in settings.LANGUAGES if code in texts), min(texts, default=here))


def in_language_of_page(texts: Mapping[str, str]) -> str:
    """Return the text in the language of the page (`language_of`), or an empty string where there is none."""
    return texts.get(language_of(texts), "")


class WithDocument(models.Model):
    """A row whose texts stand in `document`, each as {language: text}."""

    document = models.JSONField()

    class Meta:
        abstract = True

    def text(self, name: str) -> str:
        """Return the text `name` in the language of the page, or an empty string."""
        return in_language_of_page(self.document.get(name, {}))


class Outlined(WithDocument):
    """A row that many pages name: `document` holds what a list shows of it, long texts have rows of their own.

    The column `document` belongs to the former release, which reads the whole from it; it goes with the next one.
    """

    document = models.JSONField(db_column="outline", db_default={})

    class Meta:
        abstract = True


class Named(WithDocument):
    """A row of a module that is known by its slug."""

    slug = models.SlugField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.slug


class LiveQuerySet(models.QuerySet[Row]):
    def live(self) -> Self:
        """Return what has not been withdrawn."""
        return self.filter(withdrawn_at=None)
