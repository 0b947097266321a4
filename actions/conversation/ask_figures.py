"""Questions for figures: by command, in plain words, by button; and an old answer again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from actions.bootstrap import services
from actions.cases.kinds import CaseKind
from actions.charts.drawing import Drawing, plain
from actions.clock import beijing
from actions.conversation.buttons import Button, button
from actions.conversation.figures_more import (
    draw_hours,
    draw_rank,
    draw_trend,
    say_aspects,
    say_hours,
    say_part,
    say_rank,
    say_trend,
)
from actions.conversation.figures_stats import period_name, say_stats
from actions.conversation.menu import Fallback
from actions.conversation.overdue import tell_overdue
from actions.conversation.questions import asked_in
from actions.conversation.talk import Event, Talk, TurnAction
from actions.figures.answers import (
    Answer,
    AspectsAnswer,
    HoursAnswer,
    PartAnswer,
    RankAnswer,
    StatsAnswer,
    TrendAnswer,
)
from actions.figures.compared import days_in, period_of
from actions.figures.log import Kept
from actions.figures.question import Against, Question, View

MOST_UNITS = 4  # buttons that lead from a ranking to a unit


@dataclass(frozen=True, slots=True)
class Said:
    """An answer put into words: what goes out, and is kept."""

    text: str
    buttons: Sequence[Button] = ()
    drawing: Drawing | None = None


class AskFigures(TurnAction):
    """Any question for figures."""

    called = "action_figures"

    async def act(self, talk: Talk) -> list[Event]:
        log = services().queries
        done = await log.of_turn(talk.turn)
        if done is not None and done.answer is not None:
            _tell(talk, done.number, done.answer)
            return []
        if talk.intent == "query_again":
            return await _again(talk)
        question = await asked_in(talk)
        if question is None:
            return await Fallback().act(talk)
        if question.view is View.OVERDUE:
            await tell_overdue(talk, question)
        else:
            await answer_question(talk, question)
        return []


async def answer_question(talk: Talk, question: Question) -> None:
    """Answers, and writes down what was asked and answered."""
    log = services().queries
    viewer = await services().reports.viewer(talk.turn)
    answer = await services().figures.answer(viewer, question)
    number = log.number()
    said = _said(talk, answer, question, number)
    kept = {
        "text": said.text,
        "buttons": [[each.title, each.payload] for each in said.buttons],
        "chart": plain(said.drawing) if said.drawing is not None else None,
    }
    whole = replace(question, period=answer.period, unit=answer.unit.label, own=False)
    await log.keep(talk.turn, number, whole, unit_id=answer.unit.id, answer=kept)
    _tell(talk, number, kept)


def _tell(talk: Talk, number: str, kept: Any, text: str | None = None) -> None:
    buttons = [Button(title, payload) for title, payload in kept["buttons"]]
    drawn = f"chart:{number}" if kept["chart"] is not None else None
    talk.tell(text or kept["text"], buttons=buttons, drawn=drawn)


async def _again(talk: Talk) -> list[Event]:
    kept: Kept = await services().queries.again(talk.turn, str(talk.entity("query") or ""))
    if kept.answer is None:
        raise LookupError(f"query {kept.number} has no answer")
    text = talk.wording(
        "part_asked_before",
        answer=kept.answer["text"],
        asked_at=f"{beijing(kept.asked_at):%Y-%m-%d %H:%M}",
        number=kept.number,
    )
    _tell(talk, kept.number, kept.answer, text)
    return []


def _said(talk: Talk, answer: Answer, question: Question, number: str) -> Said:
    end = talk.wording("part_end", as_of=f"{beijing(answer.as_of):%m-%d %H:%M}", number=number)
    title = f"{answer.unit.label} {period_name(talk, answer.period)}"
    match answer:
        case StatsAnswer():
            return Said(say_stats(talk, answer, end), _from_stats(talk, answer))
        case RankAnswer():
            text = say_rank(talk, answer, end, worst_first=question.worst_first)
            return Said(text, _from_rank(talk, answer), draw_rank(talk, answer, title, end))
        case TrendAnswer():
            drawing = draw_trend(talk, answer, title, end)
            return Said(say_trend(talk, answer, end), [_to_figures(talk, answer)], drawing)
        case HoursAnswer():
            drawing = draw_hours(talk, answer, title, end)
            return Said(say_hours(talk, answer, end), [_to_figures(talk, answer)], drawing)
        case PartAnswer():
            return Said(say_part(talk, answer, end), [_to_figures(talk, answer)])
        case AspectsAnswer():
            return Said(say_aspects(talk, answer, end), [_to_figures(talk, answer)])


# --- what leads on ----------------------------------------------------------------------------------


def _ask(label: str, question: Question) -> Button:
    return button(label, "figures_tapped", question=json.dumps(question.plain()))


def _from_stats(talk: Talk, answer: StatsAnswer) -> list[Button]:
    here = Question(view=View.STATS, period=answer.period, unit=answer.unit.label)
    found = []
    if answer.parts:
        found.append(_ask(talk.wording("part_see_parts"), replace(here, view=View.RANK)))
    trend = Question(view=View.TREND, unit=answer.unit.label)
    found.append(_ask(talk.wording("part_see_trend"), trend))
    year_ago = replace(here, against=Against.YEAR_AGO)
    found.append(_ask(talk.wording("part_see_year_ago"), year_ago))
    found.append(_cases(talk.wording("part_see_unsatisfied"), answer, CaseKind.UNSATISFIED))
    return found


def _from_rank(talk: Talk, answer: RankAnswer) -> list[Button]:
    """To the units that stand out: the last, then the first."""
    placed = [each.entry for each in answer.ranking.placed]
    outer = dict.fromkeys([*placed[:-3:-1], *placed[:MOST_UNITS]])
    return [
        _ask(
            entry.label,
            Question(view=View.STATS, period=answer.period, unit=entry.label),
        )
        for entry in list(outer)[:MOST_UNITS]
    ]


def _to_figures(talk: Talk, answer: Answer) -> Button:
    question = Question(view=View.STATS, period=answer.period, unit=answer.unit.label)
    return _ask(talk.wording("part_see_figures"), question)


def _cases(label: str, answer: StatsAnswer, kind: CaseKind | None, page: int = 0) -> Button:
    first, end = days_in(answer.period)
    return _case_page(label, answer.unit.id, first, end, kind, page)


def _case_page(
    label: str, unit_id: int, first: date, end: date, kind: CaseKind | None, page: int
) -> Button:
    return button(
        label,
        "unit_cases",
        unit_id=unit_id,
        period=f"{first}/{end}",
        kind=kind,
        page=page or None,
    )


class ShowUnitCases(TurnAction):
    """The cases behind a figure, ten at a time."""

    called = "action_unit_cases"

    async def act(self, talk: Talk) -> list[Event]:
        first, end = (date.fromisoformat(day) for day in str(talk.entity("period")).split("/"))
        kind = CaseKind(talk.entity("kind")) if talk.entity("kind") else None
        period, page = period_of(first, end), int(talk.entity("page") or 0)
        found = await services().case_lists.submitted(
            talk.turn, int(talk.entity("unit_id")), period, kind, page
        )
        unit, named = found.unit.label, period_name(talk, period)
        what = talk.term(f"kind_{kind}") if kind else talk.wording("part_what_cases")
        if not found.listed:
            talk.say("unit_cases_none", unit=unit, period=named, what=what)
            return []
        lines = [
            f"{each.number} {beijing(each.created_at):%m-%d} "
            f"{talk.wording(f'part_state_{each.state}')} {each.unit_label}"
            for each in found.listed
        ]
        buttons = [button(each.number, "show_case", case=each.number) for each in found.listed[:5]]
        if found.more:
            more = talk.wording("part_see_more")
            buttons.append(_case_page(more, found.unit.id, first, end, kind, page + 1))
        talk.say(
            "unit_cases",
            buttons=buttons,
            unit=unit,
            period=named,
            what=what,
            count=f"{found.total:,}",
            lines="\n".join(lines),
        )
        return []
