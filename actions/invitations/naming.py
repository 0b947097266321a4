"""What an invitation's delivery, its code and an SMS sender are called. Pure."""

from __future__ import annotations

import uuid

from actions import clock
from actions.invitations.replies import CODE_LENGTH


def delivery_key(invitation: uuid.UUID, *, again: bool = False) -> str:
    """The key of the delivery that carries the invitation or its reminder."""
    return f"invitation:{invitation.hex}{':again' if again else ''}"


def by_text_key(invitation: uuid.UUID) -> str:
    """The key of the delivery that asks by text what could not be brought to the account."""
    return f"{delivery_key(invitation)}:sms"


def invitation_in(key: str) -> uuid.UUID:
    """The invitation that a delivery's key names."""
    return uuid.UUID(key.split(":")[1])


def sms_sender(phone: str) -> str:
    """A mainland mobile number as the SMS channel names its sender: +8613900000000."""
    return f"+86{phone}"


def new_invitation_code() -> str:
    """Seven characters with a digit and a letter among them, so that no number or word is one."""
    while True:
        code = clock.new_code(CODE_LENGTH)
        if any(c.isdigit() for c in code) and any(c.isalpha() for c in code):
            return code
