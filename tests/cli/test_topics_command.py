"""`./huiyin topics`: of the installation's cases, and of a file."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

import pytest

from actions.bootstrap import bootstrap
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.settings import Settings, read
from tests.cli.conftest import Cli
from tests.installation import SAMPLE
from tests.topics.town_talk import odd, say


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Fourteen citizens on thefts, four on dogs who wrote thrice each, and others."""
    path = tmp_path / "texts.csv"
    with path.open("w", encoding="gb18030", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["who", "内容"])
        rows.writerows([f"a{n}", text] for n, text in enumerate(say("theft", 14)))
        rows.writerows([f"b{n % 4}", text] for n, text in enumerate(say("dogs", 12)))
        rows.writerows([f"c{n}", text] for n, text in enumerate(odd(10)))
        rows.writerow(["d", ""])
    return path


def test_of_a_file(cli: Cli, file: Path) -> None:
    ran = cli("topics", "--csv", str(file), "--column", "内容", "--citizen", "who")
    assert ran.code == 0
    assert ran.out[0].endswith("36 texts")
    assert ran.out[1].strip().startswith("14  ")
    assert "电动车" in ran.out[1]
    assert "(14 citizens)" in ran.out[1]
    assert ran.out[2].strip().startswith("row ")
    assert not any("拴绳" in line for line in ran.out)
    assert ran.out[-1] == "22 texts are in no group of 5 citizens or more."


def test_a_file_without_the_column(cli: Cli, file: Path) -> None:
    ran = cli("topics", "--csv", str(file), "--column", "nothing")
    assert ran.code == 2
    assert "has no column nothing" in ran.err[-1]


def test_no_file(cli: Cli, tmp_path: Path) -> None:
    ran = cli("topics", "--csv", str(tmp_path / "none.csv"), "--column", "x")
    assert ran.code == 2
    assert "cannot be read" in ran.err[-1]


def test_of_the_installation(cli: Cli, installed: dict[str, str]) -> None:
    """With units and no case; a unit by its code; one that is not there."""

    async def fill() -> None:
        services = bootstrap(read(Settings, installed))
        await load(services.engine, services.vault, load_city(SAMPLE))
        await services.close()

    asyncio.run(fill())
    ran = cli("topics", "--since", "2026-11-01", "--until", "2026-11-20")
    assert ran.code == 0
    assert ran.out == [
        "云州市公安局, 2026-11-01 to 2026-11-20: 0 texts",
        "Fewer than 20 texts: too few to group.",
    ]
    assert "桥西分局" in cli("topics", "--unit", "桥西分局").out[0]
    ran = cli("topics", "--unit", "桥西分")
    assert ran.code == 2
    assert "Near: " in ran.err[-1]


def test_days_that_are_none(cli: Cli, installed: dict[str, str]) -> None:
    assert cli("topics", "--since", "soon").code == 2
    ran = cli("topics", "--since", "2026-11-20", "--until", "2026-11-19")
    assert (ran.code, ran.err[-1]) == (2, "--since lies after --until.")
