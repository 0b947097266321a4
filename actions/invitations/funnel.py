"""How far invitations came: eligible → chosen → sent → delivered → answered, and why not.

Only counts: why a single person was not asked is nobody's business. Counts of the reasons that say
something about a person are shown from FEW on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.invitations.kinds import ELIGIBLE_ALL_THE_SAME, InvitationState, WhyNot
from actions.invitations.lots import drawn
from actions.org.org import Unit
from actions.reports.periods import Period
from actions.reports.scopes import Scopes
from actions.store.engine import reading
from actions.turn import Turn

FEW = 5
SENSITIVE = frozenset({WhyNot.DO_NOT_ASK, WhyNot.OPTED_OUT})
BY = ("feed", "unit", "kind", "month")
_NUMBERS = (
    *("events", "waiting", "eligible", "chosen", "sent"),
    *("delivered", "reminded", "answered", "expired"),
)

# Events finished in the period, by ix_service_events_finished_at; what was delivered is read from
# the deliveries, the text message that stood in for a lost one too: one that a platform took, and
# that no later receipt called failed.
_COUNTS = text(r"""
SELECT CASE :by WHEN 'feed' THEN f.name WHEN 'kind' THEN e.kind WHEN 'unit' THEN u.name
    ELSE to_char(e.finished_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') END AS name,
  coalesce(i.state, 'waiting') AS state, i.why_not,
  d.delivered, i.reminded_at IS NOT NULL AS reminded,
  count(*) AS n
FROM service_events AS e JOIN feeds AS f ON f.id = e.feed_id JOIN units AS u ON u.id = e.unit_id
LEFT JOIN invitations AS i ON i.event_id = e.id
LEFT JOIN LATERAL (SELECT bool_or(each.state IN ('sent', 'delivered')) AS delivered
  FROM deliveries AS each WHERE i.sent_at IS NOT NULL AND each.key IN
  ('invitation:' || replace(i.id::text, '-', ''),
   'invitation:' || replace(i.id::text, '-', '') || '\:sms')) AS d ON true
WHERE e.finished_at >= :since AND e.finished_at < :until AND starts_with(u.path, :path)
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1
""")

_LOTS = text("""
SELECT f.name AS feed, e.number, i.state, i.why_not, s.seed
FROM service_events AS e JOIN feeds AS f ON f.id = e.feed_id
JOIN invitations AS i ON i.event_id = e.id JOIN invitation_draws AS s ON s.period = :period
WHERE to_char(e.finished_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') = :period
""")


@dataclass(slots=True)
class Steps:
    """How many events came so far. `waiting` have not been looked at yet; `why_not` counts those
    left out, dropped or undelivered, by reason.
    """

    events: int = 0
    waiting: int = 0
    eligible: int = 0
    chosen: int = 0
    sent: int = 0
    delivered: int = 0
    reminded: int = 0
    answered: int = 0
    expired: int = 0
    why_not: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def counted(self) -> dict[str, int | None]:
        """The reasons with their counts, the commonest first; None for one that is not shown."""
        ordered = sorted(self.why_not.items(), key=lambda pair: (-pair[1], pair[0]))
        return {
            reason: None if reason in SENSITIVE and count < FEW else count
            for reason, count in ordered
        }

    def reasons(self) -> dict[str, str]:
        """The same as they may be shown."""
        return {
            reason: f"under {FEW}" if count is None else str(count)
            for reason, count in self.counted().items()
        }


@dataclass(frozen=True, slots=True)
class DrawnAgain:
    """A month's lots drawn again: how many belong to the share, and whether all agree."""

    period: str
    seed: str
    looked_at: int
    belong: int
    as_recorded: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """How far invitations came in a unit and below it."""

    period: Period
    unit: Unit
    all: Steps
    as_of: datetime


class Funnel:
    def __init__(self, engine: AsyncEngine, scopes: Scopes, share: float) -> None:
        self._engine = engine
        self._scopes = scopes
        self._share = share

    async def asked(self, turn: Turn, words: str) -> Followed:
        """What the words ask for: a period (this month by default) and a unit of one's own subtree.

        Refuses whose post sees no figures, and units outside the subtree.
        """
        period, unit = await self._scopes.scope(turn, words, otherwise="本月")
        found = await self.follow(period.start, period.end, "kind", below=unit.path)
        return Followed(period, unit, _together(found.values()), clock.now())

    async def follow(
        self, since: datetime, until: datetime, by: str = "feed", *, below: str = "/"
    ) -> Mapping[str, Steps]:
        """The steps of events finished from `since` up to `until` (aware), by one of BY, at the
        units whose paths begin so.
        """
        found: dict[str, Steps] = defaultdict(Steps)
        given = {"by": by, "since": since, "until": until, "path": below}
        async with reading(self._engine) as connection:
            for row in (await connection.execute(_COUNTS, given)).all():
                _add(found[row.name], row)
        return found

    async def draw_again(self, period: str) -> DrawnAgain | None:
        """Draws the Beijing month ("2026-11") again by the share in force; None: never drawn."""
        async with reading(self._engine) as connection:
            rows = (await connection.execute(_LOTS, {"period": period})).all()
        if not rows:
            return None
        belong, agree = 0, True
        for row in rows:
            lies_in = drawn(self._share, row.seed, row.feed, row.number)
            belong += lies_in
            if row.why_not == WhyNot.NOT_DRAWN:
                agree = agree and not lies_in
            elif row.state != InvitationState.LEFT_OUT or row.why_not == WhyNot.CONTACT_CAP:
                agree = agree and lies_in
        return DrawnAgain(period, rows[0].seed, len(rows), belong, agree)


def _together(parts: Iterable[Steps]) -> Steps:
    whole = Steps()
    for part in parts:
        for name in _NUMBERS:
            setattr(whole, name, getattr(whole, name) + getattr(part, name))
        for reason, count in part.why_not.items():
            whole.why_not[reason] += count
    return whole


def _add(steps: Steps, row: Row[Any]) -> None:
    count: int = row.n
    left_out = row.state == InvitationState.LEFT_OUT
    steps.events += count
    if row.state == "waiting":
        steps.waiting += count
        return
    if row.why_not is not None:
        steps.why_not[row.why_not] += count
    steps.eligible += count if not left_out or row.why_not in ELIGIBLE_ALL_THE_SAME else 0
    steps.chosen += 0 if left_out else count
    if left_out or row.state in (InvitationState.CHOSEN, InvitationState.DROPPED):
        return
    answered = row.state == InvitationState.ANSWERED
    steps.sent += count
    steps.delivered += count if row.delivered or answered else 0
    steps.reminded += count if row.reminded else 0
    steps.answered += count if answered else 0
    steps.expired += count if row.state == InvitationState.EXPIRED else 0
    if row.delivered is False and not answered:
        steps.why_not["not_delivered"] += count
