"""All that one simulator holds, wired once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import aiohttp

from bot.simulator.cast import DEFAULT_CAST
from bot.simulator.clock import Clock
from bot.simulator.config import SimulatorConfig
from bot.simulator.faults import Faults
from bot.simulator.shelf import Shelf
from bot.simulator.sms.alibaba import AlibabaApi
from bot.simulator.sms.callbacks import Callbacks as SmsCallbacks
from bot.simulator.sms.carrier import Carrier
from bot.simulator.sms.phones import Phones as Handsets
from bot.simulator.sms.smsc import Smsc
from bot.simulator.sms.tencent import TencentApi
from bot.simulator.telegram.bot import Bot
from bot.simulator.telegram.groups import Groups
from bot.simulator.telegram.updates import Updates
from bot.simulator.telegram.users import Users
from bot.simulator.transcript import Transcript
from bot.simulator.wechat.account import Account
from bot.simulator.wechat.callbacks import Callbacks
from bot.simulator.wechat.citizen import Citizens
from bot.simulator.wecom.callbacks import Callbacks as WeComCallbacks
from bot.simulator.wecom.corp import Corp
from bot.simulator.wecom.phones import Phones


class Stage:
    """Built inside a running loop; `close` ends what is still under way."""

    def __init__(self, config: SimulatorConfig, clock: Clock) -> None:
        self.config = config
        self.clock = clock
        self.transcript = Transcript(clock, config.journal)
        self.shelf = Shelf(clock)
        self.faults = Faults()
        self.cast: dict[str, Any] = config.cast or DEFAULT_CAST
        self.session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=None), connector=aiohttp.TCPConnector(limit=0)
        )
        self.account = Account(config.wechat, clock, self.transcript, self.shelf)
        self.callbacks = Callbacks(self.account, config.gateway_url, self.session)
        self.citizens = Citizens(self.account, self.callbacks)
        self.bot = Bot(config.telegram, clock, self.transcript, self.shelf)
        self.updates = Updates(self.bot, self.session)
        self.users = Users(self.bot, self.updates)
        self.groups = Groups(self.bot, self.updates)
        self.corp = Corp(config.wecom, clock, self.transcript, self.shelf)
        self.corp_callbacks = WeComCallbacks(self.corp, config.gateway_url, self.session)
        self.members = Phones(self.corp, self.corp_callbacks)
        self._tasks: set[asyncio.Task[Any]] = set()
        self.carrier = Carrier(config.sms, clock, self.transcript)
        self.tencent = TencentApi(self.carrier, self._sms_callbacks("result"), self.start)
        self.alibaba = AlibabaApi(self.carrier, self._sms_callbacks("code"), self.start)
        self.smsc = Smsc(self.carrier)
        self.handsets = Handsets(
            self.carrier,
            {
                "tencent": self.tencent.uplink,
                "alibaba": self.alibaba.uplink,
                "smpp": self.smsc.uplink,
            },
        )

        self.give_numbers()

    def give_numbers(self) -> None:
        """Gives the cast's text-message phones the numbers that the cast says they have."""
        for person in self.cast.get("citizens", ()):
            if person.get("channel") == "sms" and person.get("number"):
                self.carrier.phone(person["name"], person["number"])

    def _sms_callbacks(self, good: str) -> SmsCallbacks:
        config = self.config
        return SmsCallbacks(config.sms, config.gateway_url, self.session, self.transcript, good)

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs `work` beside everything else."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        await self.smsc.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.updates.close()
        await self.session.close()
