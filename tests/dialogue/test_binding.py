"""Binding a chat to an officer."""

from __future__ import annotations

import pytest

from tests.cast import Cast, badge_of
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play


@pytest.mark.parametrize("said", ["/bind {code}", "绑定 {code}", "bind {code}", "绑定：{code}"])
async def test_bound_by_code(chats: Chats, cast: Cast, said: str) -> None:
    badge = await badge_of(cast.zhou.services, "望江门派出所", "officer")
    code = await cast.zhou.services.people.make_binding_code(badge)
    await play(
        chats,
        f"""
        zhou: {said.format(code=code)}
        > 绑好了
        > 望江门派出所
        zhou: 帮助
        > 接单 Q26-0017
        """,
    )


async def test_not_bound_by_guessing(chats: Chats) -> None:
    await play(
        chats,
        """
        zhou: 我要绑定
        > 绑定要一次性的码
        zhou: /bind 7K3M9X2D
        > 这个绑定码不对
        """,
    )
