"""Deliveries by real workers over a real queue; only the platform is played by a script."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from typing import Any

import pytest
from procrastinate.jobs import Job
from redis.exceptions import RedisError
from sqlalchemy import Row, select, text, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from actions import clock
from actions.notices.notices import Offer
from actions.store.tables import attachments, deliveries
from bot.back_off import MAX_ATTEMPTS, PATIENCE, BackOff
from bot.channels.base import Sent, TransportError
from bot.inbox import Inbox
from bot.message import Incoming, Kind, Media, MediaKind
from bot.receipts import Receipts
from bot.worker import _free_stalled
from tests.bot.delivering import HURRIED, Installation


async def test_it_is_sent_and_the_job_is_gone(there: Installation) -> None:
    there.platform.script = [Sent("template", "45015 outside the window", "msg-1")]
    await there.tell(await there.meet("openid-chen"), "您好")
    async with there.working():
        (row,) = await there.until("sent")
    assert there.platform.sent == [("openid-chen", "您好")]
    assert (row.via, row.note, row.platform_id) == ("template", "45015 outside the window", "msg-1")
    assert row.attempts == 1
    assert row.sent_at is not None
    assert await there.jobs() == []


async def test_what_the_platform_refuses_for_good_is_not_tried_again(there: Installation) -> None:
    there.platform.script = [TransportError("user refuses", permanent=True, code="43101")]
    await there.tell(await there.meet("openid-chen"), "您好", "再见")
    async with there.working():
        refused, sent = await there.until("failed", "sent")
    assert (refused.note, refused.attempts) == ("43101 user refuses", 1)
    assert sent.note is None
    assert [words for _, words in there.platform.sent] == ["您好", "再见"]


async def test_a_passing_fault_is_tried_again_and_keeps_the_order(there: Installation) -> None:
    """What comes later for the same person waits; others' messages do not."""
    busy = TransportError("system busy", code="-1")
    there.platform.script = [busy, busy, Sent("customer")]
    chen = await there.meet("openid-chen")
    await there.tell(chen, "一", "二", "三")
    async with there.working():
        rows = await there.until("sent", "sent", "sent")
    assert [words for _, words in there.platform.sent] == ["一", "一", "一", "二", "三"]
    assert [row.attempts for row in rows] == [3, 1, 1]


@pytest.mark.parametrize("offers", [[], [Offer("满意", "/rate_result{}")]])
async def test_what_has_gone_out_in_pieces_is_not_sent_again(
    there: Installation, offers: list[Offer]
) -> None:
    """The second and the third piece failed once each; a fault of ours forgets nothing."""
    second, third = TransportError("busy"), TransportError("busy")
    second.pieces, third.pieces = 1, 2
    there.platform.script = [second, ValueError("a fault of ours"), third, Sent("customer")]
    await there.tell(await there.meet("openid-chen"), "很长的话", offers=offers)
    async with there.working():
        (row,) = await there.until("sent")
    assert there.platform.skipped == [0, 1, 1, 2]
    assert row.pieces_sent == 2


async def test_a_worker_killed_between_two_pieces_sends_none_again(there: Installation) -> None:
    """Nothing of the attempt is in PostgreSQL; the next worker knows all the same."""
    there.platform.pieces = [2, 3]
    there.platform.script = [asyncio.CancelledError()]
    await there.tell(await there.meet("openid-chen"), "很长的话")
    (row,) = await there.rows()
    with pytest.raises(asyncio.CancelledError):
        await there.deliverer.deliver(str(row.id), 0)
    assert [(row.state, row.pieces_sent) for row in await there.rows()] == [("queued", 0)]
    async with there.working():
        await there.until("sent")
    assert there.platform.skipped == [0, 2]


async def test_new_words_begin_anew(there: Installation) -> None:
    """The worker was killed when the old ones were out, before it could say so."""
    there.platform.pieces = [1, 1]
    there.platform.script = [asyncio.CancelledError()]
    await there.tell(await there.meet("openid-chen"), "新件", card="card")
    (row,) = await there.rows()
    with pytest.raises(asyncio.CancelledError):
        await there.deliverer.deliver(str(row.id), 0)
    async with there.services.engine.begin() as connection:
        await there.services.notices.revise(connection, card="card", texts={"zh": "已接"})
    await there.deliverer.deliver(str(row.id), 0)
    assert there.platform.sent[-1] == ("openid-chen", "已接")
    assert there.platform.skipped == [0, 0]


async def test_without_redis_words_go_out_all_the_same(
    there: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object, **__: object) -> None:
        raise RedisError

    for call in ("get", "set"):
        monkeypatch.setattr(there.services.redis, call, down)
    there.platform.pieces = [1]
    await there.tell(await there.meet("openid-chen"), "您好")
    (row,) = await there.rows()
    await there.deliverer.deliver(str(row.id), 0)
    await there.until("sent")


async def test_a_card_of_which_pieces_are_out_keeps_its_words(there: Installation) -> None:
    """They would not fit what has been read already; what can be replaced is replaced later."""
    error = TransportError("busy")
    error.pieces = 1
    there.platform.script = [error]
    await there.tell(await there.meet("openid-chen"), "很长的话", card="card")
    (row,) = await there.rows()
    with pytest.raises(TransportError):
        await there.deliverer.deliver(str(row.id), 0)
    async with there.services.engine.begin() as connection:
        await there.services.notices.revise(connection, card="card", texts={"zh": "已接"})
    assert len(await there.jobs()) == 2
    async with there.working():
        await there.until("sent")
        for _ in range(300):
            if await there.jobs() == []:
                break
            await asyncio.sleep(0.01)
    assert [words for _, words in there.platform.sent] == ["很长的话"] * 2
    assert [words for _, _, words in there.platform.revised] == ["已接"]


async def test_one_persons_trouble_holds_up_nobody_else(there: Installation) -> None:
    there.platform.script = [TransportError("slow down", retry_after=3600)]
    await there.tell(await there.meet("openid-chen"), "给陈", "也给陈")
    async with there.working():
        await there.until("queued", "queued")
        for _ in range(300):
            if (await there.rows())[0].attempts == 1:
                break
            await asyncio.sleep(0.01)
        await there.tell(await there.meet("openid-zhou"), "给周")
        rows = await there.until("queued", "queued", "sent")
    assert there.platform.sent == [("openid-chen", "给陈"), ("openid-zhou", "给周")]
    assert rows[0].note == "slow down"


async def test_two_workers_send_each_message_once(there: Installation) -> None:
    async def slowly() -> None:
        await asyncio.sleep(0.005)

    there.platform.before = slowly
    for sender in ("openid-chen", "openid-zhou", "openid-wu"):
        await there.tell(await there.meet(sender), *(f"{sender} {n:02d}" for n in range(8)))
    async with there.working(2):
        await there.until(*["sent"] * 24)
    texts = [words for _, words in there.platform.sent]
    assert len(texts) == len(set(texts)) == 24
    for sender in ("openid-chen", "openid-zhou", "openid-wu"):
        own = [words for words in texts if words.startswith(sender)]
        assert own == sorted(own)


async def test_the_same_delivery_twice_at_once_is_sent_once(there: Installation) -> None:
    """As when a worker was taken for dead and is not."""

    async def slowly() -> None:
        await asyncio.sleep(0.02)

    there.platform.before = slowly
    await there.tell(await there.meet("openid-chen"), "您好")
    (row,) = await there.rows()
    await asyncio.gather(*(there.deliverer.deliver(str(row.id), 0) for _ in range(5)))
    assert len(there.platform.sent) == 1


async def test_the_job_of_a_killed_worker_is_freed(there: Installation) -> None:
    await there.tell(await there.meet("openid-chen"), "您好")
    async with there.services.engine.begin() as connection:
        await connection.execute(
            text(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '1 hour') RETURNING id)"
                " UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
            )
        )
    async with there.working(2):  # both see it, one is faster
        await there.until("sent")
    assert len(there.platform.sent) == 1


async def test_two_that_free_the_same_job_do_not_disturb_each_other(
    there: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one was faster: what is left to do is not given up."""
    await there.tell(await there.meet("openid-chen"), "一")
    await there.tell(await there.meet("openid-zhou"), "二")
    async with there.services.engine.begin() as connection:
        await connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    queue = there.services.queue
    async with queue.open_async():
        manager = queue.job_manager
        first, second = await manager.get_stalled_jobs(seconds_since_heartbeat=1)

        async def stalled(**_: object) -> list[Job]:
            return [first, first, second]

        monkeypatch.setattr(manager, "get_stalled_jobs", stalled)
        freeing = asyncio.create_task(_free_stalled(queue, HURRIED))
        for _ in range(300):
            if await there.jobs() == ["todo", "todo"]:
                break
            await asyncio.sleep(0.01)
        assert await there.jobs() == ["todo", "todo"]
        assert not freeing.done()
        freeing.cancel()


async def test_a_worker_stopped_while_sending_leaves_it_to_the_next(there: Installation) -> None:
    begun = asyncio.Event()

    async def never() -> None:
        begun.set()
        await asyncio.Event().wait()

    there.platform.before = never
    await there.tell(await there.meet("openid-chen"), "您好")
    (row,) = await there.rows()
    sending = asyncio.create_task(there.deliverer.deliver(str(row.id), 0))
    await begun.wait()
    sending.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sending
    there.platform.before = None
    async with there.working():
        await there.until("sent")


async def test_who_left_is_not_written_to(there: Installation) -> None:
    chen = await there.meet("openid-chen")
    await there.services.people.set_state(chen, "unsubscribed")
    await there.tell(chen, "您好")
    async with there.working():
        (row,) = await there.until("failed")
    assert there.platform.sent == []
    assert row.note == "the person is unsubscribed"


async def test_who_is_gone_is_not_written_to_until_they_write_again(there: Installation) -> None:
    """WeChat's 43004, say: who unfollowed while we were down. Others are written to as before."""
    chen = await there.meet("openid-chen")
    there.platform.script = [TransportError("does not follow", gone=True, code="43004")]
    await there.tell(chen, "一", "二")
    await there.tell(await there.meet("openid-zhou"), "三")
    for row in await there.rows():
        await there.deliverer.deliver(str(row.id), 0)
    rows = await there.until("failed", "failed", "sent")
    assert [row.note for row in rows[:2]] == ["43004 does not follow", "the person is dead"]
    assert [words for _, words in there.platform.sent] == ["一", "三"]
    inbox = Inbox(there.services, lease_seconds=30)
    await inbox.store(
        Incoming("wechat", "openid-chen", "m1", Kind.TEXT, clock.now(), text="在吗"), push=True
    )
    await there.tell(chen, "四")
    await there.deliverer.deliver(str((await there.rows())[-1].id), 0)
    await there.until("failed", "failed", "sent", "sent")


async def test_a_channel_that_is_not_connected_fails_at_once(there: Installation) -> None:
    await there.tell(await there.meet("chat-1", "telegram"), "您好")
    (row,) = await there.rows()
    await there.deliverer.deliver(str(row.id), 0)
    await there.until("failed")


@pytest.mark.parametrize("fault", [TransportError("busy"), ValueError("电话 13900000000")])
async def test_the_last_attempt_fails_visibly(there: Installation, fault: Exception) -> None:
    """Also a fault of our own: a delivery without a job must not look as if it were under way."""
    there.platform.script = [fault, fault]
    await there.tell(await there.meet("openid-chen"), "您好")
    (row,) = await there.rows()
    with pytest.raises(TransportError):
        await there.deliverer.deliver(str(row.id), 0)
    await there.until("queued")
    await there.deliverer.deliver(str(row.id), MAX_ATTEMPTS - 1)
    (row,) = await there.until("failed")
    assert row.attempts == MAX_ATTEMPTS
    assert "139" not in row.note


async def test_nothing_is_sent_again_after_success(there: Installation) -> None:
    await there.tell(await there.meet("openid-chen"), "您好")
    (row,) = await there.rows()
    for attempt in range(3):
        await there.deliverer.deliver(str(row.id), attempt)
    assert len(there.platform.sent) == 1


# --- attachments ----------------------------------------------------------------------------------


async def photo(there: Installation) -> str:
    """Chen's photo, as the gateway stores it: its row and the job that fetches it."""
    inbox = Inbox(there.services, lease_seconds=30)
    media = Media(MediaKind.IMAGE, "media-1")
    incoming = Incoming("wechat", "openid-chen", "m1", Kind.MEDIA, clock.now(), media=media)
    return str((await inbox.store(incoming, push=True)).id)


async def kept(there: Installation) -> Row[Any]:
    async with there.services.engine.connect() as connection:
        return (await connection.execute(select(attachments))).one()


async def test_a_photo_is_fetched_and_kept_sealed(there: Installation) -> None:
    there.platform.script = [TransportError("busy")]
    await photo(there)
    async with there.working():
        for _ in range(300):
            if (await kept(there)).state == "kept":
                break
            await asyncio.sleep(0.01)
    row = await kept(there)
    assert (row.state, row.content_type) == ("kept", "image/jpeg")
    assert there.services.vault.open_bytes(row.content_sealed) == b"bytes of media-1"
    assert b"media-1" not in bytes(row.content_sealed) + bytes(row.media_sealed)


@pytest.mark.parametrize(
    ("fault", "attempt"),
    [
        (TransportError("media expired", permanent=True), 0),
        (TransportError("busy"), MAX_ATTEMPTS - 1),
        (KeyError("media-1"), MAX_ATTEMPTS - 1),
    ],
)
async def test_a_photo_that_cannot_be_had_is_given_up(
    there: Installation, fault: Exception, attempt: int
) -> None:
    there.platform.script = [fault]
    await there.deliverer.keep_media(await photo(there), attempt)
    row = await kept(there)
    assert row.state == "failed"
    assert "media-1" not in row.error
    (told,) = await there.rows()  # who sent it hears of it, once
    assert "没能存下" in there.services.vault.open_json(told.content_sealed)["text"]


async def test_a_photo_goes_out_as_a_picture(there: Installation) -> None:
    """What was kept sealed is opened only on its way to the reader."""
    inbox_id = await photo(there)
    await there.deliverer.keep_media(inbox_id, 0)
    person = await there.meet("openid-li")
    for name in (inbox_id, str(clock.new_id())):
        async with there.services.engine.begin() as connection:
            await there.services.notices.queue(
                connection,
                key=f"photo:{name}",
                identity_id=person,
                topic="photo",
                content={"text": "Q26-0001", "offers": [], "photo": name},
            )
    async with there.working():
        rows = await there.until("sent", "failed")
    assert there.platform.pictures == [b"bytes of media-1"]
    assert "not there" in rows[1].note


# --- receipts -------------------------------------------------------------------------------------


def receipt(status: str, channel: str = "wechat") -> Incoming:
    extra = {"platform_id": "200163836"}
    return Incoming(
        channel, "openid-chen", "r-1", Kind.RECEIPT, clock.now(), text=status, extra=extra
    )


async def test_a_receipt_marks_what_did_not_arrive(there: Installation) -> None:
    """Only on its own platform: another may number its messages the same."""
    there.platform.script = [Sent("template", platform_id="200163836")] * 2
    await there.tell(await there.meet("openid-chen"), "您好")
    await there.tell(await there.meet("openid-zhou"), "您好")
    for row in await there.rows():
        await there.deliverer.deliver(str(row.id), 0)
    receipts = Receipts(there.services.engine, there.services.vault)
    await receipts.note(receipt("success"))
    await receipts.note(receipt("failed: system failed", "telegram"))
    await there.until("sent", "sent")
    await receipts.note(receipt("failed:user block"))
    rows = await there.until("failed", "failed")
    assert rows[0].note == "failed:user block"
    await receipts.note(receipt("failed:user block"))  # again: nothing happens


async def test_a_receipt_may_come_before_we_know_the_messages_name(there: Installation) -> None:
    """The platform reports while the worker has not written down yet what it was told."""
    receipts = Receipts(there.services.engine, there.services.vault)
    reported: list[asyncio.Task[None]] = []

    async def at_once() -> None:
        reported.append(asyncio.create_task(receipts.note(receipt("failed:user block"))))
        await asyncio.sleep(0.05)

    there.platform.before = at_once
    there.platform.script = [Sent("template", platform_id="200163836")]
    await there.tell(await there.meet("openid-chen"), "您好")
    (row,) = await there.rows()
    await there.deliverer.deliver(str(row.id), 0)
    await asyncio.gather(*reported)
    (row,) = await there.until("failed")
    assert row.note == "failed:user block"


async def test_a_receipt_is_not_taken_while_something_is_being_sent_for_long(
    there: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It raises, so that the platform reports again; nobody else's receipts wait."""
    monkeypatch.setattr("bot.receipts.PATIENCE", 0.05)
    receipts = Receipts(there.services.engine, there.services.vault)
    refused: list[str] = []

    async def meanwhile() -> None:
        with pytest.raises(SQLAlchemyError, match="lock timeout"):
            await receipts.note(receipt("failed:user block"))
        await receipts.note(dataclasses.replace(receipt("failed"), sender="openid-zhou"))
        refused.append("done")

    there.platform.before = meanwhile
    await there.tell(await there.meet("openid-chen"), "您好")
    (row,) = await there.rows()
    await there.deliverer.deliver(str(row.id), 0)
    assert refused == ["done"]
    await there.until("sent")


async def test_a_receipt_for_nothing_of_ours_is_no_fault(there: Installation) -> None:
    await there.tell(await there.meet("openid-chen"), "您好")
    (row,) = await there.rows()
    await there.deliverer.deliver(str(row.id), 0)
    unknown = dataclasses.replace(receipt("failed"), extra={})
    await Receipts(there.services.engine, there.services.vault).note(unknown)
    await there.until("sent")


# --- when to try again ----------------------------------------------------------------------------


OWN, OUTAGE = TransportError("unknown code"), TransportError("no route", outage=True)


@pytest.mark.parametrize(
    ("fault", "attempts", "seconds"),
    [
        (OWN, 0, 1),
        (OWN, 1, 2),
        (OWN, 3, 8),
        (OWN, 8, 256),
        (OWN, 9, None),  # ten are all
        (ValueError(), 9, None),
        (TransportError("slow", retry_after=30), 0, 31),
        (TransportError("slow", retry_after=2), 5, 32),
        (TransportError("slow", retry_after=5), 12, 600),  # whoever asks us to wait is waited for
        (OUTAGE, 9, 512),
        (OUTAGE, 10, 600),
        (OUTAGE, PATIENCE - 2, 600),
        (OUTAGE, PATIENCE - 1, None),
        (OperationalError("SELECT", {}, OSError()), 10, 600),  # the database is away
    ],
)
def test_the_wait_doubles_unless_the_platform_says(
    fault: Exception, attempts: int, seconds: float | None
) -> None:
    assert BackOff().seconds(fault, attempts) == seconds


def test_what_may_have_arrived_waits_longer() -> None:
    """Else a platform whose answers get lost for seconds shows the same message five times."""
    doubt = TransportError("send: timed out", outage=True, doubt=True)
    assert [BackOff().seconds(doubt, attempts) for attempts in range(4)] == [4, 4, 4, 8]


async def test_a_repeated_message_has_the_same_key_and_tokens(there: Installation) -> None:
    there.platform.script = [TransportError("send: timed out", outage=True, doubt=True)]
    chen = await there.meet("openid-chen")
    offers = [Offer("接单", "/accept_case"), Offer("看详情", "/show_case")]
    await there.tell(chen, "新件", offers=offers)
    await there.tell(chen, "又一件", offers=offers)
    async with there.working():
        await there.until("sent", "sent")
    first, again, other = there.platform.choices
    assert first == again
    assert len({*again, *other}) == 4
    assert there.platform.keys[0] == there.platform.keys[1] != there.platform.keys[2]


def test_an_outage_of_a_day_is_sat_out() -> None:
    waits = [BackOff().seconds(OUTAGE, attempts) or 0 for attempts in range(PATIENCE)]
    # 1 + 2 + … + 512 s in ten attempts, then 139 times ten minutes: 23 h 27 min.
    assert sum(waits) == 1023 + 139 * 600


@pytest.mark.parametrize(
    "fault", [OUTAGE, TransportError("pace", retry_after=60), RedisError("no such host")]
)
async def test_what_is_not_the_messages_fault_is_not_given_up(
    there: Installation, fault: Exception
) -> None:
    there.platform.script = [fault, fault]
    await there.tell(await there.meet("openid-chen"), "您好")
    (row,) = await there.rows()
    with pytest.raises(TransportError):
        await there.deliverer.deliver(str(row.id), MAX_ATTEMPTS + 5)
    await there.until("queued")
    await there.deliverer.deliver(str(row.id), PATIENCE - 1)
    await there.until("failed")


async def test_what_is_already_final_is_not_touched(there: Installation) -> None:
    await there.tell(await there.meet("openid-chen"), "您好")
    async with there.services.engine.begin() as connection:
        await connection.execute(update(deliveries).values(state="failed"))
    async with there.working():
        for _ in range(300):
            if await there.jobs() == []:
                break
            await asyncio.sleep(0.01)
    assert there.platform.sent == []
