"""What a union of queries needs where one of them has no value."""

from typing import Any

from django.db.models import Count, DateTimeField, Field, Value
from django.db.models.functions import Cast


class Null(Cast):
    """NULL of a type, without which PostgreSQL joins no rows. Nothing is made of what is read there, which would cost.

    A union is read as its first query: in that one it stands only for whole numbers, or where all have no value.
    """

    def __init__(self, field: Field) -> None:
        super().__init__(Value(None), field)

    def get_db_converters(self, connection: object) -> list[Any]:
        return []


class Number(Count):
    """A Count as the database returns it: a whole number already, which Django makes one of once more."""

    def get_db_converters(self, connection: object) -> list[Any]:
        return []


NO_MOMENT = Null(DateTimeField())
