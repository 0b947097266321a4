"""Reads YAML and keeps for every value the line and the comment it was written with.

Only plain YAML: mappings, lists and scalars. `null`, `true`, `false` and numbers are what they
look like; everything else is text, so that `yes` and `10:00` stay as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

type Path = tuple[str | int, ...]
type Value = str | int | float | bool | list[Value] | dict[str, Value] | None

LARGEST = 200_000  # characters; a policy has about 5,000

_CONSTANTS: dict[str, Value] = {"": None, "~": None, "null": None, "true": True, "false": False}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,8})\.[0-9]{1,9}")
_COMMENT = re.compile(r"[ \t]*:?[ \t]+#[ \t]*([^\r\n]*)")
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))
_ADVICE = {
    "cannot start any token": "indent with spaces, and quote a text that begins with a sign",
    "mapping values are not allowed": 'put a text that holds ": " in quotes, and check the indent',
    "expected <block end>": "the indent or a quotation mark is wrong, here or just above",
    "while scanning a quoted scalar": "a quotation mark is not closed",
    "but found another document": "one file holds one policy, so --- may not stand in it",
}


@dataclass(slots=True)
class Written:
    """What a file says. `lines` count from 1; `comments` hold what follows # on a value's line."""

    value: Value = None
    lines: dict[Path, int] = field(default_factory=dict)
    comments: dict[Path, str] = field(default_factory=dict)
    mistakes: list[tuple[int, str]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of the value at `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def dotted(path: Path) -> str:
    """routing[1].to: how people read a path; lists count from 1."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def parse(text: str) -> Written:
    """What `text` says; what is wrong with it as YAML stands in `mistakes`. Raises nothing."""
    written = Written()
    if len(text) > LARGEST:
        written.mistakes.append((1, f"is longer than {LARGEST} characters; a policy is short"))
        return written
    try:
        top = yaml.compose(text, Loader=yaml.BaseLoader)
        if top is not None:
            written.value = _Reader(text, written).read(top, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        written.mistakes.append((mark.line + 1 if mark else 1, _not_yaml(error)))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        written.mistakes.append((line, "holds a character that no text has; delete it"))
    except RecursionError:
        written.mistakes.append((1, "is nested too deeply; no policy goes below six levels"))
    return written


def _not_yaml(error: yaml.MarkedYAMLError) -> str:
    told = f"{error.context or ''} {error.problem or ''}"
    advice = next((then for sign, then in _ADVICE.items() if sign in told), "")
    why = advice or f"{error.problem}; check the indent, the colons and the quotes up to here"
    return f"is not YAML: {why}"


class _Reader:
    """Turns nodes into values, noting lines, comments and mistakes."""

    def __init__(self, text: str, written: Written) -> None:
        self._text = text
        self._written = written
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, path: Path) -> Value:
        if id(node) in self._seen:
            line = self._written.line(path)  # the node knows only where it was first
            clause = f"{dotted(path)} refers to another line with *; write it out"
            self._written.mistakes.append((line, clause))
            return None
        self._seen.add(id(node))
        self._written.lines.setdefault(path, node.start_mark.line + 1)
        if node.tag not in _PLAIN_TAGS:
            self._wrong(node, f"{dotted(path)} has a tag with !; write the value without it")
            return None
        if isinstance(node, yaml.CollectionNode) and node.flow_style:
            self._comment(node, path)
        if isinstance(node, yaml.MappingNode):
            return {
                name: self.read(below, (*path, name)) for name, below in self._pairs(node, path)
            }
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, i)) for i, item in enumerate(node.value)]
        if not isinstance(node, yaml.ScalarNode):
            return None
        self._comment(node, path)
        return _scalar(node)

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, yaml.Node]]:
        """The keys, each once, with what stands below them."""
        first: dict[str, int] = {}
        for key, below in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._wrong(key, "a name before a colon has to be one word")
                continue
            name, line = str(key.value), key.start_mark.line + 1
            if name in first:
                there = f"it already stands in line {first[name]}"
                self._wrong(key, f"{dotted((*path, name))} stands twice; {there}")
                continue
            first[name] = self._written.lines[(*path, name)] = line
            self._comment(key, (*path, name))
            yield name, below

    def _comment(self, node: yaml.Node, path: Path) -> None:
        found = _COMMENT.match(self._text, node.end_mark.index)
        if found:
            self._written.comments[path] = found[1].strip()

    def _wrong(self, node: yaml.Node, clause: str) -> None:
        self._written.mistakes.append((node.start_mark.line + 1, clause))


def _scalar(node: yaml.ScalarNode) -> Value:
    """A plain scalar by its look; a quoted one is text."""
    text = str(node.value)
    if node.style is not None:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
