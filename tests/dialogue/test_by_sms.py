"""What somebody gets who writes by text message: a case opened, a result rated, nothing told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.bootstrap import Services
from actions.cases.states import Verb
from tests.cast import Cast, Someone
from tests.dialogue.chat import Chat

REFUSED = (
    "短信证明不了是您本人，这里查不到、也改不了任何一件。请在公众号回“进度”，或到网页凭码查看。"
)


@pytest.fixture
async def texter(services: Services, cast: Cast) -> Someone:
    """Somebody with a phone."""
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, "sms", "+8613900000001")
    return Someone(services, person.conversation)


@pytest.mark.parametrize(
    "words",
    [
        "进度",
        "我的投诉怎么样了",
        "Q26-0001",
        "催一下",
        "催办 Q26-0001",
        "撤回 Q26-0001",
        "撤回",
        "重开 Q26-0001",
        "我的件",
        "/case Q26-0001",
        "/why Q26-0001",
        "/bind LI7K3M22",
        "补充 Q26-0001 还有一件事",
    ],
)
async def test_nothing_is_told(
    chat: Callable[[Someone], Chat], cast: Cast, texter: Someone, words: str
) -> None:
    """CHEN has a case, in WeChat; so has who writes."""
    chen, thief = chat(cast.chen), chat(texter)
    await chen.scans("mdl-hj2-cspc")
    for said in ("不满意", "等了俩小时没人理", "不留"):
        await chen.says(said)
    answer = await thief.says(words)
    assert answer == [REFUSED]
    assert not thief.offered


async def test_a_complaint_and_the_grade_of_its_result(
    chat: Callable[[Someone], Chat], cast: Cast, texter: Someone, services: Services
) -> None:
    phone = chat(texter)
    await phone.says("我要投诉")
    await phone.says("明德里派出所窗口没人，等了两个小时")
    for _ in range(8):
        if any("编号" in text for text in phone.heard):
            break
        label = next((each for each in ("提交", "不留") if each in phone.offered), "")
        asked = "不留" if "电话" in phone.heard[-1] else "今天上午，明德里派出所"
        await (phone.taps(label) if label else phone.says(asked))
    assert any("编号" in text for text in phone.heard), phone.heard
    number = "Q26-0001"
    assert await phone.says("进度") == [REFUSED]
    assert await phone.says("满意") != [REFUSED]  # of nothing: nothing waits for a grade

    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    await services.cases.act(cast.li.turn(), number, Verb.ANSWER, text="已整改")
    payload = {"case": number, "grade": "satisfied"}
    answer = await phone.event("rate_result", **payload)
    assert "满意" in answer[0]
    assert "整改" not in answer[0]
    assert (await phone.event("rate_result", **payload))[0] == REFUSED
