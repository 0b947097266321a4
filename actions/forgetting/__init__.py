"""Deleting what we hold of a citizen because the citizen asks for it."""
