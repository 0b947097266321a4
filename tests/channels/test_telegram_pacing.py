"""Our pace to Telegram: 25 messages a second to everybody, 19 a minute to a group."""

from __future__ import annotations

import pytest

from bot.channels.base import TransportError
from bot.channels.pacing import Limit, MemoryPacer, NoPaceError
from bot.channels.telegram.pacing import Pace

GROUP, OTHER_GROUP, PERSON = "-1001", "-1002", "1001"


class Time:
    """A clock that goes on only where something waits."""

    def __init__(self) -> None:
        self.now, self.waits = 1000.0, 0

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.now += seconds + 0.001
        self.waits += 1


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pace(time: Time) -> Pace:
    return Pace(MemoryPacer(time), "7000000001", time.pause)


async def test_what_is_beyond_25_a_second_waits_for_its_place(pace: Pace, time: Time) -> None:
    for number in range(25):
        await pace.keep(str(number), 1)
    assert time.waits == 0
    await pace.keep(PERSON, 1)
    assert time.now >= 1001


async def test_pieces_count_each(pace: Pace, time: Time) -> None:
    for _ in range(5):
        await pace.keep(PERSON, 5)
    assert time.waits == 0
    await pace.keep(PERSON, 1)
    assert time.waits == 1


async def test_a_message_of_more_pieces_than_a_second_lets_through_goes_out_alone(
    pace: Pace, time: Time
) -> None:
    await pace.keep(GROUP, 40)
    with pytest.raises(TransportError, match="this group"):
        await pace.keep(GROUP, 1)
    await pace.keep(PERSON, 0)  # all of it had gone out before


async def test_a_groups_twentieth_is_told_when_to_come_again(pace: Pace, time: Time) -> None:
    """It does not wait here: a minute is too long for those who are sent beside it."""
    for _ in range(19):
        await pace.keep(GROUP, 1)
    time.now += 20
    with pytest.raises(TransportError, match="this group") as raised:
        await pace.keep(GROUP, 1)
    assert (raised.value.code, raised.value.permanent) == ("pace", False)
    assert raised.value.retry_after == pytest.approx(40)
    await pace.keep(OTHER_GROUP, 1)
    await pace.keep(PERSON, 1)
    assert time.waits == 0
    time.now += 41
    await pace.keep(GROUP, 1)


async def test_whoever_finds_no_place_for_long_comes_again() -> None:
    class Crowded:
        async def wait_seconds(self, key: str, count: int, limits: tuple[Limit, ...]) -> float:
            return 1.5

    time = Time()
    pace = Pace(Crowded(), "7000000001", time.pause)  # type: ignore[arg-type]
    with pytest.raises(TransportError, match="pace") as raised:
        await pace.keep(PERSON, 1)
    assert (time.waits, raised.value.retry_after) == (3, 1.5)


async def test_when_nobody_can_count_telegram_itself_refuses(time: Time) -> None:
    """Redis is away: words to people are more than a 429, which is waited for."""

    class Away:
        async def wait_seconds(self, key: str, count: int, limits: tuple[Limit, ...]) -> float:
            raise NoPaceError("ConnectionError")

    await Pace(Away(), "7000000001", time.pause).keep(GROUP, 1)  # type: ignore[arg-type]
