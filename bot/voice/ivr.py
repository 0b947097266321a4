"""A vendor whose interface has the shape of the clouds' interactive calls.

One request places a call: the number, a template whose gap takes the question, a map of keys, our
own id that comes back. One callback reports it: status and keys. A cloud with a signature of its
own needs only another `signing`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from actions import clock
from actions.callbacks.questionnaire import HUMAN, REPEAT
from actions.callbacks.voice import Due
from bot.channels.base import TransportError
from bot.channels.outside import read_json
from bot.channels.sms.http import Http
from bot.voice.calls import Report, VoiceConfig
from bot.voice.signing import is_signed, signed

WAIT = 8000  # milliseconds for a key
PLAYED = 3  # times, at most
_ANSWERED = "200000"  # the clouds' status of a call that was picked up


def _our_now() -> float:
    return clock.now().timestamp()


class Ivr:
    """One application at the vendor."""

    name = "ivr"

    def __init__(self, config: VoiceConfig, now: Callable[[], float] | None = None) -> None:
        """`now` gives the seconds since 1970 that both sides sign; None: our own clock's."""
        self._config = config
        self._now = now or _our_now
        self._http = Http()

    async def place(self, call: Due) -> str:
        """See `VoiceCalls.place`."""
        raw = json.dumps(self._body(call), ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Voice-Key": self._config.key_id,
            **signed(self._config.key_secret, raw, int(self._now())),
        }
        answer = await self._http.post(
            f"{self._config.url.rstrip('/')}/calls", headers, content=raw
        )
        call_id = str(answer.get("CallId") or "")
        if answer.get("Code") != "OK" or not call_id:
            code = str(answer.get("Code", ""))[:60]
            raise TransportError("voice: the vendor refused the call", code=code, permanent=True)
        return call_id

    def _body(self, call: Due) -> dict[str, Any]:
        replies = [{"Key": key, "Say": call.asks.farewell} for key in call.asks.answers]
        again = {"Key": REPEAT, "Action": "repeat"}
        return {
            "CalledShowNumber": self._config.show_number,
            "CalledNumber": call.phone,
            "StartCode": self._config.template,
            "StartTtsParams": {"text": call.asks.question},
            "MenuKeyMap": [*replies, again, {"Key": HUMAN, "Say": call.asks.human}],
            "PlayTimes": PLAYED,
            "Timeout": WAIT,
            "OutId": str(call.id),
        }

    def reports(self, headers: Mapping[str, str], raw: bytes) -> list[Report]:
        """See `VoiceCalls.reports`."""
        if not is_signed(self._config.key_secret, headers, raw, self._now()):
            raise PermissionError("not signed by the vendor")
        told = read_json(raw)
        if not isinstance(told, list):
            raise ValueError("no array")
        return [
            Report(
                id=str(each["out_id"]),
                answered=str(each["status_code"]) == _ANSWERED,
                keys=str(each.get("dtmf") or "")[:40],
            )
            for each in told
        ]

    async def close(self) -> None:
        await self._http.close()
