"""What a grade for the result leads to, and what is promised when a case opens, under policies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions.cases.states import Verb
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
"""
KINDS = ["unsatisfied", "complaint"]
REVIEWED: dict[str, Any] = {
    "review": {"by": "sub_centre", "kinds": KINDS},
    "deadlines.review": {"within": "1 working day"},
    "unsatisfied_result": "review",
}
REVISITED: dict[str, Any] = {
    **REVIEWED,
    "revisit": {"by": "sub_centre", "kinds": KINDS, "own_answer_counts": False, "of": "all"},
    "deadlines.revisit": {"within": "3 working days"},
}
CALLED: dict[str, Any] = {
    "callback": {
        "kinds": ["unsatisfied"],
        "by": "sub_centre",
        "form": ["reason", "wish"],
        "attempts": 3,
        "unreachable": "continue",
    },
    "deadlines.callback": {"within": "same day"},
}
HIDDEN = {"identity.escrow": "always"}
TWO_GRADES = {"scale": ["satisfied", "unsatisfied"]}
UNNAMED = {"identity.officer_named": False}


@pytest.fixture
def changes(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What differs from the default policy."""
    return dict(getattr(request, "param", {}))


@pytest.fixture
def environ(environ: dict[str, str], tmp_path: Path, changes: dict[str, Any]) -> dict[str, str]:
    return {**environ, "POLICY": written(tmp_path, changes=changes)}


def under(*changes: dict[str, Any]) -> pytest.MarkDecorator:
    merged = {name: value for each in changes for name, value in each.items()}
    return pytest.mark.parametrize("changes", [merged], indirect=True, ids=["policy"])


async def act(someone: Someone, verb: Verb, **given: Any) -> None:
    await someone.services.cases.act(someone.turn(), NUMBER, verb, **given)


async def answered(chats: Chats, cast: Cast, *, reviewed: bool = False) -> None:
    await play(chats, CASE)
    await act(cast.li, Verb.ACCEPT)
    await act(cast.li, Verb.HAND_IN if reviewed else Verb.ANSWER, text="已道歉并补办")
    if reviewed:
        await play(chats, "chen: 进度\n> 民警已办完，上级在复核\n! 已道歉")
        await act(cast.sub, Verb.REVIEW)


@under(REVIEWED)
async def test_not_content_goes_to_the_level_above(chats: Chats, cast: Cast) -> None:
    await answered(chats, cast, reviewed=True)
    await play(
        chats,
        """
        chen: 进度
        > 有答复了
        chen [不满意]
        > 收到，不满意。Q26-0001 由上一级来看，会给您说法
        chen: 根本没人给我道歉
        > 补上了
        chen: 进度
        > 您说没办好，上一级在看
        """,
    )
    events = await cast.sub.services.cases.history(cast.sub.turn(), NUMBER)
    assert events[-1].words == "根本没人给我道歉"


@under(REVIEWED)
@pytest.mark.parametrize(
    ("words", "heard"),
    [("谢谢", "不客气"), ("进度", "上一级在看"), ("我要投诉南站派出所", "发生了什么事")],
)
async def test_the_reason_is_not_pressed_for(
    chats: Chats, cast: Cast, words: str, heard: str
) -> None:
    await answered(chats, cast, reviewed=True)
    await play(chats, f"chen: 不满意\nchen: {words}\n> {heard}\n! 补上了")


@under(REVISITED)
async def test_content_but_asked_once_more(chats: Chats, cast: Cast) -> None:
    await answered(chats, cast, reviewed=True)
    await play(
        chats,
        """
        chen: 满意
        > 谢谢，记下了：满意。还会有人再回访您一次，Q26-0001 才算办结
        chen: 进度
        > 您评了：满意。还会有人再回访您一次
        ! 〔不满意〕
        """,
    )


@under(TWO_GRADES)
async def test_two_grades(chats: Chats, cast: Cast) -> None:
    await play(
        chats,
        """
        chen ~ mdl-hj2-cspc
        > 〔不满意〕
        ! 基本满意
        chen: 基本满意
        > 这里只分这几档，您选哪个？
        > 〔满意〕
        ! 〔基本满意〕
        chen [满意]
        > 记下了：满意
        """,
    )
    await answered(chats, cast)
    await play(
        chats,
        """
        chen: 进度
        > 〔不满意〕
        ! 基本满意
        chen: 一般
        > Q26-0001 这里只分这几档
        chen [满意]
        > Q26-0001 办结
        """,
    )


async def test_two_results_wait(chats: Chats, cast: Cast) -> None:
    await answered(chats, cast)
    await play(chats, "chen ~ nz-92gt\nchen [不满意]\nchen: 没人理\nchen [不留]\n> 编号 Q26-0002")
    await cast.liu.services.cases.act(cast.liu.turn(), "Q26-0002", Verb.ACCEPT)
    await cast.liu.services.cases.act(cast.liu.turn(), "Q26-0002", Verb.ANSWER, text="已整改")
    await play(
        chats,
        """
        chen: 满意
        > 是哪一件？
        chen [Q26-0002 没人理]
        > 记下了：满意。Q26-0002 办结
        """,
    )


@under(CALLED)
async def test_a_callback_is_promised(chats: Chats, cast: Cast) -> None:
    await play(
        chats,
        """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen: 等了俩小时没人理
        > 要回电话给您吗？留手机号，只有分中心回访人员和办这件事的人看得到；不留也照办
        chen: 13800000000
        > 今天 21:00 前给您回电话，
        > 前给您结果
        zhou: 投诉
        zhou: 窗口的人骂我
        zhou: 跳过
        zhou: 跳过
        zhou: 跳过
        # no callback for complaints here
        > 要留个电话吗？
        ! 回电话给您
        """,
    )


@under(CALLED)
async def test_no_number_no_callback(chats: Chats, cast: Cast) -> None:
    await play(chats, CASE + "! 回电话")


@under(CALLED, HIDDEN)
async def test_who_sees_the_number_in_escrow(chats: Chats, cast: Cast) -> None:
    await play(
        chats,
        """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen: 等了俩小时没人理
        > 身份保密，只有分中心回访人员看得到
        """,
    )


@under(HIDDEN)
async def test_nobody_sees_the_number_alone(chats: Chats, cast: Cast) -> None:
    await play(
        chats,
        """
        chen: 投诉
        chen: 窗口的人骂我
        chen: 跳过
        chen: 跳过
        chen: 跳过
        > 身份保密，要两个人批准才看得到
        > 也可以匿名：查得慢些
        """,
    )


async def test_nobody_calls_by_default(chats: Chats, cast: Cast) -> None:
    await play(
        chats,
        """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen: 等了俩小时没人理
        > 要留个电话吗？有事好问您，只有办这件事的人看得到；不留也照办
        chen: 13800000000
        ! 给您回电话
        """,
    )


@under(UNNAMED)
async def test_the_officer_is_not_named(chats: Chats, cast: Cast) -> None:
    await play(chats, CASE)
    await act(cast.li, Verb.ACCEPT)
    await play(chats, "chen: 进度\n> 承办民警在办")


async def test_a_broken_promise_is_owned_up_to(
    chats: Chats, cast: Cast, frozen: FrozenClock
) -> None:
    await play(chats, CASE)
    frozen.advance(days=20)
    await play(
        chats,
        """
        chen: 进度
        > 已经晚了，对不住
        chen [催一下]
        > 已经晚了，对不住
        """,
    )


@under({"deadlines.answer": {"within": "3 working days"}})
async def test_a_date_beyond_the_known_holidays(
    chats: Chats, cast: Cast, frozen: FrozenClock
) -> None:
    """The year after the last whose holidays are known: said with the date."""
    frozen.advance(days=365 * 8)
    await play(
        chats,
        """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen: 等了俩小时没人理
        chen [不留]
        > （暂按周一至周五算）
        chen: 进度
        > （暂按周一至周五算）
        """,
    )
