"""What a file of SQLite needs now and then, since connections to it are kept. PostgreSQL does its like by itself."""

from django.db.backends.base.base import BaseDatabaseWrapper

ROWS = 400  # of an index that statistics are gathered from: those of a large database take a moment too
PATIENCE = 1000  # milliseconds for whoever still reads, a backup perhaps: nobody writes meanwhile


def gather_statistics(connection: BaseDatabaseWrapper) -> None:
    """Let the planner know by what to choose among indexes; kept connections know it once they are opened anew.

    Before SQLite 3.46 PRAGMA optimize does so only for tables that this very connection has read.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={ROWS}")
            cursor.execute("ANALYZE")


def empty_log(connection: BaseDatabaseWrapper) -> None:
    """Write the log into the file and cut it off: what was erased is in neither from then on. In a transaction nothing.

    SQLite does so when the last connection closes, which kept ones put off. Where somebody reads on, the next time.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
