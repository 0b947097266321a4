"""Starting parts on one machine: children, ports, disk, secrets."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from actions.errors import ConfigurationError
from bot.stack.children import Child, Children
from bot.stack.embedded import free_port, require_port, require_space
from bot.stack.stack import Stack, _kept_secrets

FOREVER = "import time; time.sleep(600)"


def child(name: str, code: str, **more: str) -> Child:
    return Child(name, [sys.executable, "-c", code], **more)  # type: ignore[arg-type]


@pytest.fixture
def children(tmp_path: Path) -> Children:
    return Children(tmp_path / "logs")


def wait_for_end(children: Children, name: str) -> None:
    children._running[name].wait(timeout=30)


def test_a_child_that_ends_by_itself_is_one_sentence(children: Children, tmp_path: Path) -> None:
    children.start(child("worker", "print('last words'); raise SystemExit(3)"))
    wait_for_end(children, "worker")
    with pytest.raises(
        ConfigurationError, match=r"^worker ended with code 3; see .*worker\.log\.$"
    ):
        children.check()
    assert (tmp_path / "logs" / "worker.log").read_text() == "last words\n"
    children.stop()


def test_a_child_killed_from_outside_is_one_sentence(children: Children) -> None:
    children.start(child("worker", FOREVER))
    os.kill(children.pid("worker"), 9)
    wait_for_end(children, "worker")
    with pytest.raises(ConfigurationError, match="worker was ended by signal 9"):
        children.check()
    children.stop()


def test_one_that_we_kill_may_be_started_again(children: Children) -> None:
    children.start(child("worker", FOREVER))
    before = children.pid("worker")
    children.kill("worker")
    children.check()
    children.restart("worker")
    assert children.pid("worker") != before
    children.check()
    children.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


async def test_waiting_for_one_that_dies_ends_at_once(children: Children) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    children.start(child("nlu", "raise SystemExit(1)", ready_url=url))
    with pytest.raises(ConfigurationError, match="nlu ended with code 1"):
        await children.ready("nlu")
    children.stop()


async def test_waiting_for_one_that_never_answers_ends(children: Children) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    children.start(child("nlu", FOREVER, ready_url=url))
    with pytest.raises(ConfigurationError, match="nlu was not ready after 0 s; see"):
        await children.ready("nlu", seconds=0.2)
    children.stop()


def test_children_end_when_we_are_killed(tmp_path: Path) -> None:
    """A parent that is killed has no chance to stop them."""
    program = (
        "import sys, time; from pathlib import Path\n"
        "from bot.stack.children import Child, Children\n"
        f"children = Children(Path({str(tmp_path)!r}))\n"
        f"children.start(Child('x', [sys.executable, '-c', {FOREVER!r}]))\n"
        "print(children.pid('x'), flush=True); time.sleep(600)\n"
    )
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=root, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        orphan = int(parent.stdout.readline())
        parent.kill()
    for _ in range(500):
        if not _runs(orphan):
            return
        time.sleep(0.01)
    raise AssertionError("an orphan is left")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            ConfigurationError, match=f"^Port {port} for redis is in use; .*--redis"
        ):
            require_port(port, "redis", "--redis-port")
    require_port(port, "redis", "--redis-port")


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    require_space(tmp_path / "not" / "yet", 1)
    with pytest.raises(ConfigurationError, match=r"^Only \d+ MB are free .* 1000000000 MB are"):
        require_space(tmp_path / "not" / "yet", 10**9)


# --- secrets of the folder ------------------------------------------------------------------------


def test_the_secrets_are_the_owners_alone_and_stay(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    first = _kept_secrets(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert _kept_secrets(file) == first
    assert all(first.values())


def test_secrets_that_an_earlier_version_did_not_know_are_added(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    first = _kept_secrets(file)
    old = {name: value for name, value in first.items() if not name.startswith("WECOM_")}
    file.write_text(json.dumps(old), encoding="utf-8")
    second = _kept_secrets(file)
    assert second.keys() == first.keys()
    assert {name: second[name] for name in old} == old
    assert _kept_secrets(file) == second


def test_a_start_that_was_killed_while_writing_them_hurts_nobody(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.with_suffix(".part").write_text("{ half", encoding="utf-8")
    assert set(_kept_secrets(file)) >= {"DATA_KEYS", "HASH_KEY", "TELEGRAM_TOKEN"}
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_folders_settings_are_whole(tmp_path: Path) -> None:
    stack = Stack(tmp_path)
    stack.environ = stack._environment("postgresql://x@127.0.0.1:9/none")
    settings = stack.settings
    assert settings.channel_configs().keys() >= {"wechat", "wecom", "telegram"}
    assert settings.wechat_base_url.startswith("http://127.0.0.1:")


def test_fresh_empties_its_own_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    stack = Stack(folder)
    _kept_secrets(folder / "secrets.json")
    (folder / "simulator").mkdir()
    stack.fresh()
    assert list(folder.iterdir()) == []


def test_fresh_empties_what_a_start_left_that_ended_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    stack = Stack(folder)
    (folder / "clock").write_text("2026-11-22T10:00:00+08:00", encoding="ascii")
    (folder / "logs").mkdir(exist_ok=True)
    stack.fresh()
    assert list(folder.iterdir()) == []


async def test_a_second_demo_on_the_folder_is_refused(tmp_path: Path) -> None:
    first, second = Stack(tmp_path), Stack(tmp_path)
    first._lock.take()
    try:
        with pytest.raises(ConfigurationError, match="Another demo is running"):
            await second.start()
        (tmp_path / "postgres").mkdir()
        with pytest.raises(ConfigurationError, match="Another demo is running"):
            second.fresh()
    finally:
        first._lock.release()
