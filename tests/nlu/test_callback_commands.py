"""Commands for calls, spot checks, figures of the work and locked identities."""

from __future__ import annotations

import pytest

from nlu.commands import command_in

COMMANDS = [
    ("callbacks", "callbacks", {}),
    ("回访", "callbacks", {}),
    ("复访任务", "callbacks", {}),
    ("draws", "draws", {}),
    ("抽查", "draws", {}),
    ("work", "work_figures", {}),
    ("work 本月 桥西", "work_figures", {}),
    ("work last month", "work_figures", {}),
    ("办件统计 南站所", "work_figures", {}),
    ("unseal Q26-0017 to verify the date", "unseal", {"case": "Q26-0017", "words": "to verify the date"}),
    ("启封 q26 0017 核实情况", "unseal", {"case": "Q26-0017", "words": "核实情况"}),
    ("启封 Q26-0017", "unseal", {"case": "Q26-0017"}),
    ("启封", "unseal", {}),
    ("同意启封 Q26-0017", "grant_unseal", {"case": "Q26-0017"}),
    ("不同意启封 Q26-0017", "deny_unseal", {"case": "Q26-0017"}),
    ("谁看过 Q26-0017", "reveals", {"case": "Q26-0017"}),
    ("Q26-0017的号码谁看过", "reveals", {"case": "Q26-0017"}),
    ("reveals Q26-0017", "reveals", {"case": "Q26-0017"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "intent", "entities"), COMMANDS)
def test_a_command(text: str, intent: str, entities: dict[str, str]) -> None:
    found = command_in(text)
    assert found is not None
    assert (found.intent, found.entities) == (intent, entities)


@pytest.mark.parametrize(
    "text", ["work is slow here", "workers", "回访 Q26-0017 没打通", "抽查到我了"]
)
def test_none_of_them(text: str) -> None:
    found = command_in(text)
    assert found is None or found.intent not in {"work_figures", "callbacks", "draws"}
