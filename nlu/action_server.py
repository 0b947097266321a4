"""How Rasa asks the action server: one kept session, the domain once, 15 seconds at most."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from functools import lru_cache
from typing import Any, AsyncContextManager, Dict, Optional

import aiohttp
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from nlu.turns import TurnFailed

LONGEST_ACTION = aiohttp.ClientTimeout(total=15)
REJECTED = 400
DOMAIN_UNKNOWN = 449


class ActionServer(EndpointConfig):
    """The action server of endpoints.yml. Its failures fail the turn; a rejection stays one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.domain_digest = ""  # names the domain that rasa-sdk may still have
        self._session: Optional[aiohttp.ClientSession] = None

    def session(self) -> AsyncContextManager[aiohttp.ClientSession]:
        """The session that is kept; Rasa opens and closes one per call."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=LONGEST_ACTION)
        return nullcontext(self._session)

    async def request(self, *args: Any, json: Dict[str, Any], **kwargs: Any) -> Any:
        """Runs one action. Raises ClientResponseError for a rejection, TurnFailed otherwise."""
        kwargs["timeout"] = LONGEST_ACTION
        body = {**json, "domain_digest": self.domain_digest}
        domain = body.pop("domain", None)
        try:
            try:
                return await self._send(body, *args, **kwargs)
            except ClientResponseError as error:
                if error.status != DOMAIN_UNKNOWN:
                    raise
                return await self._send({**body, "domain": domain}, *args, **kwargs)
        except ClientResponseError as error:
            if error.status == REJECTED:
                raise
            raise TurnFailed(f"{json['next_action']} answered {error.status}") from error
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise TurnFailed(f"{json['next_action']}: {type(error).__name__}") from error

    async def _send(self, body: Dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """A kept connection may have died unseen: asks once more then. Actions bear repetition."""
        try:
            return await super().request(*args, json=body, **kwargs)
        except (aiohttp.ServerDisconnectedError, ConnectionResetError):
            return await super().request(*args, json=body, **kwargs)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def check_shape_only() -> None:
    """Rasa holds each action's answer against a JSON schema: 15 ms a turn, 1.5 ms with the schema
    compiled. The answer is our own server's, behind a secret; an event that is none fails the turn
    when it is read."""

    def validate(_: RemoteAction, result: Any) -> bool:
        if not isinstance(result, dict):
            raise ValueError("the action server answered something else")
        return True

    RemoteAction._validate_action_result = validate


def remember_event_types() -> None:
    """Rasa walks the tree of its event classes for each event that it reads: 0.4 ms a turn."""
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))
