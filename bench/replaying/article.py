"""What yuxi's article of July 2018 counts, and what to know when reading it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

FIRST, LAST = date(2017, 5, 1), date(2018, 7, 10)
PRINTED_REPLY_RATE, PRINTED_SATISFACTION, PRINTED_RECTIFIED = 24, 97, 100  # per cent


@dataclass(frozen=True, slots=True)
class Size:
    """How much is replayed: messages sent, replies that count, and of these the unsatisfied."""

    sent: int
    replies: int
    unsatisfied: int

    @property
    def satisfied(self) -> int:
        return self.replies - self.unsatisfied

    def divided(self, scale: int) -> Size:
        """The same with everything divided; at least one of each."""
        each = (self.sent, self.replies, self.unsatisfied)
        return Size(*(max(1, round(count / scale)) for count in each))


ARTICLE = Size(139_976, 33_563, 1_072)
PRINTED_SATISFIED = 32_491

READING = (
    f"{PRINTED_SATISFIED:,} satisfied and {ARTICLE.unsatisfied:,} not satisfied are all "
    f"{ARTICLE.replies:,} replies: of three grades (满意、基本满意、不满意) nobody ever gave the "
    "middle one, or it is counted as satisfied; so the replay has none.",
    f"The division gives {PRINTED_SATISFIED / ARTICLE.replies:.1%} where {PRINTED_SATISFACTION} % "
    f"is printed, and {ARTICLE.replies / ARTICLE.sent:.2%} where {PRINTED_REPLY_RATE} % is.",
    "“100 % rectified” is once said of what was found to be true and once of all 1,072; both are "
    "counted below. How many were found true the article does not say.",
    "Three in four did not answer: their silence is in no figure of satisfaction, here as there.",
)
