"""The cases behind a figure, ten at a time."""

from __future__ import annotations

from datetime import date

from actions.bootstrap import services
from actions.cases.kinds import CaseKind
from actions.clock import beijing
from actions.conversation.buttons import Button, button
from actions.conversation.figures_stats import period_name
from actions.conversation.talk import Event, Talk, TurnAction
from actions.figures.compared import days_in, period_of
from actions.figures.log import Looked
from actions.reports.periods import Period


def case_button(
    label: str, unit_id: int, period: Period, kind: CaseKind | None, page: int = 0
) -> Button:
    """Leads to the cases of that kind (None: any) which the unit was given in the period."""
    first, end = days_in(period)
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
        await services().queries.note(
            talk.turn, Looked.CASES, f"{first}/{end}", unit_id=found.unit.id
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
            buttons.append(case_button(more, found.unit.id, period, kind, page + 1))
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
