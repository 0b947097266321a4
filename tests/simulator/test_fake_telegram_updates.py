"""How updates reach the bot."""

import asyncio
from typing import Any

from simulated_world import Build, World


async def hook(world: World, **more: Any) -> None:
    answer = await world.bot("setWebhook", url=f"{world.gateway_url}/telegram", **more)
    assert answer["result"] is True


async def until(world: World, count: int) -> None:
    async with asyncio.timeout(5):
        while len(world.gateway.updates) < count:
            world.gateway.arrived.clear()
            await world.gateway.arrived.wait()


async def test_a_webhook_gets_updates_with_the_secret(world: World) -> None:
    await hook(world, secret_token="s-e_cret1")
    await world.driver.telegram("李警官").types("/stats 今天")
    (update,) = world.gateway.updates
    assert update["message"]["text"] == "/stats 今天"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert world.gateway.update_headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "s-e_cret1"
    assert (await world.driver.telegram("李警官").transcript())[0].state == "delivered"


async def test_without_a_secret_there_is_no_header(world: World) -> None:
    await hook(world)
    await world.driver.telegram("李警官").starts("desk")
    assert world.gateway.updates[0]["message"]["text"] == "/start desk"
    assert "X-Telegram-Bot-Api-Secret-Token" not in world.gateway.update_headers[0]


async def test_an_update_is_posted_until_it_is_taken(world: World) -> None:
    world.gateway.updates_status = [500, 403, 200]
    await hook(world)
    await world.driver.telegram("李警官").types("一")
    await until(world, 3)
    assert len({u["update_id"] for u in world.gateway.updates}) == 1
    info = (await world.bot("getWebhookInfo"))["result"]
    assert "Wrong response" in info["last_error_message"]
    await world.driver.telegram("李警官").types("二")
    await until(world, 4)
    ids = [u["update_id"] for u in world.gateway.updates]
    assert ids[3] == ids[2] + 1


async def test_two_people_do_not_wait_for_each_other(world: World) -> None:
    await hook(world)
    await asyncio.gather(
        *(world.driver.telegram(name).types("接单") for name in ("李警官", "王警官"))
    )
    assert len({u["message"]["chat"]["id"] for u in world.gateway.updates}) == 2


async def test_the_same_update_can_be_delivered_more_than_once(world: World) -> None:
    await hook(world)
    await world.driver.telegram("李警官").types("接单", deliveries=3)
    assert len(world.gateway.updates) == 3
    assert len({u["update_id"] for u in world.gateway.updates}) == 1


async def test_a_webhook_and_getupdates_exclude_each_other(world: World) -> None:
    await hook(world)
    answer = await world.bot("getUpdates")
    assert (answer["error_code"], "webhook is active" in answer["description"]) == (409, True)
    await world.bot("deleteWebhook")
    assert (await world.bot("getUpdates"))["result"] == []


async def test_updates_wait_until_they_are_confirmed(world: World) -> None:
    officer = world.driver.telegram("李警官")
    for words in ("一", "二", "三"):
        await officer.types(words)
    first = (await world.bot("getUpdates", limit=2))["result"]
    assert [u["message"]["text"] for u in first] == ["一", "二"]
    rest = (await world.bot("getUpdates", offset=first[-1]["update_id"] + 1))["result"]
    assert [u["message"]["text"] for u in rest] == ["三"]
    assert [e.state for e in await officer.transcript()] == ["delivered", "delivered", "sending"]
    await officer.types("四")
    last = (await world.bot("getUpdates", offset=-1))["result"]
    assert [u["message"]["text"] for u in last] == ["四"]


async def test_a_long_poll_ends_with_the_first_news(world: World) -> None:
    poll = asyncio.create_task(world.bot("getUpdates", timeout=30))
    await world.driver.telegram("李警官").types("来了")
    result = (await asyncio.wait_for(poll, 5))["result"]
    assert result[0]["message"]["text"] == "来了"


async def test_a_second_poll_ends_the_first(world: World) -> None:
    first = asyncio.create_task(world.bot("getUpdates", timeout=30))
    while world.stage.updates._poll is None:  # noqa: ASYNC110 - one step of the loop
        await asyncio.sleep(0)
    assert (await world.bot("getUpdates"))["ok"]
    answer = await asyncio.wait_for(first, 5)
    assert (answer["error_code"], "terminated by other" in answer["description"]) == (409, True)


async def test_a_new_webhook_gets_what_waited_unless_it_is_dropped(world: World) -> None:
    officer = world.driver.telegram("李警官")
    await officer.types("早")
    assert (await world.bot("getWebhookInfo"))["result"]["pending_update_count"] == 1
    await hook(world)
    await until(world, 1)
    await world.bot("deleteWebhook")
    await officer.types("晚")
    await hook(world, drop_pending_updates=True)
    await officer.types("再晚")
    assert [u["message"]["text"] for u in world.gateway.updates] == ["早", "再晚"]


async def test_only_wanted_kinds_are_sent(world: World) -> None:
    await hook(world, allowed_updates=["message"])
    officer = world.driver.telegram("李警官")
    await officer.starts()
    await officer.blocks()
    assert [set(u) for u in world.gateway.updates] == [{"update_id", "message"}]


async def test_a_block_is_told(world: World) -> None:
    await hook(world)
    officer = world.driver.telegram("李警官")
    await officer.starts()
    await officer.blocks()
    change = world.gateway.updates[-1]["my_chat_member"]
    assert change["new_chat_member"]["status"] == "kicked"


async def test_bad_webhooks_are_refused(world: World) -> None:
    answer = await world.bot("setWebhook", url="ftp://x")
    assert answer["error_code"] == 400
    answer = await world.bot("setWebhook", url="http://x", secret_token="with space")
    assert "unallowed characters" in answer["description"]


async def test_the_webhook_may_be_there_from_the_start(build: Build) -> None:
    world = await build(telegram={"webhook_url": "http://127.0.0.1:9/telegram"})
    info = (await world.bot("getWebhookInfo"))["result"]
    assert info["url"] == "http://127.0.0.1:9/telegram"
    officer = world.driver.telegram("李警官")
    await officer.types("在吗")
    assert (await officer.transcript())[0].state == "failed"
