"""Questions to whoever runs a command."""

from django.core.management.base import CommandError


def agreed(question: str) -> bool:
    """Ask whether to go on; CommandError where nobody is there to answer. The command has an option --yes."""
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError as error:
        raise CommandError("Nobody is here to answer; nothing was written. Pass --yes to go on unasked.") from error
