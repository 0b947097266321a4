"""Fourteen months of yuxi in a few minutes: what bench/replay.py is made of."""
