"""Making, moving, retiring and listing codes, on behalf of the administrator."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.codes import wishes
from actions.codes.ledger import add, record, repoint
from actions.codes.listing import Listed, listed
from actions.codes.lookup import read_code
from actions.codes.spelling import letters, new_scene
from actions.codes.target import DOT, CodeFacts, CodeTarget
from actions.codes.wishes import Wish
from actions.errors import ConfigurationError
from actions.org.org import Org, Unit
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import code_events, codes, ratings

_LOCK = 0x756E6974  # the same as that of the loading of units: one writer of codes at a time


@dataclass(frozen=True, slots=True)
class Made:
    """How many codes were made, and how many of the places had one already."""

    new: int
    stood: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a code's history. `at` is UTC; `label` is what it was called afterwards."""

    verb: str
    label: str
    by: str
    at: datetime
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything about one code."""

    target: CodeTarget
    history: list[Entry]
    ratings: int


class Codes:
    """What goes wrong is a ConfigurationError: a sentence for the administrator."""

    def __init__(self, engine: AsyncEngine, vault: Vault, org: Org) -> None:
        self._engine = engine
        self._vault = vault
        self._org = org

    async def make(self, kinds: Collection[str], below: str, by: str) -> Made:
        """A code for every place of these kinds at or below the unit that has none in use."""
        async with self._engine.begin() as connection:
            await _lock(connection)
            top = await self._unit(connection, below) if below else None
            path = top.path if top else "/"
            units = (await self._org.tree(connection)).units
            wanted = wishes.unit_wishes(units.values(), kinds, path)
            if "badge" in kinds:
                badges = await wishes.serving(connection, self._vault)
                wanted += wishes.badge_wishes(badges, units, path)
            have = {(unit, officer) for unit, officer, _ in await _in_use(connection)}
            worn = {officer for _, officer in have if officer}
            lacking = [
                wish
                for wish in wanted
                if (wish.unit_id, wish.officer_id) not in have and wish.officer_id not in worn
            ]
            await _add_all(connection, lacking, by)
        return Made(len(lacking), len(wanted) - len(lacking))

    async def make_from(self, file: Path, by: str) -> Made:
        """The same for the rows of a file; a row with the unit, officer and label of a code has it.

        Raises Mistakes when a row is wrong; then none is made.
        """
        async with self._engine.begin() as connection:
            await _lock(connection)
            units = (await self._org.tree(connection)).units
            badges = await wishes.serving(connection, self._vault)
            known = (await connection.execute(select(codes.c.letters, codes.c.scene))).all()
            taken = {row.letters: row.scene for row in known}
            wanted = wishes.file_wishes(file, units, badges, taken)
            have, scenes = await _in_use(connection), set(taken.values())
            lacking = []
            for wish in wanted:
                place = (wish.unit_id, wish.officer_id, wish.label)
                if wish.scene in scenes or (wish.scene is None and place in have):
                    continue
                have.add(place)
                lacking.append(wish)
            await _add_all(connection, lacking, by)
        return Made(len(lacking), len(wanted) - len(lacking))

    async def move(self, scene: str, to: str, by: str, label: str = "") -> CodeTarget:
        """Lets a code lead to another unit from now on; what was rated before stays where it was."""
        async with self._engine.begin() as connection:
            await _lock(connection)
            code = await _code(connection, scene)
            if code.retired:
                raise ConfigurationError(
                    f"{code.scene} is retired; make a new code for {to} and name it with "
                    f"./huiyin codes retire {code.scene} --replaced-by CODE."
                )
            unit = await self._unit(connection, to)
            await self._check_badge(connection, code, unit)
            if not label:
                name = code.label.rpartition(DOT)[2] if code.officer_id else ""
                label = f"{unit.label}{DOT}{name}" if name else unit.label
            if (code.unit_id, code.label) == (unit.id, label):
                raise ConfigurationError(f"{code.scene} leads to {label} already.")
            await repoint(connection, code.id, unit.id, code.officer_id, label, verb="moved", by=by)
        return await self._target(code.scene)

    async def retire(self, scene: str, by: str, replaced_by: str = "") -> CodeTarget:
        """Takes a code out of use; its stickers lead to the one that replaces it, or the station."""
        async with self._engine.begin() as connection:
            await _lock(connection)
            code = await _code(connection, scene)
            newer = await _code(connection, replaced_by) if replaced_by else None
            if newer and newer.id == code.id:
                raise ConfigurationError(f"{code.scene} cannot replace itself.")
            if newer and newer.retired:
                raise ConfigurationError(f"{newer.scene} is retired itself; name one in use.")
            if code.retired and newer is None:
                raise ConfigurationError(f"{code.scene} is retired already.")
            values = {"replaced_by": newer.id} if newer else {}
            if not code.retired:
                values["retired_at"] = clock.now()  # type: ignore[assignment]
            await connection.execute(update(codes).where(codes.c.id == code.id).values(**values))
            await record(connection, [code.id], "replaced" if newer else "retired", by)
        return await self._target(code.scene)

    async def show(self, scene: str) -> Shown:
        """One code with its history, oldest first, and how many ratings came by it."""
        async with reading(self._engine) as connection:
            code = await _code(connection, scene)
            newer = codes.alias()
            query = (
                select(code_events, newer.c.scene.label("newer"))
                .join(newer, newer.c.id == code_events.c.replaced_by, isouter=True)
                .where(code_events.c.code_id == code.id)
                .order_by(code_events.c.id)
            )
            rows = (await connection.execute(query)).all()
            counted = select(func.count()).where(ratings.c.code_id == code.id)
            total = int((await connection.execute(counted)).scalar_one())
        history = [Entry(row.verb, row.label, row.by, row.at, row.newer) for row in rows]
        return Shown(await self._target(code.scene), history, total)

    async def listed(
        self, below: str = "", kinds: Collection[str] = wishes.KINDS, scenes: Sequence[str] = ()
    ) -> list[Listed]:
        """The codes at or below a unit, or the named ones, in the order of the tree."""
        async with reading(self._engine) as connection:
            path = (await self._unit(connection, below)).path if below else "/"
            named = [(await _code(connection, scene)).id for scene in scenes]
            rows = await listed(connection, path)
        return [row for row in rows if row.kind in kinds and (not named or row.code_id in named)]

    async def printed(self, code_ids: Collection[int], by: str) -> None:
        """The sheets with these codes are made: from now on stickers say what the codes say."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(codes)
                .where(codes.c.id.in_(code_ids), codes.c.printed.is_not(None))
                .values(printed=None)
            )
            await record(connection, code_ids, "printed", by)

    async def _target(self, scene: str) -> CodeTarget:
        found = await self._org.code(scene)
        if found is None:
            raise LookupError(scene)
        return found

    async def _unit(self, connection: AsyncConnection, code: str) -> Unit:
        for unit in (await self._org.tree(connection)).units.values():
            if unit.code.casefold() == code.casefold():
                return unit
        raise ConfigurationError(f"No unit has the code {code}; see ./huiyin units list.")

    async def _check_badge(self, connection: AsyncConnection, code: CodeFacts, unit: Unit) -> None:
        """A badge goes where its officer serves."""
        if code.officer_id is None:
            return
        units = (await self._org.tree(connection)).units
        for badge in await wishes.serving(connection, self._vault):
            if badge.officer_id == code.officer_id and wishes.in_line(badge, unit, units):
                return
        raise ConfigurationError(
            f"{code.scene} is a badge, and its officer does not serve at {unit.code}; "
            "change officers.csv first."
        )


async def _code(connection: AsyncConnection, scene: str) -> CodeFacts:
    found = await read_code(connection, scene)
    if found is None:
        raise ConfigurationError(f"There is no code {scene}; ./huiyin codes csv lists them.")
    return found


async def _lock(connection: AsyncConnection) -> None:
    await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


async def _in_use(connection: AsyncConnection) -> set[tuple[int, int | None, str]]:
    """Unit, officer and label of every code that is not retired."""
    query = select(codes.c.unit_id, codes.c.officer_id, codes.c.label)
    rows = (await connection.execute(query.where(codes.c.retired_at.is_(None)))).all()
    return {(row.unit_id, row.officer_id, row.label) for row in rows}


async def _add_all(connection: AsyncConnection, lacking: Sequence[Wish], by: str) -> None:
    taken = set((await connection.execute(select(codes.c.letters))).scalars())
    for wish in lacking:
        scene = wish.scene or _unused(taken)
        taken.add(letters(scene))
        place = (wish.unit_id, wish.officer_id, wish.label)
        await add(connection, scene, *place, verb="made", by=by)


def _unused(taken: Collection[str]) -> str:
    while letters(scene := new_scene()) in taken:
        continue
    return scene
