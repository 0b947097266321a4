"""The policy's lines on invitations as the invitations' rules want them."""

from __future__ import annotations

from actions.deadlines.hours import parse_hours
from actions.invitations.kinds import EventKind
from actions.invitations.one_time_rules import Terms
from actions.invitations.rules import Rule, length
from actions.policy.model import Policy


def rule_of(policy: Policy) -> Rule | None:
    """What invitations follow; None: this deployment invites nobody."""
    lines = policy.invitations
    if lines is None:
        return None
    after = {kind: getattr(lines.after, kind.value) for kind in EventKind}
    return Rule(
        delay={kind: length(span) for kind, span in after.items() if span is not None},
        share=lines.share,
        hours=parse_hours(lines.hours),
        by=lines.by,
        reminder=length(lines.reminder) if lines.reminder else None,
        expires=length(lines.expires),
        at_most=lines.contact.at_most,
        within=length(lines.contact.within),
        oldest=length(lines.oldest),
    )


def terms_of(policy: Policy) -> Terms | None:
    """What one-time codes follow; None: this deployment has none."""
    lines = policy.officer_code
    if lines is None:
        return None
    return Terms(
        valid=length(lines.valid),
        grace=length(lines.grace),
        per_hour=lines.per_hour,
        per_day=lines.per_day,
        pack=lines.pack,
        shifts=lines.shifts,
    )
