"""Access tokens of the fake account."""

from simulated_world import Build, World

from bot.simulator.config import DAILY_CALLS

GRANT = {"grant_type": "client_credential"}


async def application(world: World, **changes: str) -> dict[str, str]:
    wechat = world.config.wechat
    return {**GRANT, "appid": wechat.app_id, "secret": wechat.app_secret, **changes}


async def test_the_stable_token_stays_the_same_until_five_minutes_before_its_end(
    world: World,
) -> None:
    body = await application(world)
    first = await world.call("/cgi-bin/stable_token", body, token=None)
    assert first["expires_in"] == 7200
    await world.driver.advances(7200 - 301)
    again = await world.call("/cgi-bin/stable_token", body, token=None)
    assert again["access_token"] == first["access_token"]
    assert again["expires_in"] in (300, 301)
    await world.driver.advances(2)
    fresh = await world.call("/cgi-bin/stable_token", body, token=None)
    assert fresh["access_token"] != first["access_token"]
    assert "errcode" not in await world.call(
        "/cgi-bin/menu/get", token=str(first["access_token"])
    ), "the old one is good until its end"


async def test_a_forced_refresh_ends_the_token_before_at_once(world: World) -> None:
    old = await world.token()
    body = {**await application(world), "force_refresh": True}
    new = await world.call("/cgi-bin/stable_token", body, token=None)
    assert new["access_token"] != old
    assert (await world.call("/cgi-bin/menu/get", token=old))["errcode"] == 40001


async def test_forced_refreshes_are_thirty_seconds_apart_and_twenty_a_day(world: World) -> None:
    body = {**await application(world), "force_refresh": True}
    world.stage.clock.set(world.stage.clock.now().replace(hour=1))
    await world.call("/cgi-bin/stable_token", body, token=None)
    soon = await world.call("/cgi-bin/stable_token", body, token=None)
    assert soon["errcode"] == 45011
    for _ in range(19):
        await world.driver.advances(31)
        assert "access_token" in await world.call("/cgi-bin/stable_token", body, token=None)
    await world.driver.advances(31)
    late = await world.call("/cgi-bin/stable_token", body, token=None)
    assert late["errcode"] == 45009


async def test_the_classic_token_is_new_each_time_and_the_old_one_lives_five_minutes(
    world: World,
) -> None:
    query = await application(world)
    first = await world.call("/cgi-bin/token", token=None, **query)
    second = await world.call("/cgi-bin/token", token=None, **query)
    assert first["access_token"] != second["access_token"]
    old = str(first["access_token"])
    assert "menu" in await world.call("/cgi-bin/menu/get", token=old)
    await world.driver.advances(301)
    assert (await world.call("/cgi-bin/menu/get", token=old))["errcode"] == 40001


async def test_stable_and_classic_tokens_do_not_disturb_each_other(world: World) -> None:
    stable = await world.token()
    await world.call("/cgi-bin/token", token=None, **await application(world))
    await world.driver.advances(301)
    assert await world.token() == stable
    assert "menu" in await world.call("/cgi-bin/menu/get", token=stable)


async def test_bad_tokens_have_each_their_own_code(world: World) -> None:
    good = await world.token()
    codes = [
        (await world.call("/cgi-bin/menu/get", token=token)).get("errcode")
        for token in (None, "short", "x" * 120)
    ]
    assert codes == [41001, 40014, 40001]
    await world.driver.advances(7201)
    assert (await world.call("/cgi-bin/menu/get", token=good))["errcode"] == 42001


async def test_wrong_applications_are_refused(world: World) -> None:
    cases = {
        40013: {"appid": "wxother"},
        40125: {"secret": "wrong"},
        40002: {"grant_type": "password"},
        41002: {"appid": ""},
        41004: {"secret": ""},
    }
    for code, change in cases.items():
        body = await application(world, **change)
        answer = await world.call("/cgi-bin/stable_token", body, token=None)
        assert answer["errcode"] == code


async def test_calls_are_counted_by_the_day_and_by_the_minute(build: Build) -> None:
    world = await build(
        daily_calls={**DAILY_CALLS, "/cgi-bin/qrcode/create": 2},
        calls_per_minute={"/cgi-bin/menu/get": 1},
    )
    world.stage.clock.set(world.stage.clock.now().replace(hour=1, second=1))
    code = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "a"}}}
    answers = [await world.call("/cgi-bin/qrcode/create", code) for _ in range(3)]
    assert [answer.get("errcode", 0) for answer in answers] == [0, 0, 45009]
    answers = [await world.call("/cgi-bin/menu/get") for _ in range(2)]
    assert [answer.get("errcode", 0) for answer in answers] == [0, 45011]
    await world.driver.advances(86_400)
    assert "ticket" in await world.call("/cgi-bin/qrcode/create", code)
    assert "menu" in await world.call("/cgi-bin/menu/get")
