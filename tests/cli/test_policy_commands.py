"""`./huiyin policy`: what an administrator reads, and the exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.policy.load import PRESETS, load_policy, shipped
from actions.policy.model import Policy
from tests.cli.conftest import Cli


def test_check_reads_all_that_ship(cli: Cli) -> None:
    ran = cli("policy", "check")
    assert (ran.code, ran.err) == (0, [])
    digest = load_policy("yuxi").digest
    assert f"data/policies/yuxi.yml is right: yuxi, version 1, {digest}" in ran.out
    assert len(ran.out) == len(shipped())


def test_check_says_every_mistake_of_every_file(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (PRESETS / "default.yml").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    Path("a.yml").write_text(text.replace("at_most: 3", "at_most: often"), encoding="utf-8")
    Path("b.yml").write_text(text.replace("urge:", "urging:"), encoding="utf-8")
    ran = cli("policy", "check", "a.yml", "yuxi", "b.yml", "c.yml")
    assert ran.code == 2
    assert len(ran.out) == 1
    line = text.split("at_most: 3")[0].count("\n") + 1
    first = text.split("name: default")[0].count("\n") + 1
    assert ran.err == [
        f'a.yml:{line}: urge.at_most is "often"; write a whole number from 1 to 24.',
        f"b.yml:{first}: urge is missing; write a section with at_most.",
        f"b.yml:{line - 1}: urging is not known; known here are {', '.join(Policy.model_fields)}.",
        "c.yml: there is no such file; name a file or a shipped policy.",
    ]


def test_show_is_in_chinese_unless_asked_otherwise(cli: Cli) -> None:
    chinese, english = cli("policy", "show", "yuxi"), cli("policy", "show", "yuxi", "--lang", "en")
    assert (chinese.code, english.code) == (0, 0)
    assert chinese.out[0].startswith("短信评警、语音回访  (yuxi, 1, ")
    assert english.out[0].startswith("SMS rating, voice callback  (yuxi, 1, ")
    assert any(line.startswith("  由谁复核：督察") for line in chinese.out)
    assert any(line.startswith("  by: the inspector") for line in english.out)


def test_show_without_a_name_is_the_default(cli: Cli) -> None:
    assert cli("policy", "show").out[0].startswith("默认  (default, ")


def test_diff_says_only_what_differs(cli: Cli) -> None:
    ran = cli("policy", "diff", "zhangjiakou", "handan")
    assert ran.code == 0
    assert "callback.by: sub_centre → centre" in ran.out
    assert not any(line.startswith(("name", "title", "callback.kinds")) for line in ran.out)
    assert cli("policy", "diff", "yuxi", "yuxi").out == ["yuxi and yuxi say the same."]


@pytest.mark.parametrize(
    "arguments", [(), ("mend",), ("diff", "yuxi"), ("show", "yuxi", "--lang", "fr")]
)
def test_wrong_arguments(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli("policy", *arguments).code == 2


def test_a_policy_that_is_not_there(cli: Cli) -> None:
    ran = cli("policy", "show", "yuxii")
    assert (ran.code, ran.err) == (2, ["No policy is called 'yuxii'; did you mean yuxi?"])
