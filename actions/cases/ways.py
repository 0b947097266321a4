"""Routing over the unit tree as it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actions.cases.routing import Line, Matter, Place, Way, above_subjects, route
from actions.org.org import Tree, Unit


def routed(lines: Sequence[Line], matter: Matter, tree: Tree, subjects: Sequence[str]) -> Way:
    """`routing.route` over the unit tree as it stands."""
    units = tree.units.values()
    city = next(unit for unit in units if unit.parent_id is None)
    codes = {unit.code: unit for unit in units}
    return route(lines, matter, _place(city), _by_code(codes), subjects, _above(tree))


def line_to(tree: Tree, unit_id: int | None) -> tuple[Place, ...]:
    """The units from the city down to this one; empty for none."""
    if unit_id is None:
        return ()
    path = tree.units[unit_id].path.strip("/").split("/")
    return tuple(_place(tree.units[int(each)]) for each in path)


def _place(unit: Unit) -> Place:
    return Place(unit.id, unit.code, unit.kind, unit.path)


def _by_code(codes: dict[str, Unit]) -> Callable[[str], Place | None]:
    return lambda code: _place(codes[code]) if code in codes else None


def _above(tree: Tree) -> Callable[[str], Place | None]:
    def parent(path: str) -> Place | None:
        ids = path.strip("/").split("/")
        return _place(tree.units[int(ids[-2])]) if len(ids) > 1 else None

    return parent


def lifted(tree: Tree, unit_id: int, subject_paths: Sequence[str]) -> Unit:
    """The nearest unit, from this one upwards, that is above those the case is about."""
    units = tree.units.values()
    city = _place(next(unit for unit in units if unit.parent_id is None))
    place = above_subjects(_place(tree.units[unit_id]), subject_paths, city, _above(tree))
    return tree.units[place.unit_id]
