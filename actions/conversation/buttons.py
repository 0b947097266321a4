"""Something to tap: a label, and the structured intent behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    title: str
    payload: str


def button(title: str, intent: str, **entities: object) -> Button:
    """A button that means `intent` with these entities; those that are None are left out."""
    given = {name: value for name, value in entities.items() if value is not None}
    body = json.dumps(given, ensure_ascii=False) if given else ""
    return Button(title, f"/{intent}{body}")
