"""Where the policy asks nobody, or by text only, no number is taken."""

from __future__ import annotations

import pytest

from actions.bootstrap import Services
from actions.errors import Refusal
from tests.cast import Cast
from tests.conftest import FrozenClock


@pytest.mark.parametrize("policy", ["default", "yuxi"])
async def test_no_number_is_taken_that_is_not_needed(
    services: Services, cast: Cast, frozen: FrozenClock, policy: str
) -> None:
    with pytest.raises(Refusal) as caught:
        await services.contacts.check(cast.chen.turn())
    assert caught.value.key == "link_not_needed"


@pytest.fixture
def environ(environ: dict[str, str], policy: str) -> dict[str, str]:
    return {**environ, "POLICY": policy}
