"""The words of an invitation, and what can be tapped under it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime

from actions import clock
from actions.invitations.kinds import EventKind
from actions.notices.notices import Offer, Wording
from actions.ratings.rating import Grade

INTENT = "invited"
SMS = "sms"


def question(
    wording: Wording,
    language: str,
    *,
    kind: EventKind,
    unit: str,
    finished_at: datetime,
    code: str,
    channel: str,
    again: bool,
    hotline: str = "",
) -> str:
    """What the citizen is asked. It says where and when, never what for: others may read it. An
    SMS names the `hotline`, where one is given.
    """
    local = clock.beijing(finished_at)
    key = "invited_need" if kind is EventKind.ENTERPRISE else "invited_service"
    text = wording.say(key, language, unit=unit, month=str(local.month), day=str(local.day))
    parts = [wording.say("invited_again", language)] if again else []
    parts.append(text)
    if channel == SMS and hotline:
        parts.append(wording.say("invited_hotline", language, hotline=hotline))
    if channel == SMS:
        parts.append(wording.say("invited_tail_sms", language, code=code))
    return ("" if language == "zh" else " ").join(parts)


def offers(
    wording: Wording,
    language: str,
    invitation: uuid.UUID,
    kind: EventKind,
    scale: Sequence[Grade],
    channel: str,
) -> list[Offer]:
    """The grades; in a chat also a way never to be asked again. An enterprise writes words."""
    found = []
    if kind is not EventKind.ENTERPRISE:
        found = [
            Offer(wording.say(f"grade_{grade}", language), payload(invitation, grade=grade))
            for grade in scale
        ]
    if channel != SMS:
        label = wording.say("invited_stop_button", language)
        found.append(Offer(label, payload(invitation, stop="yes")))
    return found


def payload(invitation: uuid.UUID, **more: str) -> str:
    """The structured intent behind a choice; the conversation hands it to the answers."""
    return f"/{INTENT}{json.dumps({'invitation': invitation.hex, **more})}"
