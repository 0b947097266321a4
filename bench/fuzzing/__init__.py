"""A seeded campaign of bad input over every edge; `python -m bench.fuzz`."""
