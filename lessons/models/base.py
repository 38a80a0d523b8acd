"""What several tables share: texts in every language, what search finds, what was withdrawn."""

from django.db import models
from django.utils.translation import get_language


class WithDocument(models.Model):
    """A row whose texts stand in `document`, each as {"en": …, "fr": …}."""

    document = models.JSONField()

    class Meta:
        abstract = True

    def text(self, name):
        """The text `name` in the language of the page, or an empty string."""
        return self.document.get(name, {}).get(get_language(), "")


class LiveQuerySet(models.QuerySet):
    def live(self):
        """What has not been withdrawn."""
        return self.filter(withdrawn_at=None)


class SearchedQuerySet(models.QuerySet):
    def having(self, terms):
        """Whatever has each of the folded `terms` in the language of the page; nothing without terms."""
        rows = self if terms else self.none()
        for term in terms:
            rows = rows.filter(**{f"words__{get_language()}__icontains": term})
        return rows


class Searched(models.Model):
    """A row that search finds: `words` is what it says in each language, folded."""

    words = models.JSONField(default=dict)

    class Meta:
        abstract = True
