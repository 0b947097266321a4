"""Rules about whole units, as a policy writes them: what is proposed, to whom, and upon what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from actions.policy.clocks import Section
from actions.policy.values import Above, Allowed, Name, SpanOrNone, Words
from actions.ratings.rating import Way

Many = Annotated[int, Field(strict=True, ge=1, le=1000), Allowed("a whole number from 1 to 1000")]
AYear = Annotated[int, Field(strict=True, ge=1, le=12), Allowed("a whole number from 1 to 12")]
Among = Annotated[int, Field(strict=True, ge=2, le=1000), Allowed("a whole number from 2 to 1000")]
Minimum = Annotated[
    int, Field(strict=True, ge=5, le=100_000), Allowed("a whole number from 5 to 100000")
]


class RuleTitle(Section):
    zh: Words = Field(description="What the rule is called, in Chinese.")
    en: Words = Field(description="The same in English.")


class Proposed(Section):
    zh: Words = Field(description="What is proposed, in Chinese, without a full stop.")
    en: Words = Field(description="The same in English.")


class UnitRule(Section):
    name: Name = Field(description="Short name; a rule keeps it as long as it is the same rule.")
    title: RuleTitle = Field(description="What people call it.")
    compare: Literal["county", "station", "desk", "car", "community"] = Field(
        description="Which units are compared: those of one kind, over the whole city."
    )
    figure: Literal["satisfaction", "substantiated"] = Field(
        description="Satisfaction by the policy's formula; or cases found substantiated."
    )
    place: Literal["bottom", "top", "at_least"] = Field(
        description="Certainly among the last or the first ones; or so many cases in a month."
    )
    count: Many = Field(description="How many places, or how many cases.")
    months: AYear = Field(description="In how many months.")
    counted: Literal["running", "year"] = Field(
        description="One directly after the other; or within a calendar year."
    )
    minimum: Minimum | None = Field(
        description="Ratings that a unit needs to be compared; null for a rule on cases."
    )
    proposal: Proposed = Field(description="What is proposed; nothing happens by itself.")
    to: Above = Field(description="Who decides, from above the unit.")


class UnitRules(Section):
    grace: SpanOrNone = Field(description="Days after a month's end before it is looked at.")
    ways: tuple[Way, ...] = Field(
        min_length=1,
        description="Ratings that came these ways are compared, added together; no others.",
    )
    among: Among = Field(description="How many units must have enough ratings to compare them.")
    rules: tuple[UnitRule, ...] = Field(min_length=1, description="The rules, each by itself.")
