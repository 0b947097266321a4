"""The command line: what each command says, and one sentence with an exit code when it cannot."""

from __future__ import annotations

import asyncio
import shutil
import socket
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from actions.bootstrap import Services, bootstrap
from actions.settings import Settings, read
from actions.store.tables import deliveries, officers, units
from bot.cli.commands import COMMANDS
from bot.stack import model
from tests.cli.conftest import Cli
from tests.installation import SAMPLE, Servers, execute


def test_help_has_a_line_for_every_command(cli: Cli) -> None:
    ran = cli("--help")
    assert ran.code == 0
    text = " ".join(" ".join(ran.out).split())
    for command in COMMANDS:
        assert f" {command.name} {command.help}" in text
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)


@pytest.mark.parametrize("arguments", [(), ("unheard-of",), ("units",), ("bind",)])
def test_wrong_arguments_are_exit_code_2(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli(*arguments).code == 2


def test_settings_that_are_missing_are_a_sentence_each(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["DATABASE_URL", "REDIS_URL", "DATA_KEYS", "HASH_KEY", "ACTIONS_SECRET", "NLU_SECRET"]
    for name in names:
        monkeypatch.delenv(name, raising=False)
    ran = cli("check")
    assert (ran.code, ran.out) == (2, [])
    assert [line.split()[0] for line in ran.err] == names


def test_check_says_a_sentence_for_everything_out_of_reach(
    cli: Cli, unreachable: dict[str, str]
) -> None:
    ran = cli("check")
    assert ran.code == 1
    assert [line.split()[0] for line in ran.out] == ["The", "Redis", "Rasa", "The", "No"]
    assert all(line.endswith(".") for line in ran.out)


def test_check_notices_keys_that_open_nothing_here(
    cli: Cli, installed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("units", "load", str(SAMPLE)).code == 0
    monkeypatch.setenv("DATA_KEYS", Fernet.generate_key().decode())
    monkeypatch.setenv("NLU_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ACTIONS_URL", "http://127.0.0.1:9")
    assert any(line.startswith("DATA_KEYS holds no key") for line in cli("check").out)
    ran = cli("units", "load", str(SAMPLE))
    assert ran.code == 1
    assert [line.split()[0] for line in ran.err] == ["DATA_KEYS"]


@pytest.mark.parametrize("command", [("deliveries",), ("units", "list"), ("migrate",)])
def test_a_database_out_of_reach_is_one_sentence(
    cli: Cli, unreachable: dict[str, str], command: tuple[str, ...]
) -> None:
    ran = cli(*command)
    assert (ran.code, ran.err) == (1, ["The database cannot be reached; check DATABASE_URL."])


def test_a_database_without_the_schema_is_one_sentence_until_it_is_migrated(
    cli: Cli, installed: dict[str, str], databases: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{installed['DATABASE_URL'].partition('?')[0].rsplit('/', 1)[1]}_empty"
    execute(databases.postgres, f"CREATE DATABASE {name}")
    monkeypatch.setenv("DATABASE_URL", databases.settings(name)["DATABASE_URL"])
    try:
        ran = cli("units", "list")
        assert ran.code == 1
        assert ran.err == ["The database's schema is not this version's; run ./huiyin migrate."]
        assert [cli("migrate").code for _ in range(2)] == [0, 0]
        assert cli("units", "list").code == 0
    finally:
        execute(databases.postgres, f"DROP DATABASE {name} WITH (FORCE)")


# --- units, officers, codes -----------------------------------------------------------------------


def count(installed: dict[str, str], table: object) -> int:
    async def work(services: Services) -> int:
        async with services.engine.connect() as connection:
            query = select(func.count()).select_from(table)  # type: ignore[arg-type]
            return int((await connection.execute(query)).scalar_one())

    return done(installed, work)


def done[T](installed: dict[str, str], work: object) -> T:  # type: ignore[type-var]
    """Runs `work(services)` over the test's installation."""

    async def run() -> T:
        services = bootstrap(read(Settings, installed))
        try:
            return await work(services)  # type: ignore[operator, no-any-return]
        finally:
            await services.close()

    return asyncio.run(run())


def test_the_sample_city_loads_and_loading_again_changes_nothing(
    cli: Cli, installed: dict[str, str]
) -> None:
    first, again = cli("units", "load", str(SAMPLE)), cli("units", "load", str(SAMPLE))
    assert first.code == again.code == 0
    assert first.out[0].startswith("47 units, 40 officers, ")
    assert again.out == [first.out[0].rsplit(";", 1)[0] + "; 0 rows changed."]
    tree = cli("units", "list").out
    assert tree[0] == "云州市公安局  [city YZ]"
    assert "    明德里派出所  [station YZ-QX-MDL]" in tree


def test_bad_lines_are_all_told_and_nothing_is_loaded(
    cli: Cli, installed: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "city"
    shutil.copytree(SAMPLE, folder)
    with (folder / "units.csv").open("a", encoding="utf-8") as file:
        file.write("YZ-XX,新所,新,,station,NOWHERE\nYZ-YY,新局,新局,,palace,YZ\n")
    with (folder / "officers.csv").open("a", encoding="utf-8") as file:
        file.write("Y99999,某某,YZ-QX,king,民警\n")
    ran = cli("units", "load", str(folder))
    assert ran.code == 2
    assert [line.split(" ")[0] for line in ran.err] == [
        "units.csv:49",
        "units.csv:50",
        "officers.csv:42",
    ]
    assert [line.split(" ")[1] for line in ran.err] == ["[parent]", "[kind]", "[role]"]
    assert count(installed, units) == count(installed, officers) == 0


def test_a_folder_without_files_is_told_too(
    cli: Cli, installed: dict[str, str], tmp_path: Path
) -> None:
    ran = cli("units", "load", str(tmp_path / "nowhere"))
    assert ran.code == 2
    assert [line.split()[0] for line in ran.err] == ["units.csv", "officers.csv", "codes.csv"]


def test_binding_an_officer(cli: Cli, installed: dict[str, str]) -> None:
    cli("units", "load", str(SAMPLE))
    known, unknown = cli("bind", "Y10101"), cli("bind", "Y00000")
    assert known.code == 0
    assert len(known.out[0].rsplit("/bind ", 1)[1]) == 8
    assert unknown.code == 2
    assert unknown.err == ["No active officer has the badge Y00000; see officers.csv."]


# --- deliveries -----------------------------------------------------------------------------------


def test_deliveries_shows_what_was_sent_and_what_failed(
    cli: Cli, installed: dict[str, str]
) -> None:
    assert cli("deliveries").out == ["No deliveries."]

    async def prepare(services: Services) -> None:
        async with services.engine.begin() as connection:
            chen = await services.people.meet(connection, "wechat", "openid-chen")
            for words in ("一", "二", "三"):
                await services.notices.tell(
                    connection, key=words, identity_id=chen.identity_id, topic="case", text=words
                )
            sent = {"state": "sent", "via": "template", "note": "45015 outside", "attempts": 1}
            failed = {"state": "failed", "note": "43101 user refuses", "attempts": 1}
            for key, values in (("一", sent), ("二", failed)):
                update = deliveries.update().where(deliveries.c.key == key)
                await connection.execute(update.values(**values))

    done(installed, prepare)
    ran = cli("deliveries")
    assert ran.code == 0
    assert sorted(ran.out[0].split("  ")) == ["failed: 1", "queued: 1", "sent: 1"]
    lines = {line.split()[2]: line for line in ran.out[1:]}
    assert lines["sent"].endswith("wechat:citizen  attempts 1  template 45015 outside")
    assert lines["failed"].endswith("attempts 1  43101 user refuses")
    assert "openid" not in "".join(ran.out)
    only = cli("deliveries", "--state", "failed").out
    assert [line.split()[2] for line in only[1:]] == ["failed"]
    assert len(cli("deliveries", "--limit", "2").out) == 3


# --- documents, keys, the demo's start ------------------------------------------------------------


def test_docs_are_written_and_then_current(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "ROOT", tmp_path)
    stale = cli("docs", "--check")
    assert stale.code == 1
    assert "configuration.md" in stale.out[0]
    assert not (tmp_path / "docs").exists()
    assert cli("docs").code == 0
    assert cli("docs", "--check").code == 0
    written = (tmp_path / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert "| `DATA_KEYS` | required |" in written
    (tmp_path / "docs" / "states.md").write_text("old", encoding="utf-8")
    assert cli("docs", "--check").out == ["Not current, run ./huiyin docs: states.md"]


def test_a_key_is_one_that_works(cli: Cli) -> None:
    (key,) = cli("key").out
    Fernet(key)


def test_a_port_in_use_ends_the_demo_with_one_sentence(cli: Cli, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = cli("demo", "--folder", str(tmp_path / "data"), "--gateway-port", port)
    assert ran.code == 2
    assert ran.err == [
        f"Port {port} for gateway is in use; end what listens there or choose another with "
        "--gateway-port."
    ]


def test_fresh_empties_no_folder_of_somebody_else(cli: Cli, tmp_path: Path) -> None:
    mine = tmp_path / "thesis.txt"
    mine.write_text("years of work", encoding="utf-8")
    ran = cli("demo", "--fresh", "--folder", str(tmp_path))
    assert ran.code == 2
    assert "is not emptied" in ran.err[0]
    assert mine.exists()
