"""The lines of a policy that time runs by: hours of the day, and a deadline per clock."""

from __future__ import annotations

from datetime import time
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from actions.cases.kinds import CaseKind
from actions.deadlines.hours import Hours, parse_hours
from actions.deadlines.ladder import Rule
from actions.policy.values import (
    Allowed,
    ClockText,
    HoursText,
    Level,
    Quiet,
    SomeSpan,
    SpanOrNone,
    parse_clock,
)


class Section(BaseModel):
    """Lines that belong together: nothing unknown in them, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HoursOfDay(Section):
    """Beijing local time, as "HH:MM-HH:MM"."""

    duty: HoursText = Field(description="When officers on duty take cases; duty minutes run then.")
    office: HoursText = Field(description="Office hours; a day's deadline falls at their end.")
    calls: HoursText = Field(description="When citizens may be called; ends the same day.")
    same_day_late: ClockText = Field(
        description="What begins after calling hours is due the next day at this time."
    )
    quiet: Quiet | None = Field(
        description="No notice goes out in these hours except danger; a digest follows."
    )

    @cached_property
    def hours(self) -> Hours:
        """The same as the deadlines' rules want them."""
        late: time = parse_clock(self.same_day_late)
        return Hours(
            parse_hours(self.duty), parse_hours(self.office), parse_hours(self.calls), late
        )


class Escalation(Section):
    after: SpanOrNone = Field(description="How long after the due time.")
    to: Level = Field(description="Who is told then: lead, sub_centre or centre.")


class Deadline(Section):
    within: SomeSpan = Field(description="How long it may take.")
    warn: SomeSpan | None = Field(None, description="How long before the due time to warn.")
    escalate: tuple[Escalation, ...] = Field(
        (), description="Who is told after the due time, in order."
    )
    only: tuple[CaseKind, ...] = Field(
        (), description="It runs for these kinds of case only; without this line, for every kind."
    )
    kinds: Annotated[
        dict[CaseKind, SomeSpan], Allowed("a kind and its span, one below the other")
    ] = Field(default_factory=dict, description="Another span for some kinds of case.")

    def rule(self, kind: CaseKind) -> Rule | None:
        """What the clock follows for a case of this kind; None: it does not run."""
        if self.only and kind not in self.only:
            return None
        ladder = tuple((step.after, str(step.to)) for step in self.escalate)
        return Rule(self.kinds.get(kind, self.within), self.warn, ladder)


class Deadlines(Section):
    """A deadline per clock; a clock without a line does not run."""

    accept: Deadline | None = Field(None, description="From dispatch until an officer takes it.")
    callback: Deadline | None = Field(None, description="From dispatch until the callback is done.")
    verify: Deadline | None = Field(None, description="From dispatch until there is a finding.")
    rectify: Deadline | None = Field(
        None, description="From dispatch, or from sending back, until the work is handed in."
    )
    answer: Deadline = Field(description="What the citizen is promised at submission.")
    citizen: Deadline | None = Field(
        None, description="A question to the citizen; the case goes on without an answer then."
    )
    review: Deadline | None = Field(None, description="From handing in until it is reviewed.")
    revisit: Deadline | None = Field(
        None, description="From the answer until the re-visit is done."
    )
    extension: Deadline | None = Field(
        None, description="From asking for more time until that is granted or refused."
    )

    def rule(self, clock: str, kind: CaseKind) -> Rule | None:
        """What `clock` (a field's name) follows for this kind; None: it does not run.

        Raises ValueError for a clock that there is not.
        """
        if clock not in Deadlines.model_fields:
            raise ValueError(f"There is no clock {clock!r}.")
        line: Deadline | None = getattr(self, clock)
        return None if line is None else line.rule(kind)
