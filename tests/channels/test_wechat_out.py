"""Outgoing in → requests on the wire; every error code; the token."""

import asyncio
from datetime import UTC, datetime

import pytest
from aiohttp import web
from channel_stubs import NOW, Clock
from wechat_platform import CITIZEN

from bot.channels.base import Sent, TransportError
from bot.channels.errcodes import Decision
from bot.channels.tokens import MemoryTokens
from bot.channels.wechat.api import MEDIA_LIMIT
from bot.channels.wechat.errors import CODES
from bot.channels.wechat.notice import filled
from bot.message import Choice, Media, MediaKind, Outgoing

GRADES = (Choice("满意", "g1"), Choice("不满意", "g3"))
PNG = b"\x89PNG picture"
CUSTOM = "message/custom/send"
TOKEN_CALL = "stable_token"


def text(content):
    return (CUSTOM, {"touser": CITIZEN, "msgtype": "text", "text": {"content": content}})


def menu(head):
    entries = [{"id": "g1", "content": "满意"}, {"id": "g3", "content": "不满意"}]
    body = {"head_content": head, "list": entries, "tail_content": ""}
    return (CUSTOM, {"touser": CITIZEN, "msgtype": "msgmenu", "msgmenu": body})


LINKS = (
    '<a href="weixin://bizmsgmenu?msgmenucontent=%E6%BB%A1%E6%84%8F&msgmenuid=g1">1 满意</a>\n'
    '<a href="weixin://bizmsgmenu?msgmenucontent=%E4%B8%8D%E6%BB%A1%E6%84%8F&msgmenuid=g3">'
    "2 不满意</a>"
)
IMAGE = (CUSTOM, {"touser": CITIZEN, "msgtype": "image", "image": {"media_id": "media-1"}})
LONG = "这句话一共十二个字。" * 100

TABLE = {
    "words": (Outgoing("已接单。"), {}, [text("已接单。")]),
    "nothing": (Outgoing(" "), {}, []),
    "words with markup": (Outgoing("<a href='x'>x</a>"), {}, [text("＜a href='x'>x＜/a>")]),
    "choices": (Outgoing("满意吗？", GRADES), {}, [menu("满意吗？")]),
    "choices without words": (Outgoing("", GRADES), {}, [menu("请选择：")]),
    "choices as numbers": (
        Outgoing("满意吗？", GRADES),
        {"menu_style": "numbers"},
        [text("满意吗？\n1 满意\n2 不满意")],
    ),
    "choices of a subscription account": (
        Outgoing("满意吗？", GRADES),
        {"account": "subscription"},
        [text("满意吗？\n" + LINKS)],
    ),
    "long words with choices": (
        Outgoing(LONG, GRADES),
        {},
        [text("这句话一共十二个字。" * 68), menu("这句话一共十二个字。" * 32)],
    ),
    "a picture": (
        Outgoing("看图", image=PNG),
        {},
        [text("看图"), ("media/upload", {"media": PNG}), IMAGE],
    ),
}


@pytest.mark.parametrize(("message", "settings", "calls"), TABLE.values(), ids=list(TABLE))
async def test_message_out(make_wechat, wechat_platform, message, settings, calls):
    channel = make_wechat(**settings)
    assert await channel.send(CITIZEN, message) == Sent("customer")
    assert wechat_platform.calls(but=[TOKEN_CALL]) == calls
    tokens = {seen.query.get("access_token") for seen in wechat_platform.seen}
    assert tokens <= {None, "token-1"}


async def test_chinese_goes_out_as_it_is(make_wechat, wechat_platform):
    async def raw(request):
        assert "好".encode() in await request.read()
        return {"errcode": 0}

    wechat_platform.replies[CUSTOM] = [raw]
    await make_wechat().send(CITIZEN, Outgoing("好"))


async def test_the_token_is_asked_for_once_by_many(make_wechat, wechat_platform, clock):
    channel = make_wechat()
    await asyncio.gather(*(channel.send(CITIZEN, Outgoing(str(n))) for n in range(20)))
    assert wechat_platform.count(TOKEN_CALL) == 1
    assert wechat_platform.seen[0].body == {
        "grant_type": "client_credential",
        "appid": channel.config.app_id,
        "secret": "app-secret",
        "force_refresh": False,
    }
    clock.now += 7200 - 300
    await channel.send(CITIZEN, Outgoing("later"))
    assert wechat_platform.count(TOKEN_CALL) == 2


async def test_a_short_token_is_kept_for_less(make_wechat, wechat_platform, clock):
    wechat_platform.expires_in = 300
    channel = make_wechat()
    await channel.send(CITIZEN, Outgoing("1"))
    clock.now += 239
    await channel.send(CITIZEN, Outgoing("2"))
    assert wechat_platform.count(TOKEN_CALL) == 1
    clock.now += 2
    await channel.send(CITIZEN, Outgoing("3"))
    assert wechat_platform.count(TOKEN_CALL) == 2


async def test_two_processes_share_the_token(make_wechat, wechat_platform, clock):
    tokens = MemoryTokens(clock)
    for _ in range(2):
        await make_wechat(tokens).send(CITIZEN, Outgoing("好"))
    assert wechat_platform.count(TOKEN_CALL) == 1


RENEWING = [code for code, row in CODES.items() if row.decision is Decision.RENEW]


@pytest.mark.parametrize("code", RENEWING)
async def test_a_refused_token_is_renewed_once_and_the_call_repeated(
    make_wechat, wechat_platform, code
):
    channel = make_wechat()
    await channel.send(CITIZEN, Outgoing("一"))
    wechat_platform.token = 2
    wechat_platform.replies[CUSTOM] = [{"errcode": code}]
    assert await channel.send(CITIZEN, Outgoing("二")) == Sent("customer")
    last = wechat_platform.seen[-1]
    assert (last.query["access_token"], last.body["text"]["content"]) == ("token-2", "二")
    assert wechat_platform.count(TOKEN_CALL) == 2


@pytest.mark.parametrize("code", RENEWING)
async def test_a_token_refused_again_is_not_tried_a_third_time(make_wechat, wechat_platform, code):
    wechat_platform.replies[CUSTOM] = [{"errcode": code}] * 9
    with pytest.raises(TransportError) as caught:
        await make_wechat().send(CITIZEN, Outgoing("好"))
    assert (caught.value.permanent, caught.value.code) == (False, str(code))
    assert wechat_platform.count(CUSTOM) == 2
    forced = [s.body["force_refresh"] for s in wechat_platform.seen if s.call == TOKEN_CALL]
    assert forced == [False, False, True]  # the same token came again: once by force


async def test_force_is_used_once_in_a_minute(make_wechat, wechat_platform, clock):
    channel = make_wechat()
    wechat_platform.replies[CUSTOM] = [{"errcode": 40001}] * 20
    for _ in range(3):
        with pytest.raises(TransportError):
            await channel.send(CITIZEN, Outgoing("好"))
    bodies = [s.body["force_refresh"] for s in wechat_platform.seen if s.call == TOKEN_CALL]
    assert bodies.count(True) == 1
    clock.now += 61
    with pytest.raises(TransportError):
        await channel.send(CITIZEN, Outgoing("好"))
    bodies = [s.body["force_refresh"] for s in wechat_platform.seen if s.call == TOKEN_CALL]
    assert bodies.count(True) == 2


async def test_many_refused_at_once_renew_once(make_wechat, wechat_platform):
    channel = make_wechat()
    await channel.send(CITIZEN, Outgoing("0"))
    wechat_platform.token = 2

    async def refuse_old(request):
        old = request.query["access_token"] == "token-1"
        return {"errcode": 42001 if old else 0}

    wechat_platform.replies[CUSTOM] = [refuse_old] * 40
    await asyncio.gather(*(channel.send(CITIZEN, Outgoing(str(n))) for n in range(10)))
    assert wechat_platform.count(TOKEN_CALL) == 2


async def test_an_upload_is_sent_whole_again(make_wechat, wechat_platform):
    wechat_platform.replies["media/upload"] = [{"errcode": 42001}]
    await make_wechat().send(CITIZEN, Outgoing(image=PNG))
    uploads = [s.body for s in wechat_platform.seen if s.call == "media/upload"]
    assert uploads == [{"media": PNG}] * 2


# What each decision of the table comes to: permanent, and how long to wait.
PERMANENT = {40003, 40007, 40008, 40035, 43004, 43019, 43101, 44004, 45001, 45002, 46004, 48002} | {
    40200,
    45015,
    45047,
}
WAITS = dict.fromkeys((40013, 40037, 40125, 40164, 47003, 48001, 48004, 50002), 3600) | {
    45011: 60,
    45009: 6700,  # 22:13:20 → 00:05 in Beijing
}


@pytest.mark.parametrize("code", [*CODES, 99999])
async def test_every_error_code(make_wechat, wechat_platform, code):
    wechat_platform.replies[CUSTOM] = [{"errcode": code, "errmsg": f"{CITIZEN} rid: 1"}] * 3
    with pytest.raises(TransportError) as caught:
        await make_wechat().send(CITIZEN, Outgoing("好"))
    error = caught.value
    assert error.code == str(code)
    assert error.permanent is (code in PERMANENT)
    assert error.retry_after == WAITS.get(code)
    assert CITIZEN not in str(error)


async def test_menus_once_refused_are_not_tried_again(make_wechat, wechat_platform):
    channel = make_wechat()
    wechat_platform.replies[CUSTOM] = [{"errcode": 40200}]
    for _ in range(2):
        assert await channel.send(CITIZEN, Outgoing("?", GRADES)) == Sent("customer")
    as_text = text("?\n" + LINKS)
    assert wechat_platform.calls(but=[TOKEN_CALL]) == [menu("?"), as_text, as_text]


TEMPLATE = {"template_id": "T1", "template_fields": {"thing1": "{text}", "time2": "{time}"}}
NOTICE = {"notice_id": "N1", "notice_fields": {"thing1": "进展：{text}"}}


@pytest.mark.parametrize("code", [45015, 45047])
async def test_a_template_goes_out_when_customer_messages_are_closed(
    make_wechat, wechat_platform, code
):
    wechat_platform.replies[CUSTOM] = [{"errcode": code}]
    channel = make_wechat(**TEMPLATE, **NOTICE, template_url="https://example.org/case")
    sent = await channel.send(CITIZEN, Outgoing("您的反映已有结果：" + "长" * 50, GRADES))
    assert (sent.via, sent.platform_id) == ("template", "200163836")
    assert str(code) in sent.note
    assert wechat_platform.calls(but=[TOKEN_CALL])[1:] == [
        (
            "message/template/send",
            {
                "touser": CITIZEN,
                "template_id": "T1",
                "data": {
                    "thing1": {"value": "您的反映已有结果：" + "长" * 10 + "…"},
                    "time2": {"value": "2026-09-21 22:13"},
                },
                "url": "https://example.org/case",
            },
        )
    ]


async def test_a_notice_goes_out_when_the_template_is_refused(make_wechat, wechat_platform):
    wechat_platform.replies[CUSTOM] = [{"errcode": 45015}]
    wechat_platform.replies["message/template/send"] = [{"errcode": 40037}]
    sent = await make_wechat(**TEMPLATE, **NOTICE).send(CITIZEN, Outgoing("有结果了"))
    assert sent.via == "notice"
    body = {"touser": CITIZEN, "template_id": "N1", "data": {"thing1": {"value": "进展：有结果了"}}}
    assert wechat_platform.calls()[-1] == ("message/subscribe/bizsend", body)


async def test_a_subscription_account_sends_no_template(make_wechat, wechat_platform):
    wechat_platform.replies[CUSTOM] = [{"errcode": 45015}]
    channel = make_wechat(**TEMPLATE, account="subscription")
    with pytest.raises(TransportError, match="no template and no notice") as caught:
        await channel.send(CITIZEN, Outgoing("好"))
    assert (caught.value.permanent, caught.value.code) == (True, "45015")


async def test_a_refused_notice_is_final(make_wechat, wechat_platform):
    wechat_platform.replies[CUSTOM] = [{"errcode": 45015}]
    wechat_platform.replies["message/subscribe/bizsend"] = [{"errcode": 43101}]
    with pytest.raises(TransportError, match="refused this notice") as caught:
        await make_wechat(**NOTICE).send(CITIZEN, Outgoing("好"))
    assert (caught.value.permanent, caught.value.code) == (True, "43101")


async def _bad_gateway(_):
    return web.Response(status=502, text="<html>")


async def _html(_):
    return web.Response(text="<html>")


async def _list(_):
    return web.Response(text="[]")


async def _elsewhere(_):
    raise web.HTTPFound("http://example.org/steal")


async def _hang_up(request):
    request.transport.close()
    return web.Response()


@pytest.mark.parametrize(
    ("reply", "permanent"),
    [(_bad_gateway, False), (_html, False), (_list, False), (_hang_up, False), (_elsewhere, True)],
)
@pytest.mark.parametrize("call", [CUSTOM, TOKEN_CALL])
async def test_what_is_no_answer_is_an_error_without_secrets(
    make_wechat, wechat_platform, reply, permanent, call
):
    wechat_platform.replies[call] = [reply] * 3
    with pytest.raises(TransportError) as caught:
        await make_wechat().send(CITIZEN, Outgoing("好"))
    assert caught.value.permanent is permanent
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    for secret in ("token-1", "app-secret", CITIZEN):
        assert secret not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (TOKEN_CALL, {"access_token": "token-1"}),
        (TOKEN_CALL, {"expires_in": 7200}),
        (CUSTOM, {"errcode": "ok"}),
    ],
)
async def test_an_answer_that_lacks_something_is_an_error(
    make_wechat, wechat_platform, call, answer
):
    wechat_platform.replies[call] = [answer]
    with pytest.raises(TransportError) as caught:
        await make_wechat().send(CITIZEN, Outgoing("好"))
    assert not caught.value.permanent


async def test_a_platform_that_is_not_there_is_an_error(make_wechat):
    channel = make_wechat(base_url="http://127.0.0.1:1")
    with pytest.raises(TransportError, match="ClientConnectorError") as caught:
        await channel.send(CITIZEN, Outgoing("好"))
    assert not caught.value.permanent


async def test_a_wrong_secret_is_named(make_wechat, wechat_platform):
    wechat_platform.replies[TOKEN_CALL] = [{"errcode": 40001}]
    with pytest.raises(TransportError, match="app secret is wrong"):
        await make_wechat().send(CITIZEN, Outgoing("好"))


async def test_codes(make_wechat, wechat_platform):
    api = make_wechat().api
    code = await api.create_code("unit:12", 60)
    assert (code.ticket, code.url, code.seconds) == ("gQ+/=", "http://weixin/q/1", 60)
    await api.create_code("unit:12")
    assert [body for call, body in wechat_platform.calls(but=[TOKEN_CALL])] == [
        {
            "action_info": {"scene": {"scene_str": "unit:12"}},
            "action_name": "QR_STR_SCENE",
            "expire_seconds": 60,
        },
        {"action_info": {"scene": {"scene_str": "unit:12"}}, "action_name": "QR_LIMIT_STR_SCENE"},
    ]
    picture = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQ%2B%2F%3D"
    assert api.picture_of(code.ticket) == picture
    for scene in ("", "x" * 65):
        with pytest.raises(ValueError, match="1 to 64"):
            await api.create_code(scene)


def _bytes(content, content_type="image/jpeg"):
    async def reply(_):
        return web.Response(body=content, content_type=content_type)

    return reply


async def test_a_photo_is_fetched(make_wechat, wechat_platform):
    wechat_platform.replies["media/get"] = [_bytes(b"jpeg")]
    media = Media(MediaKind.IMAGE, "m1")
    assert await make_wechat().fetch(media) == ("image/jpeg", b"jpeg")
    assert wechat_platform.seen[-1].query == {"access_token": "token-1", "media_id": "m1"}


async def test_a_video_is_fetched_from_where_it_lies(make_wechat, wechat_platform):
    wechat_platform.replies["media/get"] = [{"video_url": wechat_platform.url + "/cgi-bin/v"}]
    wechat_platform.replies["v"] = [_bytes(b"mp4", "video/mp4")]
    media = Media(MediaKind.VIDEO, "m3")
    assert await make_wechat().fetch(media) == ("video/mp4", b"mp4")
    assert wechat_platform.seen[-1].query == {}


@pytest.mark.parametrize(
    ("reply", "permanent"),
    [
        ({"errcode": 40007}, True),
        ({"errcode": -1}, False),
        ({"video_url": "http://example.org/v"}, True),
        ({"video_url": "http://evilqq.com/v"}, True),
        ({}, False),
        (_elsewhere, True),
        (_bytes(b"x" * (MEDIA_LIMIT + 1)), True),
    ],
)
async def test_what_cannot_be_fetched(make_wechat, wechat_platform, reply, permanent):
    wechat_platform.replies["media/get"] = [reply]
    with pytest.raises(TransportError) as caught:
        await make_wechat().fetch(Media(MediaKind.IMAGE, "m1"))
    assert caught.value.permanent is permanent


async def test_a_place_has_no_bytes(make_wechat):
    with pytest.raises(TransportError, match="no bytes"):
        await make_wechat().fetch(Media(MediaKind.LOCATION, latitude=1.0, longitude=2.0))


@pytest.mark.parametrize(
    ("field", "value", "filled_in"),
    [
        ("thing1", "{text}", "第一行 第二行"),
        ("phrase3", "{text}", "第一行…"),
        ("short_thing2", "办结", "办结"),
        ("time4", "{time}", "2026-09-21 22:13"),
        ("keyword1", "回复：{text}", "回复：第一行 第二行"),
    ],
)
def test_the_fields_of_a_notice(field, value, filled_in):
    assert filled({field: value}, "第一行\n第二行", NOW) == {field: filled_in}


def test_the_stub_clock_stands_where_the_tables_say():
    assert datetime.fromtimestamp(Clock()(), UTC).isoformat() == "2026-09-21T14:13:20+00:00"


async def test_a_message_in_wechat_stays_as_it_is(make_wechat, wechat_platform):
    with pytest.raises(TransportError) as caught:
        await make_wechat().revise(CITIZEN, "1", Outgoing("已接"))
    assert (caught.value.permanent, caught.value.gone) == (True, False)
    assert wechat_platform.seen == []
