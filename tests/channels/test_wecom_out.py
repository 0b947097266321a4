"""Outgoing in → requests on the wire; every error code; partial failures; the token; the pace."""

import asyncio
import contextlib
import re
from dataclasses import replace

import pytest
from aiohttp import web
from channel_stubs import NOW, Clock
from wecom_platform import AGENT_ID, LOWER, OFFICER, message, query, sealed
from wecom_platform import body as callback

from bot.channels.base import ATTACHMENT_LIMIT, Sent, TransportError
from bot.channels.errcodes import Decision
from bot.channels.pacing import MemoryPacer
from bot.channels.tokens import MemoryTokens
from bot.channels.wecom.channel import LIMITS
from bot.channels.wecom.errors import CODES
from bot.channels.wecom.render import layout, revision
from bot.message import Choice, Media, MediaKind, Outgoing
from bot.text import utf8_size

SEND, UPDATE, TOKEN_CALL = "message/send", "message/update_template_card", "gettoken"
VERBS = (Choice("接单", "v1"), Choice("看详情", "v2"))
UNITS = (Choice("云州市公安局桥西分局明德里派出所", "u1"), Choice("南站派出所", "u2"))
PNG = b"\x89PNG picture"
LONG = "这句话一共十二个字。" * 100


def sent(kind, content):
    return (SEND, {"touser": LOWER, "msgtype": kind, "agentid": AGENT_ID, kind: content})


def text(content):
    return sent("text", {"content": content})


def card(title, desc, words, *buttons):
    content = {
        "card_type": "button_interaction",
        "main_title": {"title": title} | ({"desc": desc} if desc else {}),
        "task_id": "*",
        "button_list": [{"text": label, "key": key} for label, key in buttons],
    }
    call, body = sent("template_card", content | ({"sub_title_text": words} if words else {}))
    return call, body | {"enable_duplicate_check": 1, "duplicate_check_interval": 4 * 3600}


BOTH = (("接单", "v1"), ("看详情", "v2"))
SEVEN = tuple(Choice(f"选 {n}", f"c{n}") for n in range(1, 9))
TABLE = {
    "words": (Outgoing("已接单。"), [text("已接单。")], Sent("text", platform_id="m-1")),
    "nothing": (Outgoing(" "), [], Sent("text")),
    "words with markup": (
        Outgoing("<a href='x'>x</a>"),
        [text("＜a href='x'>x＜/a>")],
        Sent("text", platform_id="m-1"),
    ),
    "a card": (
        Outgoing("Q26-0017 不满意\n“等了俩小时”\n今天 18:00 前回电", VERBS),
        [card("Q26-0017 不满意", "“等了俩小时”", "今天 18:00 前回电", *BOTH)],
        Sent("card", platform_id="*:code-1"),
    ),
    "choices without words": (
        Outgoing("", VERBS),
        [card("请选择：", "", "", *BOTH)],
        Sent("card", platform_id="*:code-1"),
    ),
    "a first line too long for a title": (
        Outgoing(
            "有一位群众对明德里派出所户籍二号窗口的办理不满意，请在今天十八点前回电话。", VERBS
        ),
        [
            card(
                "有一位群众对明德里派出所户籍二号窗口的办理不满意，",
                "请在今天十八点前回电话。",
                "",
                *BOTH,
            )
        ],
        Sent("card", platform_id="*:code-1"),
    ),
    "words too long for a card": (
        Outgoing("Q26-0017\n今天 18:00 前回电\n" + LONG, VERBS),
        [
            text("Q26-0017\n今天 18:00 前回电\n" + "这句话一共十二个字。" * 67),
            text("这句话一共十二个字。" * 33),
            card("Q26-0017", "今天 18:00 前回电", "", *BOTH),
        ],
        Sent("card", platform_id="*:code-1"),
    ),
    "labels too long for a button": (
        Outgoing("转给谁？", UNITS),
        [
            card(
                "转给谁？",
                "1 云州市公安局桥西分局明德里派出所",
                "2 南站派出所",
                ("1 云州市公安局桥…", "u1"),
                ("2 南站派出所", "u2"),
            )
        ],
        Sent("card", platform_id="*:code-1"),
    ),
    "more choices than a card holds": (
        Outgoing("选哪个？", SEVEN),
        [
            card("选哪个？", "", "", *((f"选 {n}", f"c{n}") for n in range(1, 7))),
            card("选哪个？ 2/2", "", "", ("选 7", "c7"), ("选 8", "c8")),
        ],
        Sent("card", platform_id="*:code-1 *:code-2"),
    ),
    "a picture": (
        Outgoing("看图", image=PNG),
        [text("看图"), ("media/upload", {"media": PNG}), sent("image", {"media_id": "media-1"})],
        Sent("text", platform_id="m-1"),
    ),
    "a picture and choices": (
        Outgoing("看图", VERBS, PNG),
        [
            ("media/upload", {"media": PNG}),
            sent("image", {"media_id": "media-1"}),
            card("看图", "", "", *BOTH),
        ],
        Sent("card", platform_id="*:code-1"),
    ),
    "only a picture": (
        Outgoing(image=PNG),
        [("media/upload", {"media": PNG}), sent("image", {"media_id": "media-1"})],
        Sent("image", platform_id="m-1"),
    ),
}


def starred(calls):
    """The calls, with the task ids, which are new each time, as *."""
    for _, body in calls:
        if isinstance(body, dict) and "template_card" in body:
            body["template_card"]["task_id"] = "*"
    return calls


@pytest.mark.parametrize(("message", "calls", "outcome"), TABLE.values(), ids=list(TABLE))
async def test_message_out(make_wecom, wecom_platform, message, calls, outcome):
    done = await make_wecom().send(LOWER, message)
    assert replace(done, platform_id=re.sub(r"[\w-]+:", "*:", done.platform_id)) == outcome
    assert starred(wecom_platform.calls(but=[TOKEN_CALL])) == calls


@pytest.mark.parametrize(("message", "calls", "outcome"), TABLE.values(), ids=list(TABLE))
def test_every_part_is_within_the_platform_s_limits(message, calls, outcome):
    parts = layout(message)
    assert all(utf8_size(piece) <= 2048 for piece in parts.texts)
    for one in parts.cards:
        assert 1 <= len(one.words.title) <= 36
        assert len(one.words.subtitle) <= 44
        assert one.words.fits
        assert 1 <= len(one.buttons) <= 6
        assert all(1 <= len(button.label) <= 10 for button in one.buttons)
    tokens = [button.token for one in parts.cards for button in one.buttons]
    assert tokens == [choice.token for choice in message.choices]


async def test_task_ids_are_new_each_time(make_wecom, wecom_platform):
    channel = make_wecom()
    for _ in range(2):
        await channel.send(LOWER, Outgoing("选哪个？", SEVEN))
    bodies = [body for call, body in wecom_platform.calls() if call == SEND]
    assert len({body["template_card"]["task_id"] for body in bodies}) == 4


async def test_chinese_goes_out_as_it_is(make_wecom, wecom_platform):
    async def raw(request):
        assert "好".encode() in await request.read()
        return {"errcode": 0}

    wecom_platform.replies[SEND] = [raw]
    await make_wecom().send(LOWER, Outgoing("好"))


LAID_OUT = Outgoing("Q26-0017\n" + LONG, VERBS, PNG)
PIECES = ["text", "text", "image", "template_card"]


@pytest.mark.parametrize("out", range(4))
async def test_what_went_out_before_is_not_sent_again(make_wecom, wecom_platform, out):
    """Whichever piece is refused first, all together come once and in order."""

    async def taken(_):
        return wecom_platform.default(SEND)

    channel = make_wecom()
    wecom_platform.replies[SEND] = [*[taken] * out, {"errcode": -1}]
    with pytest.raises(TransportError) as caught:
        await channel.send(LOWER, LAID_OUT)
    assert (caught.value.pieces, caught.value.permanent) == (out, False)
    assert (await channel.send(LOWER, replace(LAID_OUT, skip=out))).via == "card"
    kinds = [body["msgtype"] for call, body in wecom_platform.calls() if call == SEND]
    assert kinds.pop(out) == PIECES[out]  # the refused one
    assert kinds == PIECES


async def test_a_picture_that_cannot_be_uploaded_is_sent_later(make_wecom, wecom_platform):
    wecom_platform.replies["media/upload"] = [{"errcode": -1}]
    channel = make_wecom()
    with pytest.raises(TransportError) as caught:
        await channel.send(LOWER, LAID_OUT)
    assert caught.value.pieces == 2
    await channel.send(LOWER, replace(LAID_OUT, skip=2))
    kinds = [body["msgtype"] for call, body in wecom_platform.calls() if call == SEND]
    assert kinds == PIECES


async def test_a_picture_that_is_refused_for_good_keeps_back_no_card(make_wecom, wecom_platform):
    channel = make_wecom()
    wecom_platform.replies["media/upload"] = [{"errcode": 45001}] * 2
    done = await channel.send(LOWER, Outgoing("看图", VERBS, PNG))
    assert (done.via, done.note) == (
        "card",
        "without its picture: media/upload: the file is too large (45001)",
    )
    with pytest.raises(TransportError) as caught:
        await channel.send(LOWER, Outgoing("看图", image=PNG))
    assert (caught.value.permanent, caught.value.pieces) == (True, 1)


async def test_only_what_is_left_to_send_counts_for_the_pace(make_wecom, clock):
    counted = []

    class Noted(MemoryPacer):
        async def wait_seconds(self, key, count, limits):
            counted.append(count)
            return await super().wait_seconds(key, count, limits)

    channel = make_wecom(pacer=Noted(clock))
    for skip in (0, 3, 4):
        await channel.send(LOWER, replace(LAID_OUT, skip=skip))
    assert counted == [4, 1]


# Changing a card


async def test_a_card_is_replaced_on_the_member_s_phone(make_wecom, wecom_platform):
    words = "Q26-0017 不满意\n户籍 2 号窗口\n王警官 14:02 接单"
    await make_wecom().revise(LOWER, "task-1:code-1", Outgoing(words))
    ((_, body),) = [row for row in starred(wecom_platform.calls()) if row[0] == UPDATE]
    assert body == {
        "userids": [LOWER],
        "agentid": AGENT_ID,
        "response_code": "code-1",
        "template_card": {
            "card_type": "button_interaction",
            "main_title": {"title": "Q26-0017 不满意", "desc": "户籍 2 号窗口"},
            "task_id": "*",
            "button_list": [{"text": "王警官 14:02…", "key": "done"}],
            "replace_text": "王警官 14:02 接单",
        },
    }


async def test_all_cards_of_a_message_are_replaced(make_wecom, wecom_platform):
    channel = make_wecom()
    before = await channel.send(LOWER, Outgoing("选哪个？", SEVEN))
    await channel.revise(LOWER, before.platform_id, Outgoing("选好了"))
    bodies = [body for call, body in wecom_platform.calls() if call == UPDATE]
    assert [body["response_code"] for body in bodies] == ["code-1", "code-2"]
    assert len({body["template_card"]["task_id"] for body in bodies}) == 2


def test_a_revision_is_cut_to_what_a_card_can_show():
    replaced = revision(Outgoing(LONG), "t")
    assert len(replaced["main_title"]["title"]) <= 36
    assert len(replaced["sub_title_text"]) == 160
    assert replaced["replace_text"] == "这句话一共十二个字"
    offered = revision(Outgoing("又可以选了", SEVEN), "t")
    assert "replace_text" not in offered
    assert [button["key"] for button in offered["button_list"]] == [f"c{n}" for n in range(1, 7)]


SETTLED = {
    "Q26-0017 14:05 由李警官接了，别人不用再管。": (
        "Q26-0017 14:05 由李警官接了",
        None,
        "别人不用再管",
    ),
    "Q26-0017 went elsewhere at 14:05; nothing more to do.": (
        "Q26-0017 went elsewhere at 14:05",
        None,
        "nothing more to do",
    ),
    "Q26-0017 was taken by Officer Li at 14:05; nothing to do for others.": (
        "Q26-0017 was taken by Officer Li at",
        "14:05",
        "nothing to do for others",
    ),
    "李警官已接单": ("李警官已接单", None, "✓"),
    "共 1,000 件": ("共 1,000 件", None, "✓"),
    "办结。" + "长" * 21: ("办结。" + "长" * 21, None, "✓"),  # 42 columns are too wide
}


@pytest.mark.parametrize(("words", "shown"), SETTLED.items(), ids=list(SETTLED))
def test_a_settled_card_says_who_has_it_and_has_no_button_without_sense(words, shown):
    settled = revision(Outgoing(words), "t")
    main = settled["main_title"]
    assert (main["title"], main.get("desc"), settled["replace_text"]) == shown
    assert "sub_title_text" not in settled


async def tapped(channel, serve, task="task-1", code="code-of-tap"):
    """Taps a button of the card, as the platform tells it; the answer's status."""
    inside = (
        "<Event>template_card_event</Event><EventKey>v2</EventKey>"
        f"<TaskId>{task}</TaskId><ResponseCode>{code}</ResponseCode>"
    )
    secret = sealed(message("event", inside))
    client = await serve(channel)
    return (await client.post("/wecom", params=query(secret), data=callback(secret))).status


def codes_used(platform):
    return [body["response_code"] for call, body in platform.calls() if call == UPDATE]


async def test_a_tap_lets_a_card_be_replaced_once_more(make_wecom, wecom_platform, serve, clock):
    """By another process too; the card in its place is known as the same one."""
    tokens = MemoryTokens(clock)
    gateway, worker = make_wecom(tokens), make_wecom(tokens)
    assert await tapped(gateway, serve) == 200
    await worker.revise(LOWER, "task-1:code-1", Outgoing("李警官接了"))
    await worker.revise(LOWER, "task-1:code-1", Outgoing("李警官接了，已办结。"))
    assert codes_used(wecom_platform) == ["code-of-tap", "code-1"]
    tasks = [b["template_card"]["task_id"] for c, b in wecom_platform.calls() if c == UPDATE]
    assert len(set(tasks)) == 2
    assert all(task.startswith("task-1@") for task in tasks)
    assert await tapped(gateway, serve, tasks[-1], "code-of-second-tap") == 200
    await worker.revise(LOWER, "task-1:code-1", Outgoing("又交给王警官了"))
    assert codes_used(wecom_platform)[2:] == ["code-of-second-tap"]


@pytest.mark.parametrize("code", [40058, 99999])
async def test_a_taps_code_that_is_of_no_use_leaves_the_first(
    make_wecom, wecom_platform, serve, code
):
    channel = make_wecom()
    await tapped(channel, serve)
    wecom_platform.replies[UPDATE] = [{"errcode": code}]
    await channel.revise(LOWER, "task-1:code-1", Outgoing("李警官接了"))
    assert codes_used(wecom_platform) == ["code-of-tap", "code-1"]


async def test_while_the_platform_is_busy_the_taps_code_is_kept(make_wecom, wecom_platform, serve):
    channel = make_wecom()
    await tapped(channel, serve)
    wecom_platform.replies[UPDATE] = [{"errcode": -1}]
    for _ in range(2):
        with contextlib.suppress(TransportError):
            await channel.revise(LOWER, "task-1:code-1", Outgoing("李警官接了"))
    assert codes_used(wecom_platform) == ["code-of-tap", "code-of-tap"]


async def test_a_store_that_is_not_there_holds_up_no_tap(make_wecom, serve, gateway):
    class Broken(MemoryTokens):
        async def set(self, key, value, seconds):
            raise ConnectionError

    assert await tapped(make_wecom(Broken()), serve) == 200
    assert [incoming.token for incoming in gateway.received] == ["v2"]


async def test_a_card_that_cannot_be_replaced_stays(make_wecom, wecom_platform):
    channel = make_wecom()
    for what in ("", "m-1"):  # nothing went out, or a text did
        with pytest.raises(TransportError) as caught:
            await channel.revise(LOWER, what, Outgoing("接了"))
        assert caught.value.permanent
    wecom_platform.replies[UPDATE] = [{"errcode": 40058}]
    with pytest.raises(TransportError) as caught:
        await channel.revise(LOWER, "a:used b:another", Outgoing("接了"))
    assert caught.value.permanent
    assert wecom_platform.count(UPDATE) == 2
    assert (
        len({body["template_card"]["task_id"] for c, body in wecom_platform.calls() if c == UPDATE})
        == 2
    )
    wecom_platform.replies[UPDATE] = [{"errcode": 40058}, {"errcode": -1}]
    with pytest.raises(TransportError) as caught:
        await channel.revise(LOWER, "a:used b:another", Outgoing("接了"))
    assert not caught.value.permanent
    wecom_platform.replies[UPDATE] = [{"errcode": 0, "invaliduser": [OFFICER]}]
    with pytest.raises(TransportError) as caught:
        await channel.revise(LOWER, "a:code", Outgoing("接了"))
    assert (caught.value.permanent, caught.value.gone) == (True, False)


# What the platform says


@pytest.mark.parametrize("listed", [LOWER, OFFICER, f"zhangsan|{LOWER}"])
async def test_a_member_out_of_reach_is_no_success(make_wecom, wecom_platform, listed):
    wecom_platform.replies[SEND] = [{"errcode": 0, "invaliduser": listed, "msgid": "m"}]
    with pytest.raises(TransportError) as caught:
        await make_wecom().send(LOWER, Outgoing("好"))
    assert (caught.value.gone, caught.value.code) == (True, "invaliduser")
    assert LOWER not in str(caught.value)


async def test_others_out_of_reach_do_not_matter(make_wecom, wecom_platform):
    wecom_platform.replies[SEND] = [{"errcode": 0, "invaliduser": f"x{LOWER}", "msgid": "m"}]
    assert (await make_wecom().send(LOWER, Outgoing("好"))).via == "text"


async def test_a_member_without_a_licence_may_get_one(make_wecom, wecom_platform):
    wecom_platform.replies[SEND] = [{"errcode": 0, "unlicenseduser": LOWER, "msgid": "m"}]
    with pytest.raises(TransportError) as caught:
        await make_wecom().send(LOWER, Outgoing("好"))
    assert (caught.value.permanent, caught.value.retry_after) == (False, 3600)


LATER = {Decision.RETRY, Decision.TOMORROW, Decision.STOP}


@pytest.mark.parametrize(
    "code", [code for code, row in CODES.items() if row.decision is not Decision.RENEW]
)
async def test_every_code_is_decided(make_wecom, wecom_platform, code):
    wecom_platform.replies[SEND] = [{"errcode": code}] * 2
    with pytest.raises(TransportError) as caught:
        await make_wecom().send(LOWER, Outgoing("好"))
    row, error = CODES[code], caught.value
    assert error.code == str(code)
    assert error.permanent is (row.decision not in LATER)
    assert error.gone is (row.decision is Decision.GONE)
    assert wecom_platform.count(SEND) == 1
    assert error.outage is (row.decision in LATER)
    if row.decision is Decision.STOP:
        assert error.retry_after == 3600


async def test_a_used_up_quota_waits_for_midnight(make_wecom, wecom_platform):
    wecom_platform.replies[SEND] = [{"errcode": 45009}]
    with pytest.raises(TransportError) as caught:
        await make_wecom().send(LOWER, Outgoing("好"))
    # NOW is 22:13:20 in Beijing: 1 h 46 min 40 s to midnight, and five minutes more.
    assert caught.value.retry_after == 6400 + 300


async def test_an_unknown_code_is_tried_again(make_wecom, wecom_platform):
    wecom_platform.replies[SEND] = [{"errcode": 99999}]
    with pytest.raises(TransportError) as caught:
        await make_wecom().send(LOWER, Outgoing("好"))
    assert (caught.value.permanent, caught.value.outage) == (False, False)


RENEWING = [code for code, row in CODES.items() if row.decision is Decision.RENEW]


@pytest.mark.parametrize("code", RENEWING)
async def test_a_refused_token_is_renewed_once_and_the_call_repeated(
    make_wecom, wecom_platform, code
):
    channel = make_wecom()
    await channel.send(LOWER, Outgoing("一"))
    wecom_platform.token = 2
    wecom_platform.replies[SEND] = [{"errcode": code}]
    await channel.send(LOWER, Outgoing("二"))
    last = wecom_platform.seen[-1]
    assert (last.query["access_token"], last.body["text"]["content"]) == ("token-2", "二")
    assert wecom_platform.count(TOKEN_CALL) == 2


@pytest.mark.parametrize("code", RENEWING)
async def test_a_token_refused_again_is_not_tried_a_third_time(make_wecom, wecom_platform, code):
    wecom_platform.replies[SEND] = [{"errcode": code}] * 9
    with pytest.raises(TransportError):
        await make_wecom().send(LOWER, Outgoing("好"))
    assert wecom_platform.count(SEND) == 2
    assert wecom_platform.count(TOKEN_CALL) <= 3


async def test_the_token_is_asked_for_once_by_many_and_by_all_processes(
    make_wecom, wecom_platform, clock
):
    tokens = MemoryTokens(clock)
    channels = [make_wecom(tokens), make_wecom(tokens)]
    await asyncio.gather(*(channels[0].send(f"u{n}", Outgoing("好")) for n in range(20)))
    await channels[1].send(LOWER, Outgoing("好"))
    assert wecom_platform.count(TOKEN_CALL) == 1
    assert wecom_platform.seen[0].query == {
        "corpid": channels[0].config.corp_id,
        "corpsecret": "app-secret",
    }


@pytest.mark.parametrize("code", [40001, 40013, 60020])
async def test_wrong_settings_wait_for_a_person(make_wecom, wecom_platform, code):
    wecom_platform.replies[TOKEN_CALL] = [{"errcode": code}]
    with pytest.raises(TransportError) as caught:
        await make_wecom().send(LOWER, Outgoing("好"))
    assert (caught.value.permanent, caught.value.retry_after) == (False, 3600)
    assert wecom_platform.count(TOKEN_CALL) == 1
    assert "app-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "reply", [{"access_token": "t"}, {"expires_in": 7200}, {"access_token": "", "expires_in": 9}]
)
async def test_half_a_token_is_none(make_wecom, wecom_platform, reply):
    wecom_platform.replies[TOKEN_CALL] = [reply]
    with pytest.raises(TransportError):
        await make_wecom().send(LOWER, Outgoing("好"))


async def test_the_network_may_fail(make_wecom, wecom_platform):
    wecom_platform.replies[SEND] = [web.Response(status=502)]
    with pytest.raises(TransportError) as caught:
        await make_wecom().send(LOWER, Outgoing("好"))
    assert (caught.value.code, caught.value.permanent) == ("502", False)
    with pytest.raises(TransportError) as caught:
        await make_wecom(base_url="http://127.0.0.1:9").send(LOWER, Outgoing("好"))
    assert caught.value.code == "network"


# Attachments


async def test_a_photo_is_fetched(make_wecom, wecom_platform):
    wecom_platform.replies["media/get"] = [web.Response(body=b"jpeg", content_type="image/jpeg")]
    media = Media(MediaKind.IMAGE, "m1")
    assert await make_wecom().fetch(media) == ("image/jpeg", b"jpeg")
    assert wecom_platform.seen[-1].query["media_id"] == "m1"


async def test_a_photo_that_is_gone_or_too_large_is_refused(make_wecom, wecom_platform):
    large = web.Response(body=bytes(ATTACHMENT_LIMIT + 1), content_type="image/jpeg")
    gone = web.json_response({"errcode": 40007, "errmsg": "invalid media_id"})
    wecom_platform.replies["media/get"] = [large, gone]
    for _ in range(2):
        with pytest.raises(TransportError) as caught:
            await make_wecom().fetch(Media(MediaKind.IMAGE, "m1"))
        assert caught.value.permanent
    with pytest.raises(TransportError):
        await make_wecom().fetch(Media(MediaKind.LOCATION))


# The pace


async def test_more_than_28_a_minute_wait_and_are_not_sent(make_wecom, wecom_platform, clock):
    channel = make_wecom()
    for number in range(28):
        clock.now = NOW + number
        await channel.send(LOWER, Outgoing("好"))
    with pytest.raises(TransportError) as caught:
        await channel.send(OFFICER, Outgoing("好"))
    # The first went at 0 s and leaves the minute at 60 s; now is 27 s.
    assert (caught.value.permanent, caught.value.retry_after) == (False, 33)
    assert wecom_platform.count(SEND) == 28
    await channel.send("somebody.else", Outgoing("好"))
    clock.now += 33
    await channel.send(LOWER, Outgoing("好"))


async def test_a_message_in_parts_is_sent_whole_or_not_at_all(make_wecom, wecom_platform, clock):
    channel = make_wecom()
    for _ in range(26):
        await channel.send(LOWER, Outgoing("好"))
    with pytest.raises(TransportError) as caught:
        await channel.send(LOWER, Outgoing("Q26-0017\n" + LONG, VERBS))
    assert caught.value.retry_after == 60
    assert wecom_platform.count(SEND) == 26
    await channel.send(LOWER, Outgoing("选哪个？", SEVEN))


async def test_the_pace_of_an_hour(clock):
    pacer = MemoryPacer(clock)
    for number in range(950):
        clock.now = NOW + 3 * number
        assert await pacer.wait_seconds("a", 1, LIMITS) == 0
    # 950 went within 2,847 s, none of them too fast; the first leaves the hour at 3,600 s.
    clock.now = NOW + 2850
    assert await pacer.wait_seconds("a", 1, LIMITS) == 750
    assert await pacer.wait_seconds("b", 1, LIMITS) == 0


async def test_two_processes_keep_one_pace(make_wecom, wecom_platform):
    shared = MemoryPacer(Clock())
    channels = [make_wecom(pacer=shared), make_wecom(pacer=shared)]
    for number in range(28):
        await channels[number % 2].send(LOWER, Outgoing("好"))
    for channel in channels:
        with pytest.raises(TransportError):
            await channel.send(LOWER, Outgoing("好"))


async def test_a_card_is_the_same_at_every_attempt(make_wecom, wecom_platform):
    channel = make_wecom()
    message = Outgoing("Q26-0017 不满意", VERBS, key="d1")
    await channel.send(OFFICER, message)
    await channel.send(OFFICER, message)
    first, again = [body for call, body in wecom_platform.calls() if call == SEND]
    assert first == again
    assert first["template_card"]["task_id"] == "d1-0"


async def test_a_card_that_was_there_already_has_no_code(make_wecom, wecom_platform):
    wecom_platform.replies[SEND] = [{"errcode": 0, "errmsg": "ok", "invaliduser": "", "msgid": "m"}]
    sent = await make_wecom().send(OFFICER, Outgoing("Q26-0017 不满意", VERBS, key="d1"))
    assert (sent.via, sent.platform_id) == ("card", "d1-0:")
