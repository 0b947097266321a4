"""Codes made, moved, retired and replaced by the administrator; what was rated stays where it was."""

from __future__ import annotations

import dataclasses
import importlib.util
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from actions.bootstrap import Services
from actions.codes.spelling import letters
from actions.codes.target import CodeTarget
from actions.codes.wishes import KINDS, USUAL
from actions.errors import ConfigurationError
from actions.org.csv_files import load_city
from actions.org.csv_mistakes import Mistakes
from actions.org.loading import load
from actions.store import migrate
from actions.store.tables import code_events, codes, officers, posts, ratings, units
from tests.cast import Cast, gather_cast
from tests.installation import SAMPLE, Servers, installation

DESK = "mdl-hj2-cspc"
LI = "y10101-6eh6"


@pytest.fixture
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


@pytest.fixture
async def cast(services: Services) -> Cast:
    return await gather_cast(services)


async def scanned(services: Services, scene: str) -> CodeTarget:
    found = await services.org.code(scene)
    assert found is not None
    return found


async def count(services: Services, table: object) -> int:
    async with services.engine.connect() as connection:
        query = select(func.count()).select_from(table)  # type: ignore[arg-type]
        return int((await connection.execute(query)).scalar_one())


async def refused(call: object) -> str:
    with pytest.raises(ConfigurationError) as caught:
        await call  # type: ignore[misc]
    return str(caught.value)


def rows(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(("scene,unit,officer,label", *lines)), encoding="utf-8")
    return path


# --- making ----------------------------------------------------------------------------------


async def test_what_has_a_code_gets_no_other_however_often(services: Services) -> None:
    before = await count(services, codes)
    first = await services.codes.make(USUAL, "", "admin")
    again = await services.codes.make(USUAL, "", "admin")
    assert first.new == 4  # the counties; every other place has one in the sample
    assert (again.new, again.stood) == (0, first.new + first.stood)
    assert await count(services, codes) == before + first.new


async def test_badges_are_made_for_who_serves_below_the_unit(services: Services) -> None:
    made = await services.codes.make(["badge"], "yz-qx", "admin")
    again = await services.codes.make(KINDS, "YZ-QX", "admin")
    badges = await services.codes.listed("YZ-QX", ["badge"])
    assert made.new + made.stood == len(badges)
    assert made.new > 0
    assert again.new == 1  # the county itself
    labels = {row.label for row in badges}
    assert "桥西分局明德里派出所 · 张所长" in labels
    assert not any("张丙" in label for label in labels)


async def test_a_unit_that_is_not_there_is_a_sentence(services: Services) -> None:
    said = await refused(services.codes.make(USUAL, "YZ-XX", "admin"))
    assert said == "No unit has the code YZ-XX; see ./huiyin units list."


async def test_a_file_of_places(services: Services, tmp_path: Path) -> None:
    file = rows(
        tmp_path / "places.csv",
        ",YZ-QX-MDL,,明德里派出所 · 自助机 1",
        ",YZ-QX-MDL,,明德里派出所 · 自助机 2",
        "hall-9,YZ-QX-NZ,,",
        ",YZ-QX-MDL,Y10103,",
    )
    assert dataclasses.astuple(await services.codes.make_from(file, "admin")) == (4, 0)
    assert dataclasses.astuple(await services.codes.make_from(file, "admin")) == (0, 4)
    assert (await scanned(services, "HALL 9")).label == "桥西分局南站派出所"
    labels = [row.label for row in await services.codes.listed("YZ-QX-MDL")]
    assert "桥西分局明德里派出所 · 张所长" in labels
    assert "明德里派出所 · 自助机 2" in labels


async def test_every_mistake_of_a_file_has_its_line_and_nothing_is_made(
    services: Services, tmp_path: Path
) -> None:
    file = rows(
        tmp_path / "places.csv",
        ",YZ-NONE,,x",
        ",YZ-QX-MDL,Y99999,x",
        ",YZ-QX-NZ,Y10101,x",
        "md1-hj2-c5pc,YZ-QX-MDL,,x",
        "窗口,YZ-QX-MDL,,x",
        "new-1,YZ-QX-MDL,,x",
        "NEW-I,YZ-QX-MDL,,x",
        f",YZ-QX-MDL,,{'长' * 81}",
        ",,,x",
    )
    before = await count(services, codes)
    with pytest.raises(Mistakes) as caught:
        await services.codes.make_from(file, "admin")
    assert [(found.line, found.column, found.why) for found in caught.value.found] == [
        (2, "unit", "unknown_unit"),
        (3, "officer", "unknown_officer"),
        (4, "officer", "elsewhere"),
        (5, "scene", "reads_alike"),
        (6, "scene", "characters"),
        (8, "scene", "twice"),
        (9, "label", "too_long"),
        (10, "unit", "required"),
    ]
    assert "is taken for mdl-hj2-cspc" in str(caught.value)
    assert await count(services, codes) == before


async def test_a_file_that_is_not_there(services: Services, tmp_path: Path) -> None:
    assert "the file is not there" in await refused(
        services.codes.make_from(tmp_path / "none.csv", "admin")
    )


async def test_a_guess_finds_nothing(services: Services) -> None:
    await services.codes.make(USUAL, "", "admin")
    dice = random.Random(7)
    tries = ["".join(dice.choices("ACDEFGHJKMNPQRTVWXY23456789", k=8)) for _ in range(300)]
    hits = [guess for guess in tries if await services.org.code(guess)]
    assert hits == []


@pytest.mark.parametrize("scene", ["", " ", "\x00", "x" * 500, "' OR 1=1 --", "窗口", "mdl%"])
async def test_nonsense_is_no_code(services: Services, scene: str) -> None:
    assert await services.org.code(scene) is None


@pytest.mark.parametrize(
    "typed", ["MDL-HJ2-CSPC", "mdl hj2 cspc", "ｍｄｌ－ｈｊ２－ｃｓｐｃ", "MD1HJ2C5PC"]
)
async def test_a_code_is_found_in_any_spelling(services: Services, typed: str) -> None:
    assert (await scanned(services, typed)).scene == DESK


# --- moving and retiring -----------------------------------------------------------------------


async def test_a_moved_code_leads_elsewhere_and_old_ratings_stay(
    services: Services, cast: Cast
) -> None:
    before = await scanned(services, DESK)
    rated = await services.ratings.rate(cast.chen.turn(), "satisfied", code_id=before.code_id)
    after = await services.codes.move(DESK, "YZ-QX-NZ-HJ1", "admin")
    assert (after.state, after.was) == ("moved", before.label)
    assert after.label == "桥西分局南站派出所 · 户籍 1 号窗口"
    # Chen scanned before the move, and taps only now.
    late = await services.ratings.rate(
        cast.chen.turn(), "satisfied", code_id=before.code_id, unit_id=before.unit_id
    )
    new = await services.ratings.rate(cast.chen.turn(), "satisfied", code_id=after.code_id)
    async with services.engine.connect() as connection:
        found = (await connection.execute(select(ratings.c.id, ratings.c.unit_id))).all()
    assert dict(found) == {  # type: ignore[arg-type]
        rated.id: before.unit_id,
        late.id: before.unit_id,
        new.id: after.unit_id,
    }
    assert (late.label, new.label) == (before.label, after.label)


async def test_new_stickers_say_what_the_code_says(services: Services) -> None:
    moved = await services.codes.move(DESK, "YZ-QX-NZ", "admin", label="南站派出所 · 自助机")
    await services.codes.printed([moved.code_id], "admin")
    found = await scanned(services, DESK)
    assert (found.state, found.was, found.label) == ("live", "", "南站派出所 · 自助机")


async def test_moved_back_it_is_as_if_nothing_had_been(services: Services) -> None:
    before = await scanned(services, DESK)
    await services.codes.move(DESK, "YZ-QX-NZ", "admin")
    await services.codes.move(DESK, "YZ-QX-MDL-HJ2", "admin")
    assert await scanned(services, DESK) == before


async def test_a_retired_code_leads_to_the_station_and_gets_a_successor_later(
    services: Services,
) -> None:
    found = await services.codes.retire(DESK, "admin")
    assert (found.state, found.label, found.newer) == ("retired", "桥西分局明德里派出所", None)
    found = await services.codes.retire(DESK, "admin", replaced_by="mdl-hj1-2fm6")
    assert (found.label, found.newer) == ("桥西分局明德里派出所 · 户籍 1 号窗口", "mdl-hj1-2fm6")
    await services.codes.retire("mdl-hj1-2fm6", "admin", replaced_by="nz-92gt")
    found = await scanned(services, DESK)
    assert (found.label, found.newer) == ("桥西分局南站派出所", "nz-92gt")
    assert not any(row.live for row in await services.codes.listed(scenes=[DESK, "mdl-hj1-2fm6"]))


async def test_a_place_whose_code_is_retired_gets_another(services: Services) -> None:
    await services.codes.make(USUAL, "YZ-QX-MDL", "admin")
    await services.codes.retire(DESK, "admin")
    assert (await services.codes.make(USUAL, "YZ-QX-MDL", "admin")).new == 1


async def test_what_cannot_be_is_a_sentence(services: Services) -> None:
    codes_ = services.codes
    assert "There is no code none-1;" in await refused(codes_.move("none-1", "YZ-QX", "admin"))
    assert "No unit has the code YZ-NO;" in await refused(codes_.move(DESK, "YZ-NO", "admin"))
    assert "leads to" in await refused(codes_.move(DESK, "YZ-QX-MDL-HJ2", "admin"))
    assert "does not serve at YZ-QX-NZ" in await refused(codes_.move(LI, "YZ-QX-NZ", "admin"))
    assert "cannot replace itself" in await refused(codes_.retire(DESK, "admin", DESK))
    await codes_.retire(DESK, "admin")
    assert "retired already" in await refused(codes_.retire(DESK, "admin"))
    assert "is retired;" in await refused(codes_.move(DESK, "YZ-QX-NZ", "admin"))
    assert "retired itself" in await refused(codes_.retire("nz-92gt", "admin", DESK))


async def test_the_badge_of_who_left_leads_to_the_unit(services: Services) -> None:
    async with services.engine.begin() as connection:
        gone = officers.update().where(officers.c.badge == "Y10101").values(active=False)
        await connection.execute(gone)
    found = await scanned(services, LI)
    assert (found.state, found.kind, found.officer_id) == ("retired", "unit", None)
    assert (found.was, found.label) == ("桥西分局明德里派出所 · 李警官", "桥西分局明德里派出所")
    assert [row.live for row in await services.codes.listed(scenes=[LI])] == [False]


async def test_the_badge_of_who_was_posted_elsewhere_goes_along(services: Services) -> None:
    async with services.engine.begin() as connection:
        who = select(officers.c.id).where(officers.c.badge == "Y10101").scalar_subquery()
        to = select(units.c.id).where(units.c.code == "YZ-QX-NZ").scalar_subquery()
        await connection.execute(posts.update().where(posts.c.officer_id == who).values(unit_id=to))
    found = await scanned(services, LI)
    assert (found.state, found.label) == ("moved", "桥西分局南站派出所 · 李警官")


# --- history -------------------------------------------------------------------------------------


async def test_the_history_says_who_did_what(services: Services, cast: Cast) -> None:
    code = await scanned(services, DESK)
    await services.ratings.rate(cast.chen.turn(), "satisfied", code_id=code.code_id)
    await services.codes.move(DESK, "YZ-QX-NZ", "wang")
    await services.codes.retire(DESK, "li", replaced_by="nz-92gt")
    shown = await services.codes.show(DESK)
    assert [(entry.verb, entry.by) for entry in shown.history] == [
        ("loaded", "codes.csv"),
        ("moved", "wang"),
        ("replaced", "li"),
    ]
    assert shown.history[-1].replaced_by == "nz-92gt"
    assert shown.ratings == 1


@pytest.mark.parametrize(
    "statement",
    ["UPDATE code_events SET by = 'x'", "DELETE FROM code_events", "TRUNCATE code_events"],
)
async def test_history_is_only_added_to(services: Services, statement: str) -> None:
    with pytest.raises(DatabaseError, match="never changed or deleted"):
        async with services.engine.begin() as connection:
            await connection.execute(text(statement))


async def test_a_file_does_not_undo_what_was_done_by_hand(services: Services) -> None:
    city = load_city(SAMPLE)
    await services.codes.move(DESK, "YZ-QX-NZ", "admin")
    await services.codes.retire("nz-hj1-gvxq", "admin")
    done = await load(services.engine, services.vault, city)
    assert (done.changed, done.kept) == (0, 1)
    assert (await scanned(services, DESK)).label == "桥西分局南站派出所"
    assert (await scanned(services, "nz-hj1-gvxq")).state == "retired"


async def test_a_changed_file_moves_a_code(services: Services) -> None:
    city = load_city(SAMPLE)
    there = [code for code in city.codes if code.scene != DESK]
    here = dataclasses.replace(
        next(code for code in city.codes if code.scene == DESK),
        unit="YZ-QX-NZ",
        label="桥西分局南站派出所",
    )
    city = dataclasses.replace(city, codes=(*there, here))
    done = await load(services.engine, services.vault, city)
    assert (done.changed, done.kept) == (1, 0)
    found = await scanned(services, DESK)
    assert (found.state, found.label) == ("moved", "桥西分局南站派出所")
    async with services.engine.connect() as connection:
        query = select(func.count()).where(code_events.c.code_id == found.code_id)
        assert (await connection.execute(query)).scalar_one() == 2


async def test_codes_of_before_get_the_same_letters(services: Services) -> None:
    """The migration folds in SQL what the program folds in Python."""
    path = Path(migrate.__file__).with_name("migrations") / "versions" / "0004_codes.py"
    spec = importlib.util.spec_from_file_location("migration_0004", path)
    assert spec is not None
    assert spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    async with services.engine.connect() as connection:
        query = text(f"SELECT scene, {migration.LETTERS} AS folded FROM codes")
        rows = (await connection.execute(query)).all()
    assert rows
    assert {row.scene: row.folded for row in rows} == {
        row.scene: letters(row.scene) for row in rows
    }
