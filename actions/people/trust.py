"""Which channels prove who speaks. Pure.

WeChat, WeCom and Telegram sign what they hand over, with an id that is the person's alone. A text
message proves nothing: its sender can be forged, numbers are given to others, families share
phones, and no gateway signs what it passes on. Who speaks there may rate, and open a case; nothing
is shown to them and nothing else done for them. At the desk nobody speaks for themselves at all: there
an officer writes down what somebody says.
"""

from __future__ import annotations

DESK = "desk"  # whom an officer wrote something down for, and who left no number for texts
UNPROVEN = frozenset({"sms", DESK})


def is_proven(channel: str) -> bool:
    """Whether the platform vouches for who writes in this channel."""
    return channel not in UNPROVEN
