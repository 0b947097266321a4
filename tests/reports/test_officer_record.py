"""An officer's record: each figure counted by hand beside its case, and who may see whose."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from actions.callbacks.tasks import CallKind
from actions.cases.states import Verb
from actions.reports.officer import OfficerRecord
from actions.reports.work_figures import Calls, Part
from actions.store.tables import officers
from tests.callbacks.town import CALLBACK, Town
from tests.cases.steps import officer_id, refused
from tests.cast import Someone, gather_cast
from tests.conftest import Databases, FrozenClock
from tests.installation import installation
from tests.policies import written

LINES: dict[str, Any] = {
    "review": {"by": "sub_centre", "kinds": ["help"]},
    "unsatisfied_result": "review",
    "callback": CALLBACK,
    "deadlines.answer": {"within": "2 days", "kinds": {}},
}


@pytest.fixture
async def town(databases: Databases, tmp_path: Path, frozen: FrozenClock) -> AsyncIterator[Town]:
    async with installation(databases, policy=written(tmp_path, changes=LINES)) as services:
        yield Town(services, await gather_cast(services), frozen)


async def record(town: Town, who: Someone, words: str = "") -> OfficerRecord:
    return await town.services.officer_records.asked(who.turn(), words)


async def test_nothing_yet(town: Town) -> None:
    found = await record(town, town.cast.li)
    assert (found.mine, found.called, found.badge) == (True, "李警官", "Y10101")
    assert (found.unit_label, found.period.label) == ("桥西分局明德里派出所", "11 月")
    assert (found.accepted, found.answered, found.closed, found.sent_back) == (0, 0, 0, 0)
    assert found.on_time == found.disputed == Part(0, 0)
    assert (found.calls, found.asked, found.used_shown) == (Calls(), 0, None)


async def test_the_work_of_a_month(town: Town) -> None:
    """Four accepted by LI: one in time, one two days late, one sent back and answered by WANG, one
    still open. The sent-back one is WANG's when it closes: who answered last answers for it.
    """
    await town.close("satisfied")
    late = await town.open()
    town.clock.advance(days=4)
    await town.answer(late)
    await town.act(town.cast.chen, late, Verb.RATE_RESULT, grade="satisfied")
    back = await town.open()
    await town.answer(back)
    await town.act(town.cast.chen, back, Verb.RATE_RESULT, grade="unsatisfied")
    await town.act(town.cast.sub, back, Verb.SEND_BACK, text="再去一趟")
    wang_id = await officer_id(town.services, town.cast.wang.badge)
    await town.act(town.cast.li, back, Verb.HAND_OVER, officer=wang_id)
    await town.act(town.cast.wang, back, Verb.ANSWER, text="又去了一趟")
    await town.act(town.cast.chen, back, Verb.RATE_RESULT, grade="satisfied")
    await town.act(town.cast.li, await town.open(), Verb.ACCEPT)
    li, wang = await record(town, town.cast.li), await record(town, town.cast.wang)
    assert (li.accepted, li.answered, li.closed, li.sent_back) == (4, 3, 2, 1)
    assert li.on_time == Part(1, 2)
    assert li.disputed == Part(0, 2)
    assert (wang.accepted, wang.answered, wang.closed, wang.sent_back) == (0, 1, 1, 0)
    assert wang.disputed == Part(1, 1)  # the unit said solved, the citizen said not
    assert wang.disputed_shown is None  # of one citizen


async def test_handing_in_for_review_is_answering(town: Town) -> None:
    number = await town.open(kind="help")
    await town.act(town.cast.li, number, Verb.ACCEPT)
    await town.act(town.cast.li, number, Verb.HAND_IN, text="已办好")
    await town.act(town.cast.sub, number, Verb.SEND_BACK, text="照片呢")
    found = await record(town, town.cast.li)
    assert (found.answered, found.sent_back, found.closed) == (1, 1, 0)


async def test_calls_that_were_made(town: Town) -> None:
    number = await town.open()
    assert (await town.tasks(number))[0].kind == CallKind.FIRST
    await town.act(town.cast.sub, number, Verb.CALL_BACK, reached="yes", text="等太久")
    assert (await record(town, town.cast.sub)).calls == Calls(1, 1, 0)
    assert (await record(town, town.cast.li)).calls == Calls()


async def codes(town: Town, count: int) -> None:
    for _ in range(count):
        await town.services.invitations.one_time.ask(town.cast.li.turn(), "")


async def test_of_few_codes_nobody_learns_whether_one_was_used(town: Town) -> None:
    await codes(town, 4)
    found = await record(town, town.cast.li)
    assert (found.asked, found.used_shown) == (4, None)
    await codes(town, 1)
    assert (await record(town, town.cast.li)).used_shown == 0


async def test_the_month_before_is_another(town: Town) -> None:
    await town.close("satisfied")
    assert (await record(town, town.cast.li, "上个月")).closed == 0
    assert (await record(town, town.cast.li, "今天")).closed == 1
    town.at("12-05 09:00")
    assert (await record(town, town.cast.li, "我的 上个月")).closed == 1


ASKED = [
    ("chief", "Y10101", "李警官"),
    ("chief", "y10101", "李警官"),
    ("chief", "李甲", "李警官"),
    ("chief", "李警官", "李警官"),
    ("chief", "上个月李甲的记录", "李警官"),
    ("head", "Y10102 本月", "王警官"),
    ("inspect", "Y20101", "周警官"),
    ("li", "", "李警官"),
    ("li", "Y10101", "李警官"),
    ("li", "李甲", "李警官"),
    ("chief", "", "于警官"),
]


@pytest.mark.parametrize(("who", "words", "called"), ASKED)
async def test_whoever_sees_figures_asks_for_an_officer(
    town: Town, who: str, words: str, called: str
) -> None:
    found = await record(town, getattr(town.cast, who), words)
    assert found.called == called
    assert found.mine is (found.badge == getattr(town.cast, who).badge)


REFUSED = [
    ("chen", "", "not_allowed"),  # a citizen
    ("chen", "Y10101", "not_allowed"),
    ("li", "Y10102", "officer_own_only"),  # a colleague
    ("li", "没有这个人", "officer_own_only"),
    ("chief", "Y20101", "not_yours"),  # of another county
    ("chief", "周壬", "not_yours"),
    ("chief", "Y99999", "not_yours"),  # nobody: the same words
    ("chief", "没有这个人", "not_yours"),
    ("chief", "Y00004", "not_yours"),  # an inspector of the city
    ("head", "Y10201", "not_yours"),  # of another station
    ("chief", "李甲 明年", "period_future"),
]


@pytest.mark.parametrize(("who", "words", "key"), REFUSED)
async def test_and_nobody_else_without_a_hint(town: Town, who: str, words: str, key: str) -> None:
    assert (await refused(record(town, getattr(town.cast, who), words))).key == key


async def test_two_of_the_same_family_name_are_told_apart_by_badge(town: Town) -> None:
    async with town.services.engine.begin() as connection:
        sealed = town.services.vault.seal("李丁")
        await connection.execute(
            update(officers).where(officers.c.badge == "Y10102").values(name_sealed=sealed)
        )
    said = await refused(record(town, town.cast.chief, "李警官"))
    assert (said.key, said.params["badges"]) == ("officer_several", "Y10101、Y10102")
    assert (await record(town, town.cast.chief, "李丁")).badge == "Y10102"


async def test_a_leaver_has_no_record_to_ask_for(town: Town) -> None:
    async with town.services.engine.begin() as connection:
        await connection.execute(
            update(officers).where(officers.c.badge == "Y10102").values(active=False)
        )
    for words in ("Y10102", "王乙"):
        assert (await refused(record(town, town.cast.chief, words))).key == "not_yours"
