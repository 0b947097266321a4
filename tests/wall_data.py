"""Ratings and cases for walls, written as rows: what the counters must come to is known from them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from actions import clock
from actions.bootstrap import Services
from actions.cases.case import CaseDraft
from actions.cases.kinds import CaseKind
from actions.store.tables import cases, ratings, units
from tests.cast import Someone

SCAN = ("wechat", "scan")


async def unit_id(services: Services, name: str) -> int:
    async with services.engine.connect() as connection:
        query = select(units.c.id).where(units.c.name == name)
        return int((await connection.execute(query)).scalars().first() or 0)


type Given = tuple[str, datetime, tuple[str, str], Mapping[str, int]]  # unit, at, came, grades


async def rate(
    services: Services,
    unit: str,
    at: datetime,
    came: tuple[str, str] = SCAN,
    **grades: int,
) -> None:
    """So many ratings of each grade for the unit of that name, all at one moment."""
    await rate_all(services, [(unit, at, came, grades)])


async def rate_all(services: Services, given: Sequence[Given]) -> None:
    """The same of many, in one transaction."""
    ids = {unit: await unit_id(services, unit) for unit in {each[0] for each in given}}
    async with services.engine.begin() as connection:
        people = [
            await services.people.meet(connection, "wechat", f"openid-of-many-{number}")
            for number in range(6)
        ]
        rows: list[dict[str, Any]] = [
            {
                "id": clock.new_id(),
                "unit_id": ids[unit],
                "identity_id": people[number % len(people)].identity_id,
                "channel": channel,
                "way": way,
                "grade": grade,
                "inbox_id": clock.new_id(),
                "rated_at": at,
            }
            for unit, at, (channel, way), grades in given
            for grade, count in grades.items()
            for number in range(count)
        ]
        if rows:
            await connection.execute(insert(ratings), rows)


async def opens(citizen: Someone, unit: str, **more: Any) -> str:
    """A citizen complains about a unit; the case's number."""
    services = citizen.services
    draft = CaseDraft(
        CaseKind.COMPLAINT, "等了两个小时", unit_id=await unit_id(services, unit), **more
    )
    return (await services.cases.submit(citizen.turn(), draft)).number


async def due(services: Services, number: str, at: datetime) -> None:
    """Lets a case fall due at that moment."""
    async with services.engine.begin() as connection:
        statement = update(cases).where(cases.c.number == number).values(due_at=at)
        await connection.execute(statement)


def grades(pick: random.Random, count: int, share: float) -> Mapping[str, int]:
    """About that share satisfied."""
    drawn = Counter(
        "satisfied" if pick.random() < share else pick.choice(["basically", "unsatisfied"])
        for _ in range(count)
    )
    return dict(drawn)
