"""Approved templates: a cloud sends only texts that it knows, with our words as variables. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_VARIABLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """`pattern` finds the variables in a text; `names` are theirs, in order."""

    id: str
    text: str
    pattern: re.Pattern[str]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with the words for its variables, in the template's order."""

    id: str
    values: dict[str, str]


def read_templates(lines: str) -> tuple[Template, ...]:
    """Templates from lines of `ID=text with {variables}`; the more precise ones come first.

    Raises ValueError, one sentence with the line.
    """
    found = [_template(number, line) for number, line in enumerate(lines.splitlines(), 1) if line]
    return tuple(sorted(found, key=lambda template: -len(_VARIABLE.sub("", template.text))))


def fill(templates: Iterable[Template], text: str) -> Filled | None:
    """The first template that says exactly this text; None when none does."""
    plain = _plain(text)
    for template in templates:
        match = template.pattern.fullmatch(plain)
        if match:
            return Filled(template.id, {name: match[name].strip() for name in template.names})
    return None


def _template(number: int, line: str) -> Template:
    key, equals, text = line.strip().partition("=")
    text = _plain(text)
    names = _VARIABLE.findall(text)
    if not equals or not key.strip() or not text:
        raise ValueError(f"SMS template {number} must be written ID=text.")
    if len(set(names)) != len(names):
        raise ValueError(f"SMS template {number} names a variable twice.")
    parts = _VARIABLE.split(text)
    regex = "".join(
        re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+?)"
        for place, part in enumerate(parts)
    )
    return Template(key.strip(), text, re.compile(regex), tuple(names))


def _plain(text: str) -> str:
    """On one line: variables may hold no line ends."""
    return " ".join(text.split())
