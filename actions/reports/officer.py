"""An officer's record of the work in a period: one's own, or of an officer in one's own subtree.

Officers are never set beside each other. Of ratings by one's own codes there is the number, from
five codes on, as in the coverage (actions/invitations/coverage.py); there are no grades at all: the
officer stood beside the citizen, and two questions a day apart would tell what this one gave.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.errors import Refusal
from actions.invitations.one_time_rules import FEW
from actions.org.org import Org
from actions.people.people import OfficerView, People
from actions.people.roles import SEES_FIGURES, covers
from actions.reports.periods import Period
from actions.reports.scopes import Scopes, period_in
from actions.reports.work_figures import Calls, Part
from actions.store.engine import reading
from actions.store.tables import officers, posts, units
from actions.turn import Turn

FEWEST_CITIZENS = 5  # what fewer citizens said is not shown

# What the officer did, by ix_case_events_officer_id_at; handing in is answering where there is a
# review.
_DONE = text("""
SELECT count(DISTINCT case_id) FILTER (WHERE verb = 'accept') AS accepted,
  count(DISTINCT case_id) FILTER (WHERE verb IN ('answer', 'hand_in')) AS answered
FROM case_events WHERE officer_id = :officer AND at >= :since AND at < :until
""")

# What came of the cases that the officer answered last, closed in the period; by ix_cases_closed_at.
_CLOSED = text("""
SELECT count(*) AS closed, count(*) FILTER (WHERE promised) AS promised,
  count(*) FILTER (WHERE promised AND NOT late) AS on_time,
  count(*) FILTER (WHERE disputed OR graded) AS graded, count(*) FILTER (WHERE disputed) AS disputed
FROM (
  SELECT c.disputed, coalesce(c.revisit_grade, c.result_grade) IS NOT NULL AS graded,
    EXISTS (SELECT FROM deadlines AS d
      WHERE d.case_id = c.id AND d.clock = 'answer' AND d.met IS NOT NULL) AS promised,
    EXISTS (SELECT FROM deadlines AS d
      WHERE d.case_id = c.id AND d.clock = 'answer' AND NOT d.met) AS late
  FROM cases AS c
  WHERE c.state = 'closed' AND c.closed_at >= :since AND c.closed_at < :until
    AND c.answered_by = :officer
) AS one
""")

# Cases sent back after this officer's answer, whoever holds them now.
_SENT_BACK = text("""
SELECT count(DISTINCT own.case_id) FROM case_events AS own
JOIN case_events AS back ON back.case_id = own.case_id AND back.id > own.id
WHERE own.officer_id = :officer AND own.verb IN ('answer', 'hand_in')
  AND back.verb = 'send_back' AND back.at >= :since AND back.at < :until
  AND NOT EXISTS (SELECT FROM case_events AS between
    WHERE between.case_id = own.case_id AND between.id > own.id AND between.id < back.id
      AND between.verb IN ('answer', 'hand_in'))
""")

_CALLS = text("""
SELECT count(*) AS due, count(*) FILTER (WHERE state = 'done') AS done,
  count(*) FILTER (WHERE state = 'unreachable') AS unreachable
FROM callback_tasks
WHERE done_by = :officer AND done_at >= :since AND done_at < :until AND state <> 'dropped'
""")

_CODES = text("""
SELECT count(*) AS asked, count(*) FILTER (WHERE used_at IS NOT NULL) AS used
FROM one_time_codes WHERE officer_id = :officer AND made_at >= :since AND made_at < :until
""")

_TITLES = re.compile(r"(?:警官|民警|同志|officer)\s*$", re.IGNORECASE)
_BESIDE = re.compile(r"^的|的?(?:工作)?(?:记录|情况|战绩)$|^(?:我|我的|自己|自己的|my|mine)$")


@dataclass(frozen=True, slots=True)
class OfficerRecord:
    """accepted, answered: cases in the period. closed: of those the officer answered last; on_time
    and disputed are shares of them, as in WorkFigures. sent_back: in the period, after the officer's
    answer. calls: made, and tried in vain as often as asked. asked, used: one-time codes.
    """

    period: Period
    called: str
    badge: str
    unit_label: str
    mine: bool
    accepted: int
    answered: int
    closed: int
    on_time: Part
    sent_back: int
    disputed: Part
    calls: Calls
    asked: int
    used: int
    as_of: datetime

    @property
    def disputed_shown(self) -> Part | None:
        """What citizens said of the results; None of fewer than five."""
        return self.disputed if self.disputed.n >= FEWEST_CITIZENS else None

    @property
    def used_shown(self) -> int | None:
        """How many codes led to a rating; None of fewer than five codes."""
        return self.used if self.asked >= FEW else None


class OfficerRecords:
    def __init__(self, engine: AsyncEngine, people: People, org: Org, scopes: Scopes) -> None:
        self._engine = engine
        self._people = people
        self._org = org
        self._scopes = scopes

    async def asked(self, turn: Turn, words: str, period: Period | None = None) -> OfficerRecord:
        """The record that the words ask for: a period (this month by default) unless it is given,
        and an officer by badge or name (oneself by default), in whatever order.

        Refuses citizens; who sees no figures and asks for another; and alike whoever is not in the
        own subtree and whoever does not exist.
        """
        me = (await self._people.whoami(turn)).officer
        if me is None:
            raise Refusal("not_allowed")
        said, who = self._read(words)
        async with reading(self._engine) as connection:
            officer = await self._meant(connection, me, who) if who else me
            return await self._record(connection, officer, period or said, mine=officer.id == me.id)

    def _read(self, words: str) -> tuple[Period, str]:
        moment = clock.now()
        said = unicodedata.normalize("NFKC", words).strip()
        span, rest = period_in(said, moment)
        who = _BESIDE.sub("", rest.strip()).strip()
        return span or self._scopes.period("", otherwise="本月"), who

    async def _meant(self, connection: AsyncConnection, me: OfficerView, who: str) -> OfficerView:
        if who.upper() == (await _badge(connection, me.id)).upper() or who == me.name:
            return me
        if me.role not in SEES_FIGURES:
            raise Refusal("officer_own_only")
        found = await self._people.by_badge(connection, who)
        fitting = [found] if found is not None else await self._named(connection, me, who)
        inside = [each for each in fitting if covers(me.unit_path, each.unit_path)]
        if not inside:
            raise Refusal("not_yours", text=who)
        if len(inside) > 1:
            badges = [await _badge(connection, each.id) for each in inside]
            raise Refusal("officer_several", name=who, badges="、".join(badges[:8]))
        return inside[0]

    async def _named(
        self, connection: AsyncConnection, me: OfficerView, who: str
    ) -> list[OfficerView]:
        """Serving officers of the subtree with that name, or with that family name for 李警官.

        Names are sealed, so those of the subtree are opened one by one.
        """
        name = _TITLES.sub("", who).strip()
        query = (
            select(officers.c.id)
            .join(posts, posts.c.officer_id == officers.c.id)
            .join(units, units.c.id == posts.c.unit_id)
            .where(officers.c.active, units.c.path.startswith(me.unit_path, autoescape=True))
            .distinct()
            .order_by(officers.c.id)
        )
        ids = (await connection.execute(query)).scalars().all()
        known = [await self._people.officer(connection, each) for each in ids]
        serving = [each for each in known if each is not None]
        if name != who and len(name) == 1:
            return [each for each in serving if each.name.startswith(name)]
        return [each for each in serving if each.name.casefold() == name.casefold()]

    async def _record(
        self, connection: AsyncConnection, officer: OfficerView, period: Period, *, mine: bool
    ) -> OfficerRecord:
        given = {"officer": officer.id, "since": period.start, "until": period.end}
        done, closed, calls, codes = [
            (await connection.execute(query, given)).one()
            for query in (_DONE, _CLOSED, _CALLS, _CODES)
        ]
        return OfficerRecord(
            period=period,
            called=officer.called,
            badge=await _badge(connection, officer.id),
            unit_label=await self._org.unit_label(officer.unit_id, connection),
            mine=mine,
            accepted=done.accepted,
            answered=done.answered,
            closed=closed.closed,
            on_time=Part(closed.on_time, closed.promised),
            sent_back=(await connection.execute(_SENT_BACK, given)).scalar_one(),
            disputed=Part(closed.disputed, closed.graded),
            calls=Calls(calls.due, calls.done, calls.unreachable),
            asked=codes.asked,
            used=codes.used,
            as_of=clock.now(),
        )


async def _badge(connection: AsyncConnection, officer_id: int) -> str:
    query = select(officers.c.badge).where(officers.c.id == officer_id)
    return str((await connection.execute(query)).scalar_one())
