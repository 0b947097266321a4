"""What may stand where in a policy file, told from the model itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from actions.policy.model import Policy
from actions.policy.values import Allowed
from actions.policy.yaml_lines import Path


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a policy may have. In `path` every list item is "[ ]" and every kind "<kind>"."""

    path: tuple[str, ...]
    allowed: str
    description: str
    required: bool
    section: bool


def allowed(path: Path) -> str:
    """What may stand at `path`, in words that follow "write". Raises KeyError for an unknown one."""
    return _words(_at(path))


def known(path: Path) -> list[str]:
    """The names that may stand below `path`, in the order of the model."""
    kind = _bare(_at(path))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return list(kind.model_fields)
    return _choices(get_args(kind)[0]) if get_origin(kind) is dict else []


def lines() -> Iterator[Line]:
    """Every line that a policy may have, sections before what is in them."""
    yield from _below(Policy, ())


def _below(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[Line]:
    for name, field in model.model_fields.items():
        here, kind = (*path, name), _of(field)
        inner, inner_path = _section(kind, here)
        yield Line(
            here, _words(kind), field.description or "", field.is_required(), inner is not None
        )
        if inner is not None:
            yield from _below(inner, inner_path)


def _section(kind: Any, path: tuple[str, ...]) -> tuple[type[BaseModel] | None, tuple[str, ...]]:
    """The model that lies at `path`, itself or as the items of a list."""
    bare = _bare(kind)
    if get_origin(bare) is tuple:
        bare, path = _bare(get_args(bare)[0]), (*path, "[ ]")
    is_model = isinstance(bare, type) and issubclass(bare, BaseModel)
    return (bare if is_model else None), path


def _of(field: FieldInfo) -> Any:
    """The field's type with what was noted beside it."""
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _at(path: Path) -> Any:
    kind: Any = Policy
    for part in path:
        bare = _bare(kind)
        if isinstance(part, int):
            kind = get_args(bare)[0]
        elif get_origin(bare) is dict:
            kind = get_args(bare)[1]
        else:
            kind = _of(bare.model_fields[part])
    return kind


def _bare(kind: Any) -> Any:
    """The type without what was noted beside it and without "or null"."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in (Union, UnionType):
            kind = next(each for each in get_args(kind) if each is not NoneType)
        else:
            return kind


def _choices(kind: Any) -> list[str]:
    kind = _bare(kind)
    if get_origin(kind) is Literal:
        return [str(each) for each in get_args(kind)]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return [each.value for each in kind]
    return []


def _words(kind: Any) -> str:
    if get_origin(kind) in (Union, UnionType):
        inner = next(each for each in get_args(kind) if each is not NoneType)
        return f"{_words(inner)}, or null"
    if get_origin(kind) is Annotated:
        noted = [each for each in get_args(kind)[1:] if isinstance(each, Allowed)]
        return noted[-1].words if noted else _words(get_args(kind)[0])
    if get_origin(kind) is tuple:
        return _list_words(get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return f"a section with {_listed(list(kind.model_fields), 'and')}"
    return _listed(_choices(kind), "or")


def _list_words(item: Any) -> str:
    choices = _choices(item)
    if choices:
        return f"a list in [ ] of {', '.join(choices)}"
    if _section(item, ())[0] is not None:
        return f"a list whose items are {_words(item)}"
    return f"a list in [ ], each {_words(item)}"


def _listed(words: list[str], last: str) -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)
