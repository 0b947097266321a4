"""Codes that are wished for: one per unit or badge of a subtree, or the rows of a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.codes.spelling import letters
from actions.codes.target import DOT
from actions.org.csv_files import CODES, COLUMNS, KEY
from actions.org.csv_mistakes import Mistakes
from actions.org.csv_text import Line, Report, read_lines
from actions.org.org import Unit
from actions.people.roles import Role, covers
from actions.privacy.vault import Vault
from actions.store.tables import officers, posts

KINDS = ("city", "county", "station", "desk", "car", "community", "badge")
USUAL = ("county", "station", "desk", "car", "community")  # badges only when asked for
_WEARERS = (Role.OFFICER.value, Role.UNIT_LEAD.value)
_LONG_NAMES = (  # family names of two characters; all others have one
    *("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐"),
    *("司徒", "夏侯", "宇文", "长孙", "端木", "申屠", "钟离", "南宫", "独孤", "澹台"),
)
_PLAIN_TITLES = ("", "民警", "警员")  # worn by everybody: people say 李警官


@dataclass(frozen=True, slots=True)
class Wish:
    """A place that shall have a code. `scene` None: a new one is made. `line` of the file, or 0."""

    unit_id: int
    officer_id: int | None
    label: str
    scene: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Badge:
    """An officer who serves, with where."""

    officer_id: int
    badge: str
    family_name: str
    title: str
    unit_ids: tuple[int, ...]
    roles: frozenset[str]


def unit_wishes(units: Iterable[Unit], kinds: Collection[str], below: str) -> list[Wish]:
    """One for every unit of these kinds at or below the path."""
    return [
        Wish(unit.id, None, unit.label)
        for unit in units
        if unit.kind in kinds and covers(below, unit.path)
    ]


def badge_wishes(badges: Iterable[Badge], units: Mapping[int, Unit], below: str) -> list[Wish]:
    """One for every officer and unit lead who serves at or below the path."""
    wishes = []
    for badge in badges:
        unit = units[badge.unit_ids[0]]
        if badge.roles & set(_WEARERS) and covers(below, unit.path):
            wishes.append(Wish(unit.id, badge.officer_id, _badge_label(unit, badge)))
    return wishes


def file_wishes(
    path: Path, units: Mapping[int, Unit], badges: Iterable[Badge], taken: Mapping[str, str]
) -> list[Wish]:
    """The rows of a file with the columns of codes.csv, where scene and label may be empty.

    `taken` gives the scene of every known code by its letters. Raises Mistakes, all at once, each
    with file and line.
    """
    report = Report()
    raw = path.read_bytes() if path.is_file() else None
    lines = list(read_lines(path.name, raw, list(COLUMNS[CODES]), report))
    by_code = {unit.code: unit for unit in units.values()}
    by_badge = {badge.badge: badge for badge in badges}
    seen: dict[str, Line] = {}
    wishes = []
    for line in lines:
        _check_fields(line, report)
        _check_scene(line, seen, taken, report)
        unit, badge = by_code.get(line["unit"]), by_badge.get(line["officer"])
        if unit is None and line["unit"]:
            report.at(line, "unit", "unknown_unit")
        if badge is None and line["officer"]:
            report.at(line, "officer", "unknown_officer")
        if unit and badge and not in_line(badge, unit, units):
            post = units[badge.unit_ids[0]].code
            report.at(line, "officer", "elsewhere", unit=unit.code, post=post)
        if unit:
            wishes.append(_wish(line, unit, badge))
    if report.mistakes:
        raise Mistakes(report.mistakes)
    return wishes


def in_line(badge: Badge, unit: Unit, units: Mapping[int, Unit]) -> bool:
    """Whether the officer serves in the unit, above it or below it."""
    paths = [units[post].path for post in badge.unit_ids]
    return any(covers(path, unit.path) or covers(unit.path, path) for path in paths)


async def serving(connection: AsyncConnection, vault: Vault) -> list[Badge]:
    """Every active officer with a post, by badge."""
    query = (
        select(officers, posts.c.unit_id, posts.c.role)
        .join(posts, posts.c.officer_id == officers.c.id)
        .where(officers.c.active)
        .order_by(officers.c.badge, posts.c.unit_id)
    )
    found: dict[int, Badge] = {}
    for row in (await connection.execute(query)).all():
        old = found.get(row.id)
        found[row.id] = Badge(
            row.id,
            row.badge,
            old.family_name if old else _family_name(vault.open(row.name_sealed)),
            row.title,
            (*(old.unit_ids if old else ()), row.unit_id),
            (old.roles if old else frozenset()) | {row.role},
        )
    return list(found.values())


def spoken_label(unit: Unit, name: str, title: str) -> str:
    """How the officer is spoken to at the unit, never with the given name: … · 李警官."""
    called = "警官" if title in _PLAIN_TITLES else title
    return f"{unit.label}{DOT}{_family_name(name)}{called}"


def _badge_label(unit: Unit, badge: Badge) -> str:
    return spoken_label(unit, badge.family_name, badge.title)


def _family_name(name: str) -> str:
    return name[:2] if name.startswith(_LONG_NAMES) and len(name) > 2 else name[:1]


def _wish(line: Line, unit: Unit, badge: Badge | None) -> Wish:
    label = line["label"] or unit.label
    if badge and not line["label"]:
        label = _badge_label(unit, badge)
    officer_id = badge.officer_id if badge else None
    return Wish(unit.id, officer_id, label, line["scene"] or None, line.number)


def _check_fields(line: Line, report: Report) -> None:
    for column, most in COLUMNS[CODES].items():
        if column == "unit" and not line[column]:
            report.at(line, column, "required")
        elif len(line[column]) > most:
            report.at(line, column, "too_long", value=line[column][:20] + "…", most=str(most))


def _check_scene(
    line: Line, seen: dict[str, Line], taken: Mapping[str, str], report: Report
) -> None:
    """A scene may be read out and typed: two that sound alike are one."""
    scene = line["scene"]
    if not scene:
        return
    key = letters(scene)
    first = seen.setdefault(key, line)
    if not KEY.fullmatch(scene):
        report.at(line, "scene", "characters")
    elif first is not line:
        report.at(line, "scene", "twice", other=str(first.number))
    elif taken.get(key, scene) != scene:
        report.at(line, "scene", "reads_alike", other=taken[key])
