"""Property tests try the same examples on every machine, and none fails for being slow."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("huiyin", derandomize=True, deadline=None, database=None)
settings.load_profile("huiyin")
