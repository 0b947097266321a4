"""Settings: each thing that is missing or wrong is one sentence, and secrets stay secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from actions.errors import ConfigurationError
from actions.settings import Settings, read
from bot.settings import BotSettings

KEY = Fernet.generate_key().decode()
GOOD = {
    "DATABASE_URL": "postgresql://user:pass-word@host/huiyin",
    "REDIS_URL": "redis://:pass-word@host:6379/0",
    "DATA_KEYS": KEY,
    "HASH_KEY": "secret-hash-key-of-enough-characters",
    "ACTIONS_SECRET": "secret-of-actions",
    "NLU_SECRET": "secret-of-the-nlu",
}
WECHAT = {
    "WECHAT_APP_ID": "wx0123456789abcdef",
    "WECHAT_APP_SECRET": "secret-of-the-account",
    "WECHAT_TOKEN": "secrettoken",
    "WECHAT_AES_KEYS": "secretAESkey" + "a" * 30 + "A",
}
TELEGRAM = {
    "TELEGRAM_TOKEN": "123456:secret-token",
    "TELEGRAM_SECRET": "secret-of-the-webhook",
    "PUBLIC_URL": "https://bot.example.org",
}
WECOM = {
    "WECOM_CORP_ID": "ww0123456789abcdef",
    "WECOM_AGENT_ID": "1000002",
    "WECOM_SECRET": "secret-of-the-app",
    "WECOM_TOKEN": "secretwecomtoken",
    "WECOM_AES_KEYS": "secretAESkey" + "b" * 30 + "A",
}
ALL = {**GOOD, **WECHAT, **WECOM, **TELEGRAM}


# Made by us before there is an account, and of no use without one.
_OURS = (
    "TELEGRAM_SECRET",
    "WECHAT_TOKEN",
    "WECHAT_AES_KEYS",
    "WECOM_TOKEN",
    "WECOM_AES_KEYS",
)


def complaints(environ: dict[str, str], kind: type[Settings] = BotSettings) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read(kind, environ)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    "environ",
    [GOOD, *({**GOOD, **platform} for platform in (WECHAT, WECOM, TELEGRAM)), ALL],
)
def test_what_is_whole_is_taken(environ: dict[str, str]) -> None:
    settings = read(BotSettings, environ)
    connected = settings.channel_configs().keys() - {"console"}
    assert ("wechat" in connected) == ("WECHAT_TOKEN" in environ)
    assert ("wecom" in connected) == ("WECOM_TOKEN" in environ)
    assert ("telegram" in connected) == ("TELEGRAM_TOKEN" in environ)


def test_everything_missing_is_named_at_once() -> None:
    found = complaints({})
    assert [line.split()[0] for line in found] == list(GOOD)
    assert all(line.endswith("is not set; see docs/configuration.md.") for line in found)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "mysql://x", "must begin with postgresql://"),
        ("REDIS_URL", "localhost:6379", "must begin with redis://"),
        ("DATA_KEYS", " , ", "is empty"),
        ("DATA_KEYS", f"{KEY},short", "key 2 is not a Fernet key"),
        ("HASH_KEY", "short", "32 characters"),
        ("ACTIONS_SECRET", "short", "16 characters"),
        ("NLU_SECRET", "short", "16 characters"),
        ("LOG_LEVEL", "LOUD", "must be DEBUG"),
        ("GATEWAY_PORT", "eighty", "valid integer"),
        ("GATEWAY_PORT", "70000", "65535"),
        ("DATABASE_POOL", "1", "greater than or equal to 2"),
        ("TURN_TIMEOUT", "0", "greater than 1"),
        ("WECHAT_MODE", "open", "'aes', 'compat' or 'plain'"),
        ("WECHAT_REPLY_BUDGET", "6", "4.9"),
        ("WECOM_AGENT_ID", "app", "valid integer"),
        ("WECOM_FRESHNESS", "0", "greater than 0"),
        ("TELEGRAM_MODE", "push", "'webhook' or 'polling'"),
    ],
)
def test_what_is_wrong_is_one_sentence_that_names_it(name: str, value: str, says: str) -> None:
    (line,) = complaints({**ALL, name: value})
    assert line.startswith(f"{name} ")
    assert says in line
    assert line.endswith(".")


@pytest.mark.parametrize("name", [*WECHAT, *WECOM, "TELEGRAM_SECRET", "PUBLIC_URL"])
def test_half_a_platform_is_refused(name: str) -> None:
    (line,) = complaints({key: value for key, value in ALL.items() if key != name})
    assert name in line


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("WECHAT_AES_KEYS", "tooshort", "43"),
        ("WECOM_AES_KEYS", "tooshort", "43"),
        ("WECOM_BASE_URL", "qyapi.weixin.qq.com", "not an http(s) address"),
        ("TELEGRAM_TOKEN", "no-number", "Telegram token"),
        ("TELEGRAM_SECRET", "with space", "Telegram secret"),
        ("PUBLIC_URL", "bot.example.org", "public URL"),
    ],
)
def test_what_a_platform_cannot_take_is_one_sentence(name: str, value: str, says: str) -> None:
    (line,) = complaints({**ALL, name: value})
    assert says in line
    assert value not in line or name in ("PUBLIC_URL", "WECOM_BASE_URL")


def test_secrets_made_before_there_is_an_account_connect_nothing() -> None:
    made = {name: ALL[name] for name in _OURS}
    assert set(read(BotSettings, {**GOOD, **made}).channel_configs()) == {"console"}


def test_polling_needs_neither_secret_nor_address() -> None:
    environ = {**GOOD, "TELEGRAM_TOKEN": TELEGRAM["TELEGRAM_TOKEN"], "TELEGRAM_MODE": "polling"}
    assert "telegram" in read(BotSettings, environ).channel_configs()


def test_plain_wechat_needs_no_aes_key() -> None:
    environ = {**GOOD, **WECHAT, "WECHAT_AES_KEYS": "", "WECHAT_MODE": "plain"}
    assert "wechat" in read(BotSettings, environ).channel_configs()


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As compose passes them; also when only the process has it."""
    monkeypatch.setenv("GATEWAY_PORT", "")
    monkeypatch.setenv("HOTLINE", "of the process")
    settings = read(BotSettings, {**GOOD, "LOG_LEVEL": ""})
    assert settings.gateway_port == 8080
    assert settings.log_level == "INFO"
    assert settings.hotline != "of the process"


def test_the_process_is_read_when_nothing_else_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**GOOD, "HOTLINE": "0123-110"}.items():
        monkeypatch.setenv(name, value)
    assert read(Settings).hotline == "0123-110"


# --- secrets in files -----------------------------------------------------------------------------


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in GOOD.items() if key != name}


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "hash_key"
    file.write_text(GOOD["HASH_KEY"] + "\n", encoding="utf-8")
    for empty in ({}, {"HASH_KEY": ""}):
        environ = {**without("HASH_KEY"), **empty, "HASH_KEY_FILE": str(file)}
        assert read(BotSettings, environ).hash_key.get_secret_value() == GOOD["HASH_KEY"]


def test_the_variable_itself_comes_first(tmp_path: Path) -> None:
    environ = {**GOOD, "HASH_KEY_FILE": str(tmp_path / "nothing")}
    assert read(BotSettings, environ).hash_key.get_secret_value() == GOOD["HASH_KEY"]


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    environ = {**without("HASH_KEY"), "HASH_KEY_FILE": str(tmp_path / "nothing")}
    (line,) = complaints(environ)
    assert line.startswith("HASH_KEY_FILE names a file that cannot be read")


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "hash_key"
    file.write_bytes(b"\xff\xfe\x00secret")
    (line,) = complaints({**without("HASH_KEY"), "HASH_KEY_FILE": str(file)})
    assert line.startswith("HASH_KEY_FILE names a file that is not UTF-8 text")


def test_others_files_are_left_alone() -> None:
    """SSL_CERT_FILE and the like are not ours."""
    read(BotSettings, {**GOOD, "SSL_CERT_FILE": "/nowhere", "HISTFILE": "/nowhere"})


# --- nothing gives a secret away ------------------------------------------------------------------


def test_no_secret_is_shown() -> None:
    settings = read(BotSettings, ALL)
    for shown in (repr(settings), str(settings), f"{settings.channel_configs()}"):
        assert "secret" not in shown.replace("SecretStr", "").replace("_secret", "")
        assert "pass-word" not in shown
        assert KEY not in shown


@pytest.mark.parametrize("name", ["DATA_KEYS", "HASH_KEY", "NLU_SECRET", "ACTIONS_SECRET"])
def test_a_wrong_secret_is_not_quoted(name: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(BotSettings, {**ALL, name: "hush-hush"})
    assert "hush" not in f"{caught.value!r} {caught.value.__cause__}"
