"""What rows say, to compare what a query that is written once returns with what Django returns."""

from accounts.models import User


def plain(query, **values):
    """What Django returns for the same query, asked with values alone: a person as such, where one is named by id."""
    people = {"user": User.objects.get(pk=values["user"])} if values.get("user") else {}
    return query._build(**values | people)


def told(row, depth=3):
    """All that a row knows, with the rows that came along, and with theirs."""
    if not hasattr(row, "_meta") or not depth:
        return row
    related = {name: told(value, depth - 1) for name, value in row._state.fields_cache.items()}
    return {name: value for name, value in vars(row).items() if name != "_state"} | related
