"""Everything on one machine: databases, Rasa, actions, worker, gateway, fake platforms."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet
from redis.asyncio import Redis
from redis.exceptions import RedisError

from actions.bootstrap import bootstrap
from actions.errors import ConfigurationError
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.settings import Settings, read
from actions.store.migrate import migrate
from bot.settings import BotSettings
from bot.stack import model
from bot.stack.children import Child, Children
from bot.stack.embedded import (
    FolderLock,
    Postgres,
    free_port,
    redis_child,
    require_port,
    require_space,
)

ROOT = model.ROOT
SAMPLE = ROOT / "data" / "sample"
ENVIRONMENT = "environment.json"  # the running parts' settings, for commands with --demo
_BEFORE_ALL_ELSE = frozenset({".lock", "clock", "logs"})  # what a start leaves that ended at once
type Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ports:
    gateway: int = 8080
    simulator: int = 8081
    nlu: int = 5005
    actions: int = 5055
    redis: int = 6390
    gateway_watch: int = 0  # 0: any that is free
    worker_watch: int = 0


@dataclass(slots=True)
class Stack:
    """One running installation in `folder`. Use `running`, or start and stop yourself.

    `city`: folder of the CSV files to load. `env`: settings that replace the stack's own.
    `rasas`: how many Rasas; the second and further ones are called nlu2, nlu3, …
    """

    folder: Path
    ports: Ports = field(default_factory=Ports)
    city: Path = SAMPLE
    env: Mapping[str, str] = field(default_factory=dict)
    progress: Progress = lambda _: None
    rasas: int = 1
    children: Children = field(init=False)
    environ: dict[str, str] = field(init=False, default_factory=dict)
    postgres: Postgres = field(init=False)
    _lock: FolderLock = field(init=False)
    _nlus: dict[str, int] = field(init=False)  # name → port

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.children = Children(self.folder / "logs")
        self._lock = FolderLock(self.folder)
        self.postgres = Postgres(self.folder / "postgres")
        further = {f"nlu{number}": free_port() for number in range(2, self.rasas + 1)}
        self._nlus = {"nlu": self.ports.nlu} | further

    @property
    def settings(self) -> BotSettings:
        return read(BotSettings, self.environ)

    async def start(self) -> None:
        """Starts all parts in order. Raises ConfigurationError, one sentence, and stops again."""
        self._lock.take()
        try:
            await self._start()
        except BaseException:
            await asyncio.to_thread(self.stop)
            raise

    async def _start(self) -> None:
        require_space(self.folder, 300)
        for name, port in self._listening().items():
            require_port(port, name, f"--{name}-port")
        if not model.is_trained():
            async with self._step("train the dialogue model"):
                await asyncio.to_thread(model.train, self.folder / "logs" / "train.log")
        async with self._step("start PostgreSQL and Redis"):
            database_url = await asyncio.to_thread(self.postgres.start)
            self.environ = self._environment(database_url)
            _write_secret(self.folder / ENVIRONMENT, self.environ)
            self.children.start(redis_child(self.ports.redis, self.folder / "redis"))
            await self._redis_ready()
        for name in self._nlus:
            self.children.start(self._nlu(name))
        async with self._step("bring the database up to date"):
            await asyncio.to_thread(migrate, database_url)
        async with self._step("load units, officers and codes"):
            await self._load_city()
        for child in (self._own("actions"), self._own("simulator"), self._own("gateway")):
            self.children.start(child)
        self.children.start(self._own("worker"))
        async with self._step("start actions, worker, gateway and the fake platforms"):
            for name in ("actions", "simulator", "gateway", "worker"):
                await self.children.ready(name)
        async with self._step("start Rasa"):
            for name in self._nlus:
                await self.children.ready(name)

    def stop(self) -> None:
        """Ends every part; the data stays in the folder."""
        (self.folder / ENVIRONMENT).unlink(missing_ok=True)
        self.children.stop()
        self.postgres.stop()
        self._lock.release()

    def fresh(self) -> None:
        """Empties the folder. Only before `start`. Raises ConfigurationError for one not ours."""
        names = {path.name for path in self.folder.iterdir()}
        if names - _BEFORE_ALL_ELSE and not names & {"postgres", "secrets.json"}:
            raise ConfigurationError(
                f"{self.folder} holds no data of Huiyin and is not emptied; choose another folder."
            )
        self._lock.take()
        self.postgres.stop_leftover()
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.release()
        self.folder.mkdir(parents=True)

    async def watch(self) -> None:
        """Returns never; raises ConfigurationError when a part has ended by itself."""
        while True:
            self.children.check()
            await asyncio.sleep(0.5)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Stack]:
        await self.start()
        try:
            yield self
        finally:
            await asyncio.to_thread(self.stop)

    # --- parts ----------------------------------------------------------------------------------

    def _listening(self) -> dict[str, int]:
        return {
            name: getattr(self.ports, name)
            for name in ("gateway", "simulator", "nlu", "actions", "redis")
        }

    def _nlu(self, name: str) -> Child:
        argv = [
            *(str(model.NLU_PYTHON), "-m", "nlu.server"),
            *("--port", str(self._nlus[name]), "--model", str(model.model_path())),
        ]
        names = ("REDIS_URL", "NLU_SECRET", "ACTIONS_SECRET", "ACTIONS_URL", "LOG_FORMAT")
        env = {name: self.environ[name] for name in names} | {"PYTHONPATH": str(ROOT)}
        url = f"http://127.0.0.1:{self._nlus[name]}/webhooks/huiyin/health"
        return Child(name, argv, env, url, ROOT)

    def _own(self, part: str) -> Child:
        """A part of ours: `python -m bot <command>`."""
        command = {"gateway": "serve"}.get(part, part)
        argv = [sys.executable, "-m", "bot", command]
        ready = {
            "gateway": f"http://127.0.0.1:{self.environ['GATEWAY_WATCH_PORT']}/readyz",
            "worker": f"http://127.0.0.1:{self.environ['WORKER_WATCH_PORT']}/readyz",
            "actions": f"http://127.0.0.1:{self.ports.actions}/readyz",
            "simulator": f"http://127.0.0.1:{self.ports.simulator}/control/health",
        }
        return Child(part, argv, self.environ, ready.get(part, ""), ROOT)

    async def _redis_ready(self) -> None:
        redis = Redis(host="127.0.0.1", port=self.ports.redis)
        for _ in range(100):
            self.children.check()
            try:
                await redis.ping()
            except RedisError:
                await asyncio.sleep(0.05)
            else:
                await redis.aclose()
                return
        raise ConfigurationError(f"Redis did not start; see {self.folder / 'logs' / 'redis.log'}.")

    async def _load_city(self) -> None:
        services = bootstrap(read(Settings, self.environ))
        try:
            await load(services.engine, services.vault, load_city(self.city))
        finally:
            await services.close()

    def _environment(self, database_url: str) -> dict[str, str]:
        """The settings of all parts: the fakes as platforms, kept secrets of this folder."""
        ports = self.ports
        simulator = f"http://127.0.0.1:{ports.simulator}"
        return {
            "DATABASE_URL": database_url,
            "REDIS_URL": f"redis://127.0.0.1:{ports.redis}/0",
            "NLU_URL": ",".join(f"http://127.0.0.1:{port}" for port in self._nlus.values()),
            "ACTIONS_URL": f"http://127.0.0.1:{ports.actions}",
            "ACTIONS_PORT": str(ports.actions),
            "GATEWAY_PORT": str(ports.gateway),
            "GATEWAY_WATCH_PORT": str(ports.gateway_watch or free_port()),
            "WORKER_WATCH_PORT": str(ports.worker_watch or free_port()),
            "PUBLIC_URL": f"http://127.0.0.1:{ports.gateway}",
            "SIMULATOR_PORT": str(ports.simulator),
            "SIMULATOR_STATE": str(self.folder / "simulator"),
            "WECHAT_BASE_URL": f"{simulator}/wechat",
            "WECHAT_PICTURE_URL": f"{simulator}/wechat",
            "WECOM_AGENT_ID": "1000002",
            "WECOM_BASE_URL": f"{simulator}/wecom",
            "TELEGRAM_BASE_URL": f"{simulator}/telegram/bot",
            "TELEGRAM_BASE_FILE_URL": f"{simulator}/telegram/file/bot",
            "SMS_PROVIDER": "alibaba",
            "SMS_SIGN": "平安回音",
            "SMS_BASE_URL": f"{simulator}/sms/alibaba",
            "SMS_TEMPLATES": "SMS_DEMO={text}",
            "CLOCK_FILE": str(self.folder / "clock"),
            "LOG_FORMAT": "json",
            **_kept_secrets(self.folder / "secrets.json"),
            **self.env,
        }

    @asynccontextmanager
    async def _step(self, what: str) -> AsyncIterator[None]:
        started = time.monotonic()
        self.progress(f"  {what} …")
        yield
        self.progress(f"  {what}: {time.monotonic() - started:.1f} s")


def _kept_secrets(file: Path) -> dict[str, str]:
    """Random secrets of this installation, made once and kept readable for the owner only.

    Those that an earlier version did not know yet are added.
    """
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    made = _random_secrets()
    if made.keys() - kept.keys():
        _write_secret(file, made | kept)
    return made | kept


def _random_secrets() -> dict[str, str]:
    return {
        "DATA_KEYS": Fernet.generate_key().decode(),
        "HASH_KEY": secrets.token_urlsafe(32),
        "NLU_SECRET": secrets.token_urlsafe(24),
        "ACTIONS_SECRET": secrets.token_urlsafe(24),
        "WECHAT_APP_ID": "wx" + secrets.token_hex(8),
        "WECHAT_APP_SECRET": secrets.token_hex(16),
        "WECHAT_TOKEN": secrets.token_hex(12),
        "WECHAT_AES_KEYS": _random_aes_key(),
        "SMS_KEY_ID": "LTAI" + secrets.token_hex(8),
        "SMS_KEY_SECRET": secrets.token_urlsafe(24),
        "SMS_CALLBACK_SECRET": secrets.token_urlsafe(24),
        "WECOM_CORP_ID": "ww" + secrets.token_hex(8),
        "WECOM_SECRET": secrets.token_urlsafe(32),
        "WECOM_TOKEN": secrets.token_hex(12),
        "WECOM_AES_KEYS": _random_aes_key(),
        "TELEGRAM_TOKEN": f"{secrets.randbelow(10**9) + 10**9}:{secrets.token_urlsafe(26)}",
        "TELEGRAM_SECRET": secrets.token_urlsafe(24),
    }


def _random_aes_key() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(42)) + "A"


def _write_secret(file: Path, values: Mapping[str, str]) -> None:
    """Readable for the owner only, and whole or not there, should we be killed meanwhile."""
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_text(json.dumps(values, indent=1), encoding="utf-8")
    part.replace(file)


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
