"""`./huiyin codes …`: what each prints and writes, and one sentence when it cannot."""

from __future__ import annotations

import csv
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from tests.cli.conftest import Cli
from tests.installation import SAMPLE

URL = "https://huiyin.yunzhou.example"
DESK = "mdl-hj2-cspc"


@pytest.fixture
def city(cli: Cli, installed: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample city, loaded, with an address."""
    monkeypatch.setenv("PUBLIC_URL", URL)
    monkeypatch.setenv("LOGNAME", "chen")
    assert cli("units", "load", str(SAMPLE)).code == 0


def test_make_says_how_many_and_doubles_nothing(cli: Cli, city: None) -> None:
    assert cli("codes", "make", "--below", "YZ-QX").out == [
        "1 codes made; 11 places had one already."
    ]
    assert cli("codes", "make", "--below", "YZ-QX").out == [
        "0 codes made; 12 places had one already."
    ]
    assert cli("codes", "make", "--kinds", "desk,badge", "--below", "YZ-QX-NZ").code == 0


def test_sheet_writes_what_was_asked_for(cli: Cli, city: None, tmp_path: Path) -> None:
    out = tmp_path / "stickers.pdf"
    ran = cli("codes", "sheet", "--below", "YZ-QX-MDL", "--out", str(out))
    assert ran.out == [f"4 codes on 1 pages written to {out}; they lead to {URL}/s/…"]
    picture = pypdfium2.PdfDocument(out)[0].render(scale=2, grayscale=True).to_pil()
    assert {code.text for code in zxingcpp.read_barcodes(picture)} == {
        f"{URL}/s/{scene}" for scene in ("mdl-xf8x", "mdl-hj1-2fm6", DESK, "mdl-xl1-jggc")
    }
    ran = cli("codes", "sheet", "--form", "badge", "--below", "YZ-QX-MDL", "--out", str(out))
    assert ran.out[0].startswith("2 codes on 1 pages")
    ran = cli("codes", "sheet", "--form", "a4", "--code", DESK.upper(), "--out", str(out))
    assert ran.out[0].startswith("1 codes on 1 pages")
    assert any("printed" in line and "(chen)" in line for line in cli("codes", "show", DESK).out)


def test_a_moved_code_is_told_until_it_is_printed(cli: Cli, city: None, tmp_path: Path) -> None:
    ran = cli("codes", "move", DESK, "--to", "YZ-QX-NZ")
    assert ran.out == [
        f"{DESK} is moved and leads to 桥西分局南站派出所.",
        "Its sticker says 桥西分局明德里派出所 · 户籍 2 号窗口; print it anew with ./huiyin codes sheet.",
    ]
    shown = cli("codes", "show", DESK).out
    assert shown[:3] == [
        f"{DESK} is moved and leads to 桥西分局南站派出所.",
        f"{URL}/s/{DESK}",
        "Its sticker says: 桥西分局明德里派出所 · 户籍 2 号窗口",
    ]
    assert shown[3] == "0 ratings came by it."
    assert shown[-1].endswith("moved     桥西分局南站派出所  (chen)")
    assert cli("codes", "sheet", "--code", DESK, "--out", str(tmp_path / "o.pdf")).code == 0
    assert cli("codes", "show", DESK).out[0] == f"{DESK} is live and leads to 桥西分局南站派出所."


def test_retire_says_what_counts_now(cli: Cli, city: None) -> None:
    ran = cli("codes", "retire", DESK, "--replaced-by", "mdl-hj1-2fm6")
    assert ran.out == [f"{DESK} is retired and leads to 桥西分局明德里派出所 · 户籍 1 号窗口."]
    shown = cli("codes", "show", DESK).out
    assert "In its place stands: mdl-hj1-2fm6" in shown
    assert shown[-1].endswith("→ mdl-hj1-2fm6  (chen)")


def test_csv_can_be_loaded_again(cli: Cli, city: None, tmp_path: Path) -> None:
    for name in ("units.csv", "officers.csv"):
        (tmp_path / name).write_bytes((SAMPLE / name).read_bytes())
    assert cli("codes", "make").code == 0
    cli("codes", "move", DESK, "--to", "YZ-QX-NZ")
    out = tmp_path / "codes.csv"
    assert cli("codes", "csv", "--out", str(out)).out == [f"61 codes written to {out}."]
    ran = cli("units", "load", str(tmp_path))
    assert ran.out == ["47 units, 40 officers, 61 codes; 0 rows changed."]


def test_csv_for_a_printer_has_addresses_and_states(cli: Cli, city: None) -> None:
    cli("codes", "retire", DESK, "--replaced-by", "mdl-hj1-2fm6")
    rows = {row["scene"]: row for row in csv.DictReader(cli("codes", "csv", "--addresses").out)}
    assert (rows[DESK]["state"], rows[DESK]["replaced_by"]) == ("retired", "mdl-hj1-2fm6")
    assert rows["nz-92gt"]["address"] == f"{URL}/s/nz-92gt"
    assert DESK not in {row["scene"] for row in csv.DictReader(cli("codes", "csv").out)}


def test_units_load_says_what_it_left_alone(cli: Cli, city: None) -> None:
    cli("codes", "move", DESK, "--to", "YZ-QX-NZ")
    assert (
        cli("units", "load", str(SAMPLE)).out[-1].startswith("1 codes were moved or retired here")
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("make", "--kinds", "desk,boat"), "There are no codes of kind boat; known: city, county"),
        (("make", "--below", "YZ-NO"), "No unit has the code YZ-NO; see ./huiyin units list."),
        (("make", "--csv", "none.csv"), "none.csv the file is not there"),
        (("sheet", "--below", "YZ-AP", "--kinds", "community", "--out", "x"), "No code in use is"),
        (("sheet", "--code", "nope-1", "--out", "x"), "There is no code nope-1;"),
        (("sheet", "--out", "none/x.pdf"), "No such file or directory: none/x.pdf.part"),
        (("move", "nope-1", "--to", "YZ"), "There is no code nope-1;"),
        (("retire", DESK, "--replaced-by", DESK), f"{DESK} cannot replace itself."),
        (("show", "nope-1"), "There is no code nope-1;"),
        (("wechat",), "No official account is connected; set WECHAT_APP_ID."),
    ],
)
def test_each_mistake_is_a_sentence(
    cli: Cli, city: None, arguments: tuple[str, ...], said: str
) -> None:
    ran = cli("codes", *arguments)
    assert ran.code in {1, 2}
    assert len(ran.err) == 1
    assert ran.err[0].startswith(said)


def test_stickers_need_an_address(cli: Cli, city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUBLIC_URL")
    ran = cli("codes", "sheet", "--out", "x.pdf")
    assert (ran.code, ran.err[0][:22]) == (2, "PUBLIC_URL is not set;")


def test_an_address_that_phones_distrust_is_told(
    cli: Cli, city: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8080")
    ran = cli("codes", "sheet", "--code", DESK, "--out", str(tmp_path / "o.pdf"))
    assert ran.out[-1].startswith("PUBLIC_URL does not begin with https://")
