"""Messages and cards of an app: what the fake takes, refuses, lists and drops."""

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from wecom_world import WeComWorld, wecom_world

BUTTONS = [{"text": "接单", "key": "v1"}, {"text": "看详情", "key": "v2"}]
NOTICE = {"card_type": "text_notice", "main_title": {"title": "已接单"}}
ACTION = {"type": 1, "url": "https://example.org"}
SEND, UPDATE = "message/send", "message/update_template_card"


def card(**changes: Any) -> dict[str, Any]:
    return {
        "card_type": "button_interaction",
        "main_title": {"title": "Q26-0017 不满意"},
        "sub_title_text": "户籍 2 号窗口",
        "task_id": "task-1",
        "button_list": BUTTONS,
        **changes,
    }


@pytest.fixture
async def world() -> AsyncIterator[WeComWorld]:
    async with wecom_world() as made:
        yield made


async def test_a_token_is_the_same_until_it_ends(world: WeComWorld) -> None:
    first = await world.token()
    await world.driver.advances(7199)
    assert await world.token() == first
    await world.driver.advances(1)
    assert (await world.call(SEND, {}, token=first))["errcode"] == 42001
    assert await world.token() != first


async def test_wrong_credentials_are_refused(world: WeComWorld) -> None:
    config = world.stage.config.wecom

    async def code(**query: str) -> int:
        return int((await world.call("gettoken", token=None, **query))["errcode"])

    assert await code(corpsecret=config.secret) == 41002
    assert await code(corpid="ww1", corpsecret=config.secret) == 40013
    assert await code(corpid=config.corp_id) == 41004
    assert await code(corpid=config.corp_id, corpsecret="x") == 40001
    assert (await world.call(SEND, {}, token=None))["errcode"] == 41001
    assert (await world.call(SEND, {}, token="made-up"))["errcode"] == 40014


async def test_a_message_shows_whatever_the_id_s_case(world: WeComWorld) -> None:
    userid = await world.li.identity()
    assert userid != userid.lower()
    answer = await world.send(userid.lower())
    assert (answer["errcode"], answer["invaliduser"]) == (0, "")
    assert (await world.li.hears("您好")).via == "app"


async def test_who_is_out_of_reach_is_listed_and_no_error(world: WeComWorld) -> None:
    li, wang = await world.li.identity(), await world.driver.wecom("王警官").identity()
    await world.driver.wecom("王警官").leaves()
    answer = await world.send(f"{li}|{wang}|Nobody")
    assert (answer["errcode"], answer["invaliduser"]) == (0, f"{wang.lower()}|nobody")
    await world.li.hears("您好")
    assert (await world.send(f"{wang}|Nobody"))["errcode"] == 81013
    await world.driver.wecom("王警官").joins()
    assert (await world.send(wang))["errcode"] == 0


async def test_all_members_and_a_thousand_at_most(world: WeComWorld) -> None:
    for name in ("李警官", "王警官"):
        await world.driver.wecom(name).identity()
    assert (await world.send("@all"))["errcode"] == 0
    await world.driver.wecom("王警官").hears("您好")
    many = "|".join(f"u{n}" for n in range(1000))
    assert (await world.send(many))["errcode"] == 81013
    assert (await world.send(many + "|one-more"))["errcode"] == 40032


async def test_another_app_and_no_app_are_refused(world: WeComWorld) -> None:
    body = {"touser": await world.li.identity(), "msgtype": "text", "text": {"content": "好"}}
    assert (await world.call(SEND, body))["errcode"] == 40056
    assert (await world.call(SEND, {**body, "agentid": 1}))["errcode"] == 301002


async def test_what_cannot_be_shown_is_refused(world: WeComWorld) -> None:
    li = await world.li.identity()

    async def code(kind: str, content: Any) -> int:
        agent = world.stage.config.wecom.agent_id
        body = {"touser": li, "msgtype": kind, "agentid": agent, kind: content}
        return int((await world.call(SEND, body))["errcode"])

    assert await code("text", {"content": " "}) == 44004
    assert await code("text", "words") == 40008
    assert await code("hologram", {"a": 1}) == 40008
    assert await code("image", {}) == 41006
    assert await code("image", {"media_id": "none"}) == 40007
    assert [entry.text for entry in await world.li.transcript()] == []


async def test_long_words_are_cut_off(world: WeComWorld) -> None:
    await world.send(await world.li.identity(), content="好" * 700)
    assert (await world.li.hears("好")).text == "好" * 682


async def test_the_same_json_is_shown_once_where_that_is_asked_for(world: WeComWorld) -> None:
    agent, li = world.stage.config.wecom.agent_id, await world.li.identity()
    body = {"touser": li, "msgtype": "template_card", "agentid": agent, "template_card": card()}
    checked = {**body, "enable_duplicate_check": 1, "duplicate_check_interval": 60}
    first, again = await world.call(SEND, checked), await world.call(SEND, checked)
    assert (first["errcode"], again["errcode"]) == (0, 0)
    assert "response_code" not in again
    assert len(await world.li.transcript()) == 1
    await world.driver.advances(61)
    assert (await world.call(SEND, checked))["errcode"] == 40058  # the card's task id is used


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"card_type": "hologram"}, 40008),
        ({"main_title": {"title": "长" * 37}}, 40058),
        ({"main_title": {}, "sub_title_text": ""}, 40058),
        ({"sub_title_text": "长" * 161}, 40058),
        ({"button_list": []}, 40058),
        ({"button_list": [{"text": f"{n}", "key": f"k{n}"} for n in range(7)]}, 40058),
        ({"button_list": [{"text": "一二三四五六七八九十一", "key": "k"}]}, 40058),
        ({"button_list": [{"text": "好", "key": ""}]}, 40058),
        ({"button_list": [BUTTONS[0], BUTTONS[0]]}, 40058),
        ({"task_id": None}, 40058),
        ({"task_id": "with space"}, 40058),
        ({"task_id": "x" * 129}, 40058),
        ({"card_type": "text_notice"}, 42045),
        ({}, 0),
        ({"card_type": "text_notice", "card_action": ACTION}, 0),
    ],
)
async def test_cards_are_checked(world: WeComWorld, changes: dict[str, Any], code: int) -> None:
    answer = await world.send(await world.li.identity(), "template_card", **card(**changes))
    assert answer["errcode"] == code


async def test_a_task_id_is_taken_once(world: WeComWorld) -> None:
    li = await world.li.identity()
    assert (await world.send(li, "template_card", **card()))["response_code"]
    assert (await world.send(li, "template_card", **card()))["errcode"] == 40058
    assert (await world.send(li, "template_card", **card(task_id="task-2")))["errcode"] == 0


async def update(world: WeComWorld, code: str, userid: str, **change: Any) -> dict[str, Any]:
    agent = world.stage.config.wecom.agent_id
    body = {"userids": [userid], "agentid": agent, "response_code": code, **change}
    return await world.call(UPDATE, body)


async def test_a_code_changes_the_card_once(world: WeComWorld) -> None:
    li = await world.li.identity()
    code = (await world.send(li, "template_card", **card()))["response_code"]
    await world.li.hears("接单", "看详情")
    answer = await update(world, code, li.lower(), button={"replace_name": "王警官已接单"})
    assert (answer["errcode"], answer["invaliduser"]) == (0, [])
    (shown,) = await world.li.transcript()
    assert [(c.label, c.kind) for c in shown.choices] == [("王警官已接单", "grey")]
    assert shown.text == "Q26-0017 不满意\n户籍 2 号窗口"
    again = await update(world, code, li, button={"replace_name": "又一次"})
    assert again["errcode"] == 40058


async def test_a_code_ends_after_72_hours(world: WeComWorld) -> None:
    li = await world.li.identity()
    code = (await world.send(li, "template_card", **card()))["response_code"]
    await world.driver.advances(72 * 3600)
    assert (await update(world, code, li, button={"replace_name": "晚了"}))["errcode"] == 40058
    assert (await update(world, "made-up", li, button={"replace_name": "好"}))["errcode"] == 40058


async def test_another_card_takes_its_place(world: WeComWorld) -> None:
    li = await world.li.identity()
    code = (await world.send(li, "template_card", **card()))["response_code"]
    new = {**NOTICE, "card_action": ACTION}
    assert (await update(world, code, li, template_card=NOTICE))["errcode"] == 42045
    assert (await update(world, code, li, template_card=new))["errcode"] == 0
    (shown,) = await world.li.transcript()
    assert (shown.text, shown.choices) == ("已接单", [])


async def test_whoever_never_got_the_card_is_listed(world: WeComWorld) -> None:
    li, wang = await world.li.identity(), await world.driver.wecom("王警官").identity()
    code = (await world.send(li, "template_card", **card()))["response_code"]
    answer = await update(world, code, wang, button={"replace_name": "好"})
    assert (answer["errcode"], answer["invaliduser"]) == (0, [wang.lower()])


async def test_beyond_30_a_minute_a_member_gets_nothing_and_nobody_says_so(
    world: WeComWorld,
) -> None:
    li, wang = await world.li.identity(), await world.driver.wecom("王警官").identity()
    answers = [await world.send(li, content=f"第 {n} 条") for n in range(1, 33)]
    assert {answer["errcode"] for answer in answers} == {0}
    assert len(await world.li.transcript()) == 30
    assert await world.li.dropped() == 2
    dropped = [line for line in await world.driver.wire() if line["outcome"] == "dropped"]
    assert [line["person"] for line in dropped] == ["李警官", "李警官"]
    await world.send(wang)
    assert await world.driver.wecom("王警官").dropped() == 0
    await world.driver.advances(60)
    await world.send(li, content="又可以了")
    await world.li.hears("又可以了")


async def test_beyond_a_thousand_an_hour_too(world: WeComWorld) -> None:
    member = world.stage.corp.person("李警官")
    for _ in range(1000 // 25):
        assert all(world.stage.corp.admits(member) for _ in range(25))
        await world.driver.advances(60)
    assert not world.stage.corp.admits(member)
    await world.driver.advances(3600 - 40 * 60)
    assert world.stage.corp.admits(member)


async def test_media_go_up_and_come_down(world: WeComWorld) -> None:
    async def upload(kind: str, data: bytes) -> dict[str, Any]:
        form = aiohttp.FormData()
        form.add_field("media", io.BytesIO(data), filename="a.png", content_type="image/png")
        url = f"{world.url}/wecom/cgi-bin/media/upload"
        query = {"access_token": await world.token(), "type": kind}
        async with world.session.post(url, params=query, data=form) as response:
            return dict(await response.json())

    assert (await upload("hologram", b"x"))["errcode"] == 40004
    assert (await upload("image", b""))["errcode"] == 41005
    assert (await upload("image", bytes((10 << 20) + 1)))["errcode"] == 45001
    media_id = (await upload("image", b"png"))["media_id"]
    await world.send(await world.li.identity(), "image", media_id=media_id)
    (shown,) = await world.li.transcript()
    assert (shown.kind, shown.media) == ("image", media_id)
    url = f"{world.url}/wecom/cgi-bin/media/get"
    query = {"access_token": await world.token(), "media_id": media_id}
    async with world.session.get(url, params=query) as response:
        assert (response.content_type, await response.read()) == ("image/png", b"png")
    await world.driver.advances(3 * 24 * 3600)
    assert (await world.call("media/get", media_id=media_id))["errcode"] == 40007


async def test_a_body_that_is_no_object_is_refused(world: WeComWorld) -> None:
    url = f"{world.url}/wecom/cgi-bin/message/send?access_token={await world.token()}"
    for body, code in ((b"", 44002), (b"{", 47001), (b"[1]", 47001)):
        async with world.session.post(url, data=body) as response:
            assert (await response.json())["errcode"] == code


async def test_faults_come_as_ordered(world: WeComWorld) -> None:
    li = await world.li.identity()
    await world.driver.breaks("/wecom/cgi-bin/message/send", errcode=60020)
    answer = await world.send(li)
    assert answer == {"errcode": 60020, "errmsg": "not allow to access from your ip (ordered)"}
    assert (await world.send(li))["errcode"] == 0
