"""`./huiyin sms`: counting, and what a month has cost."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_SIGN", "平安回音")
    monkeypatch.setenv("SMS_FEN_PER_PART", "4.5")


def test_a_short_text(cli: Cli) -> None:
    assert cli("sms", "count", "满意吗😀").out == [
        "10 characters with the signature, 11 units in UCS-2",
        "1 parts, 0.045 yuan",
    ]


def test_a_long_text_is_shown_as_it_will_be_cut(cli: Cli) -> None:
    lines = cli("sms", "count", "满" * 70).out  # 6 + 70 = 76: 67 and 9
    assert lines[1] == "2 parts, 0.090 yuan"
    assert lines[2:] == ["  1/2 【平安回音】" + "满" * 61, "  2/2 " + "满" * 9]


def test_what_a_month_cost(cli: Cli, installed: dict[str, str]) -> None:
    ran = cli("sms", "cost", "2026-12")
    assert ran.out == [
        "2026-12: 0 parts, 0.00 yuan",
        "reports: 0 arrived, 0 failed, 0 open",
    ]


def test_a_month_that_is_none(cli: Cli, installed: dict[str, str]) -> None:
    ran = cli("sms", "cost", "2026-13")
    assert (ran.code, ran.err) == (2, ["2026-13 is no month; write it as 2026-11."])
