"""Callbacks of the fake WeCom, and the check of the address that comes before them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import xmltodict
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from wechatpy.crypto import WeChatCrypto
from wecom_world import WeComWorld, wecom_world

from bot.simulator import FakeWeComConfig, SimulatorConfig, build_simulator, memory
from bot.simulator.app import STAGE
from bot.simulator.driver import Driver, RefusedError
from bot.simulator.stage import Stage


@pytest.fixture
async def world() -> AsyncIterator[WeComWorld]:
    async with wecom_world() as made:
        yield made


def outcomes(lines: list[dict[str, object]], what: str) -> list[object]:
    return [line["outcome"] for line in lines if line["what"] == what]


async def test_the_address_is_checked_before_the_first_callback_and_once(
    world: WeComWorld,
) -> None:
    await world.li.says("你好")
    await world.li.says("在吗")
    wire = await world.driver.wire()
    assert [line["what"] for line in wire] == ["verify", "text", "text"]
    assert [line["outcome"] for line in wire] == ["ok", "empty", "empty"]
    assert await world.driver.verifies("wecom")


async def test_an_address_that_fails_the_check_gets_nothing_and_may_send_no_card() -> None:
    async with wecom_world(gateway_token="another-token", resends=1) as world:
        answers = await world.li.says("你好")
        assert [answer.outcome for answer in answers] == ["unverified", "unverified"]
        assert world.gateway.received == []
        assert not await world.driver.verifies("wecom")
        card = {
            "card_type": "button_interaction",
            "main_title": {"title": "新件"},
            "task_id": "t1",
            "button_list": [{"text": "接单", "key": "v1"}],
        }
        refused = await world.send(await world.li.identity(), "template_card", **card)
        assert refused["errcode"] == 40057
        assert (await world.send(await world.li.identity()))["errcode"] == 0


async def test_without_a_200_it_is_posted_three_times_more(world: WeComWorld) -> None:
    world.gateway.failures = 3
    answers = await world.li.says("接了")
    assert [answer.outcome for answer in answers] == ["status"] * 3 + ["empty"]
    assert [incoming.text for incoming in world.gateway.received] == ["接了"]
    world.gateway.failures = 9
    assert len(await world.li.says("没人在")) == 4
    assert (await world.li.transcript())[-1].state == "failed"


async def test_the_same_callback_may_come_twice_at_once(world: WeComWorld) -> None:
    await world.li.says("接了", deliveries=2)
    first, second = world.gateway.received
    assert first == second


async def test_every_kind_of_message_arrives(world: WeComWorld) -> None:
    li = world.li
    await li.says("]]></Content> & <b>")
    await li.sends_photo(b"jpeg")
    await li.sends_voice()
    await li.does("video", data="AA==")
    await li.sends_location(40.8, 114.9, "明德里")
    await li.does("link", title="新闻", url="http://a/b")
    texts = [i.text for i in world.gateway.received if i.text]
    media = [i.media.kind.value for i in world.gateway.received if i.media]
    assert texts == ["]]></Content> & <b>"]
    assert media == ["image", "voice", "video", "location", "link"]


async def test_coming_and_going_is_told(world: WeComWorld) -> None:
    await world.li.joins()
    await world.li.leaves()
    await world.li.unblocks()
    await world.li.leaves(told_by_company=True)
    kinds = [(i.kind.value, i.sender) for i in world.gateway.received]
    userid = await world.userid()
    assert kinds == [(kind, userid) for kind in ("follow", "unfollow", "follow", "unfollow")]
    with pytest.raises(RefusedError):
        await world.li.taps("接单")


async def test_a_slow_address_fails_the_check_and_a_chatty_answer_is_ignored() -> None:
    """A gateway of another make: it holds the check back, then answers callbacks with words."""
    config = FakeWeComConfig(verify_within=0.05, resends=0)
    crypto = WeChatCrypto(config.token, config.aes_key, config.corp_id)
    hold = asyncio.Event()

    async def verify(request: web.Request) -> web.Response:
        await hold.wait()
        query = request.query
        sealed = f"<xml><Encrypt>{query['echostr']}</Encrypt></xml>"
        signed = (query["msg_signature"], query["timestamp"], query["nonce"])
        return web.Response(text=crypto.decrypt_message(sealed, *signed))

    async def callback(request: web.Request) -> web.Response:
        query, body = request.query, await request.text()
        signed = (query["msg_signature"], query["timestamp"], query["nonce"])
        fields = xmltodict.parse(crypto.decrypt_message(body, *signed))["xml"]
        outside = xmltodict.parse(body)["xml"]
        assert outside["AgentID"] == fields["AgentID"] == str(config.agent_id)
        return web.Response(text=fields["Content"])

    app = web.Application()
    app.add_routes([web.get("/wecom", verify), web.post("/wecom", callback)])
    async with AsyncExitStack() as stack:
        driver, stage = await _simulator(stack, app, config)
        assert not await driver.verifies("wecom")
        assert outcomes(await driver.wire(), "verify") == ["timeout"]
        hold.set()
        stage.corp.config = replace(config, verify_within=5.0)
        answers = await driver.wecom("李警官").says("你好")
        assert [answer.outcome for answer in answers] == ["garbage"]


async def _simulator(
    stack: AsyncExitStack, gateway: web.Application, wecom: FakeWeComConfig
) -> tuple[Driver, Stage]:
    behind = TestServer(gateway, host="127.0.0.1")
    await behind.start_server()
    stack.push_async_callback(behind.close)
    url = str(behind.make_url("")).rstrip("/")
    app = build_simulator(SimulatorConfig(port=unused_port(), gateway_url=url, wecom=wecom))
    simulator = TestServer(app, host="127.0.0.1")
    await simulator.start_server()
    stack.push_async_callback(simulator.close)
    driver = await stack.enter_async_context(Driver(str(simulator.make_url("")).rstrip("/")))
    return driver, app[STAGE]


async def test_a_restart_keeps_members_and_cards(world: WeComWorld, tmp_path: Path) -> None:
    userid = await world.li.identity()
    await world.driver.wecom("王警官").leaves()
    stage = world.stage
    card = stage.corp.cards.add("task-1", ["李警官"])
    code = stage.corp.cards.give_code(card)
    memory.save(stage, tmp_path)
    async with wecom_world() as second:
        memory.load(second.stage, tmp_path)
        assert await second.li.identity() == userid
        assert second.stage.corp.member(userid)
        assert not second.stage.corp.person("王警官").employed
        assert second.stage.corp.cards.usable(code).task_id == "task-1"


async def test_a_phone_tells_who_holds_it(world: WeComWorld) -> None:
    userid = await world.li.identity()
    shown = await world.driver.get("/control/wecom/%E6%9D%8E%E8%AD%A6%E5%AE%98")
    assert shown == {"name": "李警官", "id": userid, "active": True, "dropped": 0}
    assert "企业微信 李警官 → 接了" in (await _said(world))


async def _said(world: WeComWorld) -> str:
    await world.li.says("接了")
    return await world.driver.printed()
