"""What a feed's categories mean here: a file per feed, checked when it is read. Pure.

```
name: "12345"
source: "12345"
default: {kind: help}                  # a record without a category
categories:
  噪音扰民: {kind: complaint, unit: YZ-QX-MDL}
  服务态度: {kind: complaint, reason: attitude, priority: urgent}
```
A category that is not here goes to the centre, marked, and is counted.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from actions.cases.kinds import CaseKind, Reason
from actions.feeds.sources import Source
from actions.policy.mistakes import Mistake, PolicyMistakes, nearest, shown
from actions.policy.yaml_lines import Path, parse

CENTRE = "centre"
_KINDS = tuple(kind.value for kind in CaseKind if kind is not CaseKind.UNSATISFIED)


class Priority(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a category means: `unit` is a code, "centre", or empty for where the record says."""

    kind: CaseKind
    reason: Reason | None = None
    unit: str = ""
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True, slots=True)
class CategoryMap:
    """A feed's file: `default` is for records without a category."""

    name: str
    source: Source
    default: Meaning
    categories: Mapping[str, Meaning] = field(default_factory=dict)

    def meaning(self, category: str) -> Meaning | None:
        """What the category means, None for one that the file does not know."""
        if not category:
            return self.default
        return self.categories.get(_plain(category))

    def units(self) -> set[str]:
        """The codes of units that the file names."""
        meanings = (self.default, *self.categories.values())
        return {each.unit for each in meanings if each.unit not in ("", CENTRE)}


def read_mapping(text: str, file: str) -> CategoryMap:
    """The mapping in the file's text. Raises PolicyMistakes: all mistakes, each with its line."""
    written = parse(text)
    found = [Mistake(file, *each) for each in written.mistakes]
    told = {line for line, _ in written.mistakes}
    reader = _Reader()
    mapping = reader.whole(written.value)
    placed = [Mistake(file, written.line(path), clause) for path, clause in reader.wrong]
    found += [each for each in placed if each.line not in told]
    if found or mapping is None:
        raise PolicyMistakes(found)
    return mapping


def _plain(category: str) -> str:
    return "".join(category.split()).casefold()


class _Reader:
    """Reads values and notes what is wrong and where."""

    def __init__(self) -> None:
        self.wrong: list[tuple[Path, str]] = []

    def whole(self, value: Any) -> CategoryMap | None:
        if not isinstance(value, dict):
            self.wrong.append(((), "holds no mapping; begin with name: and copy a shipped one"))
            return None
        self._known(value, (), ("name", "source", "default", "categories"))
        name = self._text(value, "name")
        source = self._one_of(value, (), "source", tuple(Source))
        default = self._meaning(value.get("default"), ("default",))
        given = value.get("categories") or {}
        if not isinstance(given, dict):
            self.wrong.append((("categories",), "categories is no section of names"))
            given = {}
        meanings = dict(self._categories(given))
        if self.wrong or default is None:
            return None
        return CategoryMap(name, Source(source), default, meanings)

    def _categories(self, given: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
        seen: dict[str, str] = {}
        for name, value in given.items():
            path: Path = ("categories", name)
            if _plain(name) in seen:
                self.wrong.append((path, f"{name} stands twice; it is {seen[_plain(name)]}"))
            seen[_plain(name)] = name
            meaning = self._meaning(value, path)
            if meaning is not None:
                yield _plain(name), meaning

    def _meaning(self, value: Any, path: Path) -> Meaning | None:
        if not isinstance(value, dict):
            self.wrong.append((path, f"{path[-1]} is {shown(value)}; write {{kind: help}}"))
            return None
        self._known(value, path, tuple(each.name for each in dataclasses.fields(Meaning)))
        kind = self._one_of(value, path, "kind", _KINDS)
        reason = self._one_of(value, path, "reason", tuple(Reason), "")
        priority = self._one_of(value, path, "priority", tuple(Priority), Priority.NORMAL)
        unit = value.get("unit", "")
        if not isinstance(unit, str):
            self.wrong.append(((*path, "unit"), f"unit is {shown(unit)}; write a unit's code"))
        if not kind:
            return None
        return Meaning(
            CaseKind(kind), Reason(reason) if reason else None, str(unit), Priority(priority)
        )

    def _known(self, value: Mapping[str, Any], path: Path, names: tuple[str, ...]) -> None:
        for name in value:
            if name not in names:
                meant = nearest(name, names)
                tail = f"did you mean {meant}?" if meant else f"known here are {', '.join(names)}"
                self.wrong.append(((*path, name), f"{name} is not known; {tail}"))

    def _text(self, value: Mapping[str, Any], name: str) -> str:
        given = value.get(name)
        if not isinstance(given, str) or not given.strip():
            self.wrong.append(((name,), f"{name} is {shown(given)}; write a name in quotes"))
            return ""
        return given

    def _one_of(
        self,
        value: Mapping[str, Any],
        path: Path,
        name: str,
        allowed: tuple[str, ...],
        default: str | None = None,
    ) -> str:
        """One of the words allowed; without `default` it must be there."""
        given = value.get(name, default)
        if given is not None and given in (*allowed, default):
            return str(given)
        what = f"{name} is missing" if name not in value else f"{name} is {shown(given)}"
        if isinstance(given, int):
            what += " without quotes"
        self.wrong.append(((*path, name), f"{what}; write one of {', '.join(allowed)}"))
        return ""
