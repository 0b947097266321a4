"""A single figure in words, and what citizens scored in callbacks."""

from __future__ import annotations

from collections.abc import Sequence

from actions.conversation.figures_stats import period_name, share_of
from actions.conversation.talk import Talk
from actions.figures.answers import AspectsAnswer, PartAnswer
from actions.figures.definitions import DEFINITIONS
from actions.figures.disclosure import FEW
from actions.figures.question import Figure

_SAID_BY_CITIZENS = frozenset({Figure.TURNED_ROUND, Figure.DISPUTED})
_WHAT = {Figure.CALLBACKS: "calls", Figure.RESPONSE: "invitations"}


def say_part(talk: Talk, answer: PartAnswer, end: str) -> str:
    figure = Figure(answer.figure)
    definition = DEFINITIONS[figure]
    told = {
        "unit": answer.unit.label,
        "period": period_name(talk, answer.period),
        "name": definition.name_en if talk.language == "en" else definition.name,
        "what": talk.wording(f"part_what_{_WHAT.get(figure, 'cases')}"),
        "end": end,
    }
    if answer.n is None:
        return talk.wording("part_figure_count", count=f"{answer.count:,}", **told)
    if not answer.n:
        return talk.wording("part_figure_none", **told)
    if answer.n < FEW and figure in _SAID_BY_CITIZENS:
        return talk.wording("part_figure_hidden", **told)
    if answer.n < answer.minimum:
        return talk.wording(
            "part_figure_few", count=answer.count, n=answer.n, minimum=answer.minimum, **told
        )
    return talk.wording("part_figure", **share_of(answer.count, answer.n), **told)


def say_aspects(talk: Talk, answer: AspectsAnswer, end: str) -> str:
    lines: Sequence[str] = [
        talk.wording(
            "part_aspect_few" if n < answer.minimum else "part_aspect_line",
            aspect=talk.term(f"aspect_{aspect}"),
            mean=f"{mean:.1f}",
            count=f"{n:,}",
        )
        for aspect, (mean, n) in sorted(answer.means.items())
    ]
    return talk.wording(
        "part_aspects_all",
        unit=answer.unit.label,
        period=period_name(talk, answer.period),
        lines="\n".join(lines) or talk.wording("part_aspects_none"),
        end=end,
    )
