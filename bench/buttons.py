"""A verb by button, all the way: `python -m bench.buttons [--cases 10000 --taps 100]`

Everything running (bot/stack), many open cases in its database. An officer in WeChat looks at a
case and taps: sealed callback in, inbox row, Rasa, the action, the verb with its notices, sealed
answer out. One tap after the other.

Exit code 1: the p95 is above the goal, or a tap was answered wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from actions.cases.case import CaseDraft
from actions.cases.kinds import CaseKind
from bench import machine, whole
from bench.filling import WHAT, Town, bound, fill, met
from bench.letters import Platform, new_openid
from bench.phones import ConversationLostError, WeChatPhone
from bench.table import aligned, number
from bench.tally import Tally, percentile

GOAL = 150.0  # milliseconds
TAPS = ("接单",)


async def tap(here: Town, phone: WeChatPhone, unit_id: int) -> None:
    """A new case at the officer's station: looked at, then each button tapped."""
    draft = CaseDraft(CaseKind.COMPLAINT, WHAT[0], unit_id=unit_id, phone="13900000000")
    receipt = await here.services.cases.submit(here.turn(here.citizen), draft)
    await phone.say(f"/case {receipt.number}", receipt.number)
    for label in TAPS:
        await phone.tap(label, receipt.number)


async def measure(here: Town, at: whole.Whole, taps: int) -> Tally:
    """The times of a look (words) and of a tap, by an officer of the first station."""
    settings, tally, openid = at.settings, Tally(counting=False), new_openid()
    unit_id, chats = next(iter((await here.stations()).items()))
    badge = next(badge for badge, chat in here.chats.items() if chat == chats[0])
    await met(here.services, "wechat", openid, badge)
    platform = Platform(
        settings.wechat_token.get_secret_value(),
        settings.wechat_aes_keys.get_secret_value().split(",")[0],
        settings.wechat_app_id,
    )
    async with aiohttp.ClientSession() as session:
        phone = WeChatPhone(session, at.url, platform, tally, openid)
        for turn in range(taps + 5):
            tally.counting = turn >= 5
            try:
                await tap(here, phone, unit_id)
            except ConversationLostError:
                continue  # it was counted
    return tally


async def run(arguments: argparse.Namespace) -> int:
    description = machine.description()
    folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-"))
    try:
        say("starting everything")
        async with whole.running(folder) as at:
            chats = await bound(at.services)
            here = Town(at.services, {}, chats, await met(at.services, "console", "bench"))
            say(f"{arguments.cases} cases")
            await fill(here, arguments.cases)
            await whole.worked_off(at.services.engine)
            say("tapping")
            tally = await measure(here, at, arguments.taps)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join([*description, f"{arguments.cases:,} open cases", *_table(tally)]))
    for example in tally.examples:
        print(example)
    worst = percentile(tally.times.get("tap", []), 0.95)
    print(f"a tap's p95: {worst:.1f} ms; goal {GOAL:.0f} ms; wrong {sum(tally.errors.values())}")
    return 0 if worst <= GOAL and not tally.errors and not tally.late else 1


def _table(tally: Tally) -> list[str]:
    rows = [["ms", "turns", "p50", "p95"]]
    for kind, times in tally.times.items():
        cells = [number(percentile(times, share)) for share in (0.5, 0.95)]
        rows.append([kind, str(len(times)), *cells])
    return aligned(rows)


def say(line: str) -> None:
    print(f"  {line} …", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.buttons", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="open meanwhile")
    parser.add_argument("--taps", type=int, default=100)
    return asyncio.run(run(parser.parse_args(argv)))


if __name__ == "__main__":
    raise SystemExit(main())
