"""Sheets, stickers and badges: drawn again by another library, every code read by a third."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from actions.codes.listing import Listed
from actions.codes.spelling import new_scene
from actions.errors import ConfigurationError
from bot.print.forms import FORMS
from bot.print.sheets import write_sheets
from bot.print.wording import FORM_NAMES, SHIPPED, PrintWording

URL = "https://huiyin.yunzhou.example"
HOTLINE = "0000-12345"
PER_PAGE = {name: form.cards[0] * form.cards[1] for name, form in FORMS.items()}
LABELS = (
    "桥西分局明德里派出所",
    "桥西分局明德里派出所 · 户籍 2 号窗口",
    "清河县公安局城关派出所 · 巡逻 1 号车",
    "桥东分局望江门派出所 · 欧阳警官",
    "云州市公安局清河县公安局出入境管理与交通警察综合服务大队驻火车南站便民服务派出所",
    "安平县公安局塬上垚峪派出所 · 第 3 社区（龙湾—观音堂）",
    "桥西分局南站派出所 · Foreigners' desk 24 h",
    "云州市公安局𬇙水分局㙍头派出所",  # rare characters of real place names, outside the BMP too
    "桥西分局南站派出所 · 报案接待窗口",
    "桥西分局",
)


def listed(labels: tuple[str, ...] = LABELS, scenes: Iterator[str] | None = None) -> list[Listed]:
    return [
        Listed(n, next(scenes) if scenes else new_scene(), "desk", "U", "", label, True, "")
        for n, label in enumerate(labels)
    ]


@pytest.fixture(scope="module", params=list(FORMS))
def printed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, list[Listed], Path]:
    path = tmp_path_factory.mktemp("print") / "out.pdf"
    codes = [*listed(), *listed(("桥西分局 · 旧码",), iter(["mdl-hj2-cspc"]))]
    pages = write_sheets(path, request.param, codes, URL, HOTLINE)
    assert pages == -(-len(codes) // PER_PAGE[request.param])
    return request.param, codes, path


def read_codes(path: Path, dots_per_inch: int) -> list[list[str]]:
    """What the codes of each page say, by rows from the top, each from the left."""
    document = pypdfium2.PdfDocument(path)
    pages = []
    for page in document:
        picture = page.render(scale=dots_per_inch / 72, grayscale=True).to_pil()
        found = zxingcpp.read_barcodes(picture)
        across = dots_per_inch  # two codes within an inch of height stand in one row
        found.sort(key=lambda c: (c.position.top_left.y // across, c.position.top_left.x))
        pages.append([code.text for code in found])
    document.close()
    return pages


def read_words(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    words = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return words


def test_every_code_leads_where_it_should_and_stands_in_its_place(
    printed: tuple[str, list[Listed], Path],
) -> None:
    form, codes, path = printed
    wanted = [f"{URL}/s/{code.scene}" for code in codes]
    assert read_codes(path, 120) == [
        list(page) for page in itertools.batched(wanted, PER_PAGE[form])
    ]


def test_the_words_can_be_read_and_the_letters_stand_by_their_code(
    printed: tuple[str, list[Listed], Path],
) -> None:
    form, codes, path = printed
    for page, words in zip(itertools.batched(codes, PER_PAGE[form]), read_words(path), strict=True):
        plain = "".join(words.split())
        places = []
        for code in page:
            # reportlab draws what lies outside the BMP, but cannot name it for copying.
            parts = re.split("[\U00010000-\U0010ffff]", "".join(code.place.split()))
            assert all(part in plain for part in parts)
            assert "".join(code.part.split()) in plain
            places.append(plain.index(code.scene.upper()))
        assert places == sorted(places)


def test_the_typeface_is_inside_the_file(printed: tuple[str, list[Listed], Path]) -> None:
    _, _, path = printed
    content = path.read_bytes()
    assert b"/FontFile2" in content
    assert b"+Huiyin-" in content
    assert len(content) < 200_000


@pytest.mark.parametrize("form", list(FORMS))
def test_a_code_is_large_enough_and_has_its_white_edge(form: str, tmp_path: Path) -> None:
    """A module measures half a millimetre or more: phones read that from the intended distance."""
    path = tmp_path / "one.pdf"
    write_sheets(
        path, form, listed(("桥西分局",)), "https://huiyin.gongan.yunzhou.example", HOTLINE
    )
    document = pypdfium2.PdfDocument(path)
    dots = 200
    picture = document[0].render(scale=dots / 72, grayscale=True).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    document.close()
    corner, other = code.position.top_left, code.position.top_right
    millimetres = (other.x - corner.x) / dots * 25.4
    module = millimetres / 33  # version 4
    assert module > {"a4": 2.5, "sticker": 1.2, "badge": 0.8}[form]
    edge = int(4 * module / 25.4 * dots) - 2
    around = picture.crop((corner.x - edge, corner.y - edge, other.x + edge, corner.y - 2))
    assert around.getextrema() == (255, 255)


def test_a_character_nobody_can_draw_is_a_sentence_and_no_file(tmp_path: Path) -> None:
    path = tmp_path / "out.pdf"
    codes = listed(("桥西分局", "桥西分局\U0001f600派出所"))
    with pytest.raises(ConfigurationError, match=r"the typeface has no 😀 \(U\+1F600\)") as caught:
        write_sheets(path, "sticker", codes, URL, HOTLINE)
    assert str(caught.value).startswith(codes[1].scene)
    assert list(tmp_path.iterdir()) == []


def test_what_is_too_long_is_a_sentence_and_no_file(tmp_path: Path) -> None:
    path = tmp_path / "out.pdf"
    path.write_bytes(b"older")
    codes = listed(("桥西分局" * 20,))
    with pytest.raises(ConfigurationError, match="too long for its place on paper") as caught:
        write_sheets(path, "badge", codes, URL, HOTLINE)
    assert str(caught.value).startswith(codes[0].scene)
    assert path.read_bytes() == b"older"


def test_the_same_codes_make_the_same_file(tmp_path: Path) -> None:
    codes = listed()
    for name in ("a", "b"):
        write_sheets(tmp_path / name, "sticker", codes, URL, HOTLINE)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_own_sentences(tmp_path: Path) -> None:
    own = tmp_path / "own.yml"
    own.write_text(
        SHIPPED.read_text(encoding="utf-8").replace("请您评一评", "码上说说"), encoding="utf-8"
    )
    write_sheets(tmp_path / "out.pdf", "badge", listed(), URL, HOTLINE, PrintWording(own))
    assert "码上说说" in read_words(tmp_path / "out.pdf")[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("sheet: [", "cannot be read as YAML"),
        ("- a", "must hold forms"),
        ("sheet: {title: 1}", "must hold forms"),
        ("sheet: {title: 好}", "lacks sheet: hotline, hotline_en, how"),
    ],
)
def test_wrong_sentences_are_a_sentence(tmp_path: Path, content: str, said: str) -> None:
    own = tmp_path / "own.yml"
    own.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        PrintWording(own)


def test_a_sentence_that_asks_for_something_unknown(tmp_path: Path) -> None:
    own = tmp_path / "own.yml"
    text = SHIPPED.read_text(encoding="utf-8").replace("{hotline}", "{phone}")
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"sheet\.hotline on the sheets cannot be filled"):
        write_sheets(tmp_path / "o.pdf", "a4", listed(), URL, HOTLINE, PrintWording(own))


def test_every_form_has_its_name() -> None:
    assert tuple(FORMS) == FORM_NAMES
