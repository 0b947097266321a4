"""What comes back by SMS, and what becomes of it. Now is Friday 20 November 2026, 14:05."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from actions import clock
from actions.invitations.answers import Asked
from actions.invitations.kinds import EventKind
from actions.store.tables import invitations
from actions.turn import Turn
from tests.conftest import FrozenClock
from tests.invitations.asking import CHEN, ZHOU, Counter


async def test_a_grade_by_sms_is_one_rating_of_the_event(counter: Counter) -> None:
    sent = await counter.asks()
    said = await counter.replies("１")
    assert said is not None
    assert said.text == "谢谢，记下了：满意。想说什么，直接回一句就行。"
    [rating] = await counter.ratings()
    assert (rating.grade, rating.way, rating.channel) == ("satisfied", "invited", "sms")
    assert rating.event_id == sent.event_id
    assert (await counter.invitation("N1")).state == "answered"
    assert await counter.cases() == []


async def test_not_satisfied_opens_a_case_with_the_words_and_the_number(counter: Counter) -> None:
    await counter.asks()
    said = await counter.replies("不满意 等了两个小时")
    assert said is not None
    [case] = await counter.cases()
    [rating] = await counter.ratings()
    assert said.text.startswith(f"抱歉，没办好。记下了，编号 {case.number}。")
    assert "前给您结果" in said.text
    assert await counter.matters() == ["等了两个小时"]
    assert (case.kind, case.reason, case.rating_id) == ("unsatisfied", "speed", rating.id)
    assert counter.services.vault.open(case.phone_sealed) == CHEN


async def test_the_same_message_twice_is_one_rating_and_one_case(counter: Counter) -> None:
    await counter.asks()
    message = str(clock.new_id())
    said = [await counter.replies("3 没人理", message=message) for _ in range(3)]
    assert said[0] == said[1] == said[2]
    assert len(await counter.ratings()) == len(await counter.cases()) == 1


async def test_a_crash_between_rating_and_case_is_made_good(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await counter.asks()
    message = str(clock.new_id())

    async def fails(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(type(counter.services.cases), "submit", fails)
        with pytest.raises(ConnectionError):
            await counter.replies("3", message=message)
    assert (len(await counter.ratings()), len(await counter.cases())) == (1, 0)
    assert await counter.replies("3", message=message) is not None
    assert (len(await counter.ratings()), len(await counter.cases())) == (1, 1)


async def test_one_event_one_rating_the_first_counts(counter: Counter) -> None:
    await counter.asks()
    await counter.replies("1")
    again = await counter.replies("2")
    assert again is not None
    assert again.text == "谢谢，这次已经评过了，一件事只记一次。"
    assert [row.grade for row in await counter.ratings()] == ["satisfied"]


async def test_who_is_not_satisfied_afterwards_is_heard_though_it_does_not_count(
    counter: Counter,
) -> None:
    await counter.asks()
    await counter.replies("1")
    said = await counter.replies("3 刚发现名字写错了")
    assert said is not None
    assert "已经评过了" in said.text
    [case] = await counter.cases()
    assert (case.rating_id, case.reason) == (None, "error")


async def test_a_remark_after_a_good_grade_goes_with_the_rating(counter: Counter) -> None:
    await counter.asks()
    await counter.replies("满意")
    said = await counter.replies("窗口的同志很耐心")
    assert said is not None
    assert said.text == "这句也记下了，谢谢。"
    [rating] = await counter.ratings()
    assert counter.services.vault.open(rating.comment_sealed) == "窗口的同志很耐心"
    assert await counter.replies("再说一句别的话") is None


async def test_a_remark_after_a_bad_grade_goes_to_the_case(counter: Counter) -> None:
    await counter.asks()
    first = await counter.replies("3")
    assert first is not None
    assert "哪里没办好" in first.text
    said = await counter.replies("等了两个小时没人理")
    assert said is not None
    assert said.text == "这句也记下了，谢谢。"
    assert len(await counter.cases()) == 1


@pytest.mark.parametrize("text", ["进度", "有人在砸我家门", "我的投诉到哪了？", "Q26-0001"])
async def test_what_is_no_answer_is_left_to_the_dialogue(counter: Counter, text: str) -> None:
    await counter.asks()
    assert await counter.replies(text) is None
    await counter.replies("1")
    assert await counter.replies(text) is None
    assert len(await counter.ratings()) == 1


async def test_nonsense_is_asked_once_more(counter: Counter) -> None:
    await counter.asks()
    said = await counter.replies("7")
    assert said is not None
    assert said.text.startswith("没看明白")
    assert [offer.label for offer in said.offers] == ["满意", "基本满意", "不满意"]
    assert await counter.ratings() == []


async def test_a_digit_from_somebody_who_was_never_asked(counter: Counter) -> None:
    assert await counter.replies("1", ZHOU) is None


# --- danger -------------------------------------------------------------------------------------


async def test_danger_beside_a_grade_is_told_to_the_duty_desk(counter: Counter) -> None:
    await counter.asks()
    said = await counter.replies("3 他现在又来砸门了")
    assert said is not None
    assert said.text.startswith("要是现在有危险，请马上打 110！")
    assert len(await counter.cases()) == 1


# --- late, from elsewhere -----------------------------------------------------------------------


async def test_after_expiry_it_does_not_count_but_a_bad_word_is_heard(
    counter: Counter, frozen: FrozenClock
) -> None:
    await counter.asks()
    await counter.asks(phone=ZHOU)
    frozen.advance(days=8)
    await counter.services.invitations.round()
    assert (await counter.invitation("N1")).state == "expired"
    good = await counter.replies("1")
    assert good is not None
    assert good.text == "谢谢。这次评价的时间已经过了，不计入了。"
    bad = await counter.replies("3 没办成", ZHOU)
    assert bad is not None
    assert bad.text.startswith("谢谢。这次评价的时间已经过了，不计入了。抱歉")
    assert await counter.ratings() == []
    [case] = await counter.cases()
    assert case.rating_id is None


async def test_another_phone_answers_by_the_code_only(counter: Counter) -> None:
    code = counter.code(await counter.asks())
    assert await counter.replies("3", ZHOU) is None
    assert await counter.replies("3 ABC1DEF", ZHOU) is None, "a wrong code opens nothing"
    chat = await counter.meets("sms", f"+86{CHEN}")
    assert await counter.replies("3 ABC1DEF", conversation=chat, asked=Asked.ELSE) is None
    said = await counter.replies(f"3 {code.lower()} 没人理", ZHOU)
    assert said is not None
    [rating] = await counter.ratings()
    assert rating.grade == "unsatisfied"


async def test_a_code_alone_asks_the_question_again(counter: Counter) -> None:
    code = counter.code(await counter.asks())
    chat = await counter.meets("wechat", "openid-chen")
    said = await counter.replies(code, conversation=chat, asked=Asked.ELSE)
    assert said is not None
    assert said.offers
    rated = await counter.replies(f"1 {code}", conversation=chat, asked=Asked.ELSE)
    assert rated is not None
    assert [row.channel for row in await counter.ratings()] == ["wechat"]


async def test_of_two_that_wait_the_newest_is_meant_unless_the_code_says_otherwise(
    counter: Counter, frozen: FrozenClock
) -> None:
    await counter.asks()
    async with counter.services.engine.begin() as connection:
        person = await counter.services.people.meet(connection, "sms", f"+86{CHEN}")
    first = await counter.invitation("N1")
    other = await counter.asks(phone=ZHOU)
    async with counter.services.engine.begin() as connection:
        await connection.execute(
            update(invitations)
            .where(invitations.c.id == other.id)
            .values(identity_id=person.identity_id)
        )
    await counter.replies(f"1 {counter.code(first)}")
    await counter.replies("3")
    graded = {row.event_id: row.grade for row in await counter.ratings()}
    assert graded == {first.event_id: "satisfied", other.event_id: "unsatisfied"}


async def test_what_was_asked_since_is_answered_first(counter: Counter) -> None:
    await counter.asks()
    assert await counter.replies("1", asked=Asked.ELSE) is None
    assert await counter.ratings() == []


async def test_in_a_chat_only_what_follows_the_invitation_is_an_answer(counter: Counter) -> None:
    chat = await counter.meets("wechat", "openid-chen")
    await counter.asks(wechat="openid-chen")
    assert await counter.replies("不满意", conversation=chat) is None
    said = await counter.replies("不满意 没人理", conversation=chat, asked=Asked.INVITATION)
    assert said is not None
    assert len(await counter.cases()) == 1


async def test_a_tap_rates_and_somebody_elses_tap_does_not(counter: Counter) -> None:
    chat = await counter.meets("wechat", "openid-chen")
    sent = await counter.asks(wechat="openid-chen")
    answers = counter.services.invitations.answers
    entities = {"invitation": sent.id.hex, "grade": "basically"}
    other = Turn(await counter.meets("wechat", "openid-zhou"), str(clock.new_id()))
    assert await answers.tapped(other, entities) is None
    said = await answers.tapped(Turn(chat, str(clock.new_id())), entities)
    assert said is not None
    assert said.text == "谢谢，记下了：基本满意。"


# --- never again --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["T", "退订", "td"])
async def test_who_says_stop_is_not_asked_again(
    counter: Counter, frozen: FrozenClock, text: str
) -> None:
    await counter.asks()
    said = await counter.replies(text)
    assert said is not None
    assert "不再请您评价" in said.text
    frozen.advance(days=40)
    assert await counter.why_not() == "opted_out"
    await counter.replies("恢复评价")
    assert await counter.why_not() is None


async def test_stop_holds_for_what_is_waiting_to_be_sent(
    counter: Counter, frozen: FrozenClock
) -> None:
    await counter.takes(counter.event(kind="police_call"))
    await counter.services.invitations.round()
    await counter.replies("T")
    frozen.advance(days=7)
    await counter.services.invitations.round()
    waited = await counter.invitation("N1")
    assert (waited.state, waited.why_not) == ("dropped", "opted_out")
    assert await counter.messages() == []


# --- marks, and what an enterprise needs ----------------------------------------------------------


async def test_marks_follow_the_grade(marking: Counter) -> None:
    await marking.asks()
    said = await marking.replies("2")
    assert said is not None
    assert "54455：出警速度、态度、结果、装备、警容" in said.text
    kept = await marking.replies("5 4 3 2 1")
    assert kept is not None
    assert kept.text == "分数记下了，谢谢。"
    row = await marking.invitation("N1")
    assert row.aspects == {
        "arrival": 5, "attitude": 4, "result": 3, "equipment": 2, "appearance": 1,
    }  # fmt: skip
    assert await marking.replies("11111") is None, "once"


async def test_an_enterprise_says_what_it_needs(counter: Counter) -> None:
    await counter.asks(kind=EventKind.ENTERPRISE.value, unit="YZ-QX", flags=None)
    [(channel, words)] = await counter.messages()
    assert channel == "sms"
    assert words.startswith("桥西分局想听听：您单位近来有什么需要我们办的？")
    said = await counter.replies("门口的路灯坏了，晚上下班不安全")
    assert said is not None
    [case] = await counter.cases()
    assert case.kind == "help"
    assert await counter.matters() == ["门口的路灯坏了，晚上下班不安全"]
    assert await counter.ratings() == []
