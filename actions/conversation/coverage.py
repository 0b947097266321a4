"""For supervisors: who had services and never asked, and how far invitations came."""

from __future__ import annotations

import re
from datetime import datetime

from actions.bootstrap import services
from actions.clock import beijing
from actions.conversation.talk import Event, Talk, TurnAction
from actions.figures.log import Looked
from actions.figures.words import without_asking
from actions.invitations.coverage import Covered, OfficersRecord, Record
from actions.invitations.funnel import Followed, Steps
from actions.reports.intervals import percent
from actions.reports.periods import Period

MOST_LINES = 12

_COMMAND = re.compile(
    r"^/?\s*(?:coverage|invitations|(?:邀评|邀码)覆盖率?|我的邀评|邀评记录|(?:邀评|邀请)(?:情况|进展|统计))\s*",
    re.IGNORECASE,
)
_FILLERS = re.compile(  # what such a sentence says beside them
    r"邀评|邀码|覆盖率?|进展|短信|事项|民警|群众|谁|哪个|哪|没|过|要|请|一张|发出去|发出|发|送达|送到|回复|回|收到"
    r"|\b(?:which|who|officers?|never|asked|ask|invitations?|sent|answered|and|a|had|services)\b",
    re.IGNORECASE,
)


class ShowCoverage(TurnAction):
    """A supervisor's subtree, officer by officer; an officer's own record."""

    called = "action_coverage"

    async def act(self, talk: Talk) -> list[Event]:
        covered = await services().invitations.coverage.asked(talk.turn, _words(talk))
        await services().queries.note(talk.turn, Looked.COVERAGE, covered.unit_label)
        talk.say(
            "coverage_mine" if covered.mine else "coverage",
            unit=covered.unit_label,
            period=_period(talk, covered.period),
            whole=_whole(talk, covered),
            people=_people(talk, covered),
            as_of=_as_of(covered.as_of),
        )
        return []


class FollowInvitations(TurnAction):
    """The funnel of a unit and all below it."""

    called = "action_follow_invitations"

    async def act(self, talk: Talk) -> list[Event]:
        found = await services().invitations.funnel.asked(talk.turn, _words(talk))
        unit = found.unit
        await services().queries.note(talk.turn, Looked.INVITATIONS, unit.label, unit_id=unit.id)
        talk.say(
            "invitations",
            unit=found.unit.label,
            period=_period(talk, found.period),
            lines=_funnel(talk, found),
            as_of=_as_of(found.as_of),
        )
        return []


def _words(talk: Talk) -> str:
    """Period and unit of the question: behind the command, else somewhere in the sentence."""
    if talk.confidence == 1:
        return _COMMAND.sub("", talk.text)
    return " ".join(_FILLERS.sub(" ", without_asking(talk.text)).split())


def _period(talk: Talk, period: Period) -> str:
    return period.label_en if talk.language == "en" and period.label_en else period.label


def _as_of(moment: datetime) -> str:
    return f"{beijing(moment):%m-%d %H:%M}"


# --- coverage ---------------------------------------------------------------------------------------


def _whole(talk: Talk, covered: Covered) -> str:
    """The counts; to an officer none from which they could tell that this one citizen has rated."""
    record, used = covered.whole, covered.whole.used_shown
    few = used is None
    key = "part_coverage_codes_few" if few else "part_coverage_codes"
    codes = talk.wording(key, asked=f"{record.asked:,}", used="" if few else f"{used:,}")
    if not (covered.mine and few):
        codes += talk.wording("part_coverage_ratings", ratings=f"{record.ratings:,}")
    return f"{_events(talk, record)}\n{codes}"


def _events(talk: Talk, record: Record) -> str:
    if not record.shifts:
        return talk.wording("part_coverage_no_events")
    return talk.wording(
        "part_coverage_events",
        events=f"{record.events:,}",
        shifts=f"{record.shifts:,}",
        never=f"{record.never:,}",
        share=percent(record.never, record.shifts),
    )


def _people(talk: Talk, covered: Covered) -> str:
    """A line for each officer with a shift in which they never asked; "" without any events."""
    if covered.mine or not covered.whole.shifts:
        return ""
    never = [one for one in covered.by_officer if one.record.never]
    if not never:
        return f"\n{talk.wording('part_coverage_all_asked')}"
    lines = [_line(talk, one) for one in never[:MOST_LINES]]
    if len(never) > MOST_LINES:
        lines.append(talk.wording("part_coverage_more", count=len(never) - MOST_LINES))
    return "\n".join(["", talk.wording("part_coverage_never"), *lines])


def _line(talk: Talk, one: OfficersRecord) -> str:
    return talk.wording(
        "part_coverage_line",
        unit=f"{one.unit_label} " if one.unit_label else "",
        who=one.called,
        badge=one.badge,
        shifts=one.record.shifts,
        never=one.record.never,
        events=one.record.events,
    )


# --- the funnel -------------------------------------------------------------------------------------


def _funnel(talk: Talk, found: Followed) -> str:
    if not found.all.events:
        return talk.wording("part_invitations_none")
    lines = [_steps(talk, found.all), _beside(talk, found.all)]
    reasons = "，" if talk.language == "zh" else ", "
    why = reasons.join(
        f"{talk.wording(f'part_why_{reason}')} {_count(talk, count)}"
        for reason, count in found.all.counted().items()
    )
    return "\n".join(
        [*lines, *([talk.wording("part_invitations_why", reasons=why)] if why else [])]
    )


def _steps(talk: Talk, steps: Steps) -> str:
    names = ("events", "eligible", "chosen", "sent", "delivered", "answered")
    told = {name: f"{getattr(steps, name):,}" for name in names}
    answered = percent(steps.answered, steps.sent) if steps.sent else "—"
    return talk.wording("part_invitations_steps", share=answered, **told)


def _beside(talk: Talk, steps: Steps) -> str:
    names = ("waiting", "reminded", "expired")
    told = {name: f"{getattr(steps, name):,}" for name in names}
    return talk.wording("part_invitations_beside", **told)


def _count(talk: Talk, count: int | None) -> str:
    return f"{count:,}" if count is not None else talk.wording("part_invitations_under")
