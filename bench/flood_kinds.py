"""The floods themselves: one sender, many senders, receipts; and what must have become of each."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, insert, select

from actions import clock
from actions.store.tables import deliveries, identities, inbox
from bench.flooding import Flood, Washed, flood
from bench.letters import new_openid
from bench.whole import Whole, places

A_SECOND = 100  # messages of the one sender
READERS = 200  # people whose notices the receipts are about
SOCKETS = 1000
WINDOW = timedelta(minutes=1)  # after a scan, in which WeChat takes an answer that is late
FAILED = "failed:user block"

type Settle = Callable[[Whole, Washed], Awaitable[tuple[list[str], list[str]]]]


@dataclass(slots=True)
class Outcome:
    """What came of a flood. `lines`: to be printed; `faults`: why it is no pass."""

    washed: Washed
    look: Settle
    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def settle(self, running: Whole) -> None:
        """Looks, when all is worked off, what stands in the database."""
        self.lines, self.faults = await self.look(running, self.washed)

    def told(self) -> list[str]:
        washed = self.washed
        tries = {str(n): washed.tries.get(str(n), 0) for n in (1, 2, 3, 0)}
        first, second, third, never = tries.values()
        return [
            f"{sum(tries.values())} callbacks in {washed.seconds:.1f} s: acknowledged at once "
            f"{first}, sent again once {second}, twice {third}, never {never}; "
            f"p50 {washed.at(0.5):.0f}, p99 {washed.at(0.99):.0f}, most {washed.at(1):.0f} ms",
            f"passive replies: {washed.heard}",
            *self.lines,
        ]


async def one_sender(running: Whole, count: int) -> Outcome:
    """One person, `count` lines of words, a hundred a second."""
    openid = new_openid()
    lines = [("words", openid, f"在吗{n}") for n in range(count)]
    washed = await flood(_flood(running, lines, rate=A_SECOND))

    async def look(running: Whole, washed: Washed) -> tuple[list[str], list[str]]:
        done, left = await _rows_of(running, [openid])
        told = washed.heard.get("told that it is too many", 0)
        refused = count - done - left
        faults = [] if told == 1 else [f"the sender was told {told} times"]
        faults += [f"{washed.late} callbacks had to be sent again"] if washed.late else []
        faults += [f"{left} messages have no answer"] if left else []
        return [f"taken {done + left}, refused {refused}, told so {told} time(s)"], faults

    return Outcome(washed, look)


async def senders_at_once(running: Whole, count: int) -> Outcome:
    """`count` people who scan a code at the same moment."""
    scenes = [place.scene for place in places()]
    openids = [new_openid() for _ in range(count)]
    lines = [("scan", openid, scenes[n % len(scenes)]) for n, openid in enumerate(openids)]
    washed = await flood(_flood(running, lines))

    async def look(running: Whole, washed: Washed) -> tuple[list[str], list[str]]:
        given_up = set(washed.unacknowledged)
        taken = [openid for n, openid in enumerate(openids) if n not in given_up]
        done, left = await _rows_of(running, taken)
        lost = len(taken) - done - left
        waits, outside = await _waits(running, taken)
        faults = [f"{lost} acknowledged scans are gone"] if lost else []
        faults += [f"{left} scans have no answer"] if left else []
        faults += [f"{len(given_up)} scans were never acknowledged"] if given_up else []
        lines = [
            f"stored {done + left}, answered {done}, lost {lost}; answered after p50 "
            f"{waits[0]:.1f} s, p99 {waits[1]:.1f} s; {outside} later than the minute in which "
            "WeChat takes an answer to a scan"
        ]
        return lines, faults

    return Outcome(washed, look)


async def receipts(running: Whole, count: int) -> Outcome:
    """Receipts in a burst, half of them about notices that there are; one in a hundred failed."""
    known, openids = count // 2, [new_openid() for _ in range(READERS)]
    ids = await _plant(running, openids, known)
    ids += [_platform_id() for _ in range(count - known)]
    lines = [
        ("receipt", openids[n % READERS], one, FAILED if n % 100 == 0 else "success")
        for n, one in enumerate(ids)
    ]
    secrets.SystemRandom().shuffle(lines)
    washed = await flood(_flood(running, lines))

    async def look(running: Whole, washed: Washed) -> tuple[list[str], list[str]]:
        arrived, failed = await _noted(running, ids[:known])
        given_up = {lines[n][2] for n in washed.unacknowledged}
        expected = sum(1 for one in ids[:known] if one not in given_up)
        lost = max(0, expected - arrived - failed)
        faults = [f"{lost} acknowledged receipts are not noted"] if lost else []
        faults += [f"{len(given_up)} were never acknowledged"] if given_up else []
        noted = f"of {known} about notices that there are: arrived {arrived}, failed {failed}"
        return [f"{noted}, lost {lost}"], faults

    return Outcome(washed, look)


def _flood(running: Whole, lines: Sequence[Sequence[str]], rate: float = 0) -> Flood:
    settings = running.settings
    return Flood(
        running.url,
        settings.wechat_token.get_secret_value(),
        settings.wechat_aes_keys.get_secret_value().split(",")[0],
        settings.wechat_app_id,
        lines,
        rate,
        SOCKETS,
    )


def _digests(running: Whole, openids: Sequence[str]) -> list[bytes]:
    return [running.services.vault.digest(f"wechat:{openid}") for openid in openids]


async def _rows_of(running: Whole, openids: Sequence[str]) -> tuple[int, int]:
    """Messages of these people: how many are done, how many are not."""
    query = (
        select(inbox.c.done_at.is_not(None), func.count())
        .join(identities, identities.c.id == inbox.c.identity_id)
        .where(identities.c.channel == "wechat")
        .where(identities.c.sender_digest.in_(_digests(running, openids)))
        .group_by(inbox.c.done_at.is_not(None))
    )
    async with running.services.engine.connect() as connection:
        found = dict((await connection.execute(query)).tuples().all())
    return found.get(True, 0), found.get(False, 0)


async def _waits(running: Whole, openids: Sequence[str]) -> tuple[tuple[float, float], int]:
    """Seconds from storing to the answer (median, 99th), and how many waited beyond WINDOW."""
    waited = func.extract("epoch", inbox.c.done_at - inbox.c.received_at)
    query = (
        select(
            func.percentile_cont([0.5, 0.99]).within_group(waited),
            func.count().filter(inbox.c.done_at - inbox.c.received_at > WINDOW),
        )
        .join(identities, identities.c.id == inbox.c.identity_id)
        .where(identities.c.channel == "wechat", inbox.c.done_at.is_not(None))
        .where(identities.c.sender_digest.in_(_digests(running, openids)))
    )
    async with running.services.engine.connect() as connection:
        shares, outside = (await connection.execute(query)).one()
    median, last = shares or (0.0, 0.0)
    return (float(median), float(last)), outside


async def _plant(running: Whole, openids: Sequence[str], count: int) -> list[str]:
    """`count` notices that were sent to these people; the platform's ids of them."""
    services, now = running.services, clock.now()
    async with services.engine.begin() as connection:
        people = [await services.people.meet(connection, "wechat", each) for each in openids]
        content = services.vault.seal_json({"text": "bench", "offers": []})
        rows = [
            {
                "id": clock.new_id(),
                "key": f"flood:{n}:{secrets.token_hex(4)}",
                "identity_id": people[n % len(people)].identity_id,
                "topic": "bench",
                "content_sealed": content,
                "state": "sent",
                "via": "template",
                "platform_id": _platform_id(),
                "created_at": now,
                "sent_at": now,
            }
            for n in range(count)
        ]
        for first in range(0, count, 1000):
            await connection.execute(insert(deliveries), rows[first : first + 1000])
    return [str(row["platform_id"]) for row in rows]


async def _noted(running: Whole, ids: Sequence[str]) -> tuple[int, int]:
    """Of these notices: how many have arrived, how many have failed."""
    query = select(
        func.count().filter(deliveries.c.delivered_at.is_not(None)),
        func.count().filter(deliveries.c.state == "failed"),
    ).where(deliveries.c.platform_id.in_(ids))
    async with running.services.engine.connect() as connection:
        arrived, failed = (await connection.execute(query)).one()
    return arrived, failed


def _platform_id() -> str:
    return str(secrets.randbits(62) | 1 << 61)
