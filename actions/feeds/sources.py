"""The sixteen kinds of source from which cases come to a centre. Pure.

The article of the handan preset says sixteen and names ten (the first ones here); the other six are
what such centres get besides. What people call each is `source_<value>` in the wording of feeds.
"""

from __future__ import annotations

from enum import StrEnum


class Source(StrEnum):
    """Where a matter was first told."""

    HOTLINE_12345 = "12345"  # the city government's hotline
    MAILBOX = "mailbox"  # the chief's mailbox
    SCAN = "scan"  # ratings by a scanned code
    HOTLINE = "hotline"  # the bureau's own number
    ENTERPRISE_HOTLINE = "enterprise_hotline"
    ENTERPRISE_MAIL = "enterprise_mail"
    ENTERPRISE_SMS = "enterprise_sms"  # enterprises asked by SMS what they need
    SMS_RATING = "sms_rating"  # replies to the question after a police call
    SUPERVISOR = "supervisor"  # appointed public supervisors
    THANKS = "thanks"  # letters of thanks, banners
    HOTLINE_12389 = "12389"  # reports on the police to the supervision
    POLICE_110 = "110"  # complaints about police calls
    PETITION = "petition"  # letters and visits
    MESSAGE_BOARD = "message_board"  # the people's message board for leaders
    WEBSITE = "website"  # the mailbox on the government's site
    MEDIA = "media"  # newspapers, broadcasting, what is said online
