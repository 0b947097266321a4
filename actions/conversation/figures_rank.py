"""Rankings in words, and what is drawn of them."""

from __future__ import annotations

from actions.charts.drawing import Dot, Drawing, Ranked, TooFew
from actions.conversation.figures_stats import formula_label, period_name, rate_parts
from actions.conversation.talk import Talk
from actions.figures.answers import RankAnswer
from actions.figures.disclosure import FEW
from actions.figures.ranking import Placed

MOST_LINES = 12
_KINDS = {"county", "station"}


def say_rank(talk: Talk, answer: RankAnswer, end: str, *, worst_first: bool) -> str:
    return talk.wording(
        "rank",
        unit=answer.unit.label,
        period=period_name(talk, answer.period),
        kinds=talk.wording(f"part_kind_{answer.kind if answer.kind in _KINDS else 'other'}"),
        lines="\n".join(_ranking(talk, answer, worst_first=worst_first)),
        end=end,
    )


def _ranking(talk: Talk, answer: RankAnswer, *, worst_first: bool) -> list[str]:
    placed, rates = answer.ranking.placed, answer.rates
    few = len(answer.ranking.too_few) + len(answer.few)
    lines = [_told(talk, answer)] if placed else []
    if not placed:
        lines = [talk.wording("part_rank_none", minimum=rates.minimum)]
    ordered = list(reversed(placed)) if worst_first else list(placed)
    lines += [_rank_line(talk, answer, each) for each in ordered[:MOST_LINES]]
    if len(placed) > MOST_LINES:
        lines.append(talk.wording("part_rank_more", count=len(placed)))
    if few and placed:
        lines.append(talk.wording("part_rank_few", minimum=rates.minimum, count=few))
    if placed:
        lines.append(talk.wording("part_pooled"))
    return lines


def _told(talk: Talk, answer: RankAnswer) -> str:
    """What the ranking really says: who is certainly last, or that nobody is."""
    last = answer.ranking.certainly_last
    if not last:
        return talk.wording("part_rank_all_alike", count=len(answer.ranking.placed))
    labels = "、".join(
        f"{each.entry.label} {rate_parts(each.entry.counts, answer.rates)['share']}"
        for each in last
    )
    return talk.wording("part_rank_last", labels=labels)


def _rank_line(talk: Talk, answer: RankAnswer, each: Placed) -> str:
    shared = sum(other.rank == each.rank for other in answer.ranking.placed) > 1
    moved = answer.moved.get(each.entry.unit_id)
    before = period_name(talk, answer.before)
    return talk.wording(
        "part_rank_line",
        rank=talk.wording("part_rank_shared", rank=each.rank) if shared else str(each.rank),
        label=each.entry.label,
        moved=""
        if moved is None
        else talk.wording("part_rose" if moved else "part_fell", period=before),
        **rate_parts(each.entry.counts, answer.rates),
    )


def draw_rank(talk: Talk, answer: RankAnswer, title: str, footer: str) -> Drawing | None:
    if not answer.ranking.placed:
        return None
    few = [TooFew(entry.label, entry.counts.total) for entry in answer.ranking.too_few]
    few += [TooFew(label, None if 0 < n < FEW else n) for label, n in answer.few.items()]
    return Ranked(
        title=title,
        subtitle=formula_label(talk, answer.rates),
        footer=footer,
        dots=tuple(
            Dot(
                each.entry.label,
                each.share,
                *each.interval,
                each.entry.counts.total,
                each.rank,
                each.to,
            )
            for each in answer.ranking.placed
        ),
        too_few=tuple(few),
        minimum=answer.rates.minimum,
        language="en" if talk.language == "en" else "zh",
    )
