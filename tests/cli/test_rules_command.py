"""`./huiyin rules`: the dry run for the administrator."""

from __future__ import annotations

import asyncio

import pytest

from actions.bootstrap import Services, bootstrap
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.settings import Settings, read
from tests.accountability.house import AVERAGE, House
from tests.cast import gather_cast
from tests.cli.conftest import Cli
from tests.conftest import FrozenClock
from tests.installation import SAMPLE


@pytest.fixture
def town(installed: dict[str, str], frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Qiaoxi was last in August and September, in October it or Qiaodong; it is 20 November."""
    monkeypatch.setenv("POLICY", "yuxi")

    async def fill() -> None:
        services: Services = bootstrap(read(Settings))
        await load(services.engine, services.vault, load_city(SAMPLE))
        house = House(services, await gather_cast(services), frozen)
        for month in ("2026-08", "2026-09"):
            await house.month(month)
        await house.month("2026-10", QD=AVERAGE)
        await services.close()

    asyncio.run(fill())


def test_what_the_rules_would_have_done(cli: Cli, town: None) -> None:
    ran = cli("rules", "--from", "2026-07", "--to", "2026-10")
    assert ran.code == 0, ran.err
    assert ran.out[0].startswith("Dry run, 2026-07 to 2026-10, data as of 2026-11-20 14:05")
    assert "last_in_the_month: 当月末位 (Last in the month)" in ran.out
    text = "\n".join(ran.out)
    for line in (
        "county: bottom 1 by satisfied ÷ all valid ratings; 1 month(s) running; ratings invited "
        "together, 30 at least; to inspector",
        "2026-07  too few   ratings at 4 unit(s)",
        "2026-08  PROPOSED  桥西分局: 2026-08 80.0% (73.9–85.0%, n=200), place 4–4 of 4",
        "2026-10  untold    桥东分局: 2026-10 83.0% (77.1–87.6%, n=200), place 3–4 of 4",
        "2026-09  close     桥西分局: 2 of 3 months;",
    ):
        assert line in text, line


def test_one_rule_of_another_policy(cli: Cli, town: None) -> None:
    ran = cli("rules", "--from", "2026-09", "--policy", "zhumadian")
    assert ran.code == 0, ran.err
    assert ran.out[2].startswith("notable_two_months_running")
    assert ran.out[3] == ("  station: 3 or more substantiated cases; 2 month(s) running; to centre")
    assert ran.out[4:] == ["  2026-09  nobody", "  2026-10  nobody"]


WRONG: list[tuple[list[str], str]] = [
    (["--from", "2026-13"], '--from is "2026-13"; write a month such as 2026-10.'),
    (["--from", "2026-10", "--to", "2026-11"], "the latest is 2026-10."),
    (["--from", "2026-10", "--to", "2026-09"], "--from 2026-10 lies after 2026-09"),
    (["--from", "2020-01"], "These are 82 months; name 36 at most."),
    (["--from", "2026-10", "--rule", "lost"], "yuxi has no rule 'lost'; there are last_in_the_mon"),
    (["--from", "2026-10", "--policy", "handan"], "The policy handan has no rules about units;"),
    (["--from", "2026-10", "--policy", "nowhere"], "No policy is called 'nowhere'"),
]


@pytest.mark.parametrize(("arguments", "sentence"), WRONG)
def test_what_cannot_be_is_one_sentence(
    cli: Cli, installed: dict[str, str], frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch,
    arguments: list[str], sentence: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("POLICY", "yuxi")
    ran = cli("rules", *arguments)
    assert ran.code == 2
    assert sentence in "\n".join(ran.err + ran.out)
