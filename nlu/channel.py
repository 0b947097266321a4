"""The door between the gateway and Rasa: words stay words, taps arrive as intents.

Rasa's own channels take any text that begins with "/" as a command, from anyone, and answer 200
when a turn failed. Here a tap comes as a structured intent, and a failed turn is a 503.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.constants import DEFAULT_INTENTS
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from nlu.logs import log, turn_id
from nlu.turns import AlreadyAnswered, TurnFailed

LONGEST_TEXT = 500


class BadTurn(ValueError):
    """The request is not of the protocol's form; its text says why, in English."""


class Replies(OutputChannel):
    """Collects what is said in one turn, in the protocol's form."""

    def __init__(self) -> None:
        self.said: List[Dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return HuiyinInput.name()

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        self.said.append(reply(message.get("text"), message))


def reply(text: Optional[str], data: Dict[str, Any]) -> Dict[str, Any]:
    """One reply as the gateway gets it."""
    return {
        "text": text or "",
        "buttons": [
            {"title": button["title"], "payload": button["payload"]}
            for button in data.get("buttons") or []
        ],
        "image": data.get("image") or None,
        "custom": data.get("custom") or None,
    }


@dataclass(frozen=True)
class TurnRequest:
    """What the gateway asks: either `text`, a person's words, or `intent` with `entities`."""

    conversation: str
    message_id: str
    text: str
    intent: Optional[str]
    entities: Dict[str, Any]
    metadata: Dict[str, Any]

    @classmethod
    def read(cls, body: Any) -> TurnRequest:
        """Raises BadTurn when the body is not of the protocol's form."""
        if not isinstance(body, dict):
            raise BadTurn("the body must be a JSON object")
        for name in ("conversation", "message_id"):
            if not isinstance(body.get(name), str) or not body[name]:
                raise BadTurn(f"{name} must be a text that is not empty")
        text, intent = body.get("text"), body.get("intent")
        if isinstance(text, str) == isinstance(intent, str):
            raise BadTurn("exactly one of text and intent must be given")
        entities, metadata = body.get("entities") or {}, body.get("metadata") or {}
        if not isinstance(entities, dict) or not isinstance(metadata, dict):
            raise BadTurn("entities and metadata must be objects")
        return cls(
            body["conversation"],
            body["message_id"],
            (text or "")[:LONGEST_TEXT],
            intent,
            entities,
            metadata,
        )

    def message(self, output: OutputChannel) -> UserMessage:
        """The same for Rasa. A structured intent skips Rasa's understanding of words."""
        parse_data = None
        if self.intent is not None:
            parse_data = {
                "text": "",
                "intent": {"name": self.intent, "confidence": 1.0},
                "entities": [
                    {"entity": name, "value": value} for name, value in self.entities.items()
                ],
            }
        return UserMessage(
            self.text,
            output_channel=output,
            sender_id=self.conversation,
            parse_data=parse_data,
            input_channel=HuiyinInput.name(),
            message_id=self.message_id,
            metadata={**self.metadata, "inbox_id": self.message_id},
        )


class HuiyinInput(InputChannel):
    """`POST /webhooks/huiyin/turn` and `GET /webhooks/huiyin/health`."""

    @classmethod
    def name(cls) -> str:
        return "huiyin"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> HuiyinInput:
        return cls(str((credentials or {}).get("secret", "")))

    def __init__(self, secret: str = "") -> None:
        """`secret` comes from credentials.yml, else from NLU_SECRET; an empty one is refused."""
        secret = secret or os.environ.get("NLU_SECRET", "")
        if not secret:
            raise ValueError("NLU_SECRET is not set; the gateway and Rasa share this secret.")
        self._authorization = f"Bearer {secret}".encode()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes; `on_new_message` hands a message to the agent."""
        routes = Blueprint("huiyin_channel")

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return response.json({"status": "loading"}, status=503)
            return response.json({"status": "ok"})

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
            if not hmac.compare_digest(given, self._authorization):
                return response.json({"error": "wrong_secret"}, status=401)
            try:
                asked = TurnRequest.read(_json(request))
                _check_intent(asked.intent, request.app.ctx.agent.domain)
            except BadTurn as error:
                return response.json({"error": "malformed", "why": str(error)}, status=400)
            turn_id.set(asked.message_id)
            return await _answer(asked, on_new_message)

        return routes


def _json(request: Request) -> Any:
    try:
        return request.json
    except Exception as error:
        raise BadTurn("the body must be JSON") from error


def _check_intent(intent: Optional[str], domain: Any) -> None:
    """Only intents of our domain; those of Rasa itself (restart, back, …) are commands to it."""
    if intent is not None and (intent not in domain.intents or intent in DEFAULT_INTENTS):
        raise BadTurn("no such intent")


async def _answer(
    asked: TurnRequest, on_new_message: Callable[[UserMessage], Awaitable[Any]]
) -> HTTPResponse:
    replies, started = Replies(), perf_counter()
    try:
        await on_new_message(asked.message(replies))
    except AlreadyAnswered as earlier:
        said = [reply(event.text, event.data) for event in earlier.said]
        return response.json({"replies": said, "repeated": True})
    except TurnFailed as error:
        log.error("turn failed", extra={"told": {"reason": str(error)}})
        return response.json({"error": "turn_failed"}, status=503)
    except Exception as error:  # the lock, Redis, Rasa itself; its text may hold a person's words
        log.error("turn failed", extra={"told": {"reason": type(error).__name__}})
        return response.json({"error": "turn_failed"}, status=503)
    milliseconds = round((perf_counter() - started) * 1000, 1)
    log.info("turn", extra={"told": {"replies": len(replies.said), "milliseconds": milliseconds}})
    return response.json({"replies": replies.said, "repeated": False})
