"""Ratings of given moments, written straight into the table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import insert

from actions import clock
from actions.bootstrap import Services
from actions.clock import BEIJING
from actions.org.org import Unit
from actions.store.tables import ratings


class Raters:
    """Citizens, each a new one unless `person` says otherwise."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._met = 0

    async def rate(
        self,
        unit: Unit,
        day: date,
        grades: Sequence[str],
        *,
        came: tuple[str, str] = ("wechat", "scan"),
        person: str = "",
        hour: int = 9,
    ) -> None:
        """The grades ("s", "b", "u") come a minute after another."""
        names = {"s": "satisfied", "b": "basically", "u": "unsatisfied"}
        begin = datetime.combine(day, time(hour), BEIJING)
        async with self._services.engine.begin() as connection:
            for number, grade in enumerate(grades):
                self._met += 1
                who = await self._services.people.meet(
                    connection, "wechat", person or f"openid-rater-{self._met}"
                )
                row = {
                    "id": clock.new_id(),
                    "unit_id": unit.id,
                    "identity_id": who.identity_id,
                    "channel": came[0],
                    "way": came[1],
                    "grade": names[grade],
                    "inbox_id": clock.new_id(),
                    "rated_at": begin + timedelta(minutes=number),
                }
                await connection.execute(insert(ratings).values(row))


async def unit_named(services: Services, name: str) -> Unit:
    tree = await services.org.tree()
    return next(unit for unit in tree.units.values() if unit.name == name)
