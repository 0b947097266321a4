"""Reading a call's parameters, however they were sent: query, form, multipart or JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.simulator.telegram.errors import bad_request


@dataclass(slots=True)
class Params:
    """Named values as sent, and uploaded files as (bytes, content type, name)."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, tuple[bytes, str, str]] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            raise bad_request(f"parameter {name} must be an integer") from None

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in ("true", "1")

    def tree(self, name: str, default: Any = None) -> Any:
        """A value that may be JSON inside a form field."""
        value = self.values.get(name, default)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def upload(self, name: str) -> tuple[bytes, str, str] | None:
        """The file of that field, directly or by `attach://`."""
        reference = self.values.get(name)
        if isinstance(reference, str) and reference.startswith("attach://"):
            return self.files.get(reference.removeprefix("attach://"))
        return self.files.get(name)


async def read_params(request: web.Request) -> Params:
    params = Params(dict(request.query))
    if request.content_type == "application/json":
        body = await request.json()
        params.values |= body if isinstance(body, dict) else {}
        return params
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params.files[name] = (value.file.read(), value.content_type, value.filename)
        else:
            params.values[name] = value
    return params
