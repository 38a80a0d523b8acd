"""Django's backend for SQLite, whose writers wait in line (docs/decisions/0030)."""
