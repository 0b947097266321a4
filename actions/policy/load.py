"""Reads a policy: a shipped preset by its name, or a file of one's own by its path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from actions.errors import ConfigurationError
from actions.policy.checks import disagreements, repeated
from actions.policy.mistakes import Mistake, PolicyMistakes, nearest, sentences
from actions.policy.model import Policy
from actions.policy.yaml_lines import Path as Location
from actions.policy.yaml_lines import Value, Written, parse

PRESETS = Path(__file__).parents[2] / "data" / "policies"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy with the file it came from: what stands in which line, with which comment."""

    file: str
    policy: Policy
    written: Written


def shipped() -> list[str]:
    """The names of the presets that ship, the default first."""
    return sorted((path.stem for path in PRESETS.glob("*.yml")), key=lambda n: (n != DEFAULT, n))


def load_policy(name_or_path: str = "") -> Policy:
    """The policy of that name or in that file; nothing named: the default.

    Raises ConfigurationError, one sentence per mistake with file and line.
    """
    return read_policy(name_or_path).policy


def read_policy(name_or_path: str = "") -> PolicyFile:
    """As `load_policy`, with lines and comments. Raises ConfigurationError."""
    path = find_policy(name_or_path)
    file = _shown(path)
    written = parse(_text(path, file))
    policy = _validated(file, written)
    return PolicyFile(file, policy, written)


def find_policy(name_or_path: str) -> Path:
    """The file meant. Raises ConfigurationError when there is none."""
    name = name_or_path or DEFAULT
    if name in shipped():
        return PRESETS / f"{name}.yml"
    path = Path(name)
    if _is_file(path):
        return path
    if path.suffix in (".yml", ".yaml") or len(path.parts) > 1:
        raise ConfigurationError(f"{name}: there is no such file; name a file or a shipped policy.")
    meant = nearest(name, shipped())
    tail = f"did you mean {meant}?" if meant else f"shipped are {', '.join(shipped())}."
    raise ConfigurationError(f"No policy is called {name!r}; {tail}")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long, or one that no file can have
        return False


def _text(path: Path, file: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise PolicyMistakes(
            [Mistake(file, line, "is not UTF-8 text; save it as UTF-8")]
        ) from error
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read ({error.strerror}).") from error


def _shown(path: Path) -> str:
    """The path as people here would type it."""
    full = path.resolve()
    here = Path.cwd()
    return str(full.relative_to(here)) if full.is_relative_to(here) else str(path)


def _validated(file: str, written: Written) -> Policy:
    """The policy, or all mistakes; a line that is wrong as YAML is not told a second time."""
    if not isinstance(written.value, dict):
        nothing = (1, "holds no policy; begin with name: and copy a shipped one")
        raise PolicyMistakes([Mistake(file, *each) for each in written.mistakes or [nothing]])
    policy, found = _read(written.value)
    told = {line for line, _ in written.mistakes}
    mistakes = [Mistake(file, *each) for each in written.mistakes]
    placed = [Mistake(file, written.line(path), text) for path, text in found]
    mistakes += [each for each in placed if each.line not in told]
    if mistakes or policy is None:
        raise PolicyMistakes(mistakes)
    return policy


def _read(value: dict[str, Value]) -> tuple[Policy | None, list[tuple[Location, str]]]:
    """The policy, if its lines are right each by itself, and what is wrong and where."""
    found = [*repeated(value), *disagreements(_right_sections(value))]
    try:
        return Policy.model_validate(value), found
    except ValidationError as error:
        return None, [*found, *sentences(error.errors())]


@cache
def _sections() -> Mapping[str, TypeAdapter[Any]]:
    """A reader for each section alone."""
    return {
        name: TypeAdapter(Annotated[field.annotation, field])
        for name, field in Policy.model_fields.items()
    }


def _right_sections(value: Mapping[str, Any]) -> dict[str, Any]:
    """The sections that are right in themselves."""
    right = {}
    for name, reader in _sections().items():
        try:
            right[name] = reader.validate_python(value[name])
        except (KeyError, ValidationError):
            continue
    return right
