"""HMAC over moment, nonce and body: how the vendor knows us, and how we know the vendor."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

FRESH = 300  # seconds by which clocks may differ


def signed(secret: str, raw: bytes, moment: int) -> dict[str, str]:
    """The headers for a body sent at `moment` (seconds since 1970)."""
    nonce = secrets.token_hex(12)
    return {
        "X-Voice-Timestamp": str(moment),
        "X-Voice-Nonce": nonce,
        "X-Voice-Signature": _mark(secret, str(moment), nonce, raw),
    }


def is_signed(secret: str, headers: Mapping[str, str], raw: bytes, now: float) -> bool:
    """Whether the body was signed with the secret within FRESH seconds of `now`."""
    moment = headers.get("X-Voice-Timestamp", "")
    if (
        not (moment.isascii() and moment.isdecimal())
        or len(moment) > 12
        or abs(int(moment) - now) > FRESH
    ):
        return False
    mark = _mark(secret, moment, headers.get("X-Voice-Nonce", ""), raw)
    given = headers.get("X-Voice-Signature", "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(mark.encode(), given)


def _mark(secret: str, moment: str, nonce: str, raw: bytes) -> str:
    told = f"{moment}\n{nonce}\n{hashlib.sha256(raw).hexdigest()}"
    return hmac.new(
        secret.encode(), told.encode("utf-8", "surrogateescape"), hashlib.sha256
    ).hexdigest()
