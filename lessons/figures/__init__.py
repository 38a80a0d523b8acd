"""Pictures drawn by the server: an SVG with title and description, and a table that says the same (quality A9)."""
