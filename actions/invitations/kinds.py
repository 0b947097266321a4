"""The words of service events and invitations: kinds, flags, states, and why somebody is not asked.

```
event ── left_out                    not eligible, not drawn, or asked too often: `why_not` says
  └───── chosen ── dropped           opted out, rated or gone stale before it could be sent
            └───── sent ── answered  the rating, or an enterprise's need
                     └──── expired   nobody answered in time; counted as silent, never as satisfied
```
Whether what was sent has arrived, is read from its delivery.
"""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """What was done for the citizen."""

    POLICE_CALL = "police_call"
    CASE = "case"
    COUNTER = "counter"
    VISIT = "visit"
    ENTERPRISE = "enterprise"  # nothing was done: an enterprise is asked what it needs


class Flag(StrEnum):
    """Why a feed knows that this person must not be asked. Each alone is enough."""

    SEXUAL_VIOLENCE = "sexual_violence"
    DOMESTIC_VIOLENCE = "domestic_violence"
    MINOR = "minor"
    SUSPECT = "suspect"
    BEREAVED = "bereaved"
    OTHER = "do_not_ask"  # the feed's own judgement


class Reach(StrEnum):
    """What kind of number the feed gave."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    ABROAD = "abroad"  # Hong Kong and Macau
    UNREADABLE = "unreadable"
    NONE = "none"


class Excluded(StrEnum):
    """Why an event never leads to an invitation, decided when it comes in."""

    DO_NOT_ASK = "do_not_ask"  # a flag, the matter or the age; which one, stays sealed
    NOT_SCREENED = "not_screened"  # the feed did not say whether a flag holds: in doubt, not asked


class InvitationState(StrEnum):
    LEFT_OUT = "left_out"
    CHOSEN = "chosen"
    DROPPED = "dropped"
    SENT = "sent"
    ANSWERED = "answered"
    EXPIRED = "expired"


class WhyNot(StrEnum):
    """Why an event's citizen was not asked, or not after all."""

    KIND = "kind"  # the policy does not ask about this kind
    DO_NOT_ASK = "do_not_ask"
    NOT_SCREENED = "not_screened"
    TOO_OLD = "too_old"
    NO_WAY = "no_way"  # no mobile number and no account
    OPTED_OUT = "opted_out"
    NOT_DRAWN = "not_drawn"
    CONTACT_CAP = "contact_cap"
    # after it was chosen
    RATED_ALREADY = "rated_already"
    TOO_LATE = "too_late"  # nobody could send it before it expired


ELIGIBLE_ALL_THE_SAME = frozenset({WhyNot.NOT_DRAWN, WhyNot.CONTACT_CAP})
"""Left out although nothing spoke against asking."""

REPLACEABLE = frozenset({InvitationState.LEFT_OUT, InvitationState.CHOSEN, InvitationState.DROPPED})
"""A correction of the event is taken over: nothing has been sent."""

ONE_EACH = frozenset(
    {
        InvitationState.CHOSEN,
        InvitationState.SENT,
        InvitationState.ANSWERED,
        InvitationState.EXPIRED,
    }
)
"""What counts towards how often one person may be asked."""
