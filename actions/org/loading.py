"""Bringing the units, officers and codes of the files into the database; again: no change."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.codes.ledger import add, changed_by_hand, repoint
from actions.figures.counters import recount
from actions.org.csv_files import CODES, City
from actions.privacy.vault import Vault
from actions.store.tables import codes, officers, posts, units


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows stand now, and how many of them this load added or changed.

    `kept` codes are otherwise in the file: they were moved or retired by command since.
    """

    units: int
    officers: int
    codes: int
    changed: int
    kept: int = 0


async def load(engine: AsyncEngine, vault: Vault, city: City) -> Loaded:
    """Adds and updates in one transaction. Nothing is deleted: what history names stays.

    An officer who is not in the file any more is cut off (inactive).
    """
    async with engine.begin() as connection:
        await connection.execute(select(func.pg_advisory_xact_lock(0x756E6974)))
        changed, ids = await _units(connection, city)
        changed += await _officers(connection, vault, city, ids)
        added, kept = await _codes(connection, city, ids)
        counts = [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (units, officers, codes)
        ]
    return Loaded(counts[0], counts[1], counts[2], changed + added, kept)


async def _units(connection: AsyncConnection, city: City) -> tuple[int, dict[str, int]]:
    before = {row.code: row for row in (await connection.execute(select(units))).all()}
    ids = {code: row.id for code, row in before.items()}
    paths = {code: row.path for code, row in before.items()}
    changed, moved = 0, False
    for unit in _top_down(city):
        values = {
            "name": unit.name,
            "short_name": unit.short_name,
            "aliases": list(unit.aliases),
            "kind": unit.kind,
            "parent_id": ids[unit.parent] if unit.parent else None,
        }
        if unit.code not in ids:
            statement = insert(units).values(code=unit.code, path="", **values)
            ids[unit.code] = (
                await connection.execute(statement.returning(units.c.id))
            ).scalar_one()
        paths[unit.code] = f"{paths[unit.parent] if unit.parent else '/'}{ids[unit.code]}/"
        values["path"] = paths[unit.code]
        old = before.get(unit.code)
        moved = moved or (old is not None and old.path != values["path"])
        if old is None or any(getattr(old, name) != value for name, value in values.items()):
            await connection.execute(
                update(units).where(units.c.code == unit.code).values(**values)
            )
            changed += 1
    if moved:
        await recount(connection)
    return changed, ids


def _top_down(city: City) -> list:  # type: ignore[type-arg]
    by_code = {unit.code: unit for unit in city.units}

    def depth(code: str) -> int:
        parent = by_code[code].parent
        return 0 if parent is None else 1 + depth(parent)

    return sorted(city.units, key=lambda unit: depth(unit.code))


async def _officers(
    connection: AsyncConnection, vault: Vault, city: City, ids: dict[str, int]
) -> int:
    query = select(officers, posts.c.unit_id, posts.c.role).join(
        posts, posts.c.officer_id == officers.c.id, isouter=True
    )
    before = {row.badge: row for row in (await connection.execute(query)).all()}
    changed = 0
    for officer in city.officers:
        old = before.pop(officer.badge, None)
        now = (officer.name, officer.title, True, ids[officer.unit], str(officer.role))
        if old is not None and now == (
            vault.open(old.name_sealed),
            old.title,
            old.active,
            old.unit_id,
            old.role,
        ):
            continue
        values = {
            "name_sealed": vault.seal(officer.name),
            "title": officer.title,
            "active": True,
        }
        officer_id = await _upsert(connection, officers, {"badge": officer.badge}, values)
        await connection.execute(delete(posts).where(posts.c.officer_id == officer_id))
        await connection.execute(
            insert(posts).values(
                officer_id=officer_id, unit_id=ids[officer.unit], role=str(officer.role)
            )
        )
        changed += 1
    gone = [row.id for row in before.values() if row.active]
    if gone:
        await connection.execute(
            update(officers).where(officers.c.id.in_(gone)).values(active=False)
        )
    return changed + len(gone)


async def _codes(connection: AsyncConnection, city: City, ids: dict[str, int]) -> tuple[int, int]:
    """How many were added or changed, and how many were kept as they are."""
    badges = {
        row.badge: row.id
        for row in (await connection.execute(select(officers.c.badge, officers.c.id))).all()
    }
    before = {row.scene: row for row in (await connection.execute(select(codes))).all()}
    by_hand = await changed_by_hand(connection)
    changed = kept = 0
    for code in city.codes:
        here = (ids[code.unit], badges[code.officer] if code.officer else None, code.label)
        old = before.get(code.scene)
        if old is None:
            await add(connection, code.scene, *here, verb="loaded", by=CODES)
        elif (old.unit_id, old.officer_id, old.label) == here:
            continue
        elif old.id in by_hand:
            kept += 1
            continue
        else:
            await repoint(connection, old.id, *here, verb="loaded", by=CODES)
        changed += 1
    return changed, kept


async def _upsert(
    connection: AsyncConnection, table: Table, key: dict[str, str], values: dict[str, object]
) -> int:
    statement = (
        insert(table)
        .values(**key, **values)
        .on_conflict_do_update(index_elements=list(key), set_=values)
        .returning(table.c.id)
    )
    return int((await connection.execute(statement)).scalar_one())
