"""The unit tree as people refer to it: by a scanned code, by name, by place in the tree."""

from __future__ import annotations

import time
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.codes.lookup import last_of, read_code, read_code_by_id
from actions.codes.one_time import read_one_time
from actions.codes.target import CodeFacts, CodeTarget, target_of
from actions.org.matching import Index, UnitName
from actions.store.engine import reading
from actions.store.tables import units

_NEAR = 50.0  # of a hundred: two of three characters of a misspelt name are right
_FRESH = 5.0  # seconds for which the tree in memory is believed


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    kind: str
    parent_id: int | None
    path: str
    label: str  # with the county and station in front: 桥西分局明德里派出所 · 户籍 2 号窗口


@dataclass(frozen=True, slots=True)
class UnitMatch:
    unit_id: int
    label: str
    score: float


class Tree:
    """All units, held in memory: a few thousand rows at most."""

    def __init__(self, rows: list[Unit]) -> None:
        self.units = {unit.id: unit for unit in rows}
        self.index = Index([_name(unit) for unit in rows])
        self._below: dict[str, Index] = {}

    def below(self, path: str) -> list[Unit]:
        """The unit at that path and all below it."""
        return [unit for unit in self.units.values() if unit.path.startswith(path)]

    def index_below(self, path: str) -> Index:
        """The names of those units alone."""
        if path not in self._below:
            self._below[path] = Index([_name(unit) for unit in self.below(path)])
        return self._below[path]


def _name(unit: Unit) -> UnitName:
    return UnitName(unit.id, unit.name, unit.short_name, unit.aliases, unit.kind, unit.parent_id)


class Org:
    """Reads of the unit tree, kept in memory and compared with the database every few seconds.

    Inside a transaction its connection is handed over: a second one from the pool could wait for
    ever when every transaction wants one.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._tree = Tree([])
        self._version: tuple[int, int] | None = None
        self._checked = -_FRESH

    async def tree(self, connection: AsyncConnection | None = None) -> Tree:
        if time.monotonic() - self._checked >= _FRESH:
            if connection is not None:
                await self._compare(connection)
            else:
                async with reading(self._engine) as own:
                    await self._compare(own)
        return self._tree

    async def _compare(self, connection: AsyncConnection) -> None:
        # One small number that changes with any row: units may be loaded while we run.
        query = text("SELECT count(*), coalesce(sum(hashtext(u::text)), 0) FROM units u")
        count, version = (await connection.execute(query)).one()
        if self._version != (count, version):
            self._tree = Tree(await _read_units(connection))
            self._version = (count, version)
        self._checked = time.monotonic()

    async def code(self, scene: str) -> CodeTarget | None:
        """What the code with this scene, in any spelling, stands for today, or None."""
        async with reading(self._engine) as connection:
            scanned = await read_code(connection, scene)
            if scanned is not None:  # a sticker: one read; only what is none costs a second
                return await self._target(connection, scanned)
            once = await read_one_time(connection, scene)
            return once.target(clock.now()) if once is not None else None

    async def code_by_id(self, code_id: int, connection: AsyncConnection) -> CodeTarget:
        """What a known code stands for today. Raises NoResultFound when there is none."""
        return await self._target(connection, await read_code_by_id(connection, code_id))

    async def _target(self, connection: AsyncConnection, scanned: CodeFacts) -> CodeTarget:
        last = await last_of(connection, scanned)
        tree = await self.tree(connection)
        if not {scanned.unit_id, last.unit_id, *last.posts} <= tree.units.keys():
            self._checked = -_FRESH  # loaded a moment ago
            tree = await self.tree(connection)
        return target_of(scanned, last, tree.units)

    async def match_units(self, words: str, limit: int = 5) -> list[UnitMatch]:
        """The units that the words may mean, best first; empty when nothing comes near."""
        tree = await self.tree()
        return [
            UnitMatch(found.unit_id, tree.units[found.unit_id].label, found.score)
            for found in tree.index.match(words, limit)
        ]

    async def near_below(self, words: str, path: str, limit: int = 3) -> list[str]:
        """The labels of the units at and below the path whose names come nearest; as if there were
        no others.
        """
        tree = await self.tree()
        found = [each.unit_id for each in tree.index_below(path).match(words, limit)]
        if not found:
            names = {unit.id: unit.short_name for unit in tree.below(path)}
            near = process.extract(words, names, scorer=fuzz.ratio, limit=limit, score_cutoff=_NEAR)
            found = [unit_id for _, _, unit_id in near]
        return [tree.units[unit_id].label for unit_id in found]

    async def unit(self, unit_id: int, connection: AsyncConnection | None = None) -> Unit:
        """Raises KeyError when there is no such unit."""
        tree = await self.tree(connection)
        if unit_id not in tree.units:  # loaded a moment ago
            self._checked = -_FRESH
            tree = await self.tree(connection)
        return tree.units[unit_id]

    async def unit_label(self, unit_id: int, connection: AsyncConnection | None = None) -> str:
        return (await self.unit(unit_id, connection)).label


async def _read_units(connection: AsyncConnection) -> list[Unit]:
    rows = (await connection.execute(select(units).order_by(units.c.path))).all()
    names = {row.id: row for row in rows}
    return [
        Unit(
            row.id,
            row.code,
            row.name,
            row.short_name,
            tuple(row.aliases),
            row.kind,
            row.parent_id,
            row.path,
            unit_label(
                [(names[int(i)].kind, names[int(i)].name) for i in row.path.split("/")[1:-1]]
            ),
        )
        for row in rows
    ]


def unit_label(line: list[tuple[str, str]]) -> str:
    """The label of the last unit of the line (kind, name) that leads from the city down to it.

    The city is left out unless it is the unit itself; a desk or car stands behind a dot.
    """
    above = [(kind, name) for kind, name in line[:-1] if kind != "city"]
    kind, name = line[-1]
    front = "".join(part for _, part in above)
    if kind in {"desk", "car", "community"} and front:
        return f"{front} · {name}"
    return front + name
