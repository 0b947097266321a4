"""Who reads a citizen's words whole, and who reads them without numbers and names."""

from __future__ import annotations

import pytest

from actions.bootstrap import Services
from actions.cases.states import Verb
from tests.cases.steps import submit
from tests.cases.test_life import told
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("frozen")

WORDS = "我叫张小伟，身份证110101199003070000，电话13900000009，在明德里3栋2单元等了两个小时"
MASKED = "我叫张某，身份证＊＊，电话139****0009，在明德里3栋2单元等了两个小时"


async def test_the_card_and_colleagues_see_them_masked_the_holder_whole(
    services: Services, cast: Cast
) -> None:
    receipt = await submit(services, cast.chen, what=WORDS)
    (card,) = await told(services, cast.li)
    assert MASKED in card
    assert (await services.cases.find(cast.wang.turn(), receipt.number)).what == MASKED
    taken = await services.cases.act(cast.li.turn(), receipt.number, Verb.ACCEPT)
    assert taken.what == WORDS
    assert (await services.cases.find(cast.wang.turn(), receipt.number)).what == MASKED
    assert (await services.cases.find(cast.head.turn(), receipt.number)).gist.startswith(MASKED[:9])


async def test_citizens_read_their_own_whole(services: Services, cast: Cast) -> None:
    receipt = await submit(services, cast.chen, what=WORDS)
    assert (await services.cases.find(cast.chen.turn(), receipt.number)).what == WORDS
    followed = await services.cases.find(cast.zhou.turn(), receipt.short_code)
    assert followed.what == WORDS


async def test_what_is_added_later_is_masked_in_the_history(services: Services, cast: Cast) -> None:
    receipt = await submit(services, cast.chen)
    facts = "打13900000009找我"
    await services.cases.act(cast.chen.turn(), receipt.number, Verb.ADD_FACTS, text=facts)
    seen = [each.words for each in await services.cases.history(cast.wang.turn(), receipt.number)]
    assert "打139****0009找我" in seen
    own = [each.words for each in await services.cases.history(cast.chen.turn(), receipt.number)]
    assert facts in own
