"""The answer to a question for figures, whichever way it was asked."""

from __future__ import annotations

from actions.bootstrap import services
from actions.clock import beijing
from actions.conversation.buttons import button
from actions.conversation.casework import tell_casework
from actions.conversation.figures import share, span
from actions.conversation.overdue import tell_overdue
from actions.conversation.questions import remembered
from actions.conversation.talk import Event, Talk
from actions.errors import Refusal
from actions.figures.question import Figure, Question, View
from actions.reports.stats import Stats

_OF_THE_WORK = frozenset(Figure) - {Figure.SATISFACTION, Figure.RESPONSE}
FEW = 30  # below this a percentage says little


async def answer(talk: Talk, question: Question) -> list[Event]:
    """Answers it in its view and remembers it. Raises Refusal for what may not be seen."""
    if question.view is View.OVERDUE:
        await tell_overdue(talk, question.unit)
    elif question.view is View.STATS and question.figure in _OF_THE_WORK:
        tell_casework(talk, await services().work_reports.answer(talk.turn, question))
    elif question.view is View.STATS:
        await _tell_stats(talk, question)
    else:
        await services().reports.unit(talk.turn)
        raise Refusal("view_unknown")
    return remembered(question)


async def _tell_stats(talk: Talk, question: Question) -> None:
    """The figures of a period and a unit of the own subtree."""
    stats = await services().reports.answer(talk.turn, question)
    again = [
        button(talk.wording(f"part_{name}"), "stats", period=said, unit=stats.unit_label)
        for name, said in (("this_week", "本周"), ("this_month", "本月"))
    ]
    talk.say("stats", buttons=again, **figures(talk, stats))


def figures(talk: Talk, stats: Stats) -> dict[str, str]:
    """The report's lines, as parameters of `utter_stats`."""
    english = talk.language == "en" and stats.period_label_en
    moment = beijing(stats.as_of)
    return {
        "unit": stats.unit_label,
        "period": stats.period_label_en if english else stats.period_label,
        "rate": _rate(talk, stats),
        "ways": "".join(f"{line}\n" for line in _ways(talk, stats)),
        "opened": str(stats.opened),
        "closed": str(stats.closed),
        "open_now": str(stats.open_now),
        "as_of": f"{moment:%m-%d %H:%M}",
    }


def _rate(talk: Talk, stats: Stats) -> str:
    if stats.satisfaction is None or stats.interval is None:
        return talk.wording("part_no_ratings")
    told = {
        "share": share(stats.satisfaction),
        "span": span(stats.interval),
        "count": f"{stats.ratings:,}",
        "satisfied": f"{stats.satisfied:,}",
        "basically": f"{stats.basically:,}",
        "unsatisfied": f"{stats.unsatisfied:,}",
    }
    lines = [talk.wording("part_rate", **told), talk.wording("part_grades", **told)]
    if stats.ratings < FEW:
        lines.append(talk.wording("part_few", **told))
    return "\n".join(lines)


def _ways(talk: Talk, stats: Stats) -> list[str]:
    """One line per way the ratings came; several ways are never pooled without a word."""
    parts = [
        talk.wording(
            "part_way",
            channel=_channel(talk, way.channel),
            way=talk.wording(f"part_way_{way.way}"),
            share=share(way.satisfaction or 0),
            count=f"{way.ratings:,}",
        )
        for way in stats.by_way
        if way.ratings
    ]
    if len(parts) > 1:
        parts.append(talk.wording("part_not_pooled"))
    return parts


def _channel(talk: Talk, channel: str) -> str:
    key = f"part_channel_{channel}"
    return talk.wording(key if talk.knows(key) else "part_channel_other")
