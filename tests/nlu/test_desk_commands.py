"""Commands of the desk: writing down, the page, what to say in a call."""

from __future__ import annotations

import pytest

from nlu.commands import command_in

COMMANDS = [
    ("record", "record_for", {}),
    ("代录", "record_for", {}),
    ("代录 热线 投诉 等了两小时", "record_for", {"words": "热线 投诉 等了两小时"}),
    ("record hotline waited", "record_for", {"words": "hotline waited"}),
    ("来电登记：窗口没人", "record_for", {"words": "窗口没人"}),
    ("上门记录", "record_for", {}),
    ("热线来电", "record_for", {}),
    ("desk", "desk_page", {}),
    ("录入页", "desk_page", {}),
    ("网页录入", "desk_page", {}),
    ("话术", "call_script", {}),
    ("script q26 0017", "call_script", {"case": "Q26-0017"}),
    ("Q26-0017 的话术", "call_script", {"case": "Q26-0017"}),
]


@pytest.mark.parametrize(("text", "intent", "entities"), COMMANDS)
def test_a_command(text: str, intent: str, entities: dict[str, str]) -> None:
    found = command_in(text)
    assert found is not None
    assert (found.intent, found.entities) == (intent, entities)


@pytest.mark.parametrize(
    "text", ["热线", "记录", "上门 Q26-0017 看了", "desks are dirty", "来电话了没人接"]
)
def test_none_of_them(text: str) -> None:
    found = command_in(text)
    assert found is None or found.intent not in {"record_for", "desk_page", "call_script"}
