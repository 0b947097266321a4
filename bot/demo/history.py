"""Ratings of the last three months in the sample city, so that there are figures to ask for.

Invented by lot from a fixed seed; the last are yesterday's. They are written once: a city that has
ratings keeps its own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select

from actions import clock
from actions.bootstrap import Services
from actions.clock import BEIJING
from actions.org.org import Unit
from actions.store.tables import ratings

DAYS = 92
CITIZENS = 300
_SEED = 20
_WAYS = [("wechat", "scan")] * 3 + [("wechat", "invited_by_officer"), ("sms", "invited")]
_GOOD, _POOR = (93, 3, 4), (78, 7, 15)  # of a hundred: satisfied, fairly, not
_HOURS = (9, 9, 10, 10, 11, 14, 15, 15, 16, 17, 20)
_GRADES = ("satisfied", "basically", "unsatisfied")


async def write_history(services: Services) -> None:
    """Writes them unless there are ratings already."""
    async with services.engine.begin() as connection:
        if (await connection.execute(select(ratings.c.id).limit(1))).first() is not None:
            return
        people = [
            (await services.people.meet(connection, "demo", f"citizen-{number}")).identity_id
            for number in range(CITIZENS)
        ]
        units = (await services.org.tree(connection)).units.values()
        rows = list(_ratings([unit for unit in units if unit.kind in {"station", "desk"}], people))
        await connection.execute(insert(ratings), rows)
    await services.counters.add_up()


def _ratings(units: list[Unit], people: list[Any]) -> Iterator[dict[str, Any]]:
    """One station in four does worse than the others, and one of them has got better lately."""
    pick = random.Random(_SEED)  # noqa: S311 - invented figures, no secret
    yesterday = clock.now().astimezone(BEIJING).date() - timedelta(days=1)
    for place, unit in enumerate(sorted(units, key=lambda unit: unit.code)):
        busy = pick.choice((1, 2, 3))
        for back in range(DAYS):
            poor = place % 4 == 3 and (place % 8 == 3 or back > DAYS // 2)
            for _ in range(pick.randrange(busy + 1)):
                yield _rating(pick, unit, yesterday - timedelta(days=back), people, poor=poor)


def _rating(
    pick: random.Random, unit: Unit, day: date, people: list[Any], *, poor: bool
) -> dict[str, Any]:
    channel, way = pick.choice(_WAYS)
    at = datetime.combine(day, time(pick.choice(_HOURS), pick.randrange(60)), BEIJING)
    return {
        "id": clock.new_id(),
        "inbox_id": clock.new_id(),
        "unit_id": unit.id,
        "identity_id": pick.choice(people),
        "channel": channel,
        "way": way,
        "grade": pick.choices(_GRADES, _POOR if poor else _GOOD)[0],
        "rated_at": at,
    }
