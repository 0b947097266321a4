"""Bringing a city's files into the database, and the unit tree that is read from there."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from actions.bootstrap import Services
from actions.org import org
from actions.org.csv_files import City, load_city
from actions.org.csv_mistakes import Mistakes
from actions.org.loading import Loaded, load
from actions.org.org import Org, unit_label
from actions.people.roles import Role
from actions.store.tables import codes, officers, posts, units
from actions.turn import Turn
from tests.installation import SAMPLE, Servers, installation

CITY = load_city(SAMPLE)


@pytest.fixture
async def services(databases: Servers) -> AsyncIterator[Services]:
    """An installation without a city."""
    async with installation(databases, city=None) as wired:
        yield wired


@pytest.fixture(scope="module")
async def loaded(databases: Servers) -> AsyncIterator[Services]:
    """One with the sample city, for tests that only read."""
    async with installation(databases) as wired:
        yield wired


async def bring(services: Services, city: City = CITY) -> Loaded:
    return await load(services.engine, services.vault, city)


async def count(services: Services, table: object) -> int:
    async with services.engine.connect() as connection:
        query = select(func.count()).select_from(table)  # type: ignore[arg-type]
        return int((await connection.execute(query)).scalar_one())


def changed(city: City, code: str, **values: object) -> City:
    """The city with another unit in place of one."""
    rows = tuple(
        dataclasses.replace(unit, **values) if unit.code == code else unit  # type: ignore[arg-type]
        for unit in city.units
    )
    return dataclasses.replace(city, units=rows)


async def test_the_sample_city_is_as_large_as_it_is_said_to_be(loaded: Services) -> None:
    async with loaded.engine.connect() as connection:
        query = select(units.c.kind, func.count().label("total")).group_by(units.c.kind)
        kinds = {row.kind: row.total for row in (await connection.execute(query)).all()}
        assert await _orphans(loaded) == 0
    assert (kinds["city"], kinds["county"], kinds["station"]) == (1, 4, 12)
    assert kinds["desk"] + kinds["car"] == 30
    assert await count(loaded, officers) == await count(loaded, posts) == 40
    assert await count(loaded, codes) == len(CITY.codes)


async def _orphans(services: Services) -> int:
    """Units whose path is not their parent's and their own id."""
    statement = text(
        "SELECT count(*) FROM units u LEFT JOIN units p ON p.id = u.parent_id"
        " WHERE u.path <> coalesce(p.path, '/') || u.id || '/'"
    )
    async with services.engine.connect() as connection:
        return int((await connection.execute(statement)).scalar_one())


async def test_every_unit_that_is_visited_has_a_code_and_every_role_is_held(
    loaded: Services,
) -> None:
    assert {code.unit for code in CITY.codes} >= {
        unit.code for unit in CITY.units if unit.kind in {"station", "desk", "car"}
    }
    assert {officer.role for officer in CITY.officers} == set(Role)


async def test_no_name_lies_in_the_clear(loaded: Services) -> None:
    async with loaded.engine.connect() as connection:
        rows = (await connection.execute(select(officers))).all()
    assert not any(officer.name in repr(rows) for officer in CITY.officers)


async def test_loading_again_changes_nothing(services: Services) -> None:
    first, again = await bring(services), await bring(services)
    assert first.changed == first.units + first.officers + first.codes
    assert again == dataclasses.replace(first, changed=0)


async def test_only_what_differs_is_changed(services: Services) -> None:
    await bring(services)
    renamed = changed(CITY, "YZ-QX-MDL", name="明德里中心派出所")
    assert (await bring(services, renamed)).changed == 1
    promoted = dataclasses.replace(CITY.officers[0], title="副所长")
    city = dataclasses.replace(renamed, officers=(promoted, *CITY.officers[1:]))
    assert (await bring(services, city)).changed == 1
    relabelled = dataclasses.replace(CITY.codes[0], label="正门")
    city = dataclasses.replace(city, codes=(relabelled, *CITY.codes[1:]))
    assert (await bring(services, city)).changed == 1
    assert (await bring(services, city)).changed == 0


async def test_a_unit_that_moves_takes_all_below_it_along(services: Services) -> None:
    await bring(services)
    await bring(services, changed(CITY, "YZ-QX-MDL", parent="YZ-QD"))
    assert await _orphans(services) == 0
    (found, *_) = await services.org.match_units("明德里派出所")
    assert found.label == "桥东分局明德里派出所"


async def test_an_officer_who_is_not_in_the_file_is_cut_off_and_may_come_back(
    services: Services,
) -> None:
    await bring(services)
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, "telegram", "chat-1")
    code = await services.people.make_binding_code(CITY.officers[0].badge)
    turn = Turn(person.conversation, "0" * 32)
    await services.people.bind(turn, code)
    without = dataclasses.replace(CITY, officers=CITY.officers[1:])
    assert (await bring(services, without)).changed == 1
    assert (await services.people.whoami(turn)).officer is None
    assert (await bring(services, without)).changed == 0
    assert (await bring(services)).changed == 1
    assert (await services.people.whoami(turn)).officer is not None


async def test_an_officer_who_is_posted_elsewhere_has_one_post(services: Services) -> None:
    await bring(services)
    moved = dataclasses.replace(CITY.officers[0], unit="YZ-QX-NZ", role=Role.UNIT_LEAD)
    await bring(services, dataclasses.replace(CITY, officers=(moved, *CITY.officers[1:])))
    async with services.engine.connect() as connection:
        query = (
            select(units.c.code, posts.c.role)
            .join(posts, posts.c.unit_id == units.c.id)
            .join(officers, officers.c.id == posts.c.officer_id)
            .where(officers.c.badge == moved.badge)
        )
        assert (await connection.execute(query)).all() == [("YZ-QX-NZ", "unit_lead")]


async def test_a_load_that_fails_in_the_middle_leaves_nothing(services: Services) -> None:
    lost = dataclasses.replace(CITY.codes[-1], officer="Y00000")
    broken = dataclasses.replace(CITY, codes=(*CITY.codes[:-1], lost))
    with pytest.raises(KeyError):
        await bring(services, broken)
    assert await count(services, units) == await count(services, officers) == 0


async def test_nothing_is_loaded_from_a_bad_file(services: Services, tmp_path: Path) -> None:
    folder = tmp_path / "city"
    shutil.copytree(SAMPLE, folder)
    with (folder / "codes.csv").open("a", encoding="utf-8") as file:
        file.write("mdl-xf8x,YZ-QX-MDL,,再来一个\n")
    with pytest.raises(Mistakes) as caught:
        await bring(services, load_city(folder))
    (mistake,) = caught.value.found
    assert (mistake.file, mistake.column, mistake.why) == ("codes.csv", "scene", "twice")
    assert await count(services, units) == 0


# --- the tree as it is read -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ([("city", "云州市公安局")], "云州市公安局"),
        ([("city", "云州市公安局"), ("county", "桥西分局")], "桥西分局"),
        (
            [("city", "云州市公安局"), ("county", "桥西分局"), ("station", "明德里派出所")],
            "桥西分局明德里派出所",
        ),
        (
            [("city", "云"), ("county", "桥西分局"), ("station", "明德里派出所"), ("desk", "1 号")],
            "桥西分局明德里派出所 · 1 号",
        ),
        ([("city", "云州市公安局"), ("desk", "总台")], "总台"),
    ],
)
def test_a_label_leads_from_the_county_to_the_unit(line: list[tuple[str, str]], label: str) -> None:
    assert unit_label(line) == label


async def test_codes_say_what_they_stand_for(loaded: Services) -> None:
    desk, officer = await loaded.org.code("mdl-hj2-cspc"), None
    for code in CITY.codes:
        if code.officer:
            officer = await loaded.org.code(code.scene)
            break
    assert desk is not None
    assert (desk.kind, desk.officer_id) == ("unit", None)
    assert desk.label == await loaded.org.unit_label(desk.unit_id)
    assert officer is not None
    assert officer.kind == "officer"
    assert await loaded.org.code("no-such-scene") is None


async def test_a_unit_that_does_not_exist_is_a_fault(loaded: Services) -> None:
    with pytest.raises(KeyError):
        await loaded.org.unit(10**6)


async def test_a_load_by_another_process_is_noticed(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(org, "_FRESH", 3600.0)
    await bring(services)
    here = Org(services.engine)
    (before, *_) = await here.match_units("明德里派出所")
    await bring(services, changed(CITY, "YZ-QX-MDL", name="新明德里派出所"))
    assert await here.unit_label(before.unit_id) == "桥西分局明德里派出所"  # believed for a while
    monkeypatch.setattr(org, "_FRESH", 0.0)
    assert await here.unit_label(before.unit_id) == "桥西分局新明德里派出所"
    (found, *_) = await here.match_units("新明德里派出所")
    assert found.unit_id == before.unit_id


async def test_a_unit_loaded_a_moment_ago_is_known_at_once(services: Services) -> None:
    here = Org(services.engine)
    assert await here.match_units("明德里派出所") == []
    await bring(services)
    async with services.engine.connect() as connection:
        query = select(units.c.id).where(units.c.code == "YZ-QX-MDL")
        unit_id = (await connection.execute(query)).scalar_one()
        assert await here.unit_label(unit_id, connection) == "桥西分局明德里派出所"


async def test_the_tree_needs_no_second_connection(services: Services) -> None:
    """In a transaction a second one could wait for ever, when all want one."""
    await bring(services)
    held = [await services.engine.connect() for _ in range(services.settings.database_pool)]
    try:
        (unit_id,) = (await held[0].execute(select(units.c.id).limit(1))).one()
        assert await Org(services.engine).unit_label(unit_id, held[0])
    finally:
        for connection in held:
            await connection.close()
