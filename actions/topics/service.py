"""What citizens wrote about, for those who see figures: kept where it is usual, else found when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.cases.case import gist
from actions.cases.rows import CaseRow, base_query
from actions.cases.standing import actors, barred
from actions.cases.states import State
from actions.errors import Refusal
from actions.figures.compared import other_period
from actions.figures.question import Against
from actions.org.org import Org, Unit
from actions.people.people import People, Person
from actions.people.roles import SEES_FIGURES, covers
from actions.policy.model import Policy
from actions.privacy.masking import mask_text
from actions.privacy.vault import Vault
from actions.reports.periods import Period, read_period
from actions.reports.scopes import Scopes
from actions.store.engine import reading
from actions.store.tables import cases
from actions.topics.building import build_report
from actions.topics.kept import KeptReports
from actions.topics.report import EXAMPLES, FEWEST, Group, TopicReport
from actions.topics.runner import find_apart
from actions.topics.texts import open_texts, read_sealed, with_subject
from actions.turn import Turn

MOST = 20_000  # texts of a period
PATIENCE = 8.0  # seconds for which somebody who asks is kept waiting
OTHERWISE = "本周"
USUAL = ("昨天", "上周", "本周", "上个月", "本月", "本季度")
_USUAL_UNITS = frozenset({"city", "county"})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TopicCase:
    """A case of a group, as who sees figures may see it: `gist` is masked."""

    number: str
    unit_label: str
    state: State
    gist: str
    created_at: datetime
    opens: bool  # whether this person may open the case itself


class Topics:
    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        people: People,
        org: Org,
        policy: Policy,
        scopes: Scopes,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._org = org
        self._policy = policy
        self._scopes = scopes
        self._kept = KeptReports(engine, vault)
        self._running: dict[tuple[int, datetime, datetime], asyncio.Task[TopicReport]] = {}
        self._one_at_a_time = asyncio.Semaphore(1)

    async def ask(
        self, turn: Turn, words: str, *, patience: float | None = PATIENCE
    ) -> TopicReport:
        """The report of the unit and period that the words name; own unit, this week by default.

        Refuses as `Scopes.scope` does, and as `topics`.
        """
        period, unit = await self._scopes.scope(turn, words, otherwise=OTHERWISE)
        return await self.topics(unit, period, patience=patience)

    async def topics(
        self, unit: Unit, period: Period, *, patience: float | None = PATIENCE
    ) -> TopicReport:
        """The report of the unit and all below it; whether it may be seen the caller has decided.

        Refuses with topics_later when it takes longer than `patience` seconds (it goes on, and is
        there when asked again), with topics_too_many above 20,000 texts. Examples of cases about an
        officer who is known are left out: who leads that officer must not learn of them.
        """
        report = await self._kept.read(unit, period)
        if report is None:
            try:
                async with asyncio.timeout(patience):
                    report = await asyncio.shield(self._found(unit, period))
            except TimeoutError as late:
                raise Refusal("topics_later") from late
        return await self._shown(replace(report, period=period, unit_label=unit.label))

    async def group_cases(self, turn: Turn, numbers: Sequence[str]) -> list[TopicCase]:
        """Those of a group's cases that this person may know of, in the given order: of the own
        subtree, and not about themselves nor somebody they lead. Refuses whose post sees no figures.
        """
        async with reading(self._engine) as connection:
            person = await self._people.person(connection, turn.conversation)
            officer = person.officer
            if officer is None or officer.role not in SEES_FIGURES:
                raise Refusal("not_allowed")
            query = base_query().where(cases.c.number.in_(numbers))
            rows = {row.number: row for row in (await connection.execute(query)).all()}
            return [
                await self._case(connection, rows[number], person)
                for number in numbers
                if number in rows
                and covers(officer.unit_path, rows[number].path)
                and not barred(rows[number], officer)
            ]

    async def _case(self, connection: AsyncConnection, row: CaseRow, person: Person) -> TopicCase:
        return TopicCase(
            row.number,
            await self._org.unit_label(row.unit_id, connection),
            State(row.state),
            mask_text(gist(self._vault.open_json(row.matter_sealed)["what"])),
            row.created_at,
            opens=bool(await actors(connection, row, person, self._policy)),
        )

    async def round(self) -> int:
        """Finds the usual periods of the city and each county anew where they no longer hold; how
        many that were. One that fails or is too large is passed over: whoever asks is told.
        """
        tree = await self._org.tree()
        done = 0
        for unit in sorted(tree.units.values(), key=lambda unit: unit.path):
            for period in usual_periods(clock.now()) if unit.kind in _USUAL_UNITS else ():
                if await self._kept.read(unit, period) is not None:
                    continue
                with suppress(Refusal, RuntimeError, TimeoutError):  # said in the log already
                    await self._found(unit, period)
                    done += 1
        return done

    async def close(self) -> None:
        """Ends what is still being found."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _found(self, unit: Unit, period: Period) -> asyncio.Task[TopicReport]:
        """The work on this report: that which runs already, else begun now."""
        key = (unit.id, period.start, period.end)
        if key not in self._running:
            task = asyncio.create_task(self._find(unit, period))
            self._running[key] = task
            task.add_done_callback(lambda done: self._ended(key, done))
        return self._running[key]

    def _ended(self, key: tuple[int, datetime, datetime], task: asyncio.Task[TopicReport]) -> None:
        del self._running[key]
        wrong = None if task.cancelled() else task.exception()
        if wrong is not None and not isinstance(wrong, Refusal):
            log.error("topics not found", unit=key[0], error=str(wrong) or type(wrong).__name__)

    async def _find(self, unit: Unit, period: Period) -> TopicReport:
        async with self._one_at_a_time:
            found = await self._kept.read(unit, period)  # by now somebody else may have found it
            if found is None:
                found = await self._find_now(unit, period)
                await self._kept.keep(unit, found)
            return found

    async def _find_now(self, unit: Unit, period: Period) -> TopicReport:
        as_of = clock.now()
        year = clock.beijing(as_of).year
        earlier = other_period(period, Against.BEFORE, as_of, year)  # until the same hour
        async with reading(self._engine) as connection:
            sealed = [
                await read_sealed(connection, unit, each, MOST + 1) for each in (period, earlier)
            ]
        if max(map(len, sealed)) > MOST:
            raise Refusal("topics_too_many", count=f"{MOST:,}")
        now, before = [await open_texts(self._vault, each) for each in sealed]
        texts = [each.text for each in now], [each.text for each in before]
        found = await find_apart(*texts) if len(now) >= FEWEST else []
        return build_report((unit.id, unit.label), period, earlier, now, before, found, as_of)

    async def _shown(self, report: TopicReport) -> TopicReport:
        numbers = [each.number for group in report.groups for each in group.examples]
        async with reading(self._engine) as connection:
            about_somebody = await with_subject(connection, numbers)
        groups = tuple(_without(group, about_somebody) for group in report.groups)
        return replace(report, groups=groups)


def usual_periods(now: datetime) -> list[Period]:
    """The periods that are found before anybody asks: yesterday to this quarter."""
    return [period for said in USUAL if (period := read_period(said, now)) is not None]


def _without(group: Group, numbers: set[str]) -> Group:
    left = tuple(each for each in group.examples if each.number not in numbers)
    return replace(group, examples=left[:EXAMPLES])
