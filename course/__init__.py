"""The site itself, and what concerns a learner over all modules."""

VERSION = "0.2.0"  # as pyproject.toml and CITATION.cff have it
