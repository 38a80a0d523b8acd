VERSION = "0.1.0"  # as pyproject.toml and CITATION.cff have it
