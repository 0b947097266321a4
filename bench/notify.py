"""How fast notices go out, and that no platform's quota is broken: `python -m bench.notify`

Everything runs as in the demonstration. First `--members` members of WeCom get `--each` notices,
all queued in one transaction: the rate. Then a group of Telegram gets 25 and one member 40, more
than either platform lets through in a minute: how long that takes, and what was refused or dropped.

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
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select

from actions.store.tables import deliveries
from bench import machine
from bench.whole import Whole, running

GOAL = 300  # a second
GROUP, MEMBER = 25, 40  # more than 20 a minute in a group, than 30 a minute to a member


async def known(whole: Whole, channel: str, senders: Sequence[str]) -> list[uuid.UUID]:
    """The identities of these ids on the platform."""
    services, found = whole.services, []
    async with services.engine.begin() as connection:
        for sender in senders:
            found.append((await services.people.meet(connection, channel, sender)).identity_id)
    return found


async def queue(whole: Whole, those: Sequence[uuid.UUID], each: int, what: str) -> None:
    async with whole.services.engine.begin() as connection:
        for number in range(each):
            for identity in those:
                await whole.services.notices.queue(
                    connection,
                    key=f"bench:{what}:{identity}:{number}",
                    identity_id=identity,
                    topic="bench",
                    content={"text": f"{what} {number}: {identity}", "offers": []},
                )


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


async def shown(whole: Whole, what: str) -> Counter[str]:
    """How often each text stands on a phone."""
    return Counter(
        entry.text for entry in await whole.driver.transcript() if entry.text.startswith(what)
    )


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
    await queue(whole, those, each, "many")
    seconds, states = await gone_out(whole, "many", 300)
    rate = states["sent"] / seconds
    texts = await shown(whole, "many")
    lost, doubled = members * each - len(texts), sum(n - 1 for n in texts.values())
    dropped = sum([await phone.dropped() for phone in phones[:50]])
    print(f"{members} members, {each} notices each: {seconds:.1f} s, {rate:.0f} a second", end="; ")
    print(f"{dict(states)}, lost {lost}, doubled {doubled}, dropped by the platform {dropped}")
    return (rate < GOAL) + lost + doubled + dropped


async def quotas(whole: Whole) -> int:
    member = whole.driver.wecom("忙人")
    (one,) = await known(whole, "wecom", [await member.identity()])
    group = await whole.driver.group("忙群")
    (all_of_them,) = await known(whole, "telegram", [await group.identity()])
    await queue(whole, [one], MEMBER, "member")
    await queue(whole, [all_of_them], GROUP, "group")
    faults = 0
    for what, most in (("member", MEMBER), ("group", GROUP)):
        seconds, states = await gone_out(whole, what, 300)
        texts = await shown(whole, what)
        lost, doubled = most - len(texts), sum(n - 1 for n in texts.values())
        print(f"{what}: {most} in {seconds:.0f} s, {dict(states)}, lost {lost}, doubled {doubled}")
        faults += lost + doubled
    dropped = await member.dropped()
    refused = [call for call in await whole.driver.wire() if call.get("status") == 429]
    print(f"dropped by WeCom {dropped}; refused by Telegram with 429: {len(refused)}")
    return faults + dropped


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.notify", description=__doc__)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--each", type=int, default=5)
    given = parser.parse_args()
    return asyncio.run(measure(given.members, given.each))


if __name__ == "__main__":
    sys.exit(main())
