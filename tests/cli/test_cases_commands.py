"""`./huiyin cases`: feeds, files, categories, results."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from actions.bootstrap import Services, bootstrap
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.settings import Settings, read
from tests.cli.conftest import Cli
from tests.installation import SAMPLE

FILE = """number,category,words,unit,phone
GD-1,服务态度,窗口民警态度很差,YZ-QX-MDL,139 0000 0000
GD-2,没听过的,"太吵了，
半夜还在施工",,没有
"""


@pytest.fixture
def town(installed: dict[str, str], tmp_path: Path) -> Path:
    """An installation with units; its folder, with a file of cases."""

    async def fill() -> None:
        services: Services = bootstrap(read(Settings, installed))
        await load(services.engine, services.vault, load_city(SAMPLE))
        await services.close()

    asyncio.run(fill())
    (tmp_path / "cases.csv").write_text(FILE, "gb18030")
    return tmp_path


def add(cli: Cli, *more: str) -> list[str]:
    ran = cli("cases", "feed", "add", "hotline", "--source", "12345", *more)
    assert ran.code == 0, ran.err
    return ran.out


def test_a_feed_from_its_key_to_its_end(cli: Cli, town: Path) -> None:
    out = add(cli, "--webhook", "https://12345.example.cn/results")
    assert out[1].startswith("hyf_")
    assert out[3].startswith("hyw_")
    renewed = cli("cases", "feed", "secret", "hotline")
    assert renewed.out[1].startswith("hyw_")
    assert renewed.out[1] != out[3]
    lines = cli("cases", "feed", "list").out
    assert lines[0].split()[:3] == ["hotline", "open", "12345"]
    assert lines[1].strip().startswith("results to https://12345.example.cn/results: 0 queued")
    assert cli("cases", "feed", "close", "hotline").code == 0
    assert cli("cases", "feed", "list").out[0].split()[1] == "closed"


def test_a_file_is_imported_and_opened(cli: Cli, town: Path) -> None:
    add(cli)
    ran = cli("cases", "import", str(town / "cases.csv"), "--feed", "hotline")
    assert ran.out == [
        "2 new, 0 changed, 0 known. All kept.",
        "2 opened.",
        "Phones that could not be read: 1; not kept.",
    ]
    again = cli("cases", "import", str(town / "cases.csv"), "--feed", "hotline")
    assert again.out[0] == "0 new, 0 changed, 2 known. All kept."
    assert cli("cases", "categories", "hotline").out == ["      1  没听过的"]
    assert cli("cases", "results", "hotline").out == ["Everything has been taken."]
    assert cli("cases", "results", "hotline", "--again").out == ["0 results are sent again."]


def test_broken_late_nothing_is_kept_and_the_line_is_named(cli: Cli, town: Path) -> None:
    add(cli)
    lines = [f"GD-{n},服务态度,第 {n} 件," for n in range(3000)]
    head = "number,category,words,until\n"
    (town / "late.csv").write_text(head + "\n".join([*lines, "GD-x,服务态度,坏了,昨天"]), "utf-8")
    ran = cli("cases", "import", str(town / "late.csv"), "--feed", "hotline")
    assert ran.code == 2
    [line] = ran.err
    assert line.startswith("late.csv:3002 [until] until must be a moment")
    assert "0 records" in cli("cases", "feed", "list").out[0]


MISTAKES = [
    (("feed", "add", "Hotline", "--source", "12345"), "small letters"),
    (("feed", "add", "h", "--source", "12345", "--mapping", "mailbox"), "for the source mailbox"),
    (("feed", "add", "h", "--source", "110"), "no such mapping file"),
    (("feed", "add", "h", "--source", "12345", "--webhook", "http://a.cn/"), "needs https"),
    (("feed", "secret", "nobody"), "No feed of cases is called 'nobody'; known: none yet"),
    (("import", "x.csv", "--feed", "nobody"), "No feed of cases is called"),
    (("categories", "nobody"), "No feed of cases is called"),
]


@pytest.mark.parametrize(("arguments", "words"), MISTAKES)
def test_mistakes_are_one_sentence(
    cli: Cli, town: Path, arguments: tuple[str, ...], words: str
) -> None:
    ran = cli("cases", *arguments)
    assert ran.code == 2
    [line] = ran.err
    assert words in line


def test_a_mapping_that_names_a_unit_that_is_not_there(cli: Cli, town: Path) -> None:
    (town / "own.yml").write_text(
        'name: x\nsource: "12345"\ndefault: {kind: help, unit: YZ-NOWHERE}\n', "utf-8"
    )
    ran = cli(
        *("cases", "feed", "add", "h", "--source", "12345", "--mapping", str(town / "own.yml"))
    )
    assert ran.err == [
        "The mapping names units that are not there: YZ-NOWHERE; write codes as in units.csv."
    ]


def test_a_feed_without_a_webhook_needs_no_secret(cli: Cli, town: Path) -> None:
    add(cli)
    assert cli("cases", "feed", "secret", "hotline").err == [
        "hotline has no webhook, so it needs no secret."
    ]
