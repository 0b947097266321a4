"""Where a scanned code leads: today's place, and what to say when the sticker is older. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

DOT = " · "  # between a station and its desk, or a unit and the name on a badge
_PARTS = {"desk", "car", "community"}  # of a station


class Place(Protocol):
    """What a unit of the tree has to tell."""

    @property
    def kind(self) -> str: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def path(self) -> str: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class WeChatCode:
    """The official account's own code for a place: `url` is what its picture says."""

    app_id: str
    ticket: str
    url: str


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """A code as it is stored, with what is needed to judge it."""

    id: int
    scene: str
    unit_id: int
    officer_id: int | None
    label: str
    printed: str | None  # the label outside, where it is not `label` any more
    replaced_by: int | None
    retired: bool
    active: bool  # False: the badge of somebody who left
    posts: tuple[int, ...]  # where the badge's officer serves now
    wechat: WeChatCode | None


@dataclass(frozen=True, slots=True)
class CodeTarget:
    """What a code stands for today. A rating belongs to `unit_id` and `officer_id` as they are here.

    `state`: live, moved (it leads elsewhere than its sticker says) or retired (out of use; what it
    leads to counts all the same); of a one-time code used or expired, and then nothing is rated by
    it. `was` is what the sticker outside says, "" for a live one.
    """

    code_id: int | None  # of the code that was scanned; None for a one-time code
    kind: Literal["unit", "officer"]
    unit_id: int
    officer_id: int | None
    label: str
    scene: str = ""  # as it was made
    state: Literal["live", "moved", "retired", "used", "expired"] = "live"
    was: str = ""
    newer: str | None = None  # the scene of the code that stands in its place
    wechat: WeChatCode | None = None  # the account's own code for it, if there is one
    one_time: str | None = None  # the id of a one-time code

    @property
    def spent(self) -> bool:
        """Whether nothing can be rated by it any more."""
        return self.state in ("used", "expired")


@dataclass(frozen=True, slots=True)
class _Here:
    unit_id: int
    officer_id: int | None
    label: str
    why: Literal["live", "moved", "retired"]


def target_of(scanned: CodeFacts, last: CodeFacts, units: Mapping[int, Place]) -> CodeTarget:
    """`last` is the end of the chain of replacements that begins at `scanned` (often itself)."""
    here = _here(last, units)
    state: Literal["live", "moved", "retired"] = here.why
    if scanned.retired:
        state = "retired"
    elif scanned.printed is not None and state == "live":
        state = "moved"
    return CodeTarget(
        code_id=scanned.id,
        kind="officer" if here.officer_id else "unit",
        unit_id=here.unit_id,
        officer_id=here.officer_id,
        label=here.label,
        scene=scanned.scene,
        state=state,
        was="" if state == "live" else scanned.printed or scanned.label,
        newer=last.scene if last.id != scanned.id and not last.retired else None,
        wechat=scanned.wechat or last.wechat,
    )


def _here(code: CodeFacts, units: Mapping[int, Place]) -> _Here:
    """What the code stands for by itself: its place, or what is left of it."""
    if code.retired:
        station = _station(code.unit_id, units)
        return _Here(station, None, units[station].label, "retired")
    if code.officer_id is None:
        return _Here(code.unit_id, None, code.label, "live")
    if not code.active:
        return _Here(code.unit_id, None, units[code.unit_id].label, "retired")
    if code.posts and not any(_in_line(code.unit_id, post, units) for post in code.posts):
        name = code.label.rpartition(DOT)[2]
        label = f"{units[code.posts[0]].label}{DOT}{name}"
        return _Here(code.posts[0], code.officer_id, label, "moved")
    return _Here(code.unit_id, code.officer_id, code.label, "live")


def _station(unit_id: int, units: Mapping[int, Place]) -> int:
    """The unit itself, or what a desk, car or community belongs to."""
    unit = units[unit_id]
    return unit.parent_id if unit.kind in _PARTS and unit.parent_id else unit_id


def _in_line(one: int, other: int, units: Mapping[int, Place]) -> bool:
    """Whether one of the two is the other or above it."""
    a, b = units[one].path, units[other].path
    return a.startswith(b) or b.startswith(a)
