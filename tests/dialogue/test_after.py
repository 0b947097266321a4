"""Once an officer works on it: their question, the visit, the result; reopening; questions later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from actions.cases.states import Verb
from actions.store.tables import attachments
from tests.cast import Cast, Someone
from tests.conftest import FrozenClock
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play
from tests.policies import written

NUMBER = "Q26-0001"
CASE = """
    chen ~ mdl-hj2-cspc
    chen [不满意]
    chen: 等了俩小时没人理
    chen [不留]
    > 编号 Q26-0001
    > 凭码 {code}
"""
QUESTION = "您是几号去的？"


@pytest.fixture
def environ(environ: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The default policy, with visits that the citizen confirms."""
    return {**environ, "POLICY": written(tmp_path, changes={"visit.confirm": "code"})}


async def act(someone: Someone, verb: Verb, **given: Any) -> None:
    await someone.services.cases.act(someone.turn(), NUMBER, verb, **given)


async def asked(chats: Chats, cast: Cast) -> None:
    """Chen's case, accepted by Li, who has asked something."""
    await play(chats, CASE)
    await act(cast.li, Verb.ACCEPT)
    await act(cast.li, Verb.ASK, text=QUESTION)


async def answered(chats: Chats, cast: Cast) -> None:
    """Chen's case, with Li's answer."""
    await play(chats, CASE)
    await act(cast.li, Verb.ACCEPT)
    await act(cast.li, Verb.ANSWER, text="已道歉并补办")


async def closed(chats: Chats, cast: Cast) -> None:
    await answered(chats, cast)
    await play(chats, "chen: 满意\n> 记下了：满意。Q26-0001 办结")


async def last_words(cast: Cast, verb: Verb) -> str:
    """What the holder reads of the last time this was done."""
    events = await cast.li.services.cases.history(cast.li.turn(), NUMBER)
    return next(event.words for event in reversed(events) if event.verb is verb)


REPLIES = {
    "by button": """
        chen: 进度
        > 王警官想问您
        > “您是几号去的？”
        > 前回就行；没回也照已知的接着办
        ! 〔催一下〕
        chen [回答]
        > 写给民警的话
        chen: 十五号下午
        > 已转给民警。Q26-0001 接着办，
        > 前给您结果
        chen: 进度
        > 在办
    """,
    "by command": """
        chen: 回答 Q26-0001 十五号下午
        > 已转给民警
    """,
    "by command, without the number": """
        chen: 回答 十五号下午
        > 已转给民警
    """,
    "in the officers' word for it": """
        chen: 回复 Q26-0001 十五号下午
        > 已转给民警
    """,
    "told in plain words": """
        chen: 跟民警说十五号下午
        > 已转给民警
    """,
    "just written": """
        chen: 十五号下午
        > 已转给民警
    """,
    "asked what to write": """
        chen: 我要回答警官问的那个
        > 写给民警的话
        chen: 十五号下午
        > 已转给民警
    """,
}


@pytest.mark.parametrize("script", REPLIES)
async def test_reply(chats: Chats, cast: Cast, script: str) -> None:
    await asked(chats, cast)
    lines = REPLIES[script].replace("王警官", await called(cast))
    await play(chats, lines)
    assert "十五号下午" in await last_words(cast, Verb.REPLY)
    assert "跟民警" not in await last_words(cast, Verb.REPLY) or script == "told in plain words"


async def called(cast: Cast) -> str:
    person = await cast.li.services.people.whoami(cast.li.turn())
    assert person.officer is not None
    return person.officer.called


OTHERWISE = {
    "a story is the reply, and a new matter is one word away": """
        chen: 他说材料不全让我回去 我就走了
        > 已转给民警
        > 要另外投诉别的事，发“投诉”
    """,
    "what sounds like an officer's work is the reply": """
        chen: 他说材料不全让我回去
        > 已转给民警
    """,
    "what says that it is a complaint is one": """
        chen: 我要投诉南站派出所的人骂我
        > 这件投诉记下了
        ! 已转给民警
    """,
    "a short word is asked back": """
        chen: 好的
        > 把“好的”转给他吗？
        chen [转给他]
        > 已转给民警
    """,
    "another word instead": """
        chen: 不知道
        > 把“不知道”转给他吗？
        chen [我另写一句]
        > 写给民警的话
        chen: 不知道
        > 已转给民警
    """,
    "no is an answer when it was asked": """
        chen: 回答
        chen: 没有
        > 已转给民警
    """,
    "a question can be passed on": """
        chen: 要带什么材料过去吗
        > 0000-12345
        chen [转给问我的民警]
        > 已转给民警
    """,
    "thanks are thanks": """
        chen: 谢谢
        > 不客气
        ! 已转给民警
    """,
    "danger is danger": """
        chen: 有人拿刀砍人 救命
        > 110
        ! 已转给民警
    """,
    "interrupted, then dropped": """
        chen: 回答
        chen: 帮助
        > ——刚才说到：写给民警的话（Q26-0001）？
        = 2
        chen: 算了
        ! 已转给民警
        chen: 进度
        > 想问您
    """,
    "in the middle of a complaint": """
        chen: 我要投诉
        chen: 路口没人管
        chen: 回答 Q26-0001 十五号下午
        > 已转给民警
        > ——刚才说到：事情是什么时候发生的？
    """,
    "an urge shows what is waited for": """
        chen: 催一下
        > 已催办 Q26-0001。民警也在等您回答
        > “您是几号去的？”
        > 〔回答〕
    """,
    "words after a withdrawal that was not meant": """
        chen: 撤回
        chen: 我再想想
        ! 已转给民警
    """,
    "a stranger's number": """
        zhou: 回答 Q26-0001 十五号下午
        > 没查到这个编号
        zhou: 回答
        > 现在没有民警在等您回答
    """,
}


@pytest.mark.parametrize("script", OTHERWISE)
async def test_what_is_a_reply_and_what_not(chats: Chats, cast: Cast, script: str) -> None:
    await asked(chats, cast)
    await play(chats, OTHERWISE[script])


async def test_the_short_word_reaches_the_officer(chats: Chats, cast: Cast) -> None:
    await asked(chats, cast)
    await play(chats, OTHERWISE["a short word is asked back"])
    assert "好的" in await last_words(cast, Verb.REPLY)


async def test_a_photo_goes_with_the_reply(chats: Chats, cast: Cast) -> None:
    await asked(chats, cast)
    await play(
        chats,
        """
        chen + image
        > 照片收到。再写一句，或者就这样发
        chen + image
        > 照片收到
        chen: 收据在这
        > 已转给民警
        """,
    )
    assert await hung(cast) == 2
    assert "收据在这" in await last_words(cast, Verb.REPLY)


async def test_a_photo_alone_is_a_reply(chats: Chats, cast: Cast) -> None:
    await asked(chats, cast)
    await play(chats, "chen + image\nchen [就这样发]\n> 已转给民警")
    assert await hung(cast) == 1


async def test_a_place_is_a_reply(chats: Chats, cast: Cast) -> None:
    await asked(chats, cast)
    await play(chats, "chen + location\n> 已转给民警")
    assert "槐荫路 12 号" in await last_words(cast, Verb.REPLY)


async def test_a_late_reply_is_added(chats: Chats, cast: Cast) -> None:
    """The officer has gone on meanwhile; the words are not lost."""
    await asked(chats, cast)
    await play(chats, "chen: 回答\n> 写给民警的话")
    await act(cast.li, Verb.CONTINUE)
    await play(chats, "chen: 十五号下午\n> 民警已经接着办了，这句补进 Q26-0001")
    assert "十五号下午" in await last_words(cast, Verb.ADD_FACTS)


async def hung(cast: Cast) -> int:
    async with cast.chen.services.engine.connect() as connection:
        query = select(func.count()).where(attachments.c.case_id.is_not(None))
        return int((await connection.execute(query)).scalar_one())


VISITS = {
    "by button": """
        chen: 进度
        chen [上门记录属实]
        > 谢谢，记下了：Q26-0001 的上门记录属实
        chen: 属实
        > 现在没有等您确认的上门记录
    """,
    "in a word": """
        chen: 属实
        > 上门记录属实
    """,
    "confirmed": """
        chen: 确认
        > 上门记录属实
    """,
    "politeness confirms nothing": """
        chen: 好的
        ! 上门记录属实
    """,
    "what is wrong with it reaches the officer": """
        chen: 没到我家 只在楼下打了个电话
        > 补上了，办 Q26-0001 的人看得到
    """,
}


@pytest.mark.parametrize("script", VISITS)
async def test_visit(chats: Chats, cast: Cast, script: str) -> None:
    await play(chats, CASE)
    await act(cast.li, Verb.ACCEPT)
    await act(cast.li, Verb.VISIT, text="已上门说明")
    await play(chats, VISITS[script])


REOPENED = {
    "by command": """
        chen: 重开 Q26-0001 还是没人
        > Q26-0001 已重开，交桥西分局明德里派出所
        > 前给您结果
        chen: 进度
        > 等民警接手
    """,
    "by button": """
        chen: 进度
        > 办结了
        chen [重开]
        > 重开 Q26-0001（等了俩小时没人理）：哪里还没解决？
        = 1
        chen + image
        > 照片收到
        = 1
        chen: 还是没人
        > 已重开
    """,
    "in plain words": """
        chen: 答复说修好了 其实根本没修
        > 要重开 Q26-0001（等了俩小时没人理）吗？我这样转过去：“答复说修好了 其实根本没修”
        chen: 是的
        > 已重开
    """,
    "in plain words, and then others": """
        chen: 问题又来了
        > 哪里还没解决？
        chen: 窗口还是没人
        > 已重开
    """,
    "asked, and left": """
        chen: 办结了但是问题又出现了
        chen [不用了]
        > 好的
        chen: 进度
        > 办结了
    """,
    "interrupted": """
        chen: 重开
        chen: 帮助
        > ——刚才说到：重开 Q26-0001
        = 2
        chen: 算了
        ! 已重开
    """,
    "not somebody else's": """
        zhou: 重开 Q26-0001 还是没人
        > 没查到这个编号
        zhou: 重开
        > 没有能重开的件
        > 〔投诉〕
    """,
}


@pytest.mark.parametrize("script", REOPENED)
async def test_reopen(chats: Chats, cast: Cast, script: str) -> None:
    await closed(chats, cast)
    await play(chats, REOPENED[script])


async def test_reopening_has_its_window(chats: Chats, cast: Cast, frozen: FrozenClock) -> None:
    await closed(chats, cast)
    frozen.advance(days=120)
    await play(
        chats,
        """
        chen: Q26-0001
        ! 〔重开〕
        chen: 重开
        > 没有能重开的件
        chen: 重开 Q26-0001 还是没人
        > 重开的期限过了
        """,
    )


async def test_not_content_and_closed_may_reopen(chats: Chats, cast: Cast) -> None:
    await answered(chats, cast)
    await play(
        chats,
        """
        chen: 不满意
        > 记下了：不满意，上级看得到。Q26-0001 办结；没解决的话点“重开”
        chen [重开]
        > 哪里还没解决？
        chen: 还是没人
        > 已重开
        """,
    )


async def test_asked_whether_it_stayed_solved(chats: Chats, cast: Cast) -> None:
    await closed(chats, cast)
    chat = chats("chen")
    await chat.event("confirm_solved", case=NUMBER, solved="yes")
    assert "没再出问题" in chat.heard[0]
    await chat.event("confirm_solved", case=NUMBER, solved="no")
    assert "问题又出现了" in chat.heard[0]
    assert "重开" in chat.offered


async def test_asked_how_they_were_treated(chats: Chats, cast: Cast) -> None:
    """A bad word counts before any detail; who sees it is said first."""
    await closed(chats, cast)
    chat = chats("chen")
    await chat.event("report_treatment", case=NUMBER, treated="fairly")
    assert "那就好" in chat.heard[0]
    await chat.event("report_treatment", case=NUMBER, treated="badly")
    assert "办您这件事的单位看不到" in chat.heard[0]
    assert await reports(cast) == ["", "（还没细说）"]
    await play(chats, "chen: 再去办事他们故意让我排最后\n> 单位看不到")
    assert (await reports(cast))[2:] == ["再去办事他们故意让我排最后"]


async def test_treated_badly_and_nothing_more_to_say(chats: Chats, cast: Cast) -> None:
    await closed(chats, cast)
    chat = chats("chen")
    await chat.event("report_treatment", case=NUMBER, treated="badly")
    await play(chats, "chen [不说了]\n> 好的")
    assert len(await reports(cast)) == 1


async def test_danger_comes_before_the_rest_of_it(chats: Chats, cast: Cast) -> None:
    await closed(chats, cast)
    chat = chats("chen")
    await chat.event("report_treatment", case=NUMBER, treated="badly")
    await play(
        chats,
        """
        chen: 他们拿刀堵在我家门口 救命
        > 110
        = 1
        """,
    )
    assert len(await reports(cast)) == 1


async def reports(cast: Cast) -> list[str]:
    """What the inspector reads of how the citizen was treated; the holder reads nothing."""
    at_work = await cast.li.services.cases.history(cast.li.turn(), NUMBER)
    assert Verb.REPORT_TREATMENT not in {event.verb for event in at_work}
    events = await cast.inspect.services.cases.history(cast.inspect.turn(), NUMBER)
    return [event.words for event in events if event.verb is Verb.REPORT_TREATMENT]


async def test_merged(chats: Chats, cast: Cast) -> None:
    await play(chats, CASE)
    await play(
        chats, "zhou ~ mdl-hj2-cspc\nzhou [不满意]\nzhou: 窗口没人\nzhou [不留]\n> 编号 Q26-0002"
    )
    await act(cast.li, Verb.ACCEPT)
    await act(cast.li, Verb.MERGE, into="Q26-0002")
    await play(chats, "chen: 进度\n> 和别人反映的是同一件事，一并办\n! Q26-0002")


async def test_in_english(chats: Chats, cast: Cast) -> None:
    await asked(chats, cast)
    await play(
        chats,
        """
        chen: english
        chen: progress
        > asks you
        chen [Answer]
        > Write your answer
        chen: around the fifteenth I think
        > Passed on to the officer
        """,
    )
