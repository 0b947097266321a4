"""Our channel and the fake platform, over the wire: what is sent, tapped, replaced, paced."""

from collections.abc import AsyncIterator

import pytest
from wecom_world import WeComWorld, wecom_world

from bot.channels.base import TransportError
from bot.message import Choice, Kind, Media, MediaKind, Outgoing
from bot.simulator.driver import RefusedError

CASE = Outgoing(
    "Q26-0017 不满意\n户籍 2 号窗口 · 太慢\n“等了俩小时没人理”",
    (Choice("接单", "v-accept"), Choice("看详情", "v-show")),
)


@pytest.fixture
async def world() -> AsyncIterator[WeComWorld]:
    async with wecom_world() as made:
        yield made


async def test_words_there_and_back(world: WeComWorld) -> None:
    await world.li.says("我的件")
    (incoming,) = world.gateway.received
    assert (incoming.kind, incoming.text, incoming.sender) == (
        Kind.TEXT,
        "我的件",
        await world.userid(),
    )
    sent = await world.channel.send(incoming.sender, Outgoing("没有在办的件。"))
    assert sent.via == "text"
    assert (await world.li.hears("没有在办的件。")).text == "没有在办的件。"


async def test_long_words_come_whole(world: WeComWorld) -> None:
    words = "这句话一共十二个字。" * 300
    await world.channel.send(await world.userid(), Outgoing(words))
    assert "".join(entry.text for entry in await world.li.transcript()) == words


async def test_a_card_is_tapped_and_replaced(world: WeComWorld) -> None:
    userid = await world.userid()
    sent = await world.channel.send(userid, CASE)
    assert sent.via == "card"
    heard = await world.li.hears("Q26-0017 不满意", "等了俩小时没人理")
    assert [choice.label for choice in heard.choices] == ["接单", "看详情"]
    await world.li.taps("接单")
    (tapped,) = world.gateway.received
    assert (tapped.kind, tapped.token) == (Kind.CHOICE, "v-accept")
    done = Outgoing("Q26-0017 不满意\n李警官 14:05 接单")
    await world.channel.revise(userid, sent.platform_id, done)
    assert (await world.li.hears("李警官 14:05 接单")).seq == heard.seq
    with pytest.raises(RefusedError):
        await world.li.taps("看详情")


async def test_a_tap_lets_a_card_be_replaced_once_more(world: WeComWorld) -> None:
    """Sent, tapped, settled by the tap's code, and changed again by the code it was sent with."""
    userid = await world.userid()
    sent = await world.channel.send(userid, CASE)
    await world.li.taps("看详情")
    await world.channel.revise(
        userid, sent.platform_id, Outgoing("Q26-0017 李警官接了，别人不用再管。")
    )
    await world.channel.revise(userid, sent.platform_id, Outgoing("Q26-0017 转走了，不用再管。"))
    (shown,) = [entry for entry in await world.li.transcript() if entry.kind == "template"]
    assert shown.text == "Q26-0017 转走了"
    assert [(c.label, c.kind) for c in shown.choices] == [("不用再管", "grey")]
    with pytest.raises(TransportError) as caught:
        await world.channel.revise(userid, sent.platform_id, Outgoing("第三次"))
    assert caught.value.permanent


async def test_a_card_in_the_place_of_another_can_be_tapped_and_replaced(world: WeComWorld) -> None:
    userid = await world.userid()
    sent = await world.channel.send(userid, CASE)
    await world.channel.revise(userid, sent.platform_id, CASE)  # new buttons in its place
    with pytest.raises(TransportError) as caught:
        await world.channel.revise(userid, sent.platform_id, Outgoing("再改一次"))
    assert caught.value.permanent
    for verb in ("看详情", "接单"):  # only the newer tap's code counts
        await world.li.taps(verb)
    await world.channel.revise(userid, sent.platform_id, Outgoing("李警官已接单"))
    (shown,) = [entry for entry in await world.li.transcript() if entry.kind == "template"]
    assert shown.text == "李警官已接单"
    assert [(c.label, c.kind) for c in shown.choices] == [("✓", "grey")]


async def test_a_card_of_four_days_ago_stays_as_it_is(world: WeComWorld) -> None:
    userid = await world.userid()
    sent = await world.channel.send(userid, CASE)
    await world.driver.advances(72 * 3600)
    with pytest.raises(TransportError) as caught:
        await world.channel.revise(userid, sent.platform_id, Outgoing("晚了"))
    assert caught.value.permanent
    await world.li.taps("接单")
    assert world.gateway.received[-1].token == "v-accept"


async def test_words_that_are_no_card_cannot_be_replaced(world: WeComWorld) -> None:
    userid = await world.userid()
    sent = await world.channel.send(userid, Outgoing("好"))
    with pytest.raises(TransportError) as caught:
        await world.channel.revise(userid, sent.platform_id, Outgoing("坏"))
    assert caught.value.permanent


async def test_more_choices_than_a_card_holds_can_all_be_tapped(world: WeComWorld) -> None:
    choices = tuple(Choice(f"选项 {n}", f"c{n}") for n in range(14))
    sent = await world.channel.send(await world.userid(), Outgoing("选哪个？", choices))
    for choice in choices:
        await world.li.taps(choice.label)
    assert [i.token for i in world.gateway.received] == [choice.token for choice in choices]
    await world.channel.revise(await world.userid(), sent.platform_id, Outgoing("选好了"))
    cards = [entry for entry in await world.li.transcript() if entry.kind == "template"]
    assert [card.text for card in cards] == ["选好了"] * 3


async def test_a_picture_goes_out_and_a_photo_comes_in(world: WeComWorld) -> None:
    userid = await world.userid()
    await world.channel.send(userid, Outgoing("本月满意率", image=b"\x89PNG"))
    kinds = [entry.kind for entry in await world.li.transcript()]
    assert kinds == ["text", "image"]
    await world.li.sends_photo(b"jpeg", "image/jpeg")
    media = world.gateway.received[-1].media
    assert media is not None
    assert await world.channel.fetch(media) == ("image/jpeg", b"jpeg")
    with pytest.raises(TransportError):
        await world.channel.fetch(Media(MediaKind.IMAGE, "gone"))


async def test_a_token_that_ended_is_renewed(world: WeComWorld) -> None:
    userid = await world.userid()
    await world.channel.send(userid, Outgoing("一"))
    world.stage.corp.tokens.end_early()
    await world.channel.send(userid, Outgoing("二"))
    await world.driver.advances(7200)
    await world.channel.send(userid, Outgoing("三"))
    outcomes = [(x["what"], x["outcome"]) for x in await world.driver.wire() if x["way"] == "api"]
    assert outcomes.count(("message/send", "42001")) == 1
    assert outcomes.count(("gettoken", "0")) == 3
    assert [entry.text for entry in await world.li.transcript()] == ["一", "二", "三"]


async def test_who_has_left_is_gone(world: WeComWorld) -> None:
    userid = await world.userid()
    await world.li.leaves()
    assert world.gateway.received[-1].kind is Kind.UNFOLLOW
    with pytest.raises(TransportError) as caught:
        await world.channel.send(userid, Outgoing("好"))
    assert (caught.value.gone, caught.value.code) == (True, "81013")


async def test_a_partial_failure_is_a_failure(world: WeComWorld) -> None:
    """The platform's answer as it is for many: errcode 0, and our member on the list."""
    userid = await world.userid()
    await world.driver.wecom("王警官").identity()
    await world.li.leaves()
    both = f"{userid}|{await world.userid('王警官')}"
    answer = await world.send(both)
    assert (answer["errcode"], answer["invaliduser"]) == (0, userid)


async def test_our_pace_keeps_the_platform_from_dropping_anything(world: WeComWorld) -> None:
    li, wang = await world.userid(), await world.userid("王警官")
    refusals: list[TransportError] = []
    left = [f"第 {n} 条" for n in range(100)]
    while left:
        try:
            await world.channel.send(li, Outgoing(left[0]))
            left.pop(0)
        except TransportError as error:
            refusals.append(error)
            await world.channel.send(wang, Outgoing("别人不用等"))
            await world.driver.advances(error.retry_after or 0)
    # 28 in each of three minutes, then the last 16.
    assert [(r.retry_after, r.permanent) for r in refusals] == [(60, False)] * 3
    assert await world.li.dropped() == 0
    assert [e.text for e in await world.li.transcript()] == [f"第 {n} 条" for n in range(100)]


async def test_without_our_pace_the_platform_drops_silently(world: WeComWorld) -> None:
    userid = await world.userid()
    for number in range(40):
        await world.channel.api.send_text(userid, f"第 {number} 条")
    assert len(await world.li.transcript()) == 30
    assert await world.li.dropped() == 10


@pytest.mark.parametrize(("code", "wait"), [(-1, None), (60020, 3600), (45009, 9 * 3600 + 3600)])
async def test_trouble_of_the_platform_is_waited_out(
    world: WeComWorld, code: int, wait: float | None
) -> None:
    userid = await world.userid()
    await world.driver.breaks("/wecom/cgi-bin/message/send", errcode=code)
    with pytest.raises(TransportError) as caught:
        await world.channel.send(userid, Outgoing("好"))
    assert not caught.value.permanent
    # 45009: it is 14:05 in Beijing, and the count begins anew at 00:05.
    assert caught.value.retry_after == wait
    await world.channel.send(userid, Outgoing("好"))
    await world.li.hears("好")
