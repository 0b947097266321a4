"""Whatever happens to a policy file, it is a policy or it is refused with sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.errors import ConfigurationError
from actions.policy.load import PRESETS, load_policy, shipped
from actions.policy.mistakes import PolicyMistakes
from actions.policy.yaml_lines import parse

TEXTS = [(PRESETS / f"{name}.yml").read_text(encoding="utf-8") for name in shipped()]
PIECES = (
    "null", "[]", "{}", "true", "-1", "3", "0.5", '"', "'", ":", ": ", "- ", "#", "&a ", "*a", "!!set ",
    "{", "}", "[", "]", "\t", "\n", "  ", "|", ">", "? ", "<<", "---", "...", "%", "@", "\x00", "\ufeff",
    "\u2028", "same day", "9999999 minutes", "99999999999999999999", "1e999", ".inf", "24:00", "centre",
    "unsatisfied", "汉", "𝄞", "within", "kinds", "2026-11-21", "yes",
)  # fmt: skip

write = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)


@pytest.fixture
def verdict(tmp_path: Path) -> Callable[[bytes], str]:
    """ "" when the content is a policy, else the sentences it is refused with."""
    path = tmp_path / "p.yml"

    def of(content: bytes) -> str:
        path.write_bytes(content)
        breaks = (b"\n", b"\r", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")
        last = sum(map(content.count, breaks)) + 2
        refused: ConfigurationError | None = None
        try:
            load_policy(str(path))
        except ConfigurationError as error:
            refused = error
        if isinstance(refused, PolicyMistakes):
            assert refused.found
            assert all(1 <= mistake.line <= last for mistake in refused.found)
        return str(refused or "")

    return of


@write
@given(st.sampled_from(TEXTS), st.data())
def test_a_mutated_preset_is_right_or_refused(
    verdict: Callable[[bytes], str], text: str, data: st.DataObject
) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(text)))
        end = min(len(text), begin + data.draw(st.integers(0, 30)))
        text = text[:begin] + data.draw(st.sampled_from(PIECES)) + text[end:]
    for sentence in verdict(text.encode()).splitlines():
        assert sentence.endswith((".", "?"))


@write
@given(st.sampled_from(TEXTS), st.data())
def test_a_value_exchanged_for_another_is_right_or_refused(
    verdict: Callable[[bytes], str], text: str, data: st.DataObject
) -> None:
    lines = text.splitlines()
    places = [n for n, line in enumerate(lines) if ": " in line.split("#")[0]]
    place = data.draw(st.sampled_from(places))
    name = lines[place].split(":")[0]
    lines[place] = f"{name}: {data.draw(st.sampled_from(PIECES))}"
    verdict("\n".join(lines).encode())


@write
@given(st.sampled_from(TEXTS), st.data())
def test_a_line_lost_doubled_or_moved_is_right_or_refused(
    verdict: Callable[[bytes], str], text: str, data: st.DataObject
) -> None:
    lines = text.splitlines()
    line = data.draw(st.sampled_from(lines))
    lines.remove(line)
    for _ in range(data.draw(st.integers(0, 2))):
        lines.insert(data.draw(st.integers(0, len(lines))), line)
    verdict("\n".join(lines).encode())


@write
@given(st.binary(max_size=200))
def test_any_bytes_are_right_or_refused(verdict: Callable[[bytes], str], content: bytes) -> None:
    assert verdict(content)


@given(st.text(max_size=300))
def test_reading_yaml_raises_nothing(text: str) -> None:
    written = parse(text)
    assert written.line(("a", 0, "b")) >= 1
