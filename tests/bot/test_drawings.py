"""Pictures of codes: a camera reads what the letters say; they are drawn, never stored."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from actions.codes.sheets import drawn, sheet_in
from actions.codes.spelling import address, new_scene
from bot.drawings import Drawings, codes_picture
from bot.message import Choice, Outgoing
from tests.bot.delivering import Installation

URL = "https://huiyin.example.org"
SCENES = [new_scene() for _ in range(10)]


def read(picture: bytes, scale: float = 1.0) -> list[str]:
    """What a camera makes of the picture, when a messenger has made it smaller."""
    image = Image.open(io.BytesIO(picture))
    size = (round(image.width * scale), round(image.height * scale))
    return [code.text for code in zxingcpp.read_barcodes(image.resize(size))]


def picture_of(what: str) -> bytes:
    sheet = sheet_in(what)
    assert sheet is not None
    return codes_picture(sheet, URL)


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_a_code_alone_is_read(scale: float) -> None:
    (what,) = drawn(SCENES[:1])
    assert read(picture_of(what), scale) == [address(URL, SCENES[0])]


@pytest.mark.parametrize("scale", [1.0, 0.7])
def test_every_code_of_every_sheet_is_read(scale: float) -> None:
    found = [text for what in drawn(SCENES) for text in read(picture_of(what), scale)]
    assert sorted(found) == sorted(address(URL, scene) for scene in SCENES)


def test_the_pictures_are_small_enough_to_send() -> None:
    assert max(len(picture_of(what)) for what in drawn(SCENES)) < 60_000


async def test_a_message_keeps_what_it_shows_and_not_the_picture() -> None:
    message = Outgoing("邀码", (Choice("再来一个", "t1"),), drawn=drawn(SCENES[:1])[0])
    kept = message.to_json()
    assert kept == {"text": "邀码", "choices": [["再来一个", "t1"]], "drawn": message.drawn}
    again = await Drawings(URL).on(Outgoing.from_json(kept))
    assert again.image is not None
    assert read(again.image) == [address(URL, SCENES[0])]
    assert Outgoing("您好").to_json() == {"text": "您好", "choices": []}


@pytest.mark.parametrize("what", ["", "https://elsewhere.example/a.png", "codes"])
async def test_what_is_not_ours_is_not_drawn(what: str) -> None:
    assert (await Drawings(URL).on(Outgoing("a", drawn=what))).image is None


async def test_without_an_address_there_is_nothing_to_scan() -> None:
    message = Outgoing("邀码", drawn=drawn(SCENES[:1])[0])
    assert await Drawings("").on(message) == message


async def test_what_is_pushed_is_drawn_when_it_goes_out(
    environ: dict[str, str], services: object
) -> None:
    """The answer of a channel that pushes lies in the queue without its picture."""
    there = Installation({**environ, "PUBLIC_URL": URL})
    officer, what = await there.meet("openid-li"), drawn(SCENES[:1])[0]
    async with there.services.engine.begin() as connection:
        await there.services.notices.queue(
            connection,
            key="answer:0",
            identity_id=officer,
            topic="answer",
            content=Outgoing("邀码", drawn=what).to_json(),
        )
    (row,) = await there.rows()
    assert there.services.vault.open_json(row.content_sealed)["drawn"] == what
    async with there.working():
        await there.until("sent")
    (picture,) = there.platform.pictures
    assert read(picture) == [address(URL, SCENES[0])]
    await there.bot.close()
