"""`./huiyin events`: feeds, files, and how far invitations came."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from actions.bootstrap import bootstrap
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.settings import Settings, read
from tests.cli.conftest import Cli
from tests.installation import SAMPLE
from tests.invitations.conftest import ASKING
from tests.policies import written

FILE = """number,kind,unit,phone,finished_at,flags
N1,counter,YZ-QX-MDL-HJ2,139 0000 0000,2026-01-20 10:00,none
N2,counter,YZ-QX-MDL-HJ2,没有,2026-01-20 10:00,none
"""


@pytest.fixture
def city(installed: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with units, whose policy asks after counter services; its folder."""

    async def fill() -> None:
        services = bootstrap(read(Settings, installed))
        await load(services.engine, services.vault, load_city(SAMPLE))
        await services.close()

    asyncio.run(fill())
    monkeypatch.setenv("POLICY", written(tmp_path, "default", {"invitations": ASKING}))
    (tmp_path / "events.csv").write_text(FILE, "utf-8")
    return tmp_path


def test_a_feed_from_its_key_to_its_end(cli: Cli, city: Path) -> None:
    ran = cli("events", "feed", "add", "hall", "--kinds", "counter", "visit")
    assert ran.code == 0
    assert ran.out[1].startswith("hyf_")
    again = cli("events", "feed", "add", "hall")
    assert again.out[1] != ran.out[1]
    assert cli("events", "feed", "close", "hall").code == 0
    [line] = cli("events", "feed", "list").out
    assert line.split()[:2] == ["hall", "closed"]


def test_a_file_is_imported_and_looked_at(cli: Cli, city: Path) -> None:
    cli("events", "feed", "add", "hall")
    ran = cli("events", "import", str(city / "events.csv"), "--feed", "hall")
    assert ran.code == 0
    assert ran.out == [
        "2 new, 0 corrected, 0 kept, 0 known. Phones that could not be read: 1; nobody is asked there.",
        "Looked at: 2 too_old.",
    ]
    again = cli("events", "import", str(city / "events.csv"), "--feed", "hall")
    assert again.out == ["0 new, 0 corrected, 0 kept, 2 known. Phones that could not be read: 1; "
        "nobody is asked there.", "Looked at: nothing new."]  # fmt: skip
    followed = cli("events", "follow", "--month", "2026-01", "--by", "kind")
    assert followed.out[1].split()[:4] == ["counter", "2", "0", "0"]
    assert followed.out[2].strip() == "why not: too_old 2"
    sampled = cli("events", "sample", "2026-01")
    assert sampled.out[0].endswith("2 of 2 belong, as it was recorded.")


def test_who_had_services_and_never_asked(cli: Cli, city: Path) -> None:
    cli("events", "feed", "add", "hall")
    assert cli("events", "coverage", "--month", "2026-01").out == [
        "No services, codes or ratings of officers in that time."
    ]
    lines = FILE.replace("finished_at,flags", "finished_at,flags,officer").splitlines()
    mine = "\n".join([lines[0], *(f"{line},Y10101" for line in lines[1:])])
    (city / "officers.csv").write_text(mine, "utf-8")
    cli("events", "import", str(city / "officers.csv"), "--feed", "hall")
    head, li, everybody, told = cli("events", "coverage", "--month", "2026-01").out
    assert head.split() == ["events", "shifts", "never", "asked", "used", "ratings"]
    assert li.split() == ["Y10101", "2", "1", "1", "0", "-", "0"]
    assert everybody.split() == ["all", "2", "1", "1", "0", "-", "0"]
    assert told.startswith("never: shifts with services")
    assert len(cli("events", "coverage", "--month", "2026-01", "--below", "yz-qd").out) == 1
    assert cli("events", "coverage", "--below", "XX").err == [
        "No unit has the code XX; see ./huiyin units list."
    ]


def test_mistakes_are_one_sentence_each(cli: Cli, city: Path) -> None:
    cli("events", "feed", "add", "hall")
    (city / "events.csv").write_text(FILE + "N3,raid,YZ,,2026-01-20 10:00,none\n", "utf-8")
    wrong = cli("events", "import", str(city / "events.csv"), "--feed", "hall")
    assert wrong.code == 2
    [line] = wrong.err
    assert line.startswith("events.csv:4 [kind] kind must be one of police_call")
    assert cli("events", "import", "none.csv", "--feed", "hall").err == [
        "none.csv cannot be read (No such file or directory)."
    ]
    assert cli("events", "import", str(city / "events.csv"), "--feed", "hal").err == [
        "No feed is called 'hal'; known: hall."
    ]
    assert cli("events", "feed", "add", "Hall!").code == 2
    assert cli("events", "follow", "--month", "last").code == 2
    assert cli("events", "sample", "2027-01").out == ["Nothing was drawn in 2027-01."]


def test_a_number_is_silenced_and_may_be_asked_again(cli: Cli, city: Path) -> None:
    assert cli("events", "optout", "139 0000 0000").out == ["139****0000 is not asked any more."]
    undone = cli("events", "optout", "13900000000", "--undo")
    assert undone.out == ["139****0000 may be asked again."]
    ran = cli("events", "optout", "12")
    assert ran.code == 2
    assert "no telephone number" in " ".join(ran.err)
