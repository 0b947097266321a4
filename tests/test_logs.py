"""The log's lines: JSON or for reading, with the turn, without anybody's words."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator

import pytest
import structlog

from actions import logs

TURN = uuid.UUID("0199c0de-0000-7000-8000-000000000001")
WORDS = "我叫李某某，电话 13900000000"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    logs.configure("INFO", process="tests")


def written(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_what_is_done_for_a_message_carries_its_turn(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", process="worker")
    log = structlog.get_logger()
    with logs.about(TURN):
        assert logs.turn() == TURN
        log.info("delivered", via="customer")
        logging.getLogger("aiohttp").warning("slow")
    log.info("idle")
    ours, library, idle = map(json.loads, written(capsys))
    assert (ours["turn"], ours["process"], ours["via"]) == (str(TURN), "worker", "customer")
    assert (library["turn"], library["logger"], library["event"]) == (str(TURN), "aiohttp", "slow")
    assert "turn" not in idle
    assert list(ours)[:4] == ["timestamp", "level", "process", "event"]


def test_nothing_is_about_a_turn_that_is_none() -> None:
    with logs.about(TURN), logs.about(None):
        assert logs.turn() == TURN  # whatever it was about before
    assert logs.turn() is None
    with logs.about("console-1"):
        assert logs.turn() is None  # not one of ours: nothing to keep


def test_for_reading_it_is_one_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", process="gateway", form=logs.PLAIN)
    structlog.get_logger().warning("turn postponed", attempt=2)
    structlog.get_logger().info("turn", channel="wechat")
    postponed, turn = written(capsys)
    assert postponed[8:] == " gateway WARNING turn postponed attempt=2"
    assert turn[8:] == " gateway turn channel=wechat"


@pytest.mark.parametrize("form", [logs.JSON, logs.PLAIN])
def test_an_errors_words_stay_out(capsys: pytest.CaptureFixture[str], form: str) -> None:
    logs.configure("INFO", process="actions", form=form)
    try:
        raise ValueError(WORDS)
    except ValueError:
        structlog.get_logger().exception("action failed")
        logging.getLogger("library").exception("it failed")
    text = capsys.readouterr().err
    assert text.count("builtins.ValueError") == 2
    assert "139" not in text


def test_what_json_cannot_say_is_told_by_its_type(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", process="actions")
    structlog.get_logger().info("odd", given=object(), delivery=TURN)
    line = json.loads(written(capsys)[0])
    assert (line["given"], line["delivery"]) == ("object", str(TURN))
