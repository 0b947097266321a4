"""A city's units, officers and codes as three CSV files, checked as a whole before any is loaded.

Every mistake is found in one reading and says file, line, column and why; one mistake is enough
that nothing is loadable. Files may be UTF-8 (with or without BOM) or GB18030, as spreadsheet
programs here save them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from actions.org.csv_mistakes import Mistakes
from actions.org.csv_text import Line, Report, read_lines
from actions.people.roles import Role

UNITS, OFFICERS, CODES = "units.csv", "officers.csv", "codes.csv"

# Each kind of unit, from the city down, and the kinds that may stand directly above it.
PARENTS: Mapping[str, tuple[str, ...]] = {
    "city": (),
    "county": ("city",),
    "station": ("county", "city"),
    "desk": ("station", "county", "city"),
    "car": ("station", "county", "city"),
    "community": ("station",),
}
_LEVEL = {kind: level for level, kind in enumerate(PARENTS)}
_ROLES = {role.value: role for role in Role}

# The columns of each file and the most characters each may hold.
COLUMNS: Mapping[str, Mapping[str, int]] = {
    UNITS: {"code": 64, "name": 60, "short_name": 30, "aliases": 400, "kind": 20, "parent": 64},
    OFFICERS: {"badge": 64, "name": 40, "unit": 64, "role": 20, "title": 30},
    CODES: {"scene": 64, "unit": 64, "officer": 64, "label": 80},
}
_OPTIONAL = {"aliases", "parent", "officer"}
_KEYS = {"code", "badge", "scene"}  # chosen here and unique; the other files refer to them
KEY = re.compile(r"[A-Za-z0-9_-]+")  # what every platform's QR code can carry


@dataclass(frozen=True, slots=True)
class UnitRow:
    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    kind: str  # a key of PARENTS
    parent: str | None  # the code of the unit above; None for the city


@dataclass(frozen=True, slots=True)
class OfficerRow:
    badge: str
    name: str
    unit: str
    role: Role
    title: str


@dataclass(frozen=True, slots=True)
class CodeRow:
    scene: str
    unit: str
    officer: str | None  # the badge, when the code is worn by an officer
    label: str


@dataclass(frozen=True, slots=True)
class City:
    """Three files without a mistake. Units come with every parent before its children."""

    units: tuple[UnitRow, ...]
    officers: tuple[OfficerRow, ...]
    codes: tuple[CodeRow, ...]


def load_city(folder: Path) -> City:
    """Reads the three files of `folder`. Raises Mistakes with every mistake of all three."""
    files: dict[str, bytes | None] = {}
    for name in COLUMNS:
        path = folder / name
        files[name] = path.read_bytes() if path.is_file() else None
    return read_city(files)


def read_city(files: Mapping[str, bytes | None]) -> City:
    """The same from the files' bytes; None stands for a file that is not there."""
    report = Report()
    lines = {
        name: list(read_lines(name, files.get(name), list(columns), report))
        for name, columns in COLUMNS.items()
    }
    for line in (line for found in lines.values() for line in found):
        _check_fields(line, report)
    units = _check_units(lines[UNITS], report)
    badges = _check_officers(lines[OFFICERS], units, report)
    _check_codes(lines[CODES], units, badges, report)
    if report.mistakes:
        raise Mistakes(sorted(report.mistakes, key=lambda m: (list(COLUMNS).index(m.file), m.line)))
    return City(
        units=tuple(sorted((_unit(line) for line in lines[UNITS]), key=lambda u: _LEVEL[u.kind])),
        officers=tuple(
            OfficerRow(s["badge"], s["name"], s["unit"], Role(s["role"]), s["title"])
            for s in lines[OFFICERS]
        ),
        codes=tuple(
            CodeRow(s["scene"], s["unit"], s["officer"] or None, s["label"]) for s in lines[CODES]
        ),
    )


def _check_fields(line: Line, report: Report) -> None:
    for column, most in COLUMNS[line.file].items():
        value = line[column]
        if not value and column not in _OPTIONAL:
            report.at(line, column, "required")
        elif len(value) > most:
            report.at(line, column, "too_long", value=value[:20] + "…", most=str(most))
        elif value and column in _KEYS and not KEY.fullmatch(value):
            report.at(line, column, "characters")


def _check_unique(lines: Iterable[Line], column: str, report: Report) -> dict[str, Line]:
    """The first line of each key. Keys that differ only in case are the same to a reader."""
    first: dict[str, Line] = {}
    for line in lines:
        key = line[column]
        known = first.setdefault(key.casefold(), line)
        if key and known is not line:
            report.at(line, column, "twice", other=str(known.number))
    return {line[column]: line for line in first.values()}


def _check_units(lines: Sequence[Line], report: Report) -> dict[str, Line]:
    units = _check_unique(lines, "code", report)
    circles = _circles(units)
    siblings: dict[tuple[str, str], Line] = {}
    for line in lines:
        _check_parent(line, units, circles, report)
        known = siblings.setdefault((line["parent"], line["name"]), line)
        if line["name"] and known is not line and known["code"] != line["code"]:
            report.at(line, "name", "same_name", other=str(known.number))
    cities = [line for line in lines if line["kind"] == "city"]
    if not cities and not any(mistake.file == UNITS for mistake in report.mistakes):
        report.file(UNITS, "no_city")
    for line in cities[1:]:
        report.at(line, "kind", "second_city", other=str(cities[0].number))
    return units


def _check_parent(line: Line, units: Mapping[str, Line], circles: set[str], report: Report) -> None:
    kind, parent = line["kind"], line["parent"]
    if kind and kind not in PARENTS:
        report.at(line, "kind", "unknown_kind", known=", ".join(PARENTS))
    elif line["code"] in circles:
        report.at(line, "parent", "circle")
    elif kind == "city" and parent:
        report.at(line, "parent", "city_has_parent")
    elif kind and kind != "city" and not parent:
        report.at(line, "parent", "no_parent", kind=kind)
    elif parent and parent not in units:
        if report.whole(UNITS):
            report.at(line, "parent", "unknown_unit")
    elif parent and kind:
        above = units[parent]["kind"]
        if above in PARENTS and above not in PARENTS[kind]:
            levels = {"kind": kind, "above": above, "wanted": " / ".join(PARENTS[kind])}
            report.at(line, "parent", "wrong_level", **levels)


def _circles(units: Mapping[str, Line]) -> set[str]:
    """The codes of units that are above themselves."""
    return {code for code in units if code in _above(code, units)}


def _above(code: str, units: Mapping[str, Line]) -> set[str]:
    """The codes of all units above one, as far as they are known; itself only in a circle."""
    found: set[str] = set()
    while code in units and (code := units[code]["parent"]) and code not in found:
        found.add(code)
    return found


def _check_officers(
    lines: Sequence[Line], units: Mapping[str, Line], report: Report
) -> dict[str, Line]:
    for line in lines:
        if line["unit"] and line["unit"] not in units and report.whole(UNITS):
            report.at(line, "unit", "unknown_unit")
        if line["role"] and line["role"] not in _ROLES:
            report.at(line, "role", "unknown_role", known=", ".join(_ROLES))
    return _check_unique(lines, "badge", report)


def _check_codes(
    lines: Sequence[Line],
    units: Mapping[str, Line],
    badges: Mapping[str, Line],
    report: Report,
) -> None:
    _check_unique(lines, "scene", report)
    for line in lines:
        unit, badge = line["unit"], line["officer"]
        if unit and unit not in units:
            if report.whole(UNITS):
                report.at(line, "unit", "unknown_unit")
        elif badge and badge not in badges:
            if report.whole(OFFICERS):
                report.at(line, "officer", "unknown_officer")
        elif badge and unit:
            post = badges[badge]["unit"]
            if post != unit and post not in _above(unit, units) and unit not in _above(post, units):
                report.at(line, "officer", "elsewhere", unit=unit, post=post)


def _unit(line: Line) -> UnitRow:
    aliases = (part.strip() for part in re.split("[;；]", line["aliases"]))
    return UnitRow(
        line["code"],
        line["name"],
        line["short_name"],
        tuple(dict.fromkeys(alias for alias in aliases if alias)),
        line["kind"],
        line["parent"] or None,
    )
