"""The auditor: reads the driver's log, the fake platforms' journal and the database, nothing else."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bench.faulting import journal
from bench.faulting.audit_messages import Effects, audit_person
from bench.faulting.audit_notices import audit_phone
from bench.faulting.audit_rows import audit_rows
from bench.faulting.breaking import LATE_BY, Broken
from bench.faulting.campaign import Ground, Played, shown_by
from bench.faulting.findings import Findings, Verdict
from bench.faulting.log import Said
from bench.faulting.people import Row, Who, identities_of, messages_of, notices_to
from bench.faulting.recovery import Recovery, answers, notices, recoveries
from bench.faulting.schedule import Kind
from bot.demo.people import OFFICERS, SUPERVISORS

CITIZENS = ("wechat", "sms")
SLACK = 2.0  # seconds around a moment that two clocks tell


class Auditor:
    """Audits the citizens of each seed when it has been played; everybody else at the end."""

    def __init__(self, here: Ground) -> None:
        self._here = here
        self._played: list[Played] = []
        self.findings = Findings()
        self.recovered: list[Recovery] = []
        self.done: Counter[str] = Counter()  # what was done, by what the table calls it

    async def seed(self, played: Played) -> None:
        """The people who were in this seed only."""
        self._played.append(played)
        said = [one for one in played.log.said if one.channel in CITIZENS]
        async with self._here.services.engine.connect() as connection:
            await self._people(connection, _by_person(said), played.broken)
            begun = min([one.posted for one in played.log.said], default=played.log.ended)
            waits = answers(played.log)
            waits += await notices(connection, begun, shown_by(self._here.clock))
        self.recovered += recoveries(played.broken, waits, played.log.ended)

    async def end(self) -> None:
        """The officers, whose phones hold all seeds, those above them, and the rows."""
        staff = {(chat.channel, chat.name): list[Said]() for chat in (*OFFICERS, *SUPERVISORS)}
        broken = [one for played in self._played for one in played.broken]
        for played in self._played:
            for one in played.log.said:
                if one.channel not in CITIZENS:
                    staff[one.channel, one.person].append(one)
        async with self._here.services.engine.connect() as connection:
            await self._people(connection, staff, broken)
            await audit_rows(connection, self.findings)
            self.done = (await Effects.read(connection)).counted()

    async def _people(
        self,
        connection: AsyncConnection,
        people: dict[Who, list[Said]],
        broken: Sequence[Broken],
    ) -> None:
        here, effects = self._here, await Effects.read(connection)
        vault, phones = here.services.vault, journal.read(here.journal)
        known = await identities_of(connection, here.driver, vault, people)
        for who, said in people.items():
            rows: list[Row] = []
            if who in known:
                rows = await messages_of(connection, vault, known[who])
            rows = [row for row in rows if not row.said.startswith("/bind")]
            audit_person(said, rows, effects, self.findings)
            if who not in known:
                continue
            notices = await notices_to(connection, vault, known[who])
            for notice in notices:
                if notice.state == "failed":
                    self.findings.add(Verdict.FAILED, f"{notice.key}: {notice.note}")
            refused = {one.text for one in said if one.taken is False}
            answered = [(row, row.said not in refused) for row in rows]
            shown = phones.get(who, [])
            audit_phone(who, answered, notices, shown, _unsure(broken), self.findings)


def _by_person(said: Sequence[Said]) -> dict[Who, list[Said]]:
    found: dict[Who, list[Said]] = {}
    for one in said:
        found.setdefault((one.channel, one.person), []).append(one)
    return found


def _unsure(broken: Sequence[Broken]) -> Callable[[float, str], bool]:
    """Whether at that moment (seconds since 1970) a platform had a message and we could not know."""
    offset = time.time() - time.monotonic()

    def unsure(at: float, channel: str) -> bool:
        return any(
            one.began - SLACK <= at - offset <= one.back + LATE_BY + SLACK
            for one in broken
            if (one.fault.target == channel and one.fault.way in ("late", "cut"))
            or (one.fault.kind is Kind.KILL and one.fault.target == "worker")
        )

    return unsure
