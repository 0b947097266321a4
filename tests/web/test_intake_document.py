"""The API does what its document says: schemathesis tries what fits it and what does not."""

from __future__ import annotations

import asyncio

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS

from bot.web.intake import routes
from tests.web.conftest import Api

# What fits the document may still be refused: units and dates are ours to know.
LEFT_OUT = {"positive_data_acceptance"}


class Unlimited(routes.Limits):
    """Tries more in a minute than any feed may."""

    async def feed(self, feed_id: int) -> bool:
        return True

    async def may_try(self, address: str) -> bool:
        return True


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "Limits", Unlimited)


@pytest.mark.parametrize("mode", ["positive", "negative"])
async def test_the_api_keeps_to_its_document(api: Api, mode: str) -> None:
    await asyncio.to_thread(try_out, api.url, api.key, mode)


def try_out(url: str, key: str, mode: str) -> None:
    schema = schemathesis.openapi.from_url(f"{url}api/openapi.json")
    schema.config.generation.update(modes=[schemathesis.GenerationMode(mode)])
    checks = [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in LEFT_OUT]
    for operation in schema.get_all_operations():
        strategy = operation.ok().as_strategy(generation_mode=schemathesis.GenerationMode(mode))

        @given(case=strategy)
        @settings(max_examples=60, suppress_health_check=list(HealthCheck))
        def one(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=checks)

        one()
