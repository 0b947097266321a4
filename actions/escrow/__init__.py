"""Identities that are locked away: opened by two persons, every look noted."""
