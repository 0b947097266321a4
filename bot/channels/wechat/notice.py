"""A message as the fields of a template message or a subscription notice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from bot.text import shorten

_BEIJING = timezone(timedelta(hours=8))

# The platform's limit in characters by the field's type: thing1, character_string2, …
_LENGTHS = {
    "thing": 20,
    "short_thing": 5,
    "const": 20,
    "phrase": 5,
    "name": 10,
    "letter": 32,
    "symbol": 5,
    "character_string": 32,
    "phone_number": 17,
}
_LONGEST = 200  # older templates (first, keyword1, remark) set no limit of their own


def filled(fields: Mapping[str, str], text: str, now: float) -> dict[str, str]:
    """`fields` with {text} and {time} (Beijing, to the minute) put in, each cut to its length."""
    time = datetime.fromtimestamp(now, UTC).astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M")
    return {
        name: shorten(value.replace("{time}", time).replace("{text}", text), _length(name))
        for name, value in fields.items()
    }


def _length(name: str) -> int:
    return _LENGTHS.get(re.sub(r"[0-9]+$", "", name), _LONGEST)
