"""Policies for people: one in full with its comments, and what differs between two."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as File
from typing import Any

import yaml

from actions.deadlines.spans import Span, SpanUnit, parse_span
from actions.policy.clocks import Deadlines
from actions.policy.load import PolicyFile
from actions.policy.model import Policy
from actions.policy.yaml_lines import Path, Written, dotted

type Shown = Iterator[tuple[int, str, Path]]

_LABELS = File(__file__).with_name("labels.yml")
_IN_THE_TITLE = ("name", "title", "version")
_AS_WRITTEN = (
    "duty",
    "office",
    "calls",
    "same_day_late",
    "quiet",
    "shifts",
    "words",
    "sources",
    "units",
)
_LEAST_ROOM, _MOST_ROOM = 24, 56


@cache
def labels() -> Mapping[str, Mapping[str, Any]]:
    """What lines, values and spans are called."""
    read: Mapping[str, Mapping[str, Any]] = yaml.safe_load(_LABELS.read_text(encoding="utf-8"))
    return read


def shown_in_full(read: PolicyFile, language: str) -> list[str]:
    """Every line of the file in words ("zh" or "en"), its comment beside it."""
    policy = read.policy
    title = policy.title.zh if language == "zh" else policy.title.en
    lines = [f"{title}  ({policy.name}, {policy.version}, {policy.digest})", read.file, ""]
    plain = policy.model_dump(mode="json", exclude=set(_IN_THE_TITLE))
    found = list(_section(plain, (), read.written, language, 0))
    widest = max(_width("  " * depth + text) for depth, text, _ in found)
    room = min(max(widest, _LEAST_ROOM), _MOST_ROOM)
    for depth, text, path in found:
        text = "  " * depth + text
        comment = read.written.comments.get(path, "")
        pad = " " * max(room - _width(text), 0)
        lines.append(f"{text}{pad}  # {comment}" if comment else text)
    return lines


def difference(before: Policy, after: Policy) -> list[str]:
    """`path: before → after` for each line that differs; name, title and version are left out."""
    plain = [each.model_dump(mode="json", exclude=set(_IN_THE_TITLE)) for each in (before, after)]
    return list(_differing(plain[0], plain[1], ()))


def _differing(before: Any, after: Any, path: Path) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(each for each in after if each not in before)]:
            yield from _differing(before.get(name), after.get(name), (*path, name))
    elif before != after:
        yield f"{dotted(path)}: {_compact(before)} → {_compact(after)}"


def _compact(value: Any) -> str:
    """A value as it could stand in the file on one line; what says nothing is left out."""
    if isinstance(value, dict):
        told = {name: below for name, below in value.items() if below not in (None, [], {})}
        return f"{{{', '.join(f'{name}: {_compact(below)}' for name, below in told.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_compact, value))}]"
    return value if isinstance(value, str) else json.dumps(value)


def _section(
    section: Mapping[str, Any], path: Path, written: Written, language: str, depth: int
) -> Shown:
    """Depth, words and path of every line that the file has in this section."""
    for name, value in section.items():
        here = (*path, name)
        if here not in written.lines:
            continue
        label, colon = _label(here, language), "：" if language == "zh" else ": "
        if isinstance(value, dict):
            yield depth, label, here
            yield from _section(value, here, written, language, depth + 1)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield depth, label, here
            for place, item in enumerate(value):
                yield from _item(item, (*here, place), written, language, depth + 1)
        else:
            yield depth, f"{label}{colon}{_value(value, here, language)}", here


def _item(
    item: Mapping[str, Any], path: Path, written: Written, language: str, depth: int
) -> Shown:
    """A step is one line; a rule is its title, and below it its lines."""
    if "title" not in item:
        yield depth, _step(item, language), path
        return
    yield depth, str(item["title"][language]), path
    yield from _section(item, path, written, language, depth + 1)


def _label(path: Path, language: str) -> str:
    """What a line is called. A kind below `kinds` is called as the kind."""
    path = tuple(part for part in path if not isinstance(part, int))
    if path[0] == "deadlines" and len(path) > 2 and path[1] in Deadlines.model_fields:
        path = ("deadlines", "*", *path[2:])
    if path[:1] == ("deadlines",) and len(path) == 4:
        return _word(str(path[-1]), language)
    found: str = labels()["lines"][dotted(path)][language]
    return found


def _step(item: Mapping[str, Any], language: str) -> str:
    """A step of an escalation or of the routing: when → to whom."""
    if "after" in item:
        when = _value(item["after"], ("after",), language)
    else:
        given = {name: value for name, value in item["when"].items() if value}
        told = (
            f"{_label(('routing', 'when', name), language)} {_value(value, (name,), language)}"
            for name, value in given.items()
        )
        when = ("；" if language == "zh" else "; ").join(told) or _word("{}", language)
    return f"{when} → {_value(item['to'], ('to',), language)}"


def _value(value: Any, path: Path, language: str) -> str:
    if isinstance(value, list) and value:
        return ("、" if language == "zh" else ", ").join(
            _value(each, path, language) for each in value
        )
    if isinstance(value, str) and path[-1] in _AS_WRITTEN:
        return value
    if f"{path[-1]}.{value}" in labels()["values"]:
        return _word(f"{path[-1]}.{value}", language)
    return _word(value if isinstance(value, str) else json.dumps(value), language)


def _word(text: str, language: str) -> str:
    known = labels()["values"].get(text)
    if known:
        word: str = known[language]
        return word
    if language == "en":
        return text
    try:
        return _span(parse_span(text))
    except ValueError:
        return text


def _span(span: Span) -> str:
    """A span in Chinese."""
    words = labels()["spans"]
    told: str = words[span.unit.value].format(count=span.count)
    if span.unit is not SpanUnit.SAME_DAY and span.duty:
        told = words["duty"].format(span=told)
    return told


def _width(text: str) -> int:
    """Columns on a screen: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
