"""What is told of few people (quality R13). Imports neither the ORM nor a request."""

FEWEST_PEOPLE = 5


def is_few(count: int) -> bool:
    """Return whether a summary of so many people is too small to be broken down, or told at all."""
    return count < FEWEST_PEOPLE
