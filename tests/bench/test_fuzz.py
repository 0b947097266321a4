"""The campaign of bad input in short: every edge, a few thousand inputs, always the same ones."""

from __future__ import annotations

import pytest

from actions import logs
from bench.fuzzing.campaign import Result, campaign, look_at_logs, table
from bench.fuzzing.house import house
from bench.fuzzing.values import Dice
from tests.conftest import Databases
from tests.installation import installation

INPUTS = 2_500


@pytest.mark.parametrize("provider", ["tencent"])
async def test_no_input_does_more_than_be_taken_or_refused(
    databases: Databases, provider: str
) -> None:
    async with installation(databases) as services:
        environ = databases.settings(str(services.engine.url.database))
        async with house(environ, provider) as there:
            results = await campaign(there, 7, INPUTS, "", provider)
    logs.configure("INFO", process="tests")
    assert {result.name: dict(result.found) for result in results if result.found} == {}
    assert all(result.refused for result in results if "forged" in result.name)
    taken = (
        "wechat",
        "wecom",
        "telegram",
        "feeds: events",
        "feeds: cases",
        "web chat",
        "web files",
    )
    assert all(result.accepted for result in results if result.name in taken)
    assert sum(result.inputs for result in results) > INPUTS * 0.9
    assert table(results)[-1][-1] == "0"


def test_the_same_seed_makes_the_same_inputs() -> None:
    one, other = Dice("7:x"), Dice("7:x")
    assert [one.text() for _ in range(200)] == [other.text() for _ in range(200)]


@pytest.mark.parametrize(
    ("logged", "found"),
    [
        ('{"event": "turn", "turn": "1"}\n', 0),
        ('{"event": "x", "said": "zqFuzzMark"}\n', 1),
        ('{"event": "x", "to": "13900001234"}\n', 1),
        ('ERROR aiohttp.server Error handling\n  File "a.py", line 1\nbuiltins.KeyError\n', 1),
        ('{"event": "x", "exception": "…"}\n{"event": "x", "exception": "…"}\n', 2),
    ],
)
def test_what_is_looked_for_in_logs_is_seen(logged: str, found: int) -> None:
    class Heard:
        def taken(self) -> str:
            return logged

    class There:
        heard = Heard()

    result = Result("x")
    look_at_logs(There(), result)  # type: ignore[arg-type]
    assert sum(result.found.values()) == found
