"""The control API and the driver."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from simulated_world import Build, World

from bot.simulator.__main__ import parse
from bot.simulator.driver import NotHeardError, RefusedError


async def test_people_keep_their_ids(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    openid = await citizen.identity()
    assert len(openid) == 28
    assert await citizen.identity() == openid
    assert await world.driver.wechat("周先生").identity() != openid
    assert world.driver.wechat("陈女士") is citizen


async def test_messages_are_heard_once_and_in_any_order(world: World) -> None:
    world.gateway.answer = lambda fields: f"回：{fields['Content']}"
    citizen = world.driver.wechat("陈女士")
    await citizen.says("一")
    await citizen.says("二")
    assert (await citizen.hears("二")).text == "回：二"
    assert (await citizen.hears("回")).text == "回：一"
    with pytest.raises(NotHeardError, match="陈女士 did not hear 回"):
        await citizen.hears("回", timeout=0)
    await citizen.says("三")
    await citizen.forgets()
    assert await citizen.unheard() == []


async def test_waiting_ends_when_the_message_comes(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    world.gateway.answer = lambda fields: "来了"
    await citizen.says("在吗", wait=False)
    assert (await citizen.hears("来了")).via == "passive"


async def test_nothing_to_tap_is_said(world: World) -> None:
    with pytest.raises(RefusedError, match="nothing to tap: 接单"):
        await world.driver.telegram("李警官").presses("接单")
    with pytest.raises(RefusedError, match="no such verb"):
        await world.driver.wechat("陈女士").does("fly")
    with pytest.raises(RefusedError, match="missing or wrong"):
        await world.driver.wechat("陈女士").does("say")


async def test_the_transcript_reads_well(world: World) -> None:
    world.gateway.answer = lambda fields: "请选一项"
    await world.driver.wechat("陈女士").scan("desk-1")
    await world.driver.telegram("李警官").types("/bind 1")
    lines = (await world.driver.printed()).splitlines()
    assert [line[9:] for line in lines] == [
        "微信 陈女士 → 〔扫码〕desk-1",
        "微信 陈女士 ← 请选一项",
        "Telegram 李警官 → /bind 1",
    ]


async def events(world: World, count: int, act: Any) -> list[tuple[str, Any]]:
    """The first events of the stream; `act` is awaited after the snapshot."""
    found: list[tuple[str, Any]] = []
    async with world.session.get(f"{world.url}/control/events") as response:
        kind = ""
        async for raw in response.content:
            line = raw.decode().rstrip("\n")
            if line.startswith("event: "):
                kind = line[7:]
            if line.startswith("data: "):
                found.append((kind, json.loads(line[6:])))
                if len(found) == 1:
                    await act
                if len(found) == count:
                    break
    return found


async def test_the_page_gets_a_snapshot_and_then_what_happens(world: World) -> None:
    say = world.driver.wechat("陈女士").says("你好")
    found = await events(world, 4, say)
    assert [kind for kind, _ in found] == ["snapshot", "entry", "wire", "entry"]
    snapshot = found[0][1]
    assert snapshot["account"] == "平安回音"
    assert snapshot["cast"]["codes"]
    assert [found[n][1].get("state") for n in (1, 3)] == ["sending", "delivered"]


async def test_the_cast_is_given_from_outside(world: World) -> None:
    codes = [{"scene": "x", "label": "窗口", "kind": "desk"}]
    await world.driver.gives_cast({"codes": codes})
    cast = await world.driver.get("/control/cast")
    assert cast["codes"] == codes
    assert cast["citizens"]


async def test_code_pictures_and_media_are_served(world: World) -> None:
    async with world.session.get(f"{world.url}/control/code/desk-1.svg") as response:
        assert (await response.read()).startswith(b"<svg")
    await world.driver.wechat("陈女士").sends_photo(b"<script>", "text/html")
    key = world.gateway.callbacks[-1]["MediaId"]
    async with world.session.get(f"{world.url}/control/media/{key}") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_is_there(world: World) -> None:
    for path in ("/", "/demo", "/demo/demo.css", "/demo/demo.js"):
        async with world.session.get(world.url + path) as response:
            assert response.status == 200


async def test_a_restart_keeps_the_phones(build: Build, tmp_path: Path) -> None:
    first = await build(config={"state_dir": tmp_path})
    citizen, officer = first.driver.wechat("陈女士"), first.driver.telegram("李警官")
    await citizen.scan("desk-1")
    await officer.starts()
    chat = int(await officer.identity())
    await first.bot("sendMessage", chat_id=chat, text="新件")
    ids = (await citizen.identity(), await officer.identity())
    await first.stage.close()
    from bot.simulator import memory

    memory.save(first.stage, tmp_path)
    second = await build(config={"state_dir": tmp_path})
    citizen, officer = second.driver.wechat("陈女士"), second.driver.telegram("李警官")
    assert (await citizen.identity(), await officer.identity()) == ids
    assert (await officer.hears("新件")).via == "bot"
    await citizen.scan("desk-1")
    assert second.gateway.callbacks[-1]["Event"] == "SCAN"
    assert (await second.bot("sendMessage", chat_id=chat, text="又一件"))["ok"]


async def test_a_broken_memory_counts_as_none(build: Build, tmp_path: Path) -> None:
    (tmp_path / "simulator.json").write_text("{")
    world = await build(config={"state_dir": tmp_path})
    assert await world.driver.transcript() == []


async def test_the_clock_can_be_set(world: World) -> None:
    await world.driver.post("/control/clock", {"at": "2027-01-01T00:00:00+00:00"})
    assert world.stage.clock.now().year == 2027
    await world.driver.wechat("陈女士").says("新年好")
    assert int(world.gateway.queries[-1]["timestamp"]) >= 1_798_761_600


def test_the_command_line_makes_the_configuration() -> None:
    config = parse(["--port", "9", "--gateway", "http://g:1/", "--wechat-mode", "plain"])
    assert (config.port, config.gateway_url, config.wechat.mode) == (9, "http://g:1", "plain")
    assert replace(config, port=8081, gateway_url="x").telegram.bot_token
