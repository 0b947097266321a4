"""The container files, as far as they can be checked without an engine."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.fernet import Fernet

from actions.feeds.mappings import SHIPPED
from actions.policy.load import PRESETS
from actions.settings import read
from bot.cli.commands import COMMANDS
from bot.settings import BotSettings
from bot.stack.model import TRAINING_DATA

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
RUNNING = ("gateway", "worker", "actions", "nlu", "postgres", "redis")
ONCE = ("migrate", "units")
OURS = ("gateway", "worker", "actions", "migrate", "units")
DOCKERFILES = sorted((ROOT / "docker").glob("*.Dockerfile"))


def instructions(dockerfile: Path) -> list[list[str]]:
    """The lines of a Dockerfile as words, continuation lines joined, comments left out."""
    text = re.sub(r"\\\n", " ", dockerfile.read_text(encoding="utf-8"))
    lines = (shlex.split(line, comments=True) for line in text.splitlines())
    return [line for line in lines if line]


# The services


def test_every_part_is_there() -> None:
    assert set(SERVICES) == {*RUNNING, *ONCE}


@pytest.mark.parametrize("name", RUNNING)
def test_what_runs_has_a_health_check_and_comes_back(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert check["interval"]
    assert check["timeout"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_gateway_is_published() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["gateway"]


@pytest.mark.parametrize("name", ["nlu", "actions", "postgres", "redis", "migrate"])
def test_what_is_private_has_no_way_out(name: str) -> None:
    for network in SERVICES[name]["networks"]:
        assert COMPOSE["networks"][network] == {"internal": True}


def test_rasa_cannot_reach_the_database() -> None:
    assert not set(SERVICES["nlu"]["networks"]) & set(SERVICES["postgres"]["networks"])
    assert "database_url" not in SERVICES["nlu"]["secrets"]
    assert "data_keys" not in SERVICES["nlu"]["secrets"]


@pytest.mark.parametrize("name", SERVICES)
def test_everyone_waits_for_what_exists(name: str) -> None:
    for other, wait in SERVICES[name].get("depends_on", {}).items():
        condition = wait["condition"]
        if condition == "service_healthy":
            assert "healthcheck" in SERVICES[other]
        else:
            assert (condition, other) == ("service_completed_successfully", "migrate")
        assert set(SERVICES[name]["networks"]) & set(SERVICES[other]["networks"])


@pytest.mark.parametrize("name", OURS)
def test_commands_exist(name: str) -> None:
    assert SERVICES[name]["command"][0] in {command.name for command in COMMANDS}


# Settings and secrets


def test_every_secret_is_a_file() -> None:
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])


@pytest.mark.parametrize("name", SERVICES)
def test_every_secret_named_is_given(name: str) -> None:
    service = SERVICES[name]
    environment = service.get("environment", {})
    files = {Path(value).name for key, value in environment.items() if key.endswith("_FILE")}
    by_command = set(re.findall(r"/run/secrets/(\w+)", str(service.get("command", ""))))
    assert files | by_command == set(service.get("secrets", []))


SECRETS = (
    {name for name, field in BotSettings.model_fields.items() if "Secret" in str(field.annotation)}
) | {"database_url", "redis_url"}


@pytest.mark.parametrize("name", OURS)
def test_settings_exist_and_no_secret_stands_in_the_file(name: str) -> None:
    known = set(BotSettings.model_fields)
    for key in SERVICES[name]["environment"]:
        setting = key.removesuffix("_FILE").lower()
        assert setting in known
        assert (setting in SECRETS) == key.endswith("_FILE")


def test_every_way_in_and_out_can_be_connected() -> None:
    """A platform's setting that the file does not pass on could not be used there at all."""
    given = {key.removesuffix("_FILE").lower() for key in SERVICES["gateway"]["environment"]}
    platforms = ("wechat_", "wecom_", "telegram_", "sms_", "smpp_", "voice_")
    needed = {name for name in BotSettings.model_fields if name.startswith(platforms)}
    assert needed <= given


def test_made_secrets_are_settings_that_the_gateway_takes(tmp_path: Path) -> None:
    """Runs docker/make-secrets.sh, twice, and reads the settings as the containers would."""
    script = ROOT / "docker" / "make-secrets.sh"
    subprocess.run(["sh", script], cwd=tmp_path, check=True, capture_output=True)
    folder = tmp_path / "secrets"
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = subprocess.run(["sh", script], cwd=tmp_path, check=True, capture_output=True)
    assert again.stdout == b""
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == made
    assert set(made) == {*COMPOSE["secrets"], ".gitignore"}
    assert folder.stat().st_mode & 0o077 == 0
    Fernet(made["data_keys"])
    environ = {
        key: str(value).replace("/run/secrets", str(folder))
        for key, value in SERVICES["gateway"]["environment"].items()
    }
    settings = read(BotSettings, {key: _default(value) for key, value in environ.items()})
    assert settings.gateway_host == "0.0.0.0"
    assert settings.database_url.endswith("@postgres/huiyin")
    assert not settings.telegram_token.get_secret_value()


def _default(value: str) -> str:
    """What compose makes of ${NAME:-default} when NAME is not set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


def test_addresses_name_services_and_their_ports() -> None:
    environment = SERVICES["gateway"]["environment"]
    assert environment["NLU_URL"] == "http://nlu:5005"
    assert environment["ACTIONS_URL"] == "http://actions:5055"
    assert SERVICES["nlu"]["environment"]["ACTIONS_URL"] == "http://actions:5055"
    assert str(SERVICES["actions"]["environment"]["ACTIONS_PORT"]) == "5055"
    assert str(SERVICES["gateway"]["environment"]["GATEWAY_PORT"]) == "8080"


@pytest.mark.parametrize("name", RUNNING)
def test_doubled_dollars_reach_the_shell(name: str) -> None:
    """Compose replaces $X itself; a shell's own dollar is written $$."""
    texts = [*SERVICES[name]["healthcheck"]["test"], *SERVICES[name].get("command", [])]
    for text in texts:
        assert not re.search(r"(?<!\$)\$(?![${])", text)


# The images


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_images_are_slim_locked_and_not_root(dockerfile: Path) -> None:
    lines = instructions(dockerfile)
    assert lines[0][0] == "FROM"
    assert re.fullmatch(r"python:3\.1[02]-slim", lines[0][1])
    users = [line[1] for line in lines if line[0] == "USER"]
    assert users == ["huiyin"]
    installs = [line for line in lines if line[0] == "RUN" and "install" in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_what_is_copied_exists_and_is_sent_to_the_engine(dockerfile: Path) -> None:
    sent = [
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    ]
    for line in instructions(dockerfile):
        if line[0] == "COPY":
            for source in [word for word in line[1:-1] if not word.startswith("--")]:
                assert (ROOT / source).exists(), source
                assert any(source == top or source.startswith(f"{top}/") for top in sent), source


@pytest.mark.parametrize("folder", [PRESETS, SHIPPED, ROOT / "domain"])
def test_the_image_has_what_the_program_reads(folder: Path) -> None:
    lines = instructions(ROOT / "docker" / "bot.Dockerfile")
    copied = {source for line in lines if line[0] == "COPY" for source in line[1:-1]}
    assert folder.relative_to(ROOT).as_posix() in copied


def test_images_are_built_from_files_that_exist() -> None:
    built = {service["build"]["dockerfile"] for service in SERVICES.values() if "build" in service}
    assert built == {f"docker/{path.name}" for path in DOCKERFILES}


def test_training_reads_the_same_folders_as_here() -> None:
    text = (ROOT / "docker" / "nlu.Dockerfile").read_text(encoding="utf-8")
    assert " ".join(TRAINING_DATA) in text


def test_the_model_that_is_served_is_the_one_that_was_trained() -> None:
    text = (ROOT / "docker" / "nlu.Dockerfile").read_text(encoding="utf-8")
    name = re.search(r"--fixed-model-name (\S+)", text)
    assert name
    assert f'"models/{name[1]}.tar.gz"' in text


# The small scripts


@pytest.mark.parametrize("script", sorted((ROOT / "docker").glob("*.sh")), ids=lambda p: p.name)
def test_scripts_are_right_shell(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)
    assert os.access(script, os.X_OK)


def test_rasa_gets_its_secrets_from_files(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("geheim 回音'\"$x\n", encoding="utf-8")
    done = subprocess.run(
        ["sh", ROOT / "docker" / "with-secrets.sh", "printenv", "NLU_SECRET"],
        env={"PATH": os.environ["PATH"], "NLU_SECRET_FILE": str(tmp_path / "s")},
        check=True,
        capture_output=True,
    )
    assert done.stdout.decode() == "geheim 回音'\"$x\n"


def test_a_missing_secret_file_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", ROOT / "docker" / "with-secrets.sh", "true"],
        env={"PATH": os.environ["PATH"], "REDIS_URL_FILE": str(tmp_path / "none")},
        check=False,
        capture_output=True,
    )
    assert done.returncode == 2
    assert b"REDIS_URL_FILE names a file that cannot be read" in done.stderr


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("gateway", "gateway_watch_port"),
        ("worker", "worker_watch_port"),
        ("actions", "actions_port"),
    ],
)
def test_what_runs_our_code_is_asked_whether_it_is_ready(name: str, setting: str) -> None:
    """On the port where it says so; not published, and open to the other containers by a token."""
    port = BotSettings.model_fields[setting].default
    given = SERVICES[name]["environment"]
    assert f"http://127.0.0.1:{given.get(setting.upper(), port)}/readyz" in str(
        SERVICES[name]["healthcheck"]["test"]
    )
    assert "metrics_token" in SERVICES[name]["secrets"]
    assert str(port) not in str(SERVICES[name].get("ports", ""))


# With an engine's client


def compose_is_here() -> bool:
    docker = shutil.which("docker")
    if not docker:
        return False
    return subprocess.run([docker, "compose", "version"], capture_output=True).returncode == 0


@pytest.mark.skipif(not compose_is_here(), reason="no docker with the compose plugin here")
def test_compose_itself_accepts_the_file() -> None:
    subprocess.run(
        ["docker", "compose", "--file", ROOT / "docker-compose.yml", "config", "--quiet"],
        check=True,
    )
