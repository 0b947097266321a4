"""Deliveries in batches: by a carrier over a real queue; only the platform is played by a script."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.notices.notices import Notice
from bot import delivery_sql as sql
from bot.back_off import BackOff
from bot.carrier import AT_ONCE, Carrier
from bot.channels.base import Sent, TransportError
from bot.fate import Fate
from bot.message import Outgoing
from tests.bot.delivering import HURRIED, Installation, ScriptedChannel


def carrier(there: Installation, batches: int = 3, first_wait: float = 0) -> Carrier:
    back_off = BackOff(first_wait)
    return Carrier(there.services, there.deliverer, back_off, batches=batches, poll=HURRIED.poll)


async def invite(there: Installation, *people: uuid.UUID) -> None:
    """Queues an invitation, which can wait, for each of them in one go."""
    notices = [
        Notice(f"i:{one}", one, "invitation", f"请您评价 {n}") for n, one in enumerate(people)
    ]
    async with there.services.engine.begin() as connection:
        await there.services.notices.tell_all(connection, notices)


async def many(there: Installation, number: int) -> list[uuid.UUID]:
    return [await there.meet(f"openid-{n:03d}") for n in range(number)]


async def until_sent(platform: ScriptedChannel, number: int) -> None:
    async with asyncio.timeout(10):
        while len(platform.sent) < number:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


class Held:
    """A platform that answers when the test lets it. `shut`: the recipients it keeps waiting."""

    def __init__(self, platform: ScriptedChannel, shut: Sequence[str] = ()) -> None:
        self._send, self._shut = platform.send, shut
        self.go = asyncio.Event()
        platform.send = self.send  # type: ignore[method-assign]

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        sent = await self._send(recipient, message)
        if not self._shut or recipient in self._shut:
            await self.go.wait()
        return sent


async def test_a_batch_is_one_transaction_for_many_people(there: Installation) -> None:
    await invite(there, *await many(there, AT_ONCE))
    count = text("SELECT pg_current_xact_id_if_assigned() IS NULL, pg_current_xact_id()::text::int")
    async with there.services.engine.begin() as connection:
        before = (await connection.execute(count)).one()[1]
    await carrier(there).carry_all()
    async with there.services.engine.begin() as connection:
        after = (await connection.execute(count)).one()[1]
    assert {row.state for row in await there.rows()} == {"sent"}
    assert await there.jobs() == []
    assert after - before == 2  # the batch, and this look
    assert [row.attempts for row in await there.rows()] == [1] * AT_ONCE


async def test_an_urgent_answer_passes_a_long_queue_of_invitations(there: Installation) -> None:
    """Also to somebody who is still to be invited, and whoever asks is told once."""
    people = await many(there, 4 * AT_ONCE)
    await invite(there, *people)
    await there.tell(people[-1], "您的话收到了")
    await carrier(there, batches=1).carry_all()
    texts = [words for _, words in there.platform.sent]
    assert texts[0] == "您的话收到了"
    assert len(texts) == len(set(texts)) == 4 * AT_ONCE + 1


async def test_invitations_that_hang_leave_room_for_what_is_urgent(there: Installation) -> None:
    people = await many(there, 6 * AT_ONCE)
    held = Held(there.platform, [f"openid-{n:03d}" for n in range(6 * AT_ONCE)])
    await invite(there, *people)
    running = asyncio.create_task(carrier(there).run())
    await until_sent(there.platform, AT_ONCE)  # of three batches one may carry what can wait
    await there.tell(await there.meet("openid-chen"), "您的话收到了")
    await until_sent(there.platform, AT_ONCE + 1)
    assert there.platform.sent[-1] == ("openid-chen", "您的话收到了")
    held.go.set()
    await there.until(*["sent"] * (6 * AT_ONCE + 1))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_each_persons_messages_keep_their_order_across_batches(there: Installation) -> None:
    people = await many(there, 5)
    for number in range(6):
        for person in people:
            await there.tell(person, f"{person}: {number}")
    await carrier(there).carry_all()
    for person in people:
        own = [words for _, words in there.platform.sent if words.startswith(str(person))]
        assert own == [f"{person}: {number}" for number in range(6)]


async def test_one_that_fails_in_a_batch_fails_alone_and_is_tried_again(
    there: Installation,
) -> None:
    there.platform.script = [
        Sent("customer"),
        TransportError("busy"),
        TransportError("refused", permanent=True),
        ValueError("电话 13900000000"),
    ]
    for person in await many(there, 6):
        await there.tell(person, f"给 {person}")
    await carrier(there).carry_all()
    rows = await there.rows()
    assert sorted(row.state for row in rows) == ["failed", *["sent"] * 5]
    assert sorted(row.attempts for row in rows) == [1, 1, 1, 1, 2, 2]
    assert len(there.platform.sent) == 8
    assert await there.jobs() == []


async def test_what_has_to_wait_is_due_when_the_platform_says(there: Installation) -> None:
    there.platform.script = [TransportError("slow down", retry_after=90)]
    await there.tell(await there.meet("openid-chen"), "一", "二")
    await carrier(there, first_wait=1).carry_all()
    async with there.services.engine.connect() as connection:
        due = "extract(epoch FROM scheduled_at - clock_timestamp())::float8 AS wait"
        query = text(f"SELECT attempts, {due} FROM procrastinate_jobs ORDER BY id")
        first, second = (await connection.execute(query)).all()
    assert 85 < first.wait <= 91
    assert (first.attempts, second.attempts, second.wait) == (1, 0, None)
    assert [row.note for row in await there.rows()] == ["slow down", None]


async def test_a_worker_killed_with_a_batch_sends_nothing_again(there: Installation) -> None:
    """All but one are out, nothing is in PostgreSQL yet; the next worker knows from Redis."""
    people = await many(there, 8)
    held = Held(there.platform, ["openid-000"])
    there.platform.pieces = [1] * 16
    for person in people:
        await there.tell(person, f"给 {person}")
    first = carrier(there)
    running = asyncio.create_task(first.run())
    await until_sent(there.platform, 8)
    for batch in list(first._under_way):
        batch.cancel()  # as if killed: what it had locked is free at once
        with contextlib.suppress(asyncio.CancelledError):
            await batch
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert {row.state for row in await there.rows()} == {"queued"}
    held.go.set()
    await carrier(there).carry_all()
    assert {row.state for row in await there.rows()} == {"sent"}
    assert there.platform.skipped == [0] * 8 + [1] * 8


async def test_two_carriers_at_once_send_each_message_once(there: Installation) -> None:
    people = await many(there, 20)
    for number in range(4):
        for person in people:
            await there.tell(person, f"{person}: {number}")
    others = Installation(there._environ)
    others.bot = there.make()
    try:
        await asyncio.gather(carrier(there).carry_all(), carrier(others).carry_all())
        await carrier(there).carry_all()  # what was behind the other's when the one had ended
    finally:
        await others.bot.close()
    texts = [words for _, words in there.platform.sent]
    assert len(texts) == len(set(texts)) == 80
    for person in people:
        own = [words for words in texts if words.startswith(str(person))]
        assert own == sorted(own)


async def test_a_batch_that_loses_the_database_is_given_back(
    there: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks when all is to be noted: nothing is noted in half."""
    noted, times = sql.note_sent, []

    async def breaks(connection: AsyncConnection, sent: Sequence[object]) -> None:
        times.append(len(sent))
        if len(times) == 1:
            backend = await connection.execute(text("SELECT pg_backend_pid()"))
            async with there.services.engine.connect() as other:
                ended = text("SELECT pg_terminate_backend(:pid, 5000)")
                await other.execute(ended, {"pid": backend.scalar_one()})
        await noted(connection, sent)  # type: ignore[arg-type]

    monkeypatch.setattr(sql, "note_sent", breaks)
    there.platform.pieces = [1] * 8
    for person in await many(there, 4):
        await there.tell(person, f"给 {person}")
    await carrier(there).carry_all()
    assert {row.state for row in await there.rows()} == {"sent"}
    assert times == [4, 4]
    assert there.platform.skipped == [0] * 4 + [1] * 4


async def test_words_that_cannot_be_stored_stop_nobody(there: Installation) -> None:
    there.platform.script = [Sent("customer", note="a\0b", platform_id="p\0")]
    await there.tell(await there.meet("openid-chen"), "您好")
    await there.tell(await there.meet("openid-zhou"), "您好")
    await carrier(there).carry_all()
    first, second = await there.rows()
    assert (first.state, first.note, first.platform_id) == ("sent", "ab", "p")
    assert second.state == "sent"


async def test_what_cannot_be_noted_fails_alone_and_visibly(there: Installation) -> None:
    """The way that should take over breaks, for good: nothing may wait for ever, nor the others."""

    class Broken:
        async def take_over(self, connection: AsyncConnection, delivery: uuid.UUID) -> str:
            await connection.execute(text("SELECT 1 / 0"))
            raise AssertionError

    there.platform.script = [TransportError("refused", permanent=True)]
    await there.tell(await there.meet("openid-chen"), "您好")
    await there.tell(await there.meet("openid-zhou"), "您好")
    deliverer = there.deliverer
    object.__setattr__(deliverer, "fallback", Broken())
    back_off = BackOff(0)
    await Carrier(there.services, deliverer, back_off, batches=1, poll=0.05).carry_all()
    first, second = await there.rows()
    assert (first.state, first.note) == ("failed", "our own fault: DataError")
    assert second.state == "sent"
    assert await there.jobs() == []


async def test_without_a_database_it_waits_and_goes_on(
    there: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, away = sql.take, [True] * 3

    async def broken(*arguments: object, **options: object) -> object:
        if away:
            away.pop()
            raise OperationalError("SELECT", {}, OSError())
        return await taken(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(sql, "take", broken)
    await there.tell(await there.meet("openid-chen"), "您好")
    async with there.working():
        await there.until("sent")
    assert away == []


async def test_an_end_lets_the_batch_under_way_finish(there: Installation) -> None:
    held = Held(there.platform)
    await there.tell(await there.meet("openid-chen"), "您好")
    running = asyncio.create_task(carrier(there).run())
    await until_sent(there.platform, 1)
    running.cancel()
    await asyncio.sleep(0)
    held.go.set()
    await asyncio.gather(running, return_exceptions=True)
    (row,) = await there.rows()
    assert row.state == "sent"


async def test_a_job_whose_delivery_is_settled_only_ends(there: Installation) -> None:
    await there.tell(await there.meet("openid-chen"), "您好")
    async with there.services.engine.begin() as connection:
        await connection.execute(text("UPDATE deliveries SET state = 'merged'"))
    await carrier(there).carry_all()
    assert there.platform.sent == []
    assert await there.jobs() == []


async def test_a_job_that_the_version_before_queued_is_done_too(there: Installation) -> None:
    """That version put them into the queue of all other jobs."""
    await there.tell(await there.meet("openid-chen"), "您好")
    async with there.services.engine.begin() as connection:
        await connection.execute(text("UPDATE procrastinate_jobs SET queue_name = 'default'"))
    async with there.working():
        await there.until("sent")


def test_a_fate_is_tried_again_until_it_is_final() -> None:
    error = TransportError("busy")
    assert Fate(None, 1, error=error).again is error  # type: ignore[arg-type]
    assert Fate(None, 1, error=error, final=True).again is None  # type: ignore[arg-type]
    assert Fate(None, 1, sent=Sent("customer")).again is None  # type: ignore[arg-type]


async def test_a_look_at_a_long_queue_reads_only_its_batch(there: Installation) -> None:
    """Also before PostgreSQL has looked at the new rows: a plan for few rows would read them all."""
    people = await many(there, 40)
    for _ in range(10):
        await there.tell(people[0], f"{uuid.uuid4()}")
    await invite(there, *people)
    look = sql._TAKE.text.replace(":least", "-1").replace(":most", str(AT_ONCE))
    async with there.services.engine.connect() as connection:
        plan = "\n".join((await connection.execute(text(f"EXPLAIN {look}"))).scalars())
    assert "Index Scan using ix_jobs_deliveries" in plan
    assert "ix_jobs_lock" in plan
    assert "Sort" not in plan
