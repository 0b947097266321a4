"""What the fake account posts to the gateway, and what it makes of the answers."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from simulated_world import Build, World

from bot.simulator.wechat.show import TROUBLE

MODES = ["plain", "compat", "aes"]


@pytest.mark.parametrize("mode", MODES)
async def test_callbacks_are_signed_sealed_and_answered_in_every_mode(
    build: Build, mode: str
) -> None:
    world = await build(mode=mode)
    world.gateway.answer = lambda fields: f"收到：{fields['Content']}"
    citizen = world.driver.wechat("陈女士")
    (delivery,) = await citizen.says("你好 <b>& 。")
    assert (delivery.outcome, delivery.status) == ("passive", 200)
    heard = await citizen.hears("收到：你好 <b>& 。")
    assert heard.via == "passive"
    query, body = world.gateway.queries[0], world.gateway.bodies[0]
    assert query["openid"] == await citizen.identity()
    assert ("msg_signature" in query) is (mode != "plain")
    assert (b"Content" in body) is (mode != "aes")
    assert (b"Encrypt" in body) is (mode != "plain")


@pytest.mark.parametrize("mode", MODES)
async def test_the_url_check_passes(build: Build, mode: str) -> None:
    assert await (await build(mode=mode)).driver.verifies()


async def test_the_url_check_fails_without_a_gateway(build: Build) -> None:
    world = await build(config={"gateway_url": "http://127.0.0.1:9"})
    assert not await world.driver.verifies()


async def fields_of(world: World, verb: str, **body: Any) -> dict[str, Any]:
    await world.driver.wechat("陈女士").does(verb, **body)
    return world.gateway.callbacks[-1]


async def test_each_message_has_the_fields_of_the_platform(world: World) -> None:
    text = await fields_of(world, "say", text="你好")
    assert text["ToUserName"] == world.config.wechat.original_id
    assert text["MsgType"] == "text"
    assert int(text["MsgId"]).bit_length() in (62, 63)
    image = await fields_of(world, "photo", data="eA==")
    assert image["PicUrl"].startswith(world.url)
    async with world.session.get(image["PicUrl"]) as response:
        assert await response.read() == b"x"
    voice = await fields_of(world, "voice", data="eA==", recognition="听见了")
    assert (voice["Format"], voice["Recognition"]) == ("amr", "听见了")
    assert "Recognition" not in await fields_of(world, "voice", data="eA==")
    assert (await fields_of(world, "voice", data="eA==", recognition=""))["Recognition"] is None
    assert {"MediaId", "ThumbMediaId"} <= set(await fields_of(world, "video", data="eA=="))
    place = await fields_of(world, "location", latitude=40.8, longitude=114.9, label="桥西")
    assert (place["Location_X"], place["Location_Y"], place["Scale"]) == ("40.8", "114.9", "16")
    link = await fields_of(world, "link", title="t", url="https://example.org")
    assert link["Url"] == "https://example.org"
    file = await fields_of(world, "raw", type="file", fields={"Title": "a.pdf"})
    assert (file["MsgType"], file["Title"]) == ("file", "a.pdf")


async def test_each_event_has_the_fields_of_the_platform(world: World) -> None:
    first = await fields_of(world, "scan", scene="desk")
    assert (first["Event"], first["EventKey"]) == ("subscribe", "qrscene_desk")
    again = await fields_of(world, "scan", scene="desk")
    assert (again["Event"], again["EventKey"]) == ("SCAN", "desk")
    assert first["Ticket"] == again["Ticket"]
    assert "MsgId" not in again
    click = await fields_of(world, "click", key="rate")
    assert (click["Event"], click["EventKey"]) == ("CLICK", "rate")
    gone = await fields_of(world, "unfollow")
    assert gone["Event"] == "unsubscribe"
    paid = await fields_of(world, "follow", event_key="last_trade_no_1")
    assert paid["EventKey"] == "last_trade_no_1"
    many = await fields_of(
        world,
        "event",
        event="subscribe_msg_popup_event",
        fields={"SubscribeMsgPopupEvent": {"List": [{"TemplateId": "a"}, {"TemplateId": "b"}]}},
    )
    assert len(many["SubscribeMsgPopupEvent"]["List"]) == 2


async def test_without_an_answer_the_same_message_is_sent_three_times_more(build: Build) -> None:
    world = await build(answer_within=0.2)
    world.gateway.hold = asyncio.Event()
    citizen = world.driver.wechat("陈女士")
    deliveries = await citizen.says("在吗")
    assert [d.outcome for d in deliveries] == ["timeout"] * 4
    assert len({c["MsgId"] for c in world.gateway.callbacks}) == 1
    assert [line["attempt"] for line in await world.driver.wire()] == [0, 1, 2, 3]
    assert (await citizen.hears(TROUBLE)).direction == "notice"
    assert (await citizen.transcript())[0].state == "failed"
    world.gateway.hold.set()


async def test_an_answer_to_a_second_sending_is_shown_once(world: World) -> None:
    answers: list[Any] = [web.Response(status=500), "收到"]
    world.gateway.answer = lambda fields: answers.pop(0)
    citizen = world.driver.wechat("陈女士")
    deliveries = await citizen.says("在吗")
    assert [d.outcome for d in deliveries] == ["status", "passive"]
    assert [e.text for e in await citizen.unheard()] == ["收到"]
    wire = [(line["outcome"], line["attempt"]) for line in await world.driver.wire()]
    assert wire == [("status", 0), ("passive", 1)]


async def test_a_gateway_that_is_away_is_tried_again(build: Build) -> None:
    world = await build(config={"gateway_url": "http://127.0.0.1:9"}, resends=1)
    deliveries = await world.driver.wechat("陈女士").says("在吗")
    assert [d.outcome for d in deliveries] == ["refused"] * 2


@pytest.mark.parametrize("answer", [b"success", b""])
async def test_success_and_nothing_are_quiet(world: World, answer: bytes) -> None:
    world.gateway.answer = lambda fields: answer
    citizen = world.driver.wechat("陈女士")
    (delivery,) = await citizen.says("在吗")
    assert delivery.outcome == ("success" if answer else "empty")
    assert await citizen.unheard() == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b'{"errcode": 0}', "garbage"),
        (b"<xml><MsgType>text", "garbage"),
        (b"<xml><MsgType>text</MsgType></xml>", "unencrypted"),
        (b"<xml><Encrypt>AAAA</Encrypt></xml>", "garbage"),
        (
            b"<xml><Encrypt>AAAA</Encrypt><MsgSignature>no</MsgSignature>"
            b"<TimeStamp>1</TimeStamp><Nonce>1</Nonce></xml>",
            "forged",
        ),
    ],
)
async def test_other_answers_show_trouble_and_are_not_sent_again(
    world: World, answer: bytes, outcome: str
) -> None:
    world.gateway.answer = lambda fields: answer
    citizen = world.driver.wechat("陈女士")
    (delivery,) = await citizen.says("在吗")
    assert delivery.outcome == outcome
    await citizen.hears(TROUBLE)


@pytest.mark.parametrize(
    "changes",
    [{"Content": ""}, {"ToUserName": "oSomebody"}, {"MsgType": "opera"}, {"Content": "好" * 683}],
)
async def test_a_reply_that_cannot_be_shown_is_trouble(
    world: World, changes: dict[str, str]
) -> None:
    world.gateway.answer = lambda fields: world.gateway.reply(fields, "好", **changes)
    citizen = world.driver.wechat("陈女士")
    await citizen.says("在吗")
    await citizen.hears(TROUBLE)


async def test_a_reply_with_a_picture_or_articles_is_shown(world: World) -> None:
    citizen = world.driver.wechat("陈女士")

    def picture(fields: dict[str, Any]) -> bytes:
        key = world.stage.shelf.put(b"png", "image/png").key
        return world.gateway.seal(
            f"<ToUserName>{fields['FromUserName']}</ToUserName><MsgType>image</MsgType>"
            f"<Image><MediaId>{key}</MediaId></Image>"
        )

    def article(fields: dict[str, Any]) -> bytes:
        return world.gateway.seal(
            f"<ToUserName>{fields['FromUserName']}</ToUserName><MsgType>news</MsgType>"
            "<Articles><item><Title>本周通报</Title><Url>https://example.org</Url></item></Articles>"
        )

    world.gateway.answer = picture
    await citizen.says("图")
    world.gateway.answer = article
    await citizen.says("文")
    kinds = [(e.kind, e.text) for e in await citizen.unheard()]
    assert kinds == [("image", ""), ("card", "本周通报")]


async def test_three_deliveries_at_once_overlap_and_are_shown_once(world: World) -> None:
    world.gateway.hold = asyncio.Event()
    citizen = world.driver.wechat("陈女士")
    says = asyncio.create_task(citizen.says("我要投诉", deliveries=3))
    async with asyncio.timeout(5):
        while len(world.gateway.callbacks) < 3:
            world.gateway.arrived.clear()
            await world.gateway.arrived.wait()
    world.gateway.answer = lambda fields: "收到"
    world.gateway.hold.set()
    deliveries = await says
    assert [d.text for d in deliveries] == ["收到"] * 3
    assert len({c["MsgId"] for c in world.gateway.callbacks}) == 1
    assert len(await citizen.unheard()) == 1
