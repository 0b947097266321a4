"""How codes are made, written and typed."""

from __future__ import annotations

import re

import pytest

from actions.codes.spelling import Typed, address, letters, new_scene, typed_in

CODE = "K7M3-X9PD"


def test_a_new_code_has_no_look_alikes_and_is_no_word_and_no_number() -> None:
    made = {new_scene() for _ in range(2000)}
    assert len(made) == 2000
    for scene in made:
        assert re.fullmatch("[2-9AC-HJKMNP-RTVWXY]{4}-[2-9AC-HJKMNP-RTVWXY]{4}", scene)
        assert all(re.search(r"\d", half) and re.search("[A-Z]", half) for half in scene.split("-"))


@pytest.mark.parametrize(
    "typed",
    [
        "K7M3-X9PD",
        "k7m3-x9pd",
        "k7m3x9pd",
        "K7M3 X9PD",
        "  K7M3 - X9PD。",
        "Ｋ７Ｍ３－Ｘ９ＰＤ",
        "k7m3–x9pd",
        "K 7 M 3 X 9 P D",
        f"https://here.example/s/{CODE}",
        "HTTPS://here.example/s/k7m3-x9pd?from=wall",
        f"http://here.example/s/{CODE}/",
    ],
)
def test_however_it_is_typed_it_is_certainly_this_code(typed: str) -> None:
    found = typed_in(typed)
    assert found is not None
    assert found.certain
    assert letters(found.scene) == letters(CODE)


@pytest.mark.parametrize("typed", ["mdl-hj2-cspc", "MDL HJ2 CSPC", "mdlhj2cspc", "md1-hj2-c5pc"])
def test_a_code_of_a_file_may_be_something_else(typed: str) -> None:
    found = typed_in(typed)
    assert found is not None
    assert not found.certain
    assert letters(found.scene) == letters("mdl-hj2-cspc")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "谢谢",
        "hello there",
        "138 0000 0000",
        "我扫了 K7M3-X9PD 没反应",
        "K7M3-X9PD 窗口没人",
        f"我扫了 https://here.example/s/{CODE} 等了两小时",
        "https://here.example/t/K7M3-X9PD",
        "https://here.example/news/s/K7M3-X9PD",
        "https://here.example/s/",
        "http://[",
        "7k3",
        "k7" * 200,
    ],
)
def test_what_is_no_code(words: str) -> None:
    assert typed_in(words) is None


@pytest.mark.parametrize("words", ["room 1203", "2nd 3rd", "covid-19", "Q26-0017", "7k3-m9x"])
def test_what_is_never_certainly_a_code(words: str) -> None:
    found = typed_in(words)
    assert found is None or not found.certain


def test_another_sites_address_is_certain_only_in_our_shape() -> None:
    article = typed_in("https://mp.weixin.qq.com/s/a1B2c3D4e5F6")
    assert article == Typed("a1B2c3D4e5F6", certain=False, host="mp.weixin.qq.com")
    city = typed_in(f"https://other.example:8443/s/{CODE}")
    assert city == Typed(CODE, certain=True, host="other.example:8443")


def test_one_address_for_every_scanner() -> None:
    assert address("https://here.example/", "mdl-xf8x") == "https://here.example/s/mdl-xf8x"
    assert typed_in(address("https://here.example", CODE)) == Typed(CODE, True, "here.example")
