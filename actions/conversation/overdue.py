"""The list of what is overdue: for supervisors of their subtree, for officers of their own cases."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.bootstrap import services
from actions.clock import beijing
from actions.conversation.buttons import Button, button
from actions.conversation.questions import noted
from actions.conversation.talk import Talk
from actions.figures.question import Question
from actions.reports.overdue import PAGE, Late, Overdue

_HOUR = timedelta(hours=1)
_IN_DAYS_FROM = timedelta(hours=48)


async def tell_overdue(talk: Talk, question: Question) -> None:
    """Says the longest overdue first, ten at a time; `page` and `unit_id` come with a button.

    Raises Refusal for whose cases may not be seen.
    """
    given, page = talk.entity("unit_id"), talk.entity("page")
    found = await services().overdue.overdue(
        talk.turn,
        question.unit,
        unit_id=int(given) if given is not None else None,
        page=int(page) if str(page).isdecimal() else 1,
    )
    await noted(talk, question, found.unit_id)
    mine = "_mine" if found.unit_id is None else ""
    unit = "" if mine else found.unit_label
    if not found.count:
        talk.say(f"no_overdue{mine}", unit=unit)
        return
    talk.say(
        f"overdue{mine}",
        buttons=_buttons(talk, found),
        unit=unit,
        count=f"{found.count:,}",
        lines="\n".join(_lines(talk, found)),
        as_of=f"{beijing(found.as_of):%m-%d %H:%M}",
    )


def _buttons(talk: Talk, found: Overdue) -> list[Button]:
    """Each case opens; the next page where there is one."""
    cases = [button(late.number, "show_case", case=late.number) for late in found.cases]
    if not found.more:
        return cases
    left = found.count - found.page * PAGE
    label = talk.wording("part_overdue_more", count=min(left, PAGE))
    return [*cases, button(label, "overdue", page=found.page + 1, unit_id=found.unit_id)]


def _lines(talk: Talk, found: Overdue) -> list[str]:
    first = (found.page - 1) * PAGE + 1
    return [_line(talk, found, late, nth) for nth, late in enumerate(found.cases, first)]


def _line(talk: Talk, found: Overdue, late: Late, nth: int) -> str:
    holder = "part_overdue_held" if late.holder else "part_overdue_free"
    return talk.wording(
        "part_overdue_line",
        nth=nth,
        number=late.number,
        kind=talk.term(f"kind_{late.kind}"),
        unit=late.unit_label,
        what=talk.wording(f"part_clock_{late.clock}"),
        late=lateness(talk, late.due_at, found.as_of),
        at=talk.date(late.due_at),
        mark="" if late.certain else talk.term("uncertain_mark"),
        holder=talk.wording(holder, officer=late.holder),
    )


def lateness(talk: Talk, due_at: datetime, now: datetime) -> str:
    """By how much, as people say it: minutes, then hours, from two days on in days."""
    late = now - due_at
    if late >= _IN_DAYS_FROM:
        return talk.wording("part_overdue_days", count=late.days)
    if late >= _HOUR:
        return talk.wording("part_overdue_hours", count=int(late / _HOUR))
    return talk.wording("part_overdue_minutes", count=max(1, int(late.total_seconds() // 60)))
