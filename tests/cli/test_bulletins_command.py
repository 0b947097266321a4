"""`./huiyin bulletins`: to whom they went, and their files."""

from __future__ import annotations

import asyncio
from pathlib import Path

from actions.bootstrap import bootstrap
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.settings import Settings, read
from tests.bulletins.asking import ask_for_bulletin
from tests.cast import officer
from tests.cli.conftest import Cli
from tests.conftest import SAMPLE, FrozenClock


def test_nothing_yet(cli: Cli, installed: dict[str, str]) -> None:
    assert cli("bulletins", "list").out == ["0 copies in 14 days, 0 not delivered."]
    ran = cli("bulletins", "save", "B26-0001")
    assert (ran.code, ran.err) == (2, ["There is no bulletin B26-0001."])


def test_who_got_it_and_who_did_not(
    cli: Cli, installed: dict[str, str], frozen: FrozenClock, tmp_path: Path
) -> None:
    """A sub-centre has a chat; all others of its posts have none."""

    async def one_morning() -> str:
        services = bootstrap(read(Settings, installed))
        await load(services.engine, services.vault, load_city(SAMPLE))
        sub = await officer(services, "桥西分局", "sub_centre")
        await services.bulletin_rounds.run()
        frozen.advance(days=1)
        done = await services.bulletin_rounds.run()
        assert (done.chats, done.no_chat > 0) == (1, True)
        bulletin = await ask_for_bulletin(services, sub.turn(), "昨天")
        await services.close()
        return bulletin.number

    number = asyncio.run(one_morning())
    lines = cli("bulletins", "list").out
    assert any("桥西分局" in line and line.endswith("telegram  on its way") for line in lines)
    lost = sum("not delivered: no chat bound" in line for line in lines)
    assert lines[-1] == f"{len(lines) - 1} copies in 14 days, {lost} not delivered."
    saved = cli("bulletins", "save", number, str(tmp_path)).out
    assert [Path(line).name for line in saved] == [
        f"{number}.{ending}" for ending in ("xlsx", "pdf", "png")
    ]
    assert all(Path(line).stat().st_size > 5000 for line in saved)
