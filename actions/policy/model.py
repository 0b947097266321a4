"""A policy: everything about the life of a case that one deployment does differently from another.

Read it with `actions.policy.load.load_policy`; what is said here holds for what that gives.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from actions.cases.kinds import CaseKind
from actions.policy.clocks import Deadlines, HoursOfDay, Section
from actions.policy.unit_rules import UnitRules
from actions.policy.values import (
    Above,
    ADay,
    Allowed,
    AMonth,
    Aspect,
    AtMost,
    Attempts,
    ClockText,
    Codes,
    DayOfMonth,
    Destination,
    HoursText,
    KeptDays,
    Level,
    Minimum,
    Name,
    Pack,
    Photos,
    Quiet,
    Share,
    SomeSpan,
    Source,
    SpanOrNone,
    Times,
    UnitCode,
    Words,
    YesNo,
)
from actions.ratings.rating import Grade

FormField = Literal["reason", "responsible", "wish", "result", "aspects"]
Kinds = Annotated[tuple[CaseKind, ...], Field(min_length=1)]


class Title(Section):
    zh: Words = Field(description="What people here call it, in Chinese.")
    en: Words = Field(description="The same in English.")


class When(Section):
    """Every condition given must hold; of each, one of its values is enough. None: every case."""

    kinds: tuple[CaseKind, ...] = Field((), description="The case is of one of these kinds.")
    sources: tuple[Source, ...] = Field(
        (), description="It came by one of these channels or feeds."
    )
    words: tuple[Words, ...] = Field((), description="Its matter holds one of these words.")
    units: tuple[UnitCode, ...] = Field(
        (), description="The citizen named one of these units, or one below it."
    )


class Route(Section):
    when: When = Field(description="Which cases; {} is every case.")
    to: Destination = Field(
        description="The unit named; its station, county or city (the centre); or a unit by code."
    )


class Callback(Section):
    kinds: Kinds = Field(description="Which cases get a callback task.")
    by: Literal["unit", "sub_centre", "centre", "inspector"] = Field(description="Who calls.")
    form: tuple[FormField, ...] = Field(min_length=1, description="What the caller writes down.")
    attempts: Attempts = Field(description="How often to try, at different hours.")
    unreachable: Literal["continue", "visit", "close"] = Field(
        description="After the last attempt: go on without, visit at the door, or close."
    )


class BeforeAnswer(Section):
    """What the officer must have done before handing in."""

    kinds: tuple[CaseKind, ...] = Field(description="For which cases that is so; may be [].")
    callback: YesNo = Field(description="Reached the citizen, or tried as often as asked.")
    visit: YesNo = Field(description="Visited the citizen at the door.")
    finding: YesNo = Field(description="Written down what was found to be true.")
    measures: YesNo = Field(description="Written down what was mended, or why it cannot be.")
    photos: Photos = Field(description="How many photos prove what was mended.")


class Review(Section):
    by: Above = Field(description="Who looks at the work before the citizen hears of it.")
    kinds: Kinds = Field(description="Which cases; the others go straight.")


class Revisit(Section):
    by: Above = Field(description="Who asks the citizen again; never who rectified.")
    kinds: Kinds = Field(description="Which cases.")
    own_answer_counts: YesNo = Field(
        description="The citizen's own rating of the result counts as the re-visit."
    )
    of: Literal["all", "unsatisfied", "rectified"] = Field(
        description="All of these; only what grew out of “not satisfied”; or only where something "
        "was mended, not explained."
    )

    def concerns(self, kind: CaseKind, outcome: str | None) -> bool:
        """Whether a case of this kind is re-visited; `outcome`: rectified, explained or None."""
        if kind not in self.kinds:
            return False
        if self.of == "rectified":
            return outcome == "rectified"
        return self.of == "all" or kind is CaseKind.UNSATISFIED


class Silence(Section):
    close_after: SomeSpan = Field(
        description="Answered and nothing heard: closed, counted as silent, never as satisfied."
    )


class Reopen(Section):
    within: SomeSpan = Field(description="How long after closing the citizen may reopen.")
    times: Times = Field(description="How often; 0 is never.")


class Extension(Section):
    most: SomeSpan = Field(description="The longest extension that may be granted.")
    times: Times = Field(description="How often for one case; 0 is never.")
    by: Level = Field(description="Who grants or refuses.")


class Identity(Section):
    escrow: Literal["about_an_officer", "always", "never"] = Field(
        description="When the citizen's identity is locked away; two persons open it."
    )
    callers_see_phone: YesNo = Field(description="Whoever calls back sees the number.")
    officer_named: YesNo = Field(description="The citizen is told who handles the case.")


class Visit(Section):
    confirm: Literal["none", "code"] = Field(
        description="How the citizen confirms a record made on the spot."
    )


class SpotChecks(Section):
    each_month: AMonth = Field(description="How many are drawn each month.")
    of: tuple[Literal["closed", "satisfied"], ...] = Field(
        min_length=1, description="From closed cases, from satisfied ratings, or both."
    )
    by: Literal["sub_centre", "centre"] = Field(description="Who calls.")
    aspects: YesNo = Field(description="The aspects are asked.")


class Voice(Section):
    """Off unless the deployment has a voice vendor, too."""

    calls: tuple[Literal["revisit", "spot_check"], ...] = Field(
        min_length=1, description="Which calls a recorded voice makes, with keys for the grades."
    )


class StayedSolved(Section):
    after: SomeSpan = Field(description="When the citizen is asked whether it stayed solved.")


class Retaliation(Section):
    after: tuple[SomeSpan, ...] = Field(
        min_length=1, description="When the citizen is asked whether anyone made them pay for it."
    )
    by: Literal["inspector", "centre"] = Field(description="Who alone sees the answer.")


class Duplicates(Section):
    same_citizen: SpanOrNone = Field(description="How far back to look with the same citizen.")
    same_matter: SpanOrNone = Field(description="How far back to look with other citizens.")
    alike: Share = Field(description="How alike two matters must be to be proposed.")


class Urge(Section):
    at_most: ADay = Field(description="How often a day the citizen may urge one case.")


class AskAfter(Section):
    """A line for each kind of service event; null: its citizens are not asked."""

    police_call: SpanOrNone | None = Field(description="A police call that was dealt with.")
    case: SpanOrNone | None = Field(description="A case that was worked on.")
    counter: SpanOrNone | None = Field(description="A service at a counter.")
    visit: SpanOrNone | None = Field(description="A visit at the door.")
    enterprise: SpanOrNone | None = Field(description="An enterprise is asked what it needs.")


class ContactCap(Section):
    at_most: AtMost = Field(description="How often one person is asked, over all units.")
    within: SomeSpan = Field(description="In how long a time.")


class Invitations(Section):
    after: AskAfter = Field(description="Which services, and how long after them; null: not asked.")
    share: Share = Field(description="The share that is asked, by lot; 1 is everyone.")
    hours: HoursText = Field(description="When messages may go out.")
    by: Literal["account_first", "account", "sms"] = Field(
        description="The official account where the citizen follows it, else SMS; or only one."
    )
    reminder: SomeSpan | None = Field(description="How long after it one reminder; null: none.")
    expires: SomeSpan = Field(description="How long an answer counts.")
    contact: ContactCap = Field(description="How often one person may be asked.")
    oldest: SomeSpan = Field(description="What was finished longer ago is never asked about.")
    aspects: YesNo = Field(description="Who has given a grade is asked the aspects, 1 to 5.")
    hotline: YesNo = Field(description="A text message names the public hotline, too.")


class OfficerCode(Section):
    valid: SomeSpan = Field(description="How long a code holds once an officer has asked for it.")
    grace: SpanOrNone = Field(
        description="How much longer a grade is taken from who opened it at the last moment."
    )
    per_hour: Codes = Field(description="How many an officer may ask for in an hour.")
    per_day: Codes = Field(description="How many in a day, those fetched ahead included.")
    pack: Pack = Field(
        description="How many may be fetched ahead at once, valid to the day's end; 0: none."
    )
    shifts: tuple[Quiet, ...] = Field(
        min_length=1,
        description="The shifts by which coverage is counted where the duty roster has none; "
        "together the whole day. One over midnight belongs to the day it began.",
    )


class Satisfaction(Section):
    """Grades are stored as they were given: with another formula the past is reckoned anew."""

    formula: Literal["satisfied_only", "satisfied_or_basically", "basically_half"] = Field(
        description="What counts as satisfied; “basically” not at all, fully, or half."
    )
    minimum: Minimum = Field(description="With fewer ratings there is no rate and no rank.")


FiguresRole = Literal["unit_lead", "sub_centre", "centre", "inspector", "supervisor"]


class Daily(Section):
    at: ClockText = Field(description="The time of the day, in Beijing.")
    to: tuple[FiguresRole, ...] = Field(
        min_length=1, description="The posts whose holders get it, in every chat they have bound."
    )
    of: Literal["own", "city"] = Field(
        description="About the unit of each reader's own post, or about the whole city for all."
    )


class Weekly(Daily):
    weekday: Literal[
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
    ] = Field(description="The weekday on which it tells of the week before.")


class Monthly(Daily):
    day: DayOfMonth = Field(
        description="The day on which it tells of the month before; a shorter month's last."
    )


class Quarterly(Daily):
    day: DayOfMonth = Field(
        description="The day of January, April, July and October on which it tells of the quarter."
    )


class Bulletins(Section):
    """null: that kind is not sent. What was missed while nobody worked is sent late, the latest of
    each kind only."""

    daily: Daily | None = Field(description="About yesterday.")
    weekly: Weekly | None = Field(description="About last week, with a ranking.")
    monthly: Monthly | None = Field(description="About last month, with a ranking.")
    quarterly: Quarterly | None = Field(
        description="About the last quarter: what changed beyond error, what it was about."
    )


class Retention(Section):
    """Days after which it is deleted; null: never. Numbers, grades, dates and who did what stay,
    so every figure stays as it was."""

    messages: KeptDays | None = Field(description="What was written, by either side, in the chat.")
    cases: KeptDays | None = Field(
        description="After closing: words, number, photos and forms of a case; comments on ratings."
    )
    services: KeptDays | None = Field(description="Whose number a reported service belongs to.")
    questions: KeptDays | None = Field(description="Answers to questions for figures; hot topics.")


Scale = Annotated[
    tuple[Grade, ...], Allowed("[satisfied, basically, unsatisfied] or [satisfied, unsatisfied]")
]


class Policy(Section):
    """One deployment's policy. Equal content is an equal policy, whatever its file looks like."""

    name: Name = Field(description="Short name; a shipped preset's is its file's.")
    title: Title = Field(description="What people call it.")
    version: Words = Field(description="Whoever changes the file counts it up.")
    scale: Scale = Field(description="The grades a citizen can give, the best first.")
    aspects: tuple[Aspect, ...] = Field(description="What callbacks score one by one; may be [].")
    hours: HoursOfDay = Field(description="Hours of the day, in Beijing.")
    routing: tuple[Route, ...] = Field(
        description="Where a case goes; the first that fits. None fits: the unit named, or the "
        "centre when none is."
    )
    deadlines: Deadlines = Field(description="How long each step may take, and who is told.")
    callback: Callback | None = Field(description="A call to the citizen. null: none by itself.")
    before_answer: BeforeAnswer = Field(description="What must be done before handing in.")
    review: Review | None = Field(description="null: the answer goes straight to the citizen.")
    revisit: Revisit | None = Field(description="Asking again after the answer. null: nobody does.")
    unsatisfied_result: Literal["review", "close"] = Field(
        description="What a citizen's “not satisfied” with the result leads to, whatever the kind."
    )
    silence: Silence = Field(description="When nothing is heard after the answer.")
    reopen: Reopen = Field(description="How the citizen may reopen a closed case.")
    extension: Extension = Field(description="How more time is asked for.")
    identity: Identity = Field(description="Who sees whom.")
    visit: Visit = Field(description="Records made on the spot or at the door.")
    spot_checks: SpotChecks | None = Field(description="Random calls each month. null: none.")
    voice: Voice | None = Field(
        None, description="Calls by a recorded voice. null, or no line: people make them all."
    )
    stayed_solved: StayedSolved | None = Field(description="Asking once more later. null: no.")
    retaliation: Retaliation | None = Field(description="Asking about revenge. null: no.")
    duplicates: Duplicates = Field(description="When two cases are proposed as one.")
    urge: Urge = Field(description="How often the citizen may ask for speed.")
    invitations: Invitations | None = Field(
        description="Asking after services that other systems report. null: nobody is asked."
    )
    officer_code: OfficerCode | None = Field(
        description="One-time codes with which officers ask face to face. null: there are none."
    )
    satisfaction: Satisfaction = Field(description="How satisfaction is reckoned.")
    unit_rules: UnitRules | None = Field(
        None, description="What is proposed about units. null, or no line: nothing by itself."
    )

    bulletins: Bulletins | None = Field(
        None, description="Figures that are sent by themselves. null, or no line: none are."
    )
    retention: Retention | None = Field(
        None, description="How long what is personal is kept. null, or no line: for ever."
    )

    @cached_property
    def content(self) -> str:
        """Canonical JSON: the same for the same policy. `Policy.model_validate_json` reads it."""
        plain = self.model_dump(mode="json")
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """The first 8 hex digits of the content's SHA-256: which policy a case was opened under."""
        return hashlib.sha256(self.content.encode()).hexdigest()[:8]
