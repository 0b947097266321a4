"""Figures of the work: each counted by hand beside its case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions.callbacks.tasks import CallKind
from actions.cases.kinds import CaseKind
from actions.cases.states import Verb
from actions.reports.work_figures import Calls, Mean, Part, WorkFigures
from tests.callbacks.town import CALLBACK, REVISIT, Town
from tests.cases.steps import refused
from tests.cast import Someone, gather_cast
from tests.conftest import Databases, FrozenClock
from tests.installation import installation
from tests.policies import written

REVIEWED: dict[str, Any] = {
    "review": {"by": "sub_centre", "kinds": ["help"]},
    "unsatisfied_result": "review",
    "revisit": {**REVISIT, "own_answer_counts": True},
    "callback": {**CALLBACK, "form": ["reason", "aspects"]},
    "aspects": ["arrival", "attitude", "result", "equipment", "appearance"],
    "reopen": {"within": "60 days", "times": 2},
    "deadlines.answer": {"within": "2 days", "kinds": {}},
}


@pytest.fixture
async def town(databases: Databases, tmp_path: Path, frozen: FrozenClock) -> Any:
    policy = written(tmp_path, changes=REVIEWED)
    async with installation(databases, policy=policy) as services:
        yield Town(services, await gather_cast(services), frozen)


async def figures(town: Town, words: str = "本月", who: Someone | None = None) -> WorkFigures:
    return await town.services.work_reports.work_figures((who or town.cast.chief).turn(), words)


async def disputed(town: Town) -> str:
    """The unit says solved, CHEN says not; sent back, answered again."""
    number = await town.open()
    await town.answer(number)
    await town.act(town.cast.chen, number, Verb.RATE_RESULT, grade="unsatisfied")
    await town.act(town.cast.sub, number, Verb.SEND_BACK, text="再去一趟")
    await town.act(town.cast.li, number, Verb.ANSWER, text="又去了一趟")
    return number


async def test_nothing_yet(town: Town) -> None:
    found = await figures(town)
    assert found.unit_label == "桥西分局"
    assert found.period.label == "11 月"
    assert (found.closed, found.silent, found.sent_back, found.reopened) == (0, 0, 0, 0)
    assert found.turned_round == found.disputed == found.on_time == Part(0, 0)
    assert found.turned_round.share is None
    assert (found.calls, found.aspects) == ({}, {})


async def test_turned_round_and_disputed(town: Town) -> None:
    """Three not satisfied: one content at once, one after a dispute, one never; and a suggestion.

    Turned round: 2 of 3. Disputed: 2 of 4 whose result was graded.
    """
    await town.close("satisfied")
    turned = await disputed(town)
    await town.act(town.cast.chen, turned, Verb.RATE_RESULT, grade="basically")
    never = await disputed(town)
    await town.act(town.cast.chen, never, Verb.RATE_RESULT, grade="unsatisfied")
    await town.act(town.cast.sub, never, Verb.CLOSE, text="已解释清楚")
    await town.close("satisfied", kind=CaseKind.SUGGESTION)
    found = await figures(town)
    assert found.closed == 4
    assert found.turned_round == Part(2, 3)
    assert found.disputed == Part(2, 4)
    assert found.sent_back == 2


async def test_the_revisits_grade_counts_before_the_citizens_own(town: Town) -> None:
    """CHEN presses nothing; at the re-visit the word is: fairly satisfied."""
    number = await town.open()
    await town.answer(number)
    await town.act(town.cast.centre, number, Verb.REVISIT, grade="basically")
    assert (await figures(town)).turned_round == Part(1, 1)


async def test_silence_is_apart_and_never_satisfied(town: Town) -> None:
    """Nobody re-visits a complaint: after a week without a word it is closed."""
    number = await town.open(kind=CaseKind.COMPLAINT)
    await town.answer(number)
    town.clock.advance(days=8)
    await town.services.rounds.minute()
    found = await figures(town)
    assert (found.closed, found.silent) == (1, 1)
    assert found.turned_round == found.disputed == Part(0, 0)


async def test_withdrawn_is_not_closed(town: Town) -> None:
    number = await town.open()
    await town.act(town.cast.chen, number, Verb.WITHDRAW)
    assert (await figures(town)).closed == 0


async def test_answered_in_time_each_time(town: Town) -> None:
    """Promised within two days: one kept, one a day late, one late only the second time."""
    await town.close("satisfied")
    late = await town.open()
    town.clock.advance(days=4)
    await town.answer(late)
    await town.act(town.cast.chen, late, Verb.RATE_RESULT, grade="satisfied")
    second = await town.open()
    await town.answer(second)
    await town.act(town.cast.chen, second, Verb.RATE_RESULT, grade="unsatisfied")
    await town.act(town.cast.sub, second, Verb.SEND_BACK, text="再去一趟")
    town.clock.advance(days=4)
    await town.act(town.cast.li, second, Verb.ANSWER, text="又去了一趟")
    await town.act(town.cast.chen, second, Verb.RATE_RESULT, grade="satisfied")
    assert (await figures(town)).on_time == Part(1, 3)


async def test_reopened_in_the_period_open_or_not(town: Town) -> None:
    number = await town.close("satisfied")
    await town.act(town.cast.chen, number, Verb.REOPEN, text="又出现了")
    found = await figures(town)
    assert (found.closed, found.reopened, found.sent_back) == (0, 1, 0)


async def test_calls_by_kind(town: Town) -> None:
    """Two first calls: one reached, one dropped with its case; a re-visit still to be made."""
    number = await town.open()
    sub = town.cast.sub
    await town.act(sub, number, Verb.CALL_BACK, reached="yes", text="等太久")
    await town.answer(number)
    gone = await town.open()
    await town.act(town.cast.chen, gone, Verb.WITHDRAW)
    found = await figures(town)
    assert found.calls == {
        CallKind.FIRST: Calls(due=1, done=1, unreachable=0),
        CallKind.REVISIT: Calls(due=1, done=0, unreachable=0),
    }


async def test_means_of_the_aspects_with_how_many(town: Town) -> None:
    """Attitude 5 and 2, mean 3.5 of 2; arrival 4 of 1."""
    for scores in ({"attitude": 5, "arrival": 4}, {"attitude": 2}):
        number = await town.open()
        await town.act(
            town.cast.sub, number, Verb.CALL_BACK, reached="yes", text="好", aspects=scores
        )
    found = await figures(town)
    assert found.aspects == {"attitude": Mean(3.5, 2), "arrival": Mean(4.0, 1)}


async def test_stayed_solved_is_counted_when_it_was_asked(town: Town) -> None:
    """Closed in November, asked in December: yes, no (and reopened since), and no answer."""
    yes, no, silent = [await town.close("satisfied") for _ in range(3)]
    before = await town.close("satisfied")
    await town.act(town.cast.chen, before, Verb.REOPEN, text="还没好")
    town.at("12-22 10:00")
    await town.services.rounds.minute()
    await town.act(town.cast.chen, yes, Verb.CONFIRM_SOLVED, solved="yes")
    await town.act(town.cast.chen, no, Verb.CONFIRM_SOLVED, solved="no")
    await town.act(town.cast.chen, no, Verb.REOPEN, text="又出现了")
    found = await figures(town)
    assert (found.stayed_yes, found.stayed_no, found.stayed_unanswered) == (1, 1, 1)
    assert silent not in (yes, no)
    november = await figures(town, "上个月")
    assert (november.stayed_yes, november.stayed_no, november.stayed_unanswered) == (0, 0, 0)
    assert november.closed == 2  # the other two are open again


async def test_only_ones_own_subtree_and_the_unit_named(town: Town) -> None:
    await town.close("satisfied")
    assert (await figures(town, "本月 明德里")).closed == 1
    assert (await figures(town, "本月 南站所")).closed == 0
    assert (await figures(town, "本月", town.cast.other)).closed == 0
    assert (await figures(town, "本月", town.cast.centre)).closed == 1
    theirs = await refused(figures(town, "本月 桥西", town.cast.other))
    assert theirs.key.removesuffix("_but") == "not_yours"
    for who in (town.cast.li, town.cast.chen):
        assert (await refused(figures(town, "本月", who))).key == "not_allowed"


async def test_this_month_unless_another_is_named(town: Town) -> None:
    await town.close("satisfied")
    town.at("12-02 10:00")
    assert (await figures(town, "")).closed == 0
    assert (await figures(town, "上个月")).closed == 1
