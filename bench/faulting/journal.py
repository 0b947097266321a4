"""The fake platforms' log: what reached which phone, in order."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_GAPS = re.compile(r"\s+")


@dataclass(slots=True)
class Shown:
    """A message on a phone. `text` is squeezed; `at` in seconds since 1970."""

    person: str
    channel: str
    via: str
    text: str
    at: float


def squeezed(text: str) -> str:
    """Without blanks and line breaks: platforms lay words out in their own ways."""
    return _GAPS.sub("", text)


def read(file: Path) -> dict[tuple[str, str], list[Shown]]:
    """What each (channel, person) was shown, the oldest first."""
    found: dict[tuple[str, str], list[Shown]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["direction"] == "sent" or not row["text"] or row["kind"] in ("toast", "alert"):
            continue
        at = datetime.fromisoformat(row["at"]).timestamp()
        shown = Shown(row["person"], row["channel"], row["via"], squeezed(row["text"]), at)
        found.setdefault((row["channel"], row["person"]), []).append(shown)
    return found
