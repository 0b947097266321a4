"""After all channels have been told secrets, nothing of them lies open anywhere."""

from __future__ import annotations

import asyncio

from sqlalchemy import func, select

from actions.store.tables import cases, service_events
from bench.planting import plant
from bench.searching import Search, spellings
from bench.secrets import search, settled
from tests.scenarios.story import telling


async def test_nothing_personal_lies_open_anywhere() -> None:
    async with telling("yuxi", begins="2026-11-20 10:00") as story:
        url = f"http://127.0.0.1:{story.stack.ports.gateway}"
        strings = await plant(story.driver, story.services, url)
        await settled(story.stack)
        async with story.services.engine.connect() as connection:
            for table, at_least in ((cases, 2), (service_events, 1)):
                count = select(func.count()).select_from(table)
                assert (await connection.execute(count)).scalar_one() >= at_least
        places = await asyncio.to_thread(search, story.stack, strings)
        theirs = Search(strings)  # the platforms do know: what is searched for was really said
        theirs.files("fake platforms", story.stack.folder / "simulator")
    assert {place.name: place.found for place in places if place.found} == {}
    assert all(place.bytes for place in places if place.name != "files of Redis")
    assert "name" in theirs.places[0].found


def test_a_string_is_found_in_every_spelling() -> None:
    search = Search({"name": "欧阳青禾禾"})
    place = search.place("here")
    for n, each in enumerate(sorted(spellings("欧阳青禾禾"))):
        search.look(place, b"\0\1" + each + b"\2", str(n))
    assert len(place.found["name"]) == n + 1
