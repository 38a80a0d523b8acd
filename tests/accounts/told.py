"""What rows say, to compare what two queries return."""


def told(row, depth=3):
    """All that a row knows, with the rows that came along, and with theirs."""
    if not hasattr(row, "_meta") or not depth:
        return row
    related = {name: told(value, depth - 1) for name, value in row._state.fields_cache.items()}
    return {name: value for name, value in vars(row).items() if name != "_state"} | related
