"""Parts of text messages in the database: costs, receipts in any order, the delivery's fate."""

from __future__ import annotations

import asyncio
import itertools
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from actions.store.tables import sms_parts
from bot.channels.base import Part, Sent, TransportError
from bot.channels.sms.incoming import receipt
from bot.receipts import Receipts
from tests.bot.delivering import Installation

FEN = Decimal("4.50")


async def state_of(there: Installation) -> tuple[str, bool, str | None]:
    """The delivery: its state, whether it has arrived, its note."""
    (row,) = await there.rows()
    return row.state, row.delivered_at is not None, row.note


async def sent(there: Installation, *ids: str) -> None:
    """A message of so many parts, sent by a worker."""
    parts = tuple(Part(key, 1, FEN) for key in ids)
    there.platform.script = [Sent("smpp", "", ids[0], parts)]
    await there.tell(await there.meet("openid-chen"), "您好")
    async with there.working():
        await there.until("sent")


async def test_it_has_arrived_when_all_parts_have(there: Installation) -> None:
    receipts = Receipts(there.services.engine, there.services.vault)
    await sent(there, "p1", "p2")
    await receipts.note(receipt("p1", delivered=True))
    assert await state_of(there) == ("sent", False, None)
    await receipts.note(receipt("p2", delivered=True))
    await receipts.note(receipt("p2", delivered=True))
    assert await state_of(there) == ("sent", True, None)
    async with there.services.engine.connect() as connection:
        cost = (await connection.execute(select(func.sum(sms_parts.c.fen)))).scalar_one()
    assert cost == Decimal("9.00")


@pytest.mark.parametrize(
    "told", list(itertools.permutations([("p1", True), ("p2", False), ("p2", True)]))
)
async def test_one_part_that_failed_fails_the_whole(
    there: Installation, told: tuple[tuple[str, bool], ...]
) -> None:
    """In whatever order it is told, and even when a gateway changes its mind."""
    await sent(there, "p1", "p2")
    for key, delivered in told:
        fate = receipt(key, delivered=delivered, reason="UNDELIV 001")
        await Receipts(there.services.engine, there.services.vault).note(fate)
    state, _, note = await state_of(there)
    assert (state, note) == ("failed", "failed: UNDELIV 001")


@pytest.mark.parametrize("delivered", [True, False])
async def test_a_receipt_that_is_faster_than_we_are(there: Installation, delivered: bool) -> None:
    await Receipts(there.services.engine, there.services.vault).note(
        receipt("p1", delivered=delivered, reason="X")
    )
    parts = (Part("p1", 1, FEN),)
    there.platform.script = [Sent("smpp", "", "p1", parts)]
    await there.tell(await there.meet("openid-chen"), "您好")
    async with there.working():
        await there.until("sent" if delivered else "failed")
    assert (await state_of(there))[1] is delivered


async def test_a_receipt_while_the_sending_is_not_yet_committed(there: Installation) -> None:
    """It waits for the part's row, or leaves one: it is never lost."""
    receipts = Receipts(there.services.engine, there.services.vault)
    early: list[asyncio.Task[None]] = []

    async def report() -> None:
        early.append(asyncio.create_task(receipts.note(receipt("p1", delivered=True))))

    there.platform.before = report
    await sent(there, "p1")
    await asyncio.gather(*early)
    assert await state_of(there) == ("sent", True, None)


async def test_parts_before_a_failure_are_kept_too(there: Installation) -> None:
    throttled = TransportError("too fast", code="0x58", retry_after=0)
    throttled.pieces, throttled.parts = 1, (Part("p1", 1, FEN),)
    there.platform.script = [throttled, Sent("smpp", "", "p2", (Part("p2", 1, FEN),))]
    await there.tell(await there.meet("openid-chen"), "很长的话")
    async with there.working():
        await there.until("sent")
    assert there.platform.skipped == [0, 1]
    for key in ("p1", "p2"):
        await Receipts(there.services.engine, there.services.vault).note(
            receipt(key, delivered=True)
        )
    assert (await state_of(there))[1]


async def test_an_id_that_is_given_again(there: Installation) -> None:
    """The old part keeps its cost, the new one waits for its own receipt."""
    await sent(there, "p1")
    await Receipts(there.services.engine, there.services.vault).note(receipt("p1", delivered=True))
    there.platform.script = [Sent("smpp", "", "p1", (Part("p1", 1, FEN),))]
    await there.tell(await there.meet("openid-zhou"), "再见")
    async with there.working():
        _, second = await there.until("sent", "sent")
    assert second.delivered_at is None
    async with there.services.engine.connect() as connection:
        rows = (await connection.execute(select(sms_parts.c.fen, sms_parts.c.state))).all()
    assert sorted(row.state for row in rows) == ["delivered", "sent"]
    assert sum(row.fen for row in rows) == Decimal("9.00")
