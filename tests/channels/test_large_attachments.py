"""An attachment of more than 20 MB is not kept, its sender is told so once, and no more of it than
that is ever read, whatever its length is said to be."""

import pytest
from aiohttp import web
from sqlalchemy import select

from actions import clock
from actions.store.tables import attachments
from bot.channels.base import ATTACHMENT_LIMIT as LIMIT
from bot.delivery import Deliverer
from bot.inbox import Inbox
from bot.message import Incoming, Kind, Media, MediaKind
from tests.bot.delivering import Installation

MEGABYTE = 1024 * 1024


@pytest.fixture
async def there(environ):
    installation = Installation(environ)
    yield installation
    await installation.services.redis.flushdb()
    await installation.bot.close()


class Flood:
    """A file of so many bytes, or without an end; `told`: its length stands in the header."""

    def __init__(self, size=None, *, told=False, kind="image/jpeg"):
        self.size = size
        self.told = told
        self.kind = kind
        self.poured = 0

    async def __call__(self, request):
        response = web.StreamResponse(headers={"Content-Type": self.kind})
        if self.told:
            response.content_length = self.size
        await response.prepare(request)
        try:
            while self.size is None or self.poured < self.size:
                most = MEGABYTE if self.size is None else min(MEGABYTE, self.size - self.poured)
                await response.write(bytes(most))
                self.poured += most
        except ConnectionError:  # hung up on
            pass
        return response


@pytest.fixture(params=["wechat", "wechat video", "wecom", "telegram"])
async def route(request, make_wechat, make_wecom, make_telegram, platforms):
    """A channel, its platform, and the call that pours the bytes out."""
    name = request.param.split()[0]
    platform = platforms[name]
    if name == "telegram":
        file = {"file_id": "f", "file_unique_id": "u", "file_size": 7, "file_path": "photos/1.jpg"}
        platform.replies["getFile"] = [{"ok": True, "result": file}] * 2
        return make_telegram(), platform, f"/file/bot{make_telegram().config.token}/photos/1.jpg"
    channel = {"wechat": make_wechat, "wecom": make_wecom}[name]()
    if request.param == "wechat video":
        platform.replies["media/get"] = [{"video_url": platform.url + "/cgi-bin/video"}] * 2
        return channel, platform, "video"
    return channel, platform, "media/get"


@pytest.fixture
def platforms(wechat_platform, wecom_platform, telegram_platform):
    return {"wechat": wechat_platform, "wecom": wecom_platform, "telegram": telegram_platform}


async def kept(there, channel):
    """Stores a message with the photo, fetches it as the worker does; the attachment's row, and what
    its sender is told."""
    media = Media(MediaKind.IMAGE, "media-1")
    incoming = Incoming(channel.name, "sender-chen", "m1", Kind.MEDIA, clock.now(), media=media)
    stored = await Inbox(there.services, lease_seconds=30).store(incoming, push=True)
    deliverer = Deliverer(there.services, {channel.name: channel}, there.bot.choices)
    for _ in range(2):  # the second time nothing is left to do
        await deliverer.keep_media(str(stored.id), 0)
    async with there.services.engine.connect() as connection:
        row = (await connection.execute(select(attachments))).one()
    said = [
        there.services.vault.open_json(one.content_sealed)["text"] for one in await there.rows()
    ]
    return row, said


@pytest.mark.parametrize("told", [True, False])
async def test_one_byte_too_many(there, route, told):
    channel, platform, call = route
    platform.replies[call] = [Flood(LIMIT + 1, told=told)]
    row, said = await kept(there, channel)
    assert (row.state, row.content_sealed) == ("failed", None)
    assert said == [there.services.notices.wording.say("attachment_not_kept", "zh")]


async def test_exactly_20_megabytes_are_kept(there, route):
    channel, platform, call = route
    platform.replies[call] = [Flood(LIMIT)]
    row, said = await kept(there, channel)
    assert (row.state, said) == ("kept", [])
    assert len(there.services.vault.open_bytes(row.content_sealed)) == LIMIT


async def test_a_stream_without_an_end_is_hung_up_on(there, route):
    channel, platform, call = route
    flood = Flood()
    platform.replies[call] = [flood]
    row, said = await kept(there, channel)
    assert (row.state, len(said)) == ("failed", 1)
    assert flood.poured <= LIMIT + 12 * MEGABYTE  # what the sockets between us hold


async def test_what_says_that_it_is_too_long_is_not_read_at_all(there, route):
    channel, platform, call = route
    flood = Flood(1024 * LIMIT, told=True)
    platform.replies[call] = [flood]
    row, said = await kept(there, channel)
    assert (row.state, len(said)) == ("failed", 1)
    assert flood.poured <= 12 * MEGABYTE
