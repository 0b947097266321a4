"""The officer's cases: the list, ordered by what burns, and all that is known of one."""

from __future__ import annotations

from collections.abc import Iterable

from actions import clock
from actions.bootstrap import services
from actions.cases.case import CaseView
from actions.cases.states import State, Verb
from actions.conversation.buttons import button
from actions.conversation.cases import MOST_BUTTONS, about, case_key, offers, tell_details
from actions.conversation.feeds import source_of
from actions.conversation.follow_up import tell_mine
from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.work_table import steps
from actions.figures.log import Looked

MOST_LISTED = 8
_REVIEWS = frozenset({Verb.REVIEW, Verb.SEND_BACK, Verb.CLOSE})


class OfficerCases(TurnAction):
    """The open cases the officer may work on, what burns in front; a citizen's own."""

    called = "action_officer_cases"

    async def act(self, talk: Talk) -> list[Event]:
        person = await services().people.whoami(talk.turn)
        if person.officer is None:
            await tell_mine(talk, await services().cases.mine(talk.turn))
            return []
        cases = await services().cases.open_for_officer(talk.turn)
        if not cases:
            talk.say("no_officer_cases")
            return []
        listed = cases[:MOST_LISTED]
        buttons = [button(c.number, "show_case", case=c.number) for c in listed]
        talk.say("officer_cases", buttons=buttons, lines=_sections(talk, listed), count=len(cases))
        return []


class MyCases(TurnAction):
    """A citizen's own cases; an officer who has none means the ones at work."""

    called = "action_my_cases"

    async def act(self, talk: Talk) -> list[Event]:
        mine = await services().cases.mine(talk.turn)
        if not mine:
            return await OfficerCases().act(talk)
        await tell_mine(talk, mine)
        return []


def _sections(talk: Talk, cases: list[CaseView]) -> str:
    """The lines, under a heading each where there is more than one kind of work."""
    names = ("mine", "free", "review", "other")
    sections = {name: [case for case in cases if _section(case) == name] for name in names}
    filled = {name: found for name, found in sections.items() if found}
    if len(filled) == 1:
        return _lines(talk, cases)
    return "\n".join(
        f"{talk.wording(f'part_section_{name}')}\n{_lines(talk, found)}"
        for name, found in filled.items()
    )


def _section(case: CaseView) -> str:
    if case.mine:
        return "mine"
    if case.state == State.DISPATCHED:
        return "free"
    return "review" if _REVIEWS & set(case.may) else "other"


def _lines(talk: Talk, cases: Iterable[CaseView]) -> str:
    return "\n".join(_line(talk, case) for case in cases)


def _line(talk: Talk, case: CaseView) -> str:
    source = source_of(talk, case)
    kind = talk.term(f"kind_{case.kind}")
    return talk.wording(
        "part_officer_line",
        number=case.number,
        kind=f"{source} {kind}" if source else kind,
        state=talk.wording(f"part_state_{case.state}"),
        burns=_burns(talk, case),
        gist=about(talk, case, 16),
    )


def _burns(talk: Talk, case: CaseView) -> str:
    """Overdue by how long, or due when; empty while nothing runs."""
    if case.due_at is None:
        return ""
    late = clock.now() - case.due_at
    if late.total_seconds() <= 0:
        soon = clock.beijing(case.due_at).date() == clock.beijing(clock.now()).date()
        return talk.wording("part_due_today" if soon else "part_due_at", at=talk.date(case.due_at))
    hours = int(late.total_seconds() // 3600)
    if hours >= 48:
        return talk.wording("part_late_days", count=hours // 24)
    if hours:
        return talk.wording("part_late_hours", count=hours)
    return talk.wording("part_late_minutes", count=max(1, int(late.total_seconds() // 60)))


class ShowCase(TurnAction):
    """All that this person may see of a case; `page` more: whatever else can be done with it."""

    called = "action_show_case"

    async def act(self, talk: Talk) -> list[Event]:
        key = case_key(talk) or (talk.slot("case_in_hand") if talk.text else None)
        if key is None:
            return await OfficerCases().act(talk)
        case = await services().cases.find(talk.turn, str(key))
        await services().queries.note(talk.turn, Looked.CASE, case.number)
        if talk.entity("page") != "more":
            return await tell_details(talk, case)
        verbs = steps(case, services().policy)[MOST_BUTTONS - 1 :]
        show = button(talk.wording("part_do_show"), "show_case", case=case.number)
        talk.say("more_to_do", buttons=[*offers(talk, case, verbs), show], number=case.number)
        return talk.keep_in_hand(case.number)
