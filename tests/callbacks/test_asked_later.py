"""A month and three months after: whether it stayed solved, and how the citizen was treated."""

from __future__ import annotations

from actions.cases.kinds import CaseKind
from actions.cases.states import Verb
from tests.callbacks.conftest import Found
from tests.callbacks.town import Town
from tests.cases.steps import told

STAYED = "问题还有没有再出现"
TREATED = "有没有人为难您"


async def asked(town: Town, number: str, words: str) -> int:
    heard = await told(town.services, town.cast.chen, number)
    return sum(words in text for text in heard)


async def after(town: Town, **length: float) -> None:
    """So much later, and the worker has been round."""
    town.clock.advance(**length)
    await town.services.rounds.minute()


async def test_asked_after_thirty_days_and_the_treatment_after_ninety_again(found: Found) -> None:
    town: Town = await found()
    number = await town.close("satisfied")
    await after(town, days=29)
    assert (await asked(town, number, STAYED), await asked(town, number, TREATED)) == (0, 0)
    await after(town, days=1, hours=12)
    assert (await asked(town, number, STAYED), await asked(town, number, TREATED)) == (1, 0)
    await after(town, days=1)
    assert (await asked(town, number, STAYED), await asked(town, number, TREATED)) == (1, 1)
    await after(town, days=29)
    assert (await asked(town, number, STAYED), await asked(town, number, TREATED)) == (1, 1)
    await after(town, days=31)
    assert (await asked(town, number, STAYED), await asked(town, number, TREATED)) == (1, 2)
    assert any("只有上级督察看得到" in text for text in await told(town.services, town.cast.chen))


async def test_not_asked_about_what_was_withdrawn_or_is_open_again(found: Found) -> None:
    town: Town = await found()
    gone = await town.open()
    await town.act(town.cast.chen, gone, Verb.WITHDRAW)
    again = await town.close("satisfied")
    await town.act(town.cast.chen, again, Verb.REOPEN, text="又出现了")
    await after(town, days=31)
    for number in (gone, again):
        assert (await asked(town, number, STAYED), await asked(town, number, TREATED)) == (0, 0)


async def test_praise_is_not_asked_whether_it_stayed_solved(found: Found) -> None:
    town: Town = await found()
    number = await town.close("satisfied", kind=CaseKind.PRAISE)
    await after(town, days=31)
    assert await asked(town, number, STAYED) == 0


async def test_it_says_who_alone_sees_the_answer(found: Found) -> None:
    town: Town = await found(retaliation={"after": ["30 days"], "by": "centre"})
    number = await town.close("satisfied")
    await after(town, days=32)
    assert await asked(town, number, "只有市局中心看得到") == 1


async def test_the_answer_reaches_the_inspector_alone(found: Found) -> None:
    town: Town = await found()
    number = await town.close("satisfied")
    await after(town, days=31)
    await town.act(town.cast.chen, number, Verb.REPORT_TREATMENT, treated="badly", text="办事被拖")
    for name in ("li", "wang", "head", "sub", "centre"):
        heard = await told(town.services, getattr(town.cast, name), number)
        assert not any("办事被拖" in text for text in heard), name
    assert any("办事被拖" in text for text in await told(town.services, town.cast.inspect))
    for name in ("li", "head"):
        events = await town.services.cases.history(getattr(town.cast, name).turn(), number)
        assert Verb.REPORT_TREATMENT not in [event.verb for event in events], name
