"""Figures, each defined once."""
