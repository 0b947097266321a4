"""The Bot API methods of the fake, and their errors."""

from typing import Any

import aiohttp
import pytest
from simulated_world import Build, World


def keyboard(*rows: list[dict[str, str]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


async def started(world: World, name: str = "李警官") -> int:
    user = world.driver.telegram(name)
    await user.starts()
    return int(await user.identity())


async def test_the_wrong_token_opens_nothing(world: World) -> None:
    answer = await world.bot("getMe", token="1:wrong")
    assert (answer["error_code"], answer["description"]) == (401, "Unauthorized")


async def test_an_unknown_method_is_not_found(world: World) -> None:
    assert (await world.bot("sendTeleport"))["error_code"] == 404


async def test_method_names_know_no_case(world: World) -> None:
    assert (await world.bot("GETME"))["result"]["is_bot"] is True


async def test_people_who_cannot_be_written_to(world: World) -> None:
    officer = world.driver.telegram("李警官")
    nobody = await world.bot("sendMessage", chat_id=1, text="x")
    assert (nobody["error_code"], nobody["description"]) == (400, "Bad Request: chat not found")
    name = await world.bot("sendMessage", chat_id="@somebody", text="x")
    assert name["description"] == "Bad Request: chat not found"
    chat = int(await officer.identity())
    stranger = await world.bot("sendMessage", chat_id=chat, text="x")
    assert stranger["error_code"] == 403
    assert "can't initiate" in stranger["description"]
    await officer.starts()
    assert (await world.bot("sendMessage", chat_id=chat, text="x"))["ok"]
    await officer.blocks()
    blocked = await world.bot("sendMessage", chat_id=chat, text="x")
    assert blocked["description"] == "Forbidden: bot was blocked by the user"
    await officer.unblocks()
    assert (await world.bot("sendMessage", chat_id=chat, text="x"))["ok"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "message text is empty"),
        ("  ", "message text is empty"),
        ("字" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
    ],
)
async def test_texts_that_do_not_fit(world: World, text: str, why: str) -> None:
    chat = await started(world)
    answer = await world.bot("sendMessage", chat_id=chat, text=text)
    assert answer["description"] == f"Bad Request: {why}"
    assert (await world.bot("sendMessage", chat_id=chat, text="字" * 4096))["ok"]


@pytest.mark.parametrize(
    ("data", "good"),
    [("x" * 64, True), ("x" * 65, False), ("", False), ("满" * 21, True), ("满" * 22, False)],
)
async def test_a_button_carries_64_bytes(world: World, data: str, good: bool) -> None:
    chat = await started(world)
    markup = keyboard([{"text": "接单", "callback_data": data}])
    answer = await world.bot("sendMessage", chat_id=chat, text="新件", reply_markup=markup)
    assert answer["ok"] is good
    if not good:
        assert answer["description"] == "Bad Request: BUTTON_DATA_INVALID"


@pytest.mark.parametrize(
    ("button", "why"),
    [({"text": "", "callback_data": "x"}, "non-empty"), ({"text": "接单"}, "unallowed")],
)
async def test_buttons_that_are_none(world: World, button: dict[str, str], why: str) -> None:
    chat = await started(world)
    answer = await world.bot(
        "sendMessage", chat_id=chat, text="新件", reply_markup=keyboard([button])
    )
    assert why in answer["description"]
    broken = await world.bot("sendMessage", chat_id=chat, text="新件", reply_markup="{")
    assert broken["error_code"] == 400


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<b>粗", "Can't find end tag"),
        ("<script>x</script>", "Unsupported start tag"),
        ("1 < 2", "Unsupported start tag"),
        ("<b><i>x</b></i>", "Unexpected end tag"),
    ],
)
async def test_html_is_checked(world: World, text: str, why: str) -> None:
    chat = await started(world)
    answer = await world.bot("sendMessage", chat_id=chat, text=text, parse_mode="HTML")
    assert "can't parse entities" in answer["description"]
    assert why in answer["description"]
    assert (await world.bot("sendMessage", chat_id=chat, text=text))["ok"]


async def test_html_is_shown_without_its_tags(world: World) -> None:
    chat = await started(world)
    text = '😀 <b>Q26-0017</b> &lt;急&gt; <a href="https://example.org">看</a>'
    sent = await world.bot("sendMessage", chat_id=chat, text=text, parse_mode="HTML")
    assert sent["result"]["text"] == "😀 Q26-0017 <急> 看"
    assert sent["result"]["entities"][0] == {"type": "bold", "offset": 3, "length": 8}
    heard = await world.driver.telegram("李警官").hears("Q26-0017")
    assert [p for p in heard.parts if len(p) > 1] == [
        {"text": "Q26-0017", "style": "bold"},
        {"text": "看", "href": "https://example.org"},
    ]


async def test_a_message_is_edited_in_its_place(world: World) -> None:
    chat = await started(world)
    officer = world.driver.telegram("李警官")
    markup = keyboard([{"text": "接单", "callback_data": "a"}])
    sent = await world.bot("sendMessage", chat_id=chat, text="新件", reply_markup=markup)
    where = {"chat_id": chat, "message_id": sent["result"]["message_id"]}
    same = await world.bot("editMessageText", **where, text="新件", reply_markup=markup)
    assert "message is not modified" in same["description"]
    await officer.hears("新件")
    assert (await world.bot("editMessageText", **where, text="已接单"))["ok"]
    assert (await officer.hears("已接单")).choices == []
    marked = await world.bot("editMessageReplyMarkup", **where, reply_markup=markup)
    assert marked["result"]["reply_markup"] == markup
    assert await officer.unheard() == []
    again = await world.bot("editMessageReplyMarkup", **where, reply_markup=markup)
    assert "not modified" in again["description"]
    assert (await world.bot("deleteMessage", **where))["result"] is True
    gone = await world.bot("editMessageText", **where, text="x")
    assert gone["description"] == "Bad Request: message to edit not found"
    gone = await world.bot("deleteMessage", **where)
    assert gone["description"] == "Bad Request: message to delete not found"


async def test_a_persons_own_message_cannot_be_edited(world: World) -> None:
    chat = await started(world)
    answer = await world.bot("editMessageText", chat_id=chat, message_id=1, text="x")
    assert answer["description"] == "Bad Request: message to edit not found"


async def test_a_press_is_answered_once(world: World) -> None:
    chat = await started(world)
    officer = world.driver.telegram("李警官")
    markup = keyboard([{"text": "接单", "callback_data": "a"}])
    await world.bot("sendMessage", chat_id=chat, text="新件", reply_markup=markup)
    await officer.presses("接单")
    updates = (await world.bot("getUpdates"))["result"]
    query = updates[-1]["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("a", chat)
    assert query["message"]["text"] == "新件"
    answer = {"callback_query_id": query["id"], "text": "接单成功"}
    assert (await world.bot("answerCallbackQuery", **answer))["ok"]
    assert (await officer.hears("接单成功")).kind == "toast"
    assert "too old" in (await world.bot("answerCallbackQuery", **answer))["description"]


async def test_pictures_and_files_come_and_go(world: World) -> None:
    chat = await started(world)
    officer = world.driver.telegram("李警官")
    url = f"{world.url}/telegram/bot{world.config.telegram.bot_token}"
    form = aiohttp.FormData({"chat_id": str(chat), "caption": "走势"})
    form.add_field("photo", b"png", filename="a.png", content_type="image/png")
    async with world.session.post(f"{url}/sendPhoto", data=form) as response:
        photo = (await response.json())["result"]["photo"][0]["file_id"]
    assert (await officer.hears("走势")).kind == "image"
    again = await world.bot("sendPhoto", chat_id=chat, photo=photo)
    assert again["ok"]
    none = await world.bot("sendDocument", chat_id=chat, document="nothing")
    assert none["error_code"] == 400
    await officer.sends_document(b"pdf", "a.pdf")
    file_id = (await world.bot("getUpdates"))["result"][-1]["message"]["document"]["file_id"]
    path = (await world.bot("getFile", file_id=file_id))["result"]["file_path"]
    base = f"{world.url}/telegram/file/bot"
    async with world.session.get(f"{base}{world.config.telegram.bot_token}/{path}") as response:
        assert await response.read() == b"pdf"
    async with world.session.get(f"{base}1:wrong/{path}") as response:
        assert response.status == 401
    assert (await world.bot("getFile", file_id="x"))["error_code"] == 400


async def test_commands_are_kept(world: World) -> None:
    commands = [{"command": "stats", "description": "统计"}]
    assert (await world.bot("setMyCommands", commands=commands))["result"] is True
    assert (await world.bot("getMyCommands"))["result"] == commands
    bad = await world.bot("setMyCommands", commands=[{"command": "统计", "description": "x"}])
    assert bad["description"] == "Bad Request: BOT_COMMAND_INVALID"
    await world.bot("deleteMyCommands")
    assert (await world.bot("getMyCommands"))["result"] == []


async def test_a_group_takes_twenty_a_minute(world: World) -> None:
    world.stage.clock.set(world.stage.clock.now())
    chat = (await world.driver.post("/control/groups/桥西", {}))["id"]
    assert chat < 0
    for _ in range(20):
        assert (await world.bot("sendMessage", chat_id=chat, text="x"))["ok"]
    refused = await world.bot("sendMessage", chat_id=chat, text="x")
    assert refused["error_code"] == 429
    wait = refused["parameters"]["retry_after"]
    assert refused["description"] == f"Too Many Requests: retry after {wait}"
    await world.driver.advances(61)
    assert (await world.bot("sendMessage", chat_id=chat, text="x"))["ok"]


async def test_a_private_chat_may_be_held_to_one_a_second(build: Build) -> None:
    world = await build(telegram={"private_per_second": True})
    chat = await started(world)
    answers = [await world.bot("sendMessage", chat_id=chat, text="x") for _ in range(2)]
    assert [a["ok"] for a in answers] == [True, False]
    assert answers[1]["parameters"] == {"retry_after": 1}


async def test_faults_come_as_ordered(world: World) -> None:
    await world.driver.breaks(
        "getMe", status=429, description="Too Many Requests: retry after 5", retry_after=5
    )
    answer = await world.bot("getMe")
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 5})
    assert (await world.bot("getMe"))["ok"]


async def test_typing_is_announced(world: World) -> None:
    chat = await started(world)
    with world.stage.transcript.listening() as news:
        assert (await world.bot("sendChatAction", chat_id=chat, action="typing"))["ok"]
        kinds = [news.get_nowait() for _ in range(news.qsize())]
    assert ("typing", {"channel": "telegram", "person": "李警官", "on": True}) in kinds


async def test_a_reply_keyboard_says_its_words(world: World) -> None:
    chat = await started(world)
    markup = {"keyboard": [["今天"], [{"text": "本月"}]]}
    await world.bot("sendMessage", chat_id=chat, text="哪一段？", reply_markup=markup)
    await world.driver.telegram("李警官").presses("本月")
    assert (await world.bot("getUpdates"))["result"][-1]["message"]["text"] == "本月"
