"""A gateway with walls over the sample city, whose streams beat fast."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from actions.wall import board
from bot.web.wall import stream
from tests.cast import Cast, gather_cast
from tests.web_house import WebHouse, web_house, with_city


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A beat and a new board ten times a second."""
    monkeypatch.setattr(stream, "EVERY", 0.1)
    monkeypatch.setattr(board, "FRESH", 0.05)


@pytest.fixture
async def house(environ: dict[str, str], fast: None) -> AsyncIterator[WebHouse]:
    await with_city(environ)
    async with web_house(environ) as running:
        yield running


@pytest.fixture
async def people(house: WebHouse) -> Cast:
    return await gather_cast(house.services)
