"""How fast notices go out, what each costs, and that no platform's quota is broken:
`python -m bench.notify`

Everything runs as in the demonstration. First `--members` members of WeCom get `--each` notices,
all queued in one transaction: the rate; the processor time of each part for one notice, the fake
platforms' beside it; how long answers took that were queued behind them. Then more at once than
platforms let through: 40 to one member of WeCom, 25 to a group of Telegram and 70 to people there,
12 to a citizen in WeChat; how many the phones were given within the platform's window, and what was
refused, dropped, lost or doubled.

Exit code 1: fewer than 300 a second, one was lost or doubled, or a quota was broken.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from actions.store.tables import deliveries
from bench import machine
from bench.processes import costs
from bench.whole import Whole, running
from bot.simulator.transcript import Entry

GOAL = 300  # a second
PARTS = ("worker", "postgres", "redis", "gateway", "simulator")


@dataclass(frozen=True, slots=True)
class Quota:
    """What `many` at once to each of `people` must come to: `most` in any `seconds` seconds, over
    all of them; of those that came `via` that way, if it is given. 0 seconds: ever.
    """

    what: str
    people: int
    many: int
    most: int
    seconds: float
    via: str = ""


MEMBER = Quota("a member of WeCom", 1, 40, 30, 60)
GROUP = Quota("a group of Telegram", 1, 25, 20, 60)
USERS = Quota("everybody in Telegram", 70, 1, 30, 1)
CITIZEN = Quota("a citizen in WeChat who followed (3) and wrote (5)", 1, 12, 8, 0, "customer")


async def known(whole: Whole, channel: str, senders: Sequence[str]) -> list[uuid.UUID]:
    """The identities of these ids on the platform."""
    services, found = whole.services, []
    async with services.engine.begin() as connection:
        for sender in senders:
            found.append((await services.people.meet(connection, channel, sender)).identity_id)
    return found


async def queue[T](
    whole: Whole,
    those: Sequence[uuid.UUID],
    each: int,
    what: str,
    before: Callable[[], T],
    *,
    can_wait: bool = False,
) -> T:
    """Queues them all in one transaction; what `before` returns just before they can be seen."""
    async with whole.services.engine.begin() as connection:
        for number in range(each):
            for identity in those:
                await whole.services.notices.queue(
                    connection,
                    key=f"bench:{what}:{identity}:{number}",
                    identity_id=identity,
                    topic="bench",
                    content={"text": f"{what} {number}: {identity}", "offers": []},
                    can_wait=can_wait,
                )
        return before()


async def gone_out(whole: Whole, what: str, patience: float) -> tuple[float, Counter[str]]:
    """Seconds until none of these is queued any more, and their states."""
    started = time.monotonic()
    query = (
        select(deliveries.c.state, func.count().label("n"))
        .where(deliveries.c.key.startswith(f"bench:{what}:"))
        .group_by(deliveries.c.state)
    )
    while True:
        async with whole.services.engine.connect() as connection:
            rows = (await connection.execute(query)).all()
            states = Counter({row.state: row.n for row in rows})
        waited = time.monotonic() - started
        if not states["queued"] or waited > patience:
            return waited, states
        await asyncio.sleep(0.1)


async def shown(whole: Whole, what: str) -> list[Entry]:
    """What stands on the phones."""
    return [entry for entry in await whole.driver.transcript() if entry.text.startswith(what)]


def lost_and_doubled(entries: Sequence[Entry], sent: int) -> tuple[int, int]:
    texts = Counter(entry.text for entry in entries)
    return sent - len(texts), sum(n - 1 for n in texts.values())


def busiest(entries: Sequence[Entry], seconds: float) -> int:
    """How many came in the fullest window of so many seconds; 0 seconds: all."""
    moments = sorted(entry.at.timestamp() for entry in entries)
    if not seconds:
        return len(moments)
    return max((sum(first <= m < first + seconds for m in moments) for first in moments), default=0)


async def measure(members: int, each: int) -> int:
    print("\n".join(machine.description()))
    faults = 0
    with tempfile.TemporaryDirectory(prefix="huiyin-notify-") as folder:
        async with running(Path(folder)) as whole:
            faults += await many(whole, members, each)
            faults += await quotas(whole)
    return int(faults > 0)


async def many(whole: Whole, members: int, each: int) -> int:
    phones = [whole.driver.wecom(f"成员{number}") for number in range(members)]
    those = await known(whole, "wecom", [await phone.identity() for phone in phones])
    before = await queue(whole, those, each, "many", lambda: costs(whole.pids), can_wait=True)
    urgent = asyncio.create_task(told_in_between(whole))
    seconds, states = await gone_out(whole, "many", 300)
    after = costs(whole.pids)
    print(f"the slowest of ten answers queued behind them took {await urgent:.2f} s")
    rate = states["sent"] / seconds
    lost, doubled = lost_and_doubled(await shown(whole, "many"), members * each)
    dropped = sum([await phone.dropped() for phone in phones])
    print(f"{members} members, {each} notices each: {seconds:.1f} s, {rate:.0f} a second", end="; ")
    print(f"{dict(states)}, lost {lost}, doubled {doubled}, dropped by the platform {dropped}")
    spent = {part: 1000 * (after[part].cpu - before[part].cpu) for part in PARTS}
    each_one = [f"{part} {value / (members * each):.2f}" for part, value in spent.items()]
    print(f"processor ms a notice: {', '.join(each_one)}")
    return (rate < GOAL) + lost + doubled + dropped


async def told_in_between(whole: Whole) -> float:
    """The longest that one of ten answers, half a second apart, took from being queued to being
    sent, to a member who is sent one of the many, too.
    """
    those = await known(whole, "wecom", [await whole.driver.wecom("成员1").identity()])
    for number in range(10):
        await queue(whole, those, 1, f"answer {number}", lambda: None)
        await asyncio.sleep(0.5)
    await gone_out(whole, "answer 9", 60)
    took = func.max(deliveries.c.sent_at - deliveries.c.created_at)
    query = select(took).where(deliveries.c.key.startswith("bench:answer"))
    async with whole.services.engine.connect() as connection:
        return float((await connection.execute(query)).scalar_one().total_seconds())


async def quotas(whole: Whole) -> int:
    """Everybody at once, so that one platform's limit would show in another's time."""
    driver = whole.driver
    member, citizen, group = (
        driver.wecom("忙人"),
        driver.wechat("陈女士"),
        await driver.group("忙群"),
    )
    users = [driver.telegram(f"用户{number}") for number in range(USERS.people)]
    for user in users:
        await user.starts()
    await citizen.follows()
    await citizen.says("你好")
    await asyncio.sleep(2)  # their answers are out
    whom = {
        MEMBER: await known(whole, "wecom", [await member.identity()]),
        GROUP: await known(whole, "telegram", [await group.identity()]),
        USERS: await known(whole, "telegram", [await user.identity() for user in users]),
        CITIZEN: await known(whole, "wechat", [await citizen.identity()]),
    }
    for quota, those in whom.items():
        await queue(whole, those, quota.many, quota.what, lambda: None)
    faults = sum(await asyncio.gather(*(kept(whole, quota) for quota in whom)))
    refused = [call for call in await driver.wire() if call.get("status") == 429]
    dropped = await member.dropped()
    print(f"dropped by WeCom {dropped}; refused by Telegram with 429: {len(refused)}")
    return faults + dropped + len(refused)


async def kept(whole: Whole, quota: Quota) -> int:
    seconds, states = await gone_out(whole, quota.what, 300)
    entries = await shown(whole, quota.what)
    lost, doubled = lost_and_doubled(entries, states["sent"])
    counted = [entry for entry in entries if entry.via == quota.via or not quota.via]
    most = busiest(counted, quota.seconds)
    window = f"in any {quota.seconds:g} s" if quota.seconds else "in all"
    print(f"{quota.what}: {quota.people * quota.many} in {seconds:.1f} s, {dict(states)}", end=", ")
    print(f"{most} {window} (at most {quota.most}), lost {lost}, doubled {doubled}")
    return (most > quota.most) + lost + doubled + states["queued"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.notify", description=__doc__)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--each", type=int, default=5)
    given = parser.parse_args()
    return asyncio.run(measure(given.members, given.each))


if __name__ == "__main__":
    sys.exit(main())
