"""Results are sent signed, once each, in order, and until they are taken."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import select, text, update

from actions import clock
from actions.cases.states import Verb
from actions.errors import ConfigurationError
from actions.feeds.webhook import check_url, signature
from actions.store.tables import case_feeds, feed_results
from bot.back_off import PATIENCE
from bot.channels.base import TransportError
from bot.simulator.hotline import TOLERANCE, Hotline
from bot.webhooks.sender import Sender
from tests.conftest import FrozenClock
from tests.feeds.office import Office


class Line:
    """The office, the hotline it reports to, and a sender between them."""

    def __init__(self, office: Office, hotline: Hotline, sender: Sender, url: str) -> None:
        self.office, self.hotline, self.sender, self.url = office, hotline, sender, url

    async def queued(self) -> list[str]:
        """Ids of what waits, in order."""
        query = (
            select(feed_results.c.id)
            .where(feed_results.c.state == "queued")
            .order_by(feed_results.c.seq)
        )
        return [str(row.id) for row in await self.office.rows(query)]

    async def row(self, result: str) -> Any:
        query = select(feed_results).where(feed_results.c.id == uuid.UUID(result))
        return (await self.office.rows(query))[0]

    async def feed(self) -> Any:
        return (await self.office.rows(select(case_feeds)))[0]

    async def rested(self) -> None:
        async with self.office.services.engine.begin() as connection:
            await connection.execute(update(case_feeds).values(resting_until=None))

    async def accepted(self) -> str:
        """A case is accepted; the id of what is to be told of it."""
        number = await self.office.filed()
        await self.office.act(self.office.cast.li, number, Verb.ACCEPT)
        return (await self.queued())[0]


@pytest.fixture
async def line(office: Office) -> AsyncIterator[Line]:
    hotline = Hotline(now=lambda: clock.now().timestamp())
    async with TestServer(hotline.app()) as server:
        url = str(server.make_url("/results"))
        await office.changes(webhook=url)
        hotline.secrets = [office.secret]
        sender = Sender(office.services.elsewhere.outbox, timeout=0.3)
        yield Line(office, hotline, sender, url)
        await sender.close()


async def test_a_result_is_taken_once(line: Line) -> None:
    result = await line.accepted()
    await line.sender.send(result, 0)
    await line.sender.send(result, 0)
    assert line.hotline.calls == 1
    [taken] = line.hotline.results
    assert (taken["id"], taken["happened"]) == (result, "accepted")
    row = await line.row(result)
    assert (row.state, row.attempts) == ("sent", 1)


async def test_the_same_id_and_body_come_again_after_a_failure(line: Line) -> None:
    result = await line.accepted()
    line.hotline.fails(500, times=3)
    for attempt in range(3):
        with pytest.raises(TransportError) as caught:
            await line.sender.send(result, attempt)
        assert caught.value.outage
        await line.rested()
    assert (await line.row(result)).note == "answered 500"
    assert (await line.feed()).failures == 3
    await line.sender.send(result, 3)
    assert [each["id"] for each in line.hotline.results] == [result]
    assert (await line.feed()).failures == 0


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 429, 503])
async def test_whatever_is_no_2xx_is_tried_again(line: Line, status: int) -> None:
    result = await line.accepted()
    line.hotline.fails(status)
    with pytest.raises(TransportError, match=f"answered {status}"):
        await line.sender.send(result, 0)
    assert line.hotline.calls == 1, "nothing is followed"
    assert (await line.row(result)).state == "queued"


async def test_who_does_not_answer_in_time(line: Line) -> None:
    result = await line.accepted()
    line.hotline.fails(204, delay=2)
    with pytest.raises(TransportError, match=r"no answer within 0\.3 s"):
        await line.sender.send(result, 0)


async def test_who_is_not_there(line: Line) -> None:
    await line.office.changes(webhook="http://127.0.0.1:9/results")
    result = await line.accepted()
    with pytest.raises(TransportError, match="not reached"):
        await line.sender.send(result, 0)


async def test_a_feed_that_failed_rests(line: Line) -> None:
    result = await line.accepted()
    line.hotline.fails(500)
    with pytest.raises(TransportError):
        await line.sender.send(result, 0)
    with pytest.raises(TransportError) as caught:
        await line.sender.send(result, 1)
    assert caught.value.retry_after is not None
    assert line.hotline.calls == 1, "nobody is asked while it rests"
    assert (await line.feed()).failures == 1


async def test_after_a_day_it_is_given_up_and_can_be_sent_again(line: Line) -> None:
    result = await line.accepted()
    line.hotline.fails(500)
    await line.sender.send(result, PATIENCE - 1)
    assert (await line.row(result)).state == "failed"
    feed = await line.office.services.elsewhere.feeds.named("hotline")
    assert (feed.unsent, feed.undelivered) == (0, 1)
    await line.rested()
    assert await line.office.services.elsewhere.outbox.again(feed.id) == 1
    await line.sender.send(result, 0)
    assert len(line.hotline.results) == 1


async def test_410_stops_until_the_feed_is_set_anew(line: Line) -> None:
    result = await line.accepted()
    line.hotline.fails(410)
    await line.sender.send(result, 0)
    assert (await line.row(result)).state == "dropped"
    feed = await line.office.services.elsewhere.feeds.named("hotline")
    assert feed.stopped_at is not None
    number = (await line.office.case()).number
    await line.office.act(line.office.cast.li, number, Verb.ANSWER, text="好了")
    assert await line.queued() == []
    await line.office.changes(webhook=line.url)
    assert (await line.feed()).stopped_at is None


async def test_what_was_queued_when_it_stopped_is_dropped(line: Line) -> None:
    first = await line.accepted()
    number = (await line.office.case()).number
    await line.office.act(line.office.cast.li, number, Verb.ANSWER, text="好了")
    second = (await line.queued())[1]
    line.hotline.fails(410)
    await line.sender.send(first, 0)
    await line.sender.send(second, 0)
    assert (line.hotline.calls, (await line.row(second)).state) == (1, "dropped")


async def test_one_records_results_go_out_in_order(line: Line) -> None:
    await line.accepted()
    number = (await line.office.case()).number
    await line.office.act(line.office.cast.li, number, Verb.ANSWER, text="好了")
    query = text("SELECT lock FROM procrastinate_jobs WHERE task_name = 'feed_result' ORDER BY id")
    locks = [row.lock for row in await line.office.rows(query)]
    assert len(locks) == 2
    assert len(set(locks)) == 1


# --- signatures -----------------------------------------------------------------------------------


async def test_a_wrong_secret_is_not_believed(line: Line) -> None:
    result = await line.accepted()
    line.hotline.secrets = ["hyw_another"]
    with pytest.raises(TransportError, match="answered 401"):
        await line.sender.send(result, 0)
    assert line.hotline.refused == ["signature"]


async def test_for_a_day_both_secrets_sign(line: Line, frozen: FrozenClock) -> None:
    old = line.office.secret
    new = await line.office.services.elsewhere.feeds.new_secret("hotline")
    result = await line.accepted()
    line.hotline.secrets = [old]
    await line.sender.send(result, 0)
    number = (await line.office.case()).number
    await line.office.act(line.office.cast.li, number, Verb.ANSWER, text="好了")
    [second] = await line.queued()
    frozen.advance(days=1, seconds=1)
    with pytest.raises(TransportError, match="answered 401"):
        await line.sender.send(second, 0)
    await line.rested()
    line.hotline.secrets = [new]
    await line.sender.send(second, 1)
    assert len(line.hotline.results) == 2


async def test_an_old_or_changed_result_is_not_believed() -> None:
    moment = clock.now()
    hotline = Hotline(["hyw_secret"], now=lambda: moment.timestamp())
    body = b'{"id": "1"}'

    def headers(at: Any, secret: str = "hyw_secret", given: bytes = body) -> dict[str, str]:
        stamp = int(at.timestamp())
        return {
            "Huiyin-Timestamp": str(stamp),
            "Huiyin-Signature": signature(secret, stamp, given),
        }

    assert hotline.wrong(headers(moment), body) == ""
    late = moment - timedelta(seconds=TOLERANCE + 2)
    assert hotline.wrong(headers(late), body) == "old"
    assert hotline.wrong(headers(moment), body + b" ") == "signature"
    assert hotline.wrong(headers(moment, "hyw_other"), body) == "signature"
    assert hotline.wrong({}, body) == "old"


def test_the_signature_of_the_documentation() -> None:
    found = signature("hyw_example", 1795154700, b'{"id":"1"}')
    assert found == "2f63d7fe390f521a3c38cfd8d89e7b846f544abd4b3e6250081f471016f3b935"


# --- addresses ------------------------------------------------------------------------------------

GOOD = [
    ("https://12345.example.cn/results?x=1", False),
    ("http://127.0.0.1:8090/results", False),
    ("http://localhost/results", False),
    ("http://[::1]:8090/results", False),
    ("http://10.1.2.3/results", True),
    ("http://hotline.lan/results", True),
    ("http://hotline/results", True),
]


@pytest.mark.parametrize(("url", "intranet"), GOOD)
def test_where_results_may_go(url: str, intranet: bool) -> None:
    assert check_url(url, intranet=intranet) == url


BAD = [
    ("http://10.1.2.3/results", False, "needs https"),
    ("http://hotline.lan/results", False, "needs https"),
    ("http://12345.example.cn/results", True, "needs https"),
    ("http://8.8.8.8/", True, "needs https"),
    ("http://169.254.169.254/", True, "needs https"),
    ("http://0.0.0.0/", True, "needs https"),
    ("https://user:pw@example.cn/", True, "no user or password"),
    ("https://example.cn/#x", True, "behind a #"),
    ("ftp://example.cn/", True, "whole URL"),
    ("example.cn/results", True, "whole URL"),
    ("https://", True, "whole URL"),
    ("https://[bad/", True, "cannot be read"),
    ("https://example.cn:99999/", True, "cannot be read"),
    ("https://example.cn/a b", True, "holds a space"),
]


@pytest.mark.parametrize(("url", "intranet", "words"), BAD)
def test_where_they_may_not(url: str, intranet: bool, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        check_url(url, intranet=intranet)
