"""Settings of the services: the only place on this side that reads the environment."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from cryptography.fernet import Fernet
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from actions.errors import ConfigurationError


def environment() -> dict[str, str]:
    """A copy of the process's environment, for settings and for child processes."""
    return dict(os.environ)


def adopt(file: Path) -> None:
    """Takes the settings that a running demo wrote into `file`. Raises ConfigurationError."""
    try:
        os.environ.update(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ConfigurationError("No demo is running; start ./huiyin demo first.") from error


def with_files(environ: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """The named settings' values, where NAME_FILE stands for NAME with the file's content."""
    found = {name: environ[name] for name in names if environ.get(name)}
    for name in names:
        path = environ.get(f"{name}_FILE")
        if name in found or not path:
            continue
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigurationError(
                f"{name}_FILE names a file that cannot be read ({error.strerror}); "
                "create it or unset the variable."
            ) from error
        except UnicodeDecodeError as error:
            raise ConfigurationError(
                f"{name}_FILE names a file that is not UTF-8 text; write the secret there as text."
            ) from error
    return found


class Settings(BaseModel):
    """What the services need. Each field is an environment variable of the same name, upper case."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    database_url: str = Field(
        repr=False,  # it may hold a password
        description="PostgreSQL, as postgresql://user:password@host/database. "
        "The demo brings its own.",
    )
    redis_url: str = Field(
        repr=False,
        description="Redis, as redis://host:port/0. The demo brings its own.",
    )
    data_keys: SecretStr = Field(
        description="Fernet keys for personal data, comma-separated, the newest first. "
        "Make one with `./huiyin key`.",
    )
    hash_key: SecretStr = Field(
        description="Key of the hashes by which personal data is looked up; 32 characters or more. "
        "It cannot be changed later without re-hashing.",
    )
    actions_secret: SecretStr = Field(
        description="Shared secret between Rasa and the action server; 16 characters or more.",
    )
    actions_host: str = Field("127.0.0.1", description="Address the action server listens on.")
    actions_port: int = Field(5055, description="Port of the action server.", ge=1, le=65535)
    hotline: str = Field("0000-12345", description="The public hotline, told to citizens.")
    public_url: str = Field(
        "", description="The gateway's address as platforms reach it, https://… without a slash."
    )
    policy: str = Field(
        "",
        description="How cases live here: the name of a shipped policy or the path of your own "
        "file, see docs/policies.md. Empty: `default`.",
    )
    database_pool: int = Field(
        10, description="Connections to PostgreSQL per process.", ge=2, le=100
    )
    clock_file: str = Field(
        "",
        description="For demonstrations only: a file that holds the moment to live in, "
        "as `./huiyin --demo clock` writes it.",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="Who brings it as a bearer may read /metrics from another machine; empty: only "
        "this machine may.",
    )
    log_level: str = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR; personal data is in none of them."
    )
    log_format: Literal["json", "plain"] = Field(
        "json", description="json: one JSON line each; plain: for reading. Rasa reads it, too."
    )

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, value: str) -> str:
        if not value.startswith(("postgresql://", "postgresql+psycopg://")):
            raise ValueError("must begin with postgresql://")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return value

    @field_validator("data_keys")
    @classmethod
    def _fernet(cls, value: SecretStr) -> SecretStr:
        keys = [key for key in value.get_secret_value().split(",") if key.strip()]
        if not keys:
            raise ValueError("is empty; make a key with `./huiyin key`")
        for number, key in enumerate(keys, 1):
            try:
                Fernet(key.strip())
            except ValueError as error:
                raise ValueError(
                    f"key {number} is not a Fernet key; make one with `./huiyin key`"
                ) from error
        return value

    @field_validator("hash_key")
    @classmethod
    def _long_key(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 32:
            raise ValueError("needs at least 32 characters")
        return value

    @field_validator("actions_secret")
    @classmethod
    def _secret(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 16:
            raise ValueError("needs at least 16 characters")
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()


def sentences(error: ValidationError) -> list[str]:
    """One sentence per mistake: the variable, what is wrong, what to do."""
    found = []
    for item in error.errors():
        name = "_".join(str(part) for part in item["loc"]).upper()
        reason = item["msg"].removeprefix("Value error, ")
        if not name:  # a check over several settings
            found.append(reason if reason.endswith(".") else f"The settings {reason}.")
        elif item["type"] == "missing":
            found.append(f"{name} is not set; see docs/configuration.md.")
        else:
            found.append(f"{name} {reason[:1].lower()}{reason[1:]}.")
    return found


def read[S: Settings](kind: type[S], environ: Mapping[str, str] | None = None) -> S:
    """Settings from the environment; raises ConfigurationError with a sentence per mistake."""
    names = [name.upper() for name in kind.model_fields]
    source = with_files(environment() if environ is None else environ, names)
    given: dict[str, Any] = {name.lower(): value for name, value in source.items() if value}
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise ConfigurationError("\n".join(sentences(error))) from error
