"""What to say in a call: in order, by the policy's form, and never the matter to a stranger."""

from __future__ import annotations

from typing import Any

import pytest

from actions.callbacks.script import SITUATIONS, Callers, CallScript, script_of
from actions.errors import Refusal
from actions.notices.notices import Wording
from tests.callbacks.conftest import Found
from tests.callbacks.town import CALLBACK, Town

KINDS = ("first", "revisit", "spot_check")
FIELDS = ["reason", "responsible", "wish", "result", "aspects"]
CALLERS = Callers("云州市公安局", "0310-12345")


def script(kind: str, language: str = "zh", **changes: Any) -> CallScript:
    given = {
        "form": FIELDS,
        "grades": ["satisfied", "unsatisfied"],
        "aspects": ["arrival"],
        **changes,
    }
    return script_of(Wording().say, language, kind, "Q26-0017", callers=CALLERS, **given)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_has_its_words(kind: str, language: str) -> None:
    told = script(kind, language)
    assert len(told.questions) == len(FIELDS)
    assert len(told.situations) == len(SITUATIONS)
    assert CALLERS.bureau in told.opening[0]
    assert CALLERS.hotline in told.opening[0]
    assert "Q26-0017" in told.record
    assert told.lines[4].startswith("1. ")


@pytest.mark.parametrize("kind", KINDS)
def test_who_they_are_comes_before_why(kind: str) -> None:
    opening = script(kind).opening
    assert "【先认人】" in opening[1]
    assert "【说来意】" in opening[3]
    assert not any("Q26" in line for line in opening)


def test_the_form_says_what_is_asked_and_in_which_order() -> None:
    told = script("first", form=["wish", "reason"])
    assert "怎么解决" in told.questions[0]
    assert "态度、太慢" in told.questions[1]
    assert "满意、不满意" in script("revisit", form=["result"]).questions[0]
    assert script("first", form=["aspects"], aspects=[]).questions == ()


async def test_for_the_call_that_is_to_be_made(found: Found) -> None:
    town: Town = await found(callback=CALLBACK)
    services = town.services
    number = await town.open(phone="13900000000")

    async def of(who: Any) -> CallScript:
        say = services.notices.wording.say
        return await services.callbacks.call_script(who.turn(), number, say, "zh", "110")

    told = await of(town.cast.sub)
    assert told.kind == "first"
    assert "云州市公安局" in told.opening[0]
    for who in (town.cast.zhou, town.cast.liu):
        with pytest.raises(Refusal, match="case_not_found"):
            await of(who)
