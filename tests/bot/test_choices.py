"""What typed digits and labels mean while messages with choices come and go."""

from __future__ import annotations

import asyncio

import pytest

from actions.notices.notices import Offer
from bot import choices as module
from bot.channels.base import TransportError
from bot.choices import Choices, Intent
from tests.bot.delivering import Installation

GRADE = Intent("grade", {"grade": "satisfied"})
GRADES = [Offer("满意", '/grade{"grade": "satisfied"}'), Offer("看详情", "/show_case{}")]
REASON = Intent("reason", {"reason": "attitude"})
REASONS = [Offer("态度", '/reason{"reason": "attitude"}')]


async def test_a_notices_choices_can_be_tapped_and_typed(there: Installation) -> None:
    chen = await there.meet("openid-chen")
    await there.tell(chen, "有答复了", offers=GRADES)
    await delivered(there)
    choices, conversation = Choices(there.services.redis), f"c{chen.hex}"
    tapped = await choices.by_token(conversation, there.platform.choices[0][0])
    assert tapped == await choices.by_words(conversation, "1") == GRADE


async def test_a_card_that_did_not_arrive_changes_no_typed_digit(there: Installation) -> None:
    chen = await there.meet("openid-chen")
    choices, conversation = Choices(there.services.redis), f"c{chen.hex}"
    await choices.offer(conversation, REASONS)
    there.platform.script = [TransportError("outside the window", permanent=True)]
    await there.tell(chen, "有答复了", offers=GRADES)
    await delivered(there)
    assert not await there.services.redis.exists(f"coming:{conversation}")
    assert await choices.by_words(conversation, "1") == REASON


@pytest.mark.parametrize("answer", ["1", "满意"])
async def test_an_answer_may_come_before_its_platform_has_confirmed(
    there: Installation, answer: str
) -> None:
    chen = await there.meet("openid-chen")
    choices, conversation = Choices(there.services.redis), f"c{chen.hex}"
    await choices.offer(conversation, REASONS)
    quick: list[asyncio.Task[Intent | None]] = []

    async def answers() -> None:
        quick.append(asyncio.create_task(choices.by_words(conversation, answer)))
        await asyncio.sleep(0.1)

    there.platform.before = answers
    await there.tell(chen, "有答复了", offers=GRADES)
    await delivered(there)
    assert await quick[0] == GRADE
    assert await choices.offered(conversation) == "grade"


async def test_what_never_gets_confirmed_is_understood_where_nothing_else_is_meant(
    there: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    conversation, choices = "c1", Choices(there.services.redis)
    await choices.offer(conversation, REASONS)
    await choices.keep(conversation, GRADES, ["a", "b"])
    assert await choices.by_words(conversation, "1") == REASON
    assert await choices.by_words(conversation, "满意") == GRADE
    assert await choices.by_words(conversation, "您好") is None


async def delivered(there: Installation) -> None:
    (row,) = await there.rows()
    await there.deliverer.deliver(str(row.id), 0)
