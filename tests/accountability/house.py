"""An installation with its cast and clock, and months of ratings as the tests want them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update

from actions.bootstrap import Services
from actions.clock import BEIJING
from actions.store.tables import cases, proposal_events, proposals, rule_evaluations, units
from tests.cast import Cast
from tests.conftest import FrozenClock

COUNTIES = ("YZ-QX", "YZ-QD", "YZ-QH", "YZ-AP")
GOOD, POOR = "196/200", "160/200"  # 95.0–99.2 %, 73.9–84.9 %
AVERAGE = "166/200"  # 77.2–87.6 %: overlaps POOR

_RATE = text("""
INSERT INTO ratings (id, unit_id, identity_id, channel, way, grade, inbox_id, rated_at)
SELECT gen_random_uuid(), u.id, (SELECT id FROM identities ORDER BY created_at LIMIT 1), :channel,
  :way, CASE WHEN nth <= :satisfied THEN 'satisfied' ELSE 'unsatisfied' END, gen_random_uuid(),
  CAST(:at AS timestamptz) + nth * interval '1 minute'
FROM generate_series(1, :total) AS nth, units AS u WHERE u.code = :unit
""")


@dataclass(slots=True)
class House:
    services: Services
    cast: Cast
    clock: FrozenClock

    def at(self, words: str) -> None:
        """It is that moment in Beijing: "2026-11-04 01:00"."""
        self.clock.moment = datetime.fromisoformat(words).replace(tzinfo=BEIJING)

    async def rated(
        self, month: str, unit: str, given: str, way: str = "invited", channel: str = "sms"
    ) -> None:
        """So many satisfied of so many ratings ("160/200") at the unit in the month."""
        satisfied, total = map(int, given.split("/"))
        async with self.services.engine.begin() as connection:
            await connection.execute(
                _RATE,
                {
                    "unit": unit,
                    "channel": channel,
                    "way": way,
                    "satisfied": satisfied,
                    "total": total,
                    "at": datetime.fromisoformat(f"{month}-10T10:00:00+08:00"),
                },
            )

    async def month(self, month: str, poor: str = "YZ-QX", **other: str) -> None:
        """All four counties rated; `poor` is certainly last unless told otherwise."""
        for unit in COUNTIES:
            await self.rated(month, unit, other.get(unit[3:], POOR if unit == poor else GOOD))

    async def correct(self, unit: str, month: str, satisfied: int) -> None:
        """So many of the unit's not satisfied ratings of the month turn out to be satisfied ones."""
        async with self.services.engine.begin() as connection:
            await connection.execute(
                text("""
                UPDATE ratings SET grade = 'satisfied' WHERE id IN (
                  SELECT r.id FROM ratings AS r JOIN units AS u ON u.id = r.unit_id
                  WHERE u.code = :unit AND r.grade = 'unsatisfied'
                    AND to_char(r.rated_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') = :month
                  ORDER BY r.rated_at LIMIT :n)"""),
                {"unit": unit, "month": month, "n": satisfied},
            )

    async def found_so(self, number: str, finding: str = "substantiated") -> None:
        async with self.services.engine.begin() as connection:
            await connection.execute(
                update(cases).where(cases.c.number == number).values(finding=finding)
            )

    async def run(self) -> tuple[int, int]:
        """The round: how much was evaluated, how much is proposed."""
        made = await self.services.accountability.monthly.run()
        return made.evaluated, made.proposed

    async def proposed(self) -> list[tuple[str, str, str]]:
        """Rule, unit and month of every proposal, the oldest first."""
        query = (
            select(proposals.c.rule, units.c.short_name, proposals.c.period)
            .join(units, units.c.id == proposals.c.unit_id)
            .order_by(proposals.c.number)
        )
        async with self.services.engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return [(rule, unit, f"{period:%Y-%m}") for rule, unit, period in rows]

    async def number(self, rule: str = "last_in_the_month") -> int:
        query = select(proposals.c.number).where(proposals.c.rule == rule)
        async with self.services.engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def evaluations(self) -> list[Any]:
        query = select(rule_evaluations).order_by(
            rule_evaluations.c.period, rule_evaluations.c.rule
        )
        async with self.services.engine.connect() as connection:
            return list((await connection.execute(query)).all())

    async def log(self) -> list[Mapping[str, Any]]:
        query = select(proposal_events).order_by(proposal_events.c.id)
        async with self.services.engine.connect() as connection:
            return [row._mapping for row in (await connection.execute(query)).all()]
