"""Outgoing in → requests on the wire; every error code; the token."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp import web
from channel_stubs import NOW, Clock
from wechat_platform import CITIZEN

from bot.channels.base import ATTACHMENT_LIMIT, Sent, TransportError
from bot.channels.errcodes import Decision
from bot.channels.tokens import MemoryTokens
from bot.channels.wechat.errors import CODES
from bot.channels.wechat.notice import filled
from bot.message import Choice, Media, MediaKind, Outgoing
from nlu.commands import command_in

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
    "a picture and choices": (
        Outgoing("看图", GRADES, PNG),
        {},
        [("media/upload", {"media": PNG}), IMAGE, menu("看图")],
    ),
    "choices that do not fit behind the words": (
        Outgoing("长" * 680, GRADES),
        {"menu_style": "numbers"},
        [text("长" * 680), text("请选择：\n1 满意\n2 不满意")],
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
GONE = {40003, 43004, 43019, 46004, 48002}
PERMANENT = (
    GONE
    | {40007, 40008, 40035, 43101, 44004, 45001, 45002}
    | {
        40200,
        45015,
        45047,
    }
)
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
    assert error.gone is (code in GONE)
    assert error.outage is (code in CODES and code not in PERMANENT)
    assert error.retry_after == WAITS.get(code)
    assert CITIZEN not in str(error)


async def test_menus_once_refused_are_not_tried_again(make_wechat, wechat_platform):
    channel = make_wechat()
    wechat_platform.replies[CUSTOM] = [{"errcode": 40200}]
    for _ in range(2):
        assert await channel.send(CITIZEN, Outgoing("?", GRADES)) == Sent("customer")
    as_text = text("?\n" + LINKS)
    assert wechat_platform.calls(but=[TOKEN_CALL]) == [menu("?"), as_text, as_text]


# Pieces

LAID_OUT = Outgoing(LONG * 3, GRADES, PNG)  # five texts, the picture, the menu
PIECES = ["text"] * 4 + ["image", "msgmenu"]


async def refuse_one(channel, platform, number, code=-1):
    """Sends LAID_OUT and refuses that call of its; the error."""

    async def taken(_):
        return {"errcode": 0}

    platform.replies[CUSTOM] = [*[taken] * number, {"errcode": code}]
    with pytest.raises(TransportError) as caught:
        await channel.send(CITIZEN, LAID_OUT)
    return caught.value


def kinds(platform):
    return [body["msgtype"] for call, body in platform.calls() if call == CUSTOM]


@pytest.mark.parametrize("out", range(6))
async def test_what_went_out_before_is_not_sent_again(make_wechat, wechat_platform, out):
    """Whichever piece is refused first, all together come once and in order."""
    channel = make_wechat()
    error = await refuse_one(channel, wechat_platform, out)
    assert (error.pieces, error.permanent) == (out, False)
    assert await channel.send(CITIZEN, replace(LAID_OUT, skip=out)) == Sent("customer")
    sent = kinds(wechat_platform)
    assert sent.pop(out) == PIECES[out]  # the refused one
    assert sent == PIECES


async def test_a_picture_that_cannot_be_uploaded_is_sent_later(make_wechat, wechat_platform):
    wechat_platform.replies["media/upload"] = [{"errcode": -1}]
    channel = make_wechat()
    with pytest.raises(TransportError) as caught:
        await channel.send(CITIZEN, LAID_OUT)
    assert caught.value.pieces == 4
    await channel.send(CITIZEN, replace(LAID_OUT, skip=4))
    assert kinds(wechat_platform) == PIECES


async def test_a_picture_that_is_refused_for_good_keeps_back_no_choices(
    make_wechat, wechat_platform
):
    channel = make_wechat()
    wechat_platform.replies["media/upload"] = [{"errcode": 45001}] * 2
    sent = await channel.send(CITIZEN, Outgoing("看图", GRADES, PNG))
    assert sent.note == "without its picture: media/upload: the file is too large (45001)"
    assert wechat_platform.calls()[-1] == menu("看图")
    with pytest.raises(TransportError) as caught:
        await channel.send(CITIZEN, Outgoing("看图", image=PNG))
    assert (caught.value.permanent, caught.value.pieces) == (True, 1)


async def test_where_menus_are_refused_nothing_is_said_twice(make_wechat, wechat_platform):
    """Also by another process that still believes in menus."""
    channel, other = make_wechat(), make_wechat()
    wechat_platform.replies[CUSTOM] = [{"errcode": 0}] * 5 + [{"errcode": 40200}, {"errcode": -1}]
    with pytest.raises(TransportError) as caught:
        await channel.send(CITIZEN, LAID_OUT)
    assert caught.value.pieces == 5
    wechat_platform.replies[CUSTOM] = [{"errcode": 40200}]
    await other.send(CITIZEN, replace(LAID_OUT, skip=5))
    assert kinds(wechat_platform) == [*PIECES, "text", "msgmenu", "text"]
    assert wechat_platform.calls()[-1][1]["text"]["content"].endswith(LINKS)


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
                    "thing1": {"value": "您的反映已有结果…回“进度”看全文"},
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


async def test_a_notice_says_what_has_not_gone_out(make_wechat, wechat_platform):
    """The window closed behind the first piece; the notice was refused for now."""
    busy = {"errcode": -1}
    wechat_platform.replies["message/template/send"] = [busy]
    channel = make_wechat(**TEMPLATE)
    message = Outgoing("一" * 681 + "。" + "余下的话。", GRADES)
    wechat_platform.replies[CUSTOM] = [{"errcode": 0}, {"errcode": 45047}]
    with pytest.raises(TransportError) as caught:
        await channel.send(CITIZEN, message)
    assert (caught.value.pieces, caught.value.permanent) == (1, False)
    wechat_platform.replies[CUSTOM] = [{"errcode": 45047}]
    assert (await channel.send(CITIZEN, replace(message, skip=1))).via == "template"
    said = [b["data"]["thing1"]["value"] for c, b in wechat_platform.calls() if "template" in c]
    assert said == ["余下的话。"] * 2


async def test_a_picture_that_is_left_takes_no_notice(make_wechat, wechat_platform):
    wechat_platform.replies[CUSTOM] = [{"errcode": 0}, {"errcode": 45047}]
    with pytest.raises(TransportError) as caught:
        await make_wechat(**TEMPLATE).send(CITIZEN, Outgoing("看图", image=PNG))
    assert (caught.value.permanent, caught.value.pieces) == (True, 1)
    assert wechat_platform.count("message/template/send") == 0


# Refused by the template, then by the notice → permanent, gone, code
REFUSALS = {
    "the template may go later": (-1, 43101, False, False, "-1"),
    "the notice may go later": (43004, -1, False, False, "-1"),
    "not following, and no notice": (43004, 43101, True, True, "43004"),
    "both for good": (43101, 43101, True, False, "43101"),
}


@pytest.mark.parametrize("row", REFUSALS.values(), ids=list(REFUSALS))
async def test_of_two_refusals_the_hopeful_one_counts(make_wechat, wechat_platform, row):
    template, subscribed, permanent, gone, code = row
    wechat_platform.replies[CUSTOM] = [{"errcode": 45015}]
    wechat_platform.replies["message/template/send"] = [{"errcode": template}]
    wechat_platform.replies["message/subscribe/bizsend"] = [{"errcode": subscribed}]
    with pytest.raises(TransportError) as caught:
        await make_wechat(**TEMPLATE, **NOTICE).send(CITIZEN, Outgoing("好"))
    error = caught.value
    assert (error.permanent, error.gone, error.code) == (permanent, gone, code)


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
    assert caught.value.outage is (reply in (_bad_gateway, _hang_up))
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    for secret in ("token-1", "app-secret", CITIZEN):
        assert secret not in str(caught.value)


async def _never(_):
    await asyncio.Event().wait()


async def test_a_picture_too_large_for_our_line_does_not_wait_for_ever(
    make_wechat, wechat_platform, monkeypatch
):
    """Words that get no answer do: then the platform is away."""
    channel = make_wechat()
    await channel.send(CITIZEN, Outgoing("好"))
    monkeypatch.setattr("bot.channels.wire.MINUTE", 0.01)
    wechat_platform.replies["media/upload"] = [_never]
    with pytest.raises(TransportError) as caught:
        await channel.send(CITIZEN, Outgoing(image=PNG))
    assert (caught.value.outage, caught.value.permanent) == (False, False)
    monkeypatch.setattr("bot.channels.wire.SECONDS", 0.01)
    wechat_platform.replies[CUSTOM] = [_never]
    with pytest.raises(TransportError) as caught:
        await channel.send(CITIZEN, Outgoing("好"))
    assert caught.value.outage


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
        (_bytes(b"x" * (ATTACHMENT_LIMIT + 1)), True),
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
        ("thing1", "进展：{text}", "进展：第一行 第二行"),
        ("short_thing2", "办结", "办结"),
        ("time4", "{time}", "2026-09-21 22:13"),
        ("keyword1", "回复：{text}", "回复：第一行 第二行"),
    ],
)
def test_the_fields_of_a_notice(field, value, filled_in):
    assert filled({field: value}, "第一行\n第二行", NOW) == {field: filled_in}


CUT = {
    "Q26-0017 有答复了：证已补办，来取就行。": "Q26-0017 有答复了…回“进度”",
    "Q26-0017 有没有人为难您？问的是您反映以后。": "Q26-0017 有没有人为难您…回进度",
    "Q26-0017：李警官想问您：是哪一天的事情？": "Q26-0017：李警官想问您…回进度",
    "Q26-0017 问题还有没有再出现？办结一个月了": "Q26-0017 问题…回“进度”看全文",
    "您的反映已有结果：" + "长" * 50: "您的反映已有结果…回“进度”看全文",
    "请在 11 月 24 日（周二）18:00 前来取证件": "请在…回“进度”看全文",
    "今天 18:00 前民警给您回电话，电话留着。": "今天 18:00…回“进度”看全文",
    "这几天里找到了今天 18:00 前就能办的窗口": "这几天里找到了…回“进度”看全文",
    "请打 139 0000 0000 找李警官，别人不知道。": "请打…回“进度”看全文",
    "一共有超过一千人次 1,234 人反映了这件事": "一共有超过一千人次…回“进度”看全文",
    "好" * 30: "好" * 11 + "…回“进度”看全文",
    "Q26-0017 has been answered: please come": "Q26-0017… Say status",
    "We will call you by Tue 24/11 18:00 today": "We will… Say status",
    "Done 21 November 2026, 18:00, at the desk": "Done… Say status",
    "12345678901234567890123": "Say status",
    "Q26-0017abcdefghijk 有答复了": "回“进度”看全文",
}


@pytest.mark.parametrize(("text", "said"), CUT.items(), ids=[text[:12] for text in CUT])
def test_a_cut_notice_ends_with_what_can_be_done(text, said):
    """Never inside a date, a number or a code."""
    assert filled({"thing1": "{text}"}, text, NOW) == {"thing1": said}
    assert len(said) <= 20


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("name3", "Q26-0017 有答复了吗", "Q26-0017…"),
        ("phrase3", "Q26-0017 有答复了", "…"),
        ("character_string2", "Q26-0017 was answered on 21 Nov 2026", "Q26-0017 was answered on…"),
        ("remark", "长" * 201, "长" * 191 + "…回“进度”看全文"),
    ],
)
def test_other_fields_are_cut_between_words(field, text, said):
    assert filled({field: "{text}"}, text, NOW) == {field: said}


@pytest.mark.parametrize("words", ["进度", "status"])
def test_what_a_cut_notice_tells_the_reader_to_say_is_a_command(words):
    found = command_in(words)
    assert (found.intent, found.entities) == ("case_progress", {})


def test_the_stub_clock_stands_where_the_tables_say():
    assert datetime.fromtimestamp(Clock()(), UTC).isoformat() == "2026-09-21T14:13:20+00:00"


async def test_a_message_in_wechat_stays_as_it_is(make_wechat, wechat_platform):
    with pytest.raises(TransportError) as caught:
        await make_wechat().revise(CITIZEN, "1", Outgoing("已接"))
    assert (caught.value.permanent, caught.value.gone) == (True, False)
    assert wechat_platform.seen == []
