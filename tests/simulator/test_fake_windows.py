"""How many customer messages the fake account may send, and until when."""

from datetime import UTC, datetime, timedelta

from bot.simulator.wechat.windows import Trigger, Windows

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def spend(windows: Windows, times: int, at: datetime = NOON) -> list[int]:
    return [windows.spend(at) for _ in range(times)]


def test_nothing_may_be_sent_before_the_follower_did_anything() -> None:
    assert spend(Windows(), 1) == [45015]


def test_a_message_allows_five() -> None:
    windows = Windows()
    windows.open(Trigger.MESSAGE, NOON)
    assert spend(windows, 6) == [0, 0, 0, 0, 0, 45047]


def test_a_message_allows_them_for_48_hours() -> None:
    windows = Windows()
    windows.open(Trigger.MESSAGE, NOON)
    assert spend(windows, 1, NOON + timedelta(hours=47, minutes=59)) == [0]
    assert spend(windows, 1, NOON + timedelta(hours=48)) == [45015]


def test_a_touch_allows_three_within_a_minute() -> None:
    windows = Windows()
    windows.open(Trigger.TOUCH, NOON)
    assert spend(windows, 4) == [0, 0, 0, 45047]
    windows.open(Trigger.TOUCH, NOON)
    assert spend(windows, 1, NOON + timedelta(seconds=60)) == [45015]


def test_both_together_use_the_shorter_window_first() -> None:
    windows = Windows()
    windows.open(Trigger.MESSAGE, NOON)
    windows.open(Trigger.TOUCH, NOON)
    assert spend(windows, 9) == [0] * 8 + [45047]


def test_a_new_message_fills_its_window_again() -> None:
    windows = Windows()
    windows.open(Trigger.MESSAGE, NOON)
    spend(windows, 5)
    windows.open(Trigger.MESSAGE, NOON)
    assert spend(windows, 6) == [0] * 5 + [45047]
