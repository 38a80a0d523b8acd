"""Django's backend for PostgreSQL, which makes moments at once."""
