"""The gateway: stores what comes in, works each conversation off in order, answers or pushes."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Sequence

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from actions import clock, logs
from actions.bootstrap import Services
from actions.store.engine import reading
from bot.conversation import Conversation
from bot.door import Door, begins
from bot.health import Health
from bot.inbox import Claimed, Inbox, Stored, needs_turn
from bot.inflow import Inflow
from bot.message import Incoming, Kind, Outgoing
from bot.nlu import TurnFailedError
from bot.outcomes import Outcomes
from bot.receipts import Receipts

GIVE_UP_AFTER = 8  # attempts, and only while everything behind the turn is well
AT_ONCE = 12  # turns for which nobody waits; with more, storing would wait for a connection
AT_A_SWEEP = 600  # conversations taken up in a second: more than are worked off
LEASE = 8.0  # seconds; renewed by every sweep, so that what a dead gateway left is soon taken up
IN_A_RUSH = 2  # of them while many are storing at once: what is not stored in time is lost to us
MOST = 2000  # conversations in memory; the inbox keeps the others until there is room
PROMPT = 384  # who may wait for an answer at once; more could not be answered while they wait
POLL = 0.1  # seconds between looks at a row that another gateway works on

log = structlog.get_logger()


class TurnGateway:
    """What channels hand messages to; see `bot.channels.base.Gateway`."""

    def __init__(
        self,
        services: Services,
        inbox: Inbox,
        conversation: Conversation,
        health: Health,
        receipts: Receipts,
        sweep_seconds: float = 1.0,
        inflow: Inflow | None = None,
    ) -> None:
        self._services = services
        self._outcomes = Outcomes(services.metrics)
        self._inbox = inbox
        self._conversation = conversation
        self._health = health
        self._receipts = receipts
        self._sweep_seconds = sweep_seconds
        self._drains: dict[str, asyncio.Task[None]] = {}
        self._look_again: set[str] = set()
        self._waiting: dict[uuid.UUID, asyncio.Future[list[Outgoing]]] = {}
        self._unhurried = asyncio.Semaphore(AT_ONCE)
        self._in_a_rush = asyncio.Semaphore(IN_A_RUSH)
        self._door = Door(inflow)
        self._leases: set[uuid.UUID] = set()
        self._claimed: dict[str, Claimed] = {}  # leased when they were stored, not begun yet

    # --- what channels call ---------------------------------------------------------------------

    async def receive(self, incoming: Incoming, *, wait: float) -> Sequence[Outgoing] | None:
        """See `bot.channels.base.Gateway.receive`."""
        if incoming.kind is Kind.RECEIPT:
            await self._receipts.note(incoming)
            return []
        if incoming.kind is Kind.IGNORED or await self._is_strange_group(incoming):
            return []
        came = asyncio.get_running_loop().time()
        stored = await self._door.let_in(incoming, wait, lambda: self._store(incoming, wait))
        wait = max(0.0, wait - asyncio.get_running_loop().time() + came) if wait > 0 else wait
        if isinstance(stored, int):
            return await self._too_many(incoming, stored, wait)
        self._outcomes.stored(incoming.channel, stored)
        if stored.done:
            return [] if stored.pushed else stored.answer
        if not needs_turn(incoming):
            await self._services.people.set_state(stored.person.identity_id, "unsubscribed")
            await self._inbox.close_unasked(stored.id)
            return []
        if stored.pushed:  # promised when it was stored or an earlier delivery stopped waiting
            self._drain(stored.person.conversation, hurry=False)
            return None
        return await self._answered(stored, wait)

    async def _store(self, incoming: Incoming, wait: float) -> Stored:
        push = wait <= 0 or self._crowded(incoming)
        room = len(self._drains) < MOST
        return await self._inbox.store(incoming, push=push, lease=room and not push)

    def _crowded(self, incoming: Incoming) -> bool:
        """Whether so many wait that this message is acknowledged at once and answered by another.
        Whoever begins gives way to whoever is in the middle of something.
        """
        if begins(incoming):
            return self._door.rush or len(self._waiting) >= PROMPT * 2 // 3
        return len(self._waiting) >= PROMPT

    async def push(self, incoming: Incoming, messages: Sequence[Outgoing]) -> None:
        """See `bot.channels.base.Gateway.push`."""
        stored = await self._inbox.store(incoming, push=False)
        async with self._services.engine.begin() as connection:
            await self._inbox.queue(
                connection, stored.person.identity_id, f"{stored.id}:rest", messages
            )

    async def _too_many(
        self, incoming: Incoming, seconds: int, wait: float
    ) -> Sequence[Outgoing] | None:
        """Says once that nothing more is taken for so long; no word to who knows it."""
        if not seconds:
            return []
        people = self._services.people
        async with self._services.engine.begin() as connection:
            person = await people.meet(connection, incoming.channel, incoming.sender)
            told = self._services.notices.wording.say(
                "too_many", person.language, minutes=str(seconds // 60)
            )
            if wait > 0:
                return [Outgoing(told)]
            key = f"too-many:{clock.new_id()}"
            await self._inbox.queue(connection, person.identity_id, key, [Outgoing(told)])
        return []

    async def _is_strange_group(self, incoming: Incoming) -> bool:
        """Whether we were thrown out of a group that is no unit's; nobody need remember that."""
        if incoming.kind is not Kind.UNFOLLOW or not incoming.chat:
            return False
        async with reading(self._services.engine) as connection:
            people = self._services.people
            return await people.group(connection, incoming.channel, incoming.chat) is None

    # --- waiting --------------------------------------------------------------------------------

    async def _answered(self, stored: Stored, wait: float) -> list[Outgoing] | None:
        conversation = stored.person.conversation
        if stored.behind_kept:
            self._drain(conversation)
            return await self._inbox.stop_waiting(stored.id) or []
        if stored.claimed is not None:
            self._leases.add(stored.claimed.lease)
            self._claimed[conversation] = stored.claimed
        elif self._full(conversation):
            return await self._inbox.stop_waiting(stored.id)
        answer = self._waiting.setdefault(stored.id, asyncio.get_running_loop().create_future())
        self._drain(conversation)
        try:
            async with asyncio.timeout(wait):
                return await self._wait_for(stored.id, answer, conversation)
        except TimeoutError:
            return await self._inbox.stop_waiting(stored.id)
        finally:
            if self._waiting.get(stored.id) is answer:
                del self._waiting[stored.id]

    async def _wait_for(
        self, inbox_id: uuid.UUID, answer: asyncio.Future[list[Outgoing]], conversation: str
    ) -> list[Outgoing]:
        """The answer, whether this process makes it or another one does."""
        while True:
            done, _ = await asyncio.wait({answer}, timeout=POLL)
            if done:
                return answer.result()
            if conversation not in self._drains:
                ready = await self._inbox.answer(inbox_id)
                if ready is not None:
                    return ready
                self._drain(conversation)  # the other one may have looked before we stored

    def _give(self, inbox_id: uuid.UUID, messages: list[Outgoing]) -> bool:
        """Hands the answer to whoever waits for it here; False when nobody does."""
        waiting = self._waiting.get(inbox_id)
        if waiting is None or waiting.done():
            return False
        waiting.set_result(messages)
        return True

    # --- working off ----------------------------------------------------------------------------

    def _drain(self, conversation: str, *, hurry: bool = True) -> None:
        """Works the conversation off in the background; if that is under way, looks once more.

        Without `hurry` it waits for its turn: a flood of messages for whose answers nobody waits
        must not keep others from being stored and answered in time.
        """
        if conversation in self._drains:
            self._look_again.add(conversation)
            return
        if self._full(conversation) and conversation not in self._claimed:
            return  # the sweeper takes it up
        self._drains[conversation] = asyncio.create_task(self._work_off(conversation, hurry))

    def _full(self, conversation: str) -> bool:
        return len(self._drains) >= MOST and conversation not in self._drains

    async def _work_off(self, conversation: str, hurry: bool) -> None:
        if hurry:
            await self._work_all(conversation)
            return
        async with self._unhurried:
            narrow = self._in_a_rush if self._door.rush else contextlib.nullcontext()
            async with narrow:
                await self._work_all(conversation)

    async def _work_all(self, conversation: str) -> None:
        try:
            await self._work_rows(conversation)
            while conversation in self._look_again:  # something was stored behind the last look
                self._look_again.discard(conversation)
                await self._work_rows(conversation)
        except SQLAlchemyError as error:
            log.warning("inbox not reachable", error=type(error).__name__)
        except Exception:
            log.exception("a conversation stands still until its lease runs out")
        finally:
            del self._drains[conversation]
            self._look_again.discard(conversation)
            if (left := self._claimed.pop(conversation, None)) is not None:
                self._leases.discard(left.lease)

    async def _next(self, conversation: str) -> Claimed | None:
        return self._claimed.pop(conversation, None) or await self._inbox.claim(conversation)

    async def _work_rows(self, conversation: str) -> None:
        while claimed := await self._next(conversation):
            self._leases.add(claimed.lease)
            try:
                with logs.about(claimed.id):
                    if not await self._work(claimed):
                        break
            finally:
                self._leases.discard(claimed.lease)

    async def _work(self, claimed: Claimed) -> bool:
        """One row; False when it has to be tried again later, or was the last one."""
        if not needs_turn(claimed.incoming):  # left by a gateway that died just then
            await self._inbox.close_unasked(claimed.id)
            return True
        started = asyncio.get_running_loop().time()
        try:
            answer = await self._conversation.turn(claimed)
        except TurnFailedError as error:
            counted = await self._conversation.alone(claimed)
            if counted is None or not counted.whole:
                said = counted.message if counted else None
                return await self._failed(claimed, str(error), said)
            answer = [counted.message]
        except SQLAlchemyError:
            raise
        except Exception as error:
            log.exception("turn failed in the gateway")
            return await self._failed(claimed, type(error).__name__)
        finished = await self._inbox.finish(claimed, answer)
        if finished.said is not None:
            self._give(claimed.id, finished.said)
        self._outcomes.answered(claimed, asyncio.get_running_loop().time() - started)
        return finished.more

    async def _failed(self, claimed: Claimed, reason: str, said: Outgoing | None = None) -> bool:
        """`said`: what counts of it already, in place of the word that the message is kept."""
        self._outcomes.postponed(claimed, reason)
        if claimed.attempts >= GIVE_UP_AFTER and await self._health.behind_turns():
            await self._give_up(claimed)
            return True
        await self._keep(claimed, said or Outgoing(self._sentence(claimed, "kept")))
        return False

    async def _keep(self, claimed: Claimed, said: Outgoing) -> None:
        """Puts the row back and says, once, that the message is kept: to whoever waits for the
        answer, or as a message of its own."""
        kept = [] if claimed.told_kept else [said]
        waited = claimed.id in self._waiting
        await self._inbox.postpone(claimed, tell=[] if waited else kept)
        if not self._give(claimed.id, kept) and waited:  # stopped waiting just now
            async with self._services.engine.begin() as connection:
                await self._inbox.queue(connection, claimed.identity_id, f"{claimed.id}:kept", kept)

    async def _give_up(self, claimed: Claimed) -> None:
        at = clock.beijing(claimed.received_at).strftime("%H:%M")
        text = self._sentence(claimed, "gave_up", at=at, hotline=self._services.settings.hotline)
        self._outcomes.given_up(claimed)
        finished = await self._inbox.finish(claimed, [Outgoing(text)], failed=True)
        if finished.said is not None:
            self._give(claimed.id, finished.said)

    def _sentence(self, claimed: Claimed, key: str, **params: str) -> str:
        return self._services.notices.wording.say(key, claimed.language, **params)

    # --- taking up what was left ----------------------------------------------------------------

    async def run(self, _: web.Application) -> AsyncIterator[None]:
        """Sweeps while the application runs; on the way out lets running turns finish."""
        sweeper = asyncio.create_task(self._sweep())
        yield
        sweeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeper
        await self.settle()

    async def settle(self, seconds: float = 10) -> None:
        """Lets the turns that are under way finish."""
        if self._drains:
            await asyncio.wait(self._drains.values(), timeout=seconds)

    async def _sweep(self) -> None:
        while True:
            try:
                await self._inbox.renew(self._leases)
                await self._take_up()
            except SQLAlchemyError as error:
                log.warning("inbox not reachable", error=type(error).__name__)
            except Exception:  # the sweeper must outlive whatever happens: nothing else takes up
                log.exception("sweep failed")
            await asyncio.sleep(self._sweep_seconds)

    async def _take_up(self) -> None:
        """What is overdue, the longest first, as far as there is room beside what is under way."""
        room = min(MOST - len(self._drains), AT_A_SWEEP)
        if room <= 0:
            return
        due = await self._inbox.due(room + len(self._drains))
        if due:
            await self._inbox.abandon_waiting(due)
        for conversation in [each for each in due if each not in self._drains][:room]:
            self._drain(conversation, hurry=False)
