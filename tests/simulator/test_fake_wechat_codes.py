"""Parametric QR codes of the fake account."""

import pytest
from simulated_world import World

CREATE = "/cgi-bin/qrcode/create"


def scene(**values: object) -> dict[str, object]:
    return {"scene": values}


@pytest.mark.parametrize(
    ("kind", "info", "reported"),
    [
        ("QR_STR_SCENE", scene(scene_str="desk-12"), "desk-12"),
        ("QR_SCENE", scene(scene_id=7), "7"),
        ("QR_LIMIT_SCENE", scene(scene_id=100_000), "100000"),
        ("QR_LIMIT_STR_SCENE", scene(scene_str="badge"), "badge"),
        ("QR_STR_SCENE", {"scene_str": "left out"}, "0"),
        ("QR_SCENE", {}, "0"),
    ],
)
async def test_a_code_carries_its_scene(
    world: World, kind: str, info: dict[str, object], reported: str
) -> None:
    made = await world.call(CREATE, {"action_name": kind, "action_info": info})
    assert made["url"].startswith("http://weixin.qq.com/q/")
    assert ("expire_seconds" in made) is ("LIMIT" not in kind)
    ticket = world.stage.account.tickets.get(made["ticket"])
    assert ticket is not None
    assert ticket.scene == reported


@pytest.mark.parametrize(
    ("kind", "info", "code"),
    [
        ("QR_OTHER", {}, 40053),
        ("QR_SCENE", scene(scene_id=0), 40035),
        ("QR_SCENE", scene(scene_id="7"), 40035),
        ("QR_LIMIT_SCENE", scene(scene_id=100_001), 40035),
        ("QR_STR_SCENE", scene(scene_str="x" * 65), 40035),
        ("QR_STR_SCENE", scene(scene_str=""), 40035),
    ],
)
async def test_impossible_codes_are_refused(
    world: World, kind: str, info: dict[str, object], code: int
) -> None:
    answer = await world.call(CREATE, {"action_name": kind, "action_info": info})
    assert answer["errcode"] == code


async def test_the_picture_is_a_png_until_the_code_ends(world: World) -> None:
    made = await world.call(
        CREATE,
        {
            "expire_seconds": 120,
            "action_name": "QR_STR_SCENE",
            "action_info": scene(scene_str="desk"),
        },
    )
    assert made["expire_seconds"] == 120
    url = f"{world.url}/wechat/cgi-bin/showqrcode"
    async with world.session.get(url, params={"ticket": made["ticket"]}) as response:
        assert response.content_type == "image/png"
        assert (await response.read()).startswith(b"\x89PNG")
    await world.driver.advances(121)
    async with world.session.get(url, params={"ticket": made["ticket"]}) as response:
        assert response.status == 404


async def test_a_permanent_code_keeps_its_ticket(world: World) -> None:
    body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene(scene_str="badge")}
    assert await world.call(CREATE, body) == await world.call(CREATE, body)


async def test_a_scan_reports_the_ticket_of_the_code(world: World) -> None:
    body = {"action_name": "QR_STR_SCENE", "action_info": scene(scene_str="desk")}
    made = await world.call(CREATE, {**body, "expire_seconds": 3600})
    await world.driver.wechat("陈女士").scan("desk")
    assert world.gateway.callbacks[-1]["Ticket"] == made["ticket"]
