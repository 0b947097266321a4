"""Groups of the fake Telegram: who hears what, whose tap it was, what becomes of the bot."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from simulated_world import Build, World

from bot.simulator import memory
from bot.simulator.driver import GroupChat, RefusedError

TITLE, LI, WANG = "明德里值班群", "李警官", "王警官"
MARKUP = {"inline_keyboard": [[{"text": "接单", "callback_data": "a1"}]]}


async def hooked(world: World) -> GroupChat:
    await world.bot("setWebhook", url=f"{world.gateway_url}/telegram")
    return await world.driver.group(TITLE, [LI, WANG])


async def card(world: World, group: GroupChat, words: str = "新件") -> dict[str, Any]:
    answer = await world.bot(
        "sendMessage", chat_id=await group.identity(), text=words, reply_markup=MARKUP
    )
    return dict(answer["result"])


async def test_a_group_is_made_with_the_bot_in_it(world: World) -> None:
    group = await hooked(world)
    (update,) = world.gateway.updates
    change = update["my_chat_member"]
    assert change["chat"] == {"id": int(await group.identity()), "type": "group", "title": TITLE}
    assert change["chat"]["id"] < 0
    assert change["from"]["first_name"] == LI
    assert change["old_chat_member"]["status"] == "left"
    assert change["new_chat_member"]["status"] == "member"
    assert await world.driver.group(TITLE) is group
    assert len(world.gateway.updates) == 1


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("今天真忙", False),
        ("/stats 今天", True),
        ("/stats@huiyin_demo_bot 今天", True),
        ("/stats@other_bot 今天", False),
        ("@huiyin_demo_bot 今天多少件", True),
        ("问问 @Huiyin_Demo_Bot", True),
        ("@huiyin_demo_bot2 在吗", False),
        ("mail@huiyin_demo_bot", False),
    ],
)
async def test_of_what_is_said_the_bot_gets_what_is_for_it(
    world: World, words: str, heard: bool
) -> None:
    group = await hooked(world)
    await group.text(WANG, words)
    said = [u["message"] for u in world.gateway.updates if "message" in u]
    assert [m["text"] for m in said] == ([words] if heard else [])
    for message in said:
        assert message["chat"]["title"] == TITLE
        assert message["from"]["first_name"] == WANG
    (entry,) = [e for e in await group.history() if e.direction == "sent"]
    assert (entry.text, entry.member, entry.state) == (words, WANG, "delivered")


async def test_commands_and_names_are_marked(world: World) -> None:
    group = await hooked(world)
    await group.text(LI, "/stats@huiyin_demo_bot 和 @huiyin_demo_bot")
    entities = world.gateway.updates[-1]["message"]["entities"]
    assert entities == [
        {"type": "bot_command", "offset": 0, "length": 22},
        {"type": "mention", "offset": 25, "length": 16},
    ]


async def test_an_answer_to_the_bot_is_heard(world: World) -> None:
    group = await hooked(world)
    await group.answer(LI, "没说什么可答的")
    sent = await card(world, group)
    await group.answer(LI, "我来")
    message = world.gateway.updates[-1]["message"]
    assert message["text"] == "我来"
    assert message["reply_to_message"]["message_id"] == sent["message_id"]
    assert len(world.gateway.updates) == 2


async def test_a_tap_is_the_members_and_only_they_see_the_alert(world: World) -> None:
    group = await hooked(world)
    sent = await card(world, group)
    await group.tap(WANG, "接单")
    query = world.gateway.updates[-1]["callback_query"]
    assert query["from"]["first_name"] == WANG
    assert query["message"]["chat"]["id"] == int(await group.identity())
    assert (query["message"]["message_id"], query["data"]) == (sent["message_id"], "a1")
    words = {"callback_query_id": query["id"], "text": "接单成功", "show_alert": True}
    assert (await world.bot("answerCallbackQuery", **words))["ok"]
    assert await group.alerts(WANG) == ["接单成功"]
    assert await group.alerts(LI) == []
    assert [e.text for e in await group.cards()] == ["新件"]
    assert "too old" in (await world.bot("answerCallbackQuery", **words))["description"]


async def test_a_card_is_edited_for_all(world: World) -> None:
    group = await hooked(world)
    sent = await card(world, group)
    where = {"chat_id": await group.identity(), "message_id": sent["message_id"]}
    assert (await world.bot("editMessageText", **where, text="已由李警官接了"))["ok"]
    (shown,) = await group.cards()
    assert (shown.text, shown.choices) == ("已由李警官接了", [])
    with pytest.raises(RefusedError, match="nothing to tap"):
        await group.tap(WANG, "接单")


async def test_a_picture_has_no_text_to_edit(world: World) -> None:
    group = await hooked(world)
    photo = world.stage.shelf.put(b"png", "image/png").key
    sent = await world.bot("sendPhoto", chat_id=await group.identity(), photo=photo)
    where = {"chat_id": await group.identity(), "message_id": sent["result"]["message_id"]}
    answer = await world.bot("editMessageText", **where, text="x")
    assert answer["description"] == "Bad Request: there is no text in the message to edit"


async def test_a_member_may_be_a_stranger_to_the_bot(world: World) -> None:
    group = await hooked(world)
    await card(world, group)
    await group.tap(LI, "接单")
    chat = await world.driver.telegram(LI).identity()
    answer = await world.bot("sendMessage", chat_id=chat, text="x")
    assert (answer["error_code"], "can't initiate" in answer["description"]) == (403, True)


async def test_who_is_no_member_can_do_nothing(world: World) -> None:
    group = await hooked(world)
    await card(world, group)
    for work in (group.text("赵督察", "/stats"), group.tap("赵督察", "接单")):
        with pytest.raises(RefusedError, match="赵督察 is not in"):
            await work
    await world.driver.group(TITLE, ["赵督察"])
    await group.tap("赵督察", "接单")


async def test_taps_of_two_do_not_wait_for_each_other(world: World) -> None:
    """Each person's taps are in order; a group's are not held up by one that is slow."""
    group = await hooked(world)
    await card(world, group)
    world.gateway.updates_status = [500]
    await group.tap(LI, "接单")  # Li's stays in line and is tried again and again
    async with asyncio.timeout(5):
        await group.tap(WANG, "接单")
    world.gateway.updates_status = [200]
    names = [u["callback_query"]["from"]["first_name"] for u in world.gateway.updates[1:]]
    assert {LI, WANG} <= set(names)


async def test_a_bot_that_was_thrown_out_hears_and_says_nothing(world: World) -> None:
    group = await hooked(world)
    sent = await card(world, group)
    await group.removes_bot(WANG)
    change = world.gateway.updates[-1]["my_chat_member"]
    assert change["new_chat_member"]["status"] == "kicked"
    await group.text(LI, "/stats")
    assert "my_chat_member" in world.gateway.updates[-1]
    chat = await group.identity()
    for answer in (
        await world.bot("sendMessage", chat_id=chat, text="x"),
        await world.bot("editMessageText", chat_id=chat, message_id=sent["message_id"], text="x"),
    ):
        assert answer["error_code"] == 403
        assert answer["description"] == "Forbidden: bot was kicked from the group chat"
    await group.adds_bot(LI)
    assert world.gateway.updates[-1]["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert (await world.bot("sendMessage", chat_id=chat, text="x"))["ok"]


async def test_a_group_that_became_a_supergroup(world: World) -> None:
    group = await hooked(world)
    before = int(await group.identity())
    await group.upgrades(LI)
    after = int(await group.identity())
    assert str(after).startswith("-100")
    moved, came = (u["message"] for u in world.gateway.updates[-2:])
    assert (moved["chat"]["id"], moved["migrate_to_chat_id"]) == (before, after)
    assert (came["chat"]["id"], came["migrate_from_chat_id"]) == (after, before)
    answer = await world.bot("sendMessage", chat_id=before, text="x")
    assert (answer["error_code"], answer["parameters"]) == (400, {"migrate_to_chat_id": after})
    assert (await world.bot("sendMessage", chat_id=after, text="x"))["ok"]


async def test_the_page_learns_of_groups(world: World) -> None:
    with world.stage.transcript.listening() as news:
        await world.driver.group(TITLE, [LI, WANG])
        kinds = [news.get_nowait() for _ in range(news.qsize())]
    assert ("groups", {"groups": [{"name": TITLE, "members": [LI, WANG]}]}) in kinds


async def test_the_transcript_says_who(world: World) -> None:
    group = await hooked(world)
    await card(world, group)
    await group.text(WANG, "我看看")
    await group.tap(LI, "接单")
    query = world.gateway.updates[-1]["callback_query"]["id"]
    await world.bot("answerCallbackQuery", callback_query_id=query, text="成功", show_alert=True)
    lines = [line[9:] for line in (await world.driver.printed()).splitlines()]
    assert lines[1:] == [
        f"Telegram {TITLE} ← 新件〔接单〕",
        f"Telegram {TITLE} · {WANG} → 我看看",
        f"Telegram {TITLE} · {LI} → 〔点〕接单",
        f"Telegram {TITLE} · {LI} ← 〔弹窗〕成功",
    ]


async def test_a_restart_keeps_the_group(build: Build, tmp_path: Path) -> None:
    first = await build(config={"state_dir": tmp_path})
    group = await first.driver.group(TITLE, [LI, WANG])
    await group.upgrades(LI)
    chat = await group.identity()
    await first.stage.close()
    memory.save(first.stage, tmp_path)
    second = await build(config={"state_dir": tmp_path})
    group = await second.driver.group(TITLE)
    assert await group.identity() == chat
    assert second.stage.bot.groups() == [{"name": TITLE, "members": [LI, WANG]}]
    await group.text(WANG, "/stats")
