"""The texts that a cloud has approved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_VARIABLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def approved(lines: str) -> dict[str, str]:
    """ID → text, from lines of `ID=text`."""
    pairs = (line.partition("=") for line in lines.splitlines() if "=" in line)
    return {key.strip(): text.strip() for key, _, text in pairs}


def named(text: str, values: Mapping[str, str]) -> str | None:
    """The text with its variables; None when one is missing or too many are given."""
    if set(_VARIABLE.findall(text)) != set(values):
        return None
    return _VARIABLE.sub(lambda found: str(values[found[1]]), text)


def numbered(text: str, values: Sequence[str]) -> str | None:
    """The same where variables are given in order."""
    names = _VARIABLE.findall(text)
    return (
        named(text, dict(zip(names, values, strict=False))) if len(names) == len(values) else None
    )


def parts(text: str) -> int:
    """What is charged for: 70 characters alone, 67 in each of several parts."""
    size = len(text.encode("utf-16-le")) // 2
    return 1 if size <= 70 else -(-size // 67)
