"""A citizen's turn that broke off after its verb was done, and comes again: done once, and told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import Services, install
from actions.cases.states import Verb
from actions.conversation.after import ReopenCase
from actions.conversation.facts import Attach
from actions.conversation.follow_up import Urge
from actions.conversation.menu import Fallback, NothingAsked
from actions.conversation.rate import Rate
from actions.conversation.result import RateResult
from actions.conversation.talk import TurnAction
from actions.conversation.withdraw import Withdraw
from actions.conversation.work import WorkOnCase
from actions.turn import Turn
from tests.cases.steps import events_of, submit
from tests.cast import Cast, Someone
from tests.conversation.test_reply_wording import RESPONSES
from tests.policies import written


@pytest.fixture
def environ(environ: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The default policy, with visits that the citizen confirms."""
    return {**environ, "POLICY": written(tmp_path, changes={"visit.confirm": "code"})}


@pytest.fixture(autouse=True)
def installed(services: Services) -> Iterator[None]:
    install(services)
    yield
    install(None)


async def answered(services: Services, cast: Cast, citizen: Someone) -> str:
    number = (await submit(services, citizen)).number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    await services.cases.act(cast.li.turn(), number, Verb.ANSWER, text="已道歉并补办")
    return number


async def twice(
    action: TurnAction,
    turn: Turn,
    text: str,
    intent: str,
    *,
    confidence: float = 1.0,
    **entities: str,
) -> list[str]:
    """What is said when the same message is worked for the second time."""
    message: dict[str, Any] = {
        "message_id": turn.inbox_id,
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
    }
    tracker = Tracker(turn.conversation, {}, message, [], False, None, {}, "action_listen")
    heard: list[list[str]] = []
    for _ in range(2):
        said = CollectingDispatcher()
        await action.run(said, tracker, {"responses": RESPONSES})
        heard.append([each["text"] for each in said.messages])
    assert heard[0] == heard[1]
    return heard[1]


async def test_the_last_urge_of_the_day(services: Services, cast: Cast) -> None:
    number = (await submit(services, cast.chen)).number
    for _ in range(2):
        await services.cases.act(cast.chen.turn(), number, Verb.URGE)
    (told,) = await twice(Urge(), cast.chen.turn(), "催一下", "urge")
    assert told.startswith(f"已催办 {number}")
    assert (await events_of(services, number)).count("urge") == 3


async def test_an_urge_does_not_pass_to_another_case(services: Services, cast: Cast) -> None:
    urged = (await submit(services, cast.chen, what="窗口没人")).number
    for _ in range(2):
        await services.cases.act(cast.chen.turn(), urged, Verb.URGE)
    turn = cast.chen.turn()
    await services.cases.act(turn, urged, Verb.URGE)  # and then Rasa was killed
    other = (await submit(services, cast.chen, what="路口没人管")).number
    (told,) = await twice(Urge(), turn, "催一下", "urge")
    assert urged in told
    assert "urge" not in await events_of(services, other)


async def test_withdrawn_in_one_sentence(services: Services, cast: Cast) -> None:
    number = (await submit(services, cast.chen)).number
    (told,) = await twice(Withdraw(), cast.chen.turn(), "撤回", "withdraw", sure="yes")
    assert told.startswith(f"{number} 已撤回")
    assert (await events_of(services, number)).count("withdraw") == 1


@pytest.mark.parametrize("action", [Rate(), RateResult()], ids=["a grade", "the result's grade"])
async def test_a_result_rated_in_words(services: Services, cast: Cast, action: TurnAction) -> None:
    number = await answered(services, cast, cast.chen)
    (told,) = await twice(action, cast.chen.turn(), "满意", "grade", grade="satisfied")
    assert told.endswith(f"{number} 办结。")
    assert (await events_of(services, number)).count("rate_result") == 1


async def test_a_result_rated_by_text_message(services: Services, cast: Cast) -> None:
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, "sms", "+8613900000001")
    texter = Someone(services, person.conversation)
    number = await answered(services, cast, texter)
    (told,) = await twice(RateResult(), texter.turn(), "", "rate_result", grade="satisfied")
    assert number in told
    assert "道歉" not in told


async def test_reopened_in_words(services: Services, cast: Cast) -> None:
    number = await answered(services, cast, cast.chen)
    await services.cases.act(cast.chen.turn(), number, Verb.RATE_RESULT, grade="unsatisfied")
    words = "重开 还是没人理我"
    (told,) = await twice(
        ReopenCase(), cast.chen.turn(), words, "reopen_case", words="还是没人理我"
    )
    assert told.startswith(f"{number} 已重开")
    assert (await events_of(services, number)).count("reopen") == 1


async def asked(services: Services, cast: Cast) -> str:
    number = (await submit(services, cast.chen)).number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    await services.cases.act(cast.li.turn(), number, Verb.ASK, text="您是几号去的？")
    return number


async def test_a_reply_in_the_officers_word_for_it(services: Services, cast: Cast) -> None:
    number = await asked(services, cast)
    said, words = f"回复 {number} 十五号下午", "十五号下午"
    turn = cast.chen.turn()
    (told,) = await twice(WorkOnCase(), turn, said, "answer_case", case=number, words=words)
    assert told.startswith("已转给民警")
    assert (await events_of(services, number)).count("reply") == 1


async def test_a_visit_confirmed_in_a_word(services: Services, cast: Cast) -> None:
    number = (await submit(services, cast.chen)).number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    await services.cases.act(cast.li.turn(), number, Verb.VISIT, text="已上门说明")
    (told,) = await twice(NothingAsked(), cast.chen.turn(), "确认", "confirm")
    assert told.startswith(f"谢谢，记下了：{number}")
    assert (await events_of(services, number)).count("confirm_visit") == 1


async def test_a_place_as_a_reply(services: Services, cast: Cast) -> None:
    number = await asked(services, cast)
    (told,) = await twice(
        Attach(),
        cast.chen.turn(),
        "",
        "attach",
        media_kind="location",
        latitude="38.04",
        longitude="114.51",
        caption="槐荫路 12 号",
    )
    assert told.startswith("已转给民警")
    assert (await events_of(services, number)).count("reply") == 1


async def test_a_reply_just_written(services: Services, cast: Cast) -> None:
    number = await asked(services, cast)
    (told,) = await twice(
        Fallback(), cast.chen.turn(), "十五号下午", "nlu_fallback", confidence=0.3
    )
    assert told.startswith("已转给民警")
    assert (await events_of(services, number)).count("reply") == 1
