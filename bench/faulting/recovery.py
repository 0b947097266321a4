"""How long after a part was back people were served as usual again."""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.store.tables import deliveries, identities
from bench.faulting.breaking import Broken
from bench.faulting.log import Log

USUAL = 2.0  # seconds that an answer, or a notice, takes at most when all is well
PACED = 10  # deliveries to a WeCom member in a minute, of up to three messages each: our pace holds some back
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that somebody waits for, from `began` to `ended` (time.monotonic; None: still)."""

    began: float
    ended: float | None
    what: str


@dataclass(frozen=True, slots=True)
class Recovery:
    """`seconds` from the moment at which the part was back; `last`: what was served late last."""

    broken: Broken
    seconds: float
    last: str


def recoveries(broken: Sequence[Broken], waits: Iterable[Wait], ended: float) -> list[Recovery]:
    """Of each fault, unless another one lasted on when its part was back: until when what waited
    then, or was asked afterwards, was served late.

    What was not served when the next fault began counts until then. `ended`: the end of the seed.
    """
    waits = list(waits)
    found = []
    for one in broken:
        others = [each for each in broken if each is not one]
        if any(each.began <= one.back < each.back for each in others):
            continue
        until = min([each.began for each in others if each.began > one.back], default=ended)
        found.append(_recovery(one, waits, until))
    return found


def _recovery(one: Broken, waits: Sequence[Wait], until: float) -> Recovery:
    last, what = one.back, ""
    for wait in waits:
        served = min(until, wait.ended if wait.ended is not None else until)
        waited_then = wait.began < one.back < served
        late = one.back <= wait.began and served - wait.began > USUAL
        if (waited_then or late) and served > last:
            last, what = served, wait.what
    return Recovery(one, last - one.back, what)


def answers(log: Log) -> list[Wait]:
    """What people waited for and got. What never came, such as an answer for which WeChat's window
    had closed, is the auditor's; members of WeCom also wait for our own pace.
    """
    return [
        Wait(one.posted, one.answered, f"{one.channel} answer")
        for one in log.said
        if one.channel != "wecom" and one.answered is not None
    ]


async def notices(connection: AsyncConnection, since: float, now: datetime) -> list[Wait]:
    """Each message queued since then (time.monotonic), without those that our pace to a member held.

    `now`: what the installation's clock shows.
    """
    monotonic = time.monotonic()
    query = (
        select(deliveries, identities.c.channel)
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .where(deliveries.c.created_at >= now - timedelta(seconds=monotonic - since))
        .where(deliveries.c.state != "failed")
        .order_by(deliveries.c.created_at)
    )
    found: list[Wait] = []
    sent_to: defaultdict[uuid.UUID, list[datetime]] = defaultdict(list)
    rows = (await connection.execute(query)).all()
    for row in rows:
        if row.sent_at is not None:
            sent_to[row.identity_id].append(row.sent_at)
    for row in rows:
        if row.channel == "wecom" and _crowded(sent_to[row.identity_id], row.sent_at or now):
            continue
        began, sent = (
            at and monotonic - (now - at).total_seconds() for at in (row.created_at, row.sent_at)
        )
        found.append(Wait(began, sent, f"{row.channel} {row.topic}"))
    return found


def _crowded(sent: Sequence[datetime], at: datetime) -> bool:
    """Whether so much had gone to the member shortly before that more had to wait."""
    return sum(at - MINUTE < each <= at for each in sent) >= PACED
