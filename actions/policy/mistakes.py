"""Turns what is wrong with a policy file into sentences: file, line, and what is allowed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic_core import ErrorDetails

from actions.errors import ConfigurationError
from actions.policy.shape import allowed, known
from actions.policy.yaml_lines import Path, dotted


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake; `text` is a sentence without its full stop. `line` 0 is the file itself."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.text}{'' if self.text.endswith('?') else '.'}"


class PolicyMistakes(ConfigurationError):  # noqa: N818 - many, not one error
    """Raised when a file is no policy; says every mistake, in the order of the lines."""

    def __init__(self, found: Sequence[Mistake]) -> None:
        self.found = tuple(sorted(found, key=lambda each: (each.file, each.line)))
        super().__init__("\n".join(map(str, self.found)))


def shown(value: object) -> str:
    """A value as a sentence shows it."""
    if isinstance(value, dict):
        return "a section"
    if isinstance(value, list):
        return f"[{', '.join(str(each) for each in value)}]" if len(value) < 6 else "a list"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f'{text[:57]}…"'


def nearest(word: str, words: Collection[str]) -> str:
    """The one of `words` that was probably meant, or nothing."""
    return "".join(get_close_matches(word, words, n=1, cutoff=0.8))


def sentences(errors: Sequence[ErrorDetails]) -> Iterator[tuple[Path, str]]:
    """Where and what, for each of pydantic's errors.

    A name written wrong is one mistake, not an unknown and a missing one.
    """
    meant: set[Path] = set()
    for error in errors:
        if error["type"] == "extra_forbidden":
            path, text, instead = _unknown(error["loc"])
            meant.add((*path[:-1], instead))
            yield path, text
    for error in errors:
        path = error["loc"]
        if error["type"] == "missing" and path not in meant:
            yield path, f"{dotted(path)} is missing; write {allowed(path)}"
        elif error["type"] not in ("missing", "extra_forbidden"):
            yield _wrong(error)


def _unknown(path: Path) -> tuple[Path, str, str]:
    names = known(path[:-1])
    instead = nearest(str(path[-1]), names)
    tail = f"did you mean {instead}?" if instead else f"known here are {', '.join(names)}"
    return path, f"{dotted(path)} is not known; {tail}", instead


def _wrong(error: ErrorDetails) -> tuple[Path, str]:
    path: Path = error["loc"]
    if path[-1:] == ("[key]",):
        path, text, _ = _unknown(path[:-1])
        return path, text
    what = f"{dotted(path) or 'the policy'} is {shown(error['input'])}"
    return path, f"{what}; {_instead(error, path)}"


def _instead(error: ErrorDetails, path: Path) -> str:
    value = error["input"]
    if error["type"] == "value_error":  # said by the value's own reader
        reason = error["msg"].removeprefix("Value error, ")
        return reason.rpartition("; ")[2]
    if error["type"] == "string_type" and isinstance(value, int | float):
        return f'put it in quotes: "{json.dumps(value)}"'
    if error["type"] in ("int_type", "float_type") and isinstance(value, str) and value.isdigit():
        return f"write {value} without quotes"
    if error["type"] == "too_short":
        return f"name at least one: {allowed(path)}"
    return f"write {allowed(path)}"
