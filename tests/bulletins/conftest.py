"""An installation in which bulletins are sent, and ratings written as they are needed."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from actions import clock
from actions.bootstrap import Services
from actions.clock import BEIJING
from actions.org.org import Unit
from actions.ratings.rating import Way
from actions.store.tables import deliveries, ratings
from tests.cast import Cast, gather_cast
from tests.conftest import Databases, FrozenClock
from tests.installation import installation
from tests.policies import written

SENT: dict[str, Any] = {
    "hours.quiet": "22:00-07:00",
    "bulletins": {
        "daily": {"at": "08:30", "to": ["centre", "sub_centre"], "of": "own"},
        "weekly": {"weekday": "monday", "at": "09:00", "to": ["supervisor"], "of": "own"},
        "monthly": {"day": 1, "at": "09:00", "to": ["centre", "supervisor"], "of": "city"},
        "quarterly": None,
    },
}


@dataclass
class Bureau:
    services: Services
    cast: Cast
    frozen: FrozenClock
    pick: random.Random = field(default_factory=lambda: random.Random(4))

    def at(self, text: str) -> None:
        """Sets the clock to this time in Beijing: "2026-11-23 08:30"."""
        self.frozen.moment = datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)

    async def unit(self, name: str) -> Unit:
        tree = await self.services.org.tree()
        return next(unit for unit in tree.units.values() if unit.name == name)

    async def rate(
        self,
        unit: str,
        day: str,
        satisfied: int = 0,
        basically: int = 0,
        unsatisfied: int = 0,
        *,
        channel: str = "wechat",
        way: Way = Way.SCAN,
    ) -> None:
        """Writes so many ratings, at any time of that Beijing day."""
        unit_id = (await self.unit(unit)).id
        begins = datetime.combine(date.fromisoformat(day), datetime.min.time(), BEIJING)
        grades = (
            ["satisfied"] * satisfied + ["basically"] * basically + ["unsatisfied"] * unsatisfied
        )
        async with self.services.engine.begin() as connection:
            people = [
                await self.services.people.meet(connection, channel, f"somebody-{number}")
                for number in range(6)
            ]
            rows = [
                {
                    "id": clock.new_id(),
                    "inbox_id": clock.new_id(),
                    "identity_id": people[number % len(people)].identity_id,
                    "unit_id": unit_id,
                    "channel": channel,
                    "way": way.value,
                    "grade": grade,
                    "rated_at": begins + timedelta(seconds=self.pick.randrange(24 * 3600)),
                }
                for number, grade in enumerate(grades)
            ]
            if rows:
                await connection.execute(insert(ratings), rows)

    async def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Every bulletin that was queued: its key and what it says."""
        query = (
            select(deliveries.c.key, deliveries.c.content_sealed)
            .where(deliveries.c.topic == "bulletin")
            .order_by(deliveries.c.created_at, deliveries.c.id)
        )
        async with self.services.engine.connect() as connection:
            found = (await connection.execute(query)).all()
        return [(row.key, self.services.vault.open_json(row.content_sealed)) for row in found]


@pytest.fixture
async def bureau(
    databases: Databases, tmp_path: Path, frozen: FrozenClock
) -> AsyncIterator[Bureau]:
    policy = written(tmp_path, changes=SENT)
    async with installation(databases, policy=policy) as services:
        yield Bureau(services, await gather_cast(services), frozen)
