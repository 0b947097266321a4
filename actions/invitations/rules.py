"""Who is asked, when, and why not. Pure: the event's facts and the policy's lines in, a decision out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from actions.clock import BEIJING
from actions.deadlines.hours import MIDNIGHT, Pair, at
from actions.deadlines.spans import Span, SpanUnit
from actions.invitations.kinds import EventKind, Excluded, InvitationState, Reach, WhyNot


@dataclass(frozen=True, slots=True)
class Rule:
    """The policy's lines on invitations. `delay` has no entry for a kind that is not asked about.

    `hours` is when messages may go out, in Beijing; `by` is account_first, account or sms.
    """

    delay: dict[EventKind, timedelta]
    share: float
    hours: Pair
    by: str
    reminder: timedelta | None
    expires: timedelta
    at_most: int
    within: timedelta
    oldest: timedelta


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the rules look at. `contacts` is when this person is or was asked, over all units."""

    kind: EventKind
    excluded: Excluded | None
    reach: Reach
    has_account: bool
    finished_at: datetime
    opted_out: bool
    drawn: bool
    contacts: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class Decision:
    """Moments are aware, UTC; they are None where nobody is asked."""

    state: InvitationState
    why_not: WhyNot | None = None
    due_at: datetime | None = None
    remind_at: datetime | None = None
    expires_at: datetime | None = None


def length(span: Span) -> timedelta:
    """How long a span of minutes, hours or days is. Raises ValueError for the others."""
    if span.unit is SpanUnit.DAYS:
        return timedelta(days=span.count)
    if span.length is None or span.duty:
        raise ValueError(f"{span} is no length of time")
    return span.length


def decide(one: Candidate, rule: Rule | None, now: datetime) -> Decision:
    """Chosen, with its moments; or left out, and why: the first reason in the order of the list."""
    why_not = _against(one, rule, now)
    if rule is None or why_not is not None:
        return Decision(InvitationState.LEFT_OUT, why_not or WhyNot.KIND)
    due = into_hours(max(one.finished_at + rule.delay[one.kind], now), rule.hours)
    if sum(abs(due - contact) < rule.within for contact in one.contacts) >= rule.at_most:
        return Decision(InvitationState.LEFT_OUT, WhyNot.CONTACT_CAP)
    return Decision(InvitationState.CHOSEN, None, due, *moments_after(due, rule))


def _against(one: Candidate, rule: Rule | None, now: datetime) -> WhyNot | None:
    if rule is None or one.kind not in rule.delay:
        return WhyNot.KIND
    if one.excluded is not None:
        return WhyNot(one.excluded.value)
    if one.finished_at + rule.oldest < now:
        return WhyNot.TOO_OLD
    if not has_way(one.reach, rule.by, has_account=one.has_account):
        return WhyNot.NO_WAY
    if one.opted_out:
        return WhyNot.OPTED_OUT
    return None if one.drawn else WhyNot.NOT_DRAWN


def has_way(reach: Reach, by: str, *, has_account: bool) -> bool:
    """Whether a message can go out: SMS go to mobile numbers of the mainland only."""
    by_sms = by != "account" and reach is Reach.MOBILE
    return by_sms or (by != "sms" and has_account)


def moments_after(sent: datetime, rule: Rule) -> tuple[datetime | None, datetime]:
    """When to remind (None: not at all, or it would be too late) and when it is over."""
    expires = sent + rule.expires
    if rule.reminder is None:
        return None, expires
    remind = into_hours(sent + rule.reminder, rule.hours)
    return (remind if remind < expires else None), expires


def into_hours(moment: datetime, hours: Pair) -> datetime:
    """The moment itself inside the hours of the day, else when they begin next (UTC)."""
    local = moment.astimezone(BEIJING)
    begins, ends = hours
    if local.time() < begins:
        return at(local.date(), begins)
    if not _before(local.time(), ends):
        return at(local.date() + timedelta(days=1), begins)
    return moment.astimezone(UTC)


def _before(when: time, ends: time) -> bool:
    """An end at midnight is the end of the day."""
    return ends == MIDNIGHT or when < ends
