"""The answer to a question for figures, whichever way it was asked; and an old one again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions.bootstrap import services
from actions.cases.kinds import CaseKind
from actions.charts.drawing import Drawing, plain
from actions.clock import beijing
from actions.conversation.bulletins import show_bulletin
from actions.conversation.buttons import Button, button
from actions.conversation.figures_hours import draw_hours, say_hours
from actions.conversation.figures_part import say_aspects, say_part
from actions.conversation.figures_rank import draw_rank, say_rank
from actions.conversation.figures_stats import period_name, say_stats
from actions.conversation.figures_trend import draw_trend, say_trend
from actions.conversation.officer_record import say_officer
from actions.conversation.overdue import tell_overdue
from actions.conversation.questions import noted
from actions.conversation.talk import Talk
from actions.conversation.topics import say_topics
from actions.conversation.unit_cases import case_button
from actions.errors import WhichUnit
from actions.figures.answers import (
    Answer,
    AspectsAnswer,
    HoursAnswer,
    PartAnswer,
    RankAnswer,
    StatsAnswer,
    TrendAnswer,
)
from actions.figures.compared import days_in
from actions.figures.log import Kept, Looked
from actions.figures.question import Against, Question, View
from actions.topics.service import OTHERWISE

MOST_UNITS = 4  # buttons that lead from a ranking to a unit


@dataclass(frozen=True, slots=True)
class Said:
    """An answer put into words: what goes out, and is kept."""

    text: str
    buttons: Sequence[Button] = ()
    drawing: Drawing | None = None


async def answer(talk: Talk, question: Question) -> None:
    """Answers it in its view, and writes down what was asked. Raises Refusal for what may not be
    seen. The same turn again gets the same answer.
    """
    done = await services().queries.of_turn(talk.turn)
    if done is not None and done.answer is not None:
        _tell(talk, done.number, done.answer)
        return
    try:
        await _answered(talk, question)
    except WhichUnit as which:
        asked = [_ask(label, replace(question, unit=label, own=False)) for label in which.labels]
        talk.tell(talk.why_not(which), buttons=asked)


async def _answered(talk: Talk, question: Question) -> None:
    match question.view:
        case View.OVERDUE:
            await tell_overdue(talk, question)
        case View.TOPICS:
            await _tell_topics(talk, question)
        case View.OFFICER:
            await _tell_officer(talk, question)
        case View.REPORT:
            await _tell_bulletin(talk, question)
        case _:
            await _tell_figures(talk, question)


async def answer_again(talk: Talk, number: str) -> None:
    """The answer of an earlier question, word for word."""
    kept: Kept = await services().queries.again(talk.turn, number)
    await services().queries.note(talk.turn, Looked.AGAIN, kept.number)
    if kept.answer is None:
        raise LookupError(f"query {kept.number} has no answer")
    text = talk.wording(
        "part_asked_before",
        answer=kept.answer["text"],
        asked_at=f"{beijing(kept.asked_at):%Y-%m-%d %H:%M}",
        number=kept.number,
    )
    _tell(talk, kept.number, kept.answer, text)


async def _tell_topics(talk: Talk, question: Question) -> None:
    unit = await services().scopes.unit(talk.turn, question.unit)
    period = question.period or services().scopes.period("", otherwise=OTHERWISE)
    await noted(talk, replace(question, period=period, unit=unit.label, own=False), unit.id)
    say_topics(talk, await services().topics.topics(unit, period))


async def _tell_bulletin(talk: Talk, question: Question) -> None:
    unit = await services().scopes.unit(talk.turn, question.unit)
    period = question.period or services().scopes.period("", otherwise="上个月")
    await noted(talk, replace(question, period=period, unit=unit.label, own=False), unit.id)
    await show_bulletin(talk, await services().bulletins.asked_of(talk.turn, period, unit))


async def _tell_officer(talk: Talk, question: Question) -> None:
    record = await services().officer_records.asked(talk.turn, question.unit, question.period)
    await noted(talk, question, None)
    say_officer(talk, record, services().policy.satisfaction.minimum)


async def _tell_figures(talk: Talk, question: Question) -> None:
    log = services().queries
    viewer = await services().scopes.viewer(talk.turn)
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
    first, end = days_in(answer.period)
    if (end - first).days == 1:
        month = services().scopes.period("本月")
        found.append(_ask(talk.wording("part_this_month"), replace(here, period=month)))
    if answer.parts:
        found.append(_ask(talk.wording("part_see_parts"), replace(here, view=View.RANK)))
    trend = Question(view=View.TREND, unit=answer.unit.label)
    found.append(_ask(talk.wording("part_see_trend"), trend))
    year_ago = replace(here, against=Against.YEAR_AGO)
    found.append(_ask(talk.wording("part_see_year_ago"), year_ago))
    found.append(
        case_button(
            talk.wording("part_see_unsatisfied"),
            answer.unit.id,
            answer.period,
            CaseKind.UNSATISFIED,
        )
    )
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
