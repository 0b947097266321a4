"""What was recognised with certainty."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict


@dataclass(frozen=True)
class Found:
    """An intent and the values that came with it."""

    intent: str
    entities: Dict[str, str] = field(default_factory=dict)
