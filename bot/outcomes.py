"""What became of turns and deliveries, said twice: a line in the log and a number for Prometheus."""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy import Row

from actions import clock
from actions.watch.metrics import Metrics
from bot.channels.base import Sent, TransportError
from bot.inbox import Claimed, Stored

log = structlog.get_logger()


class Outcomes:
    """Log lines carry the turn by themselves, where they are written within `logs.about`."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def stored(self, channel: str, stored: Stored) -> None:
        result = "again" if stored.known else "new"
        self._metrics.messages.labels(channel, result).inc()
        log.info("message", turn=str(stored.id), channel=channel, result=result)

    def answered(self, claimed: Claimed, seconds: float) -> None:
        channel = claimed.incoming.channel
        waited = (clock.now() - claimed.received_at).total_seconds()
        self._metrics.turns.labels(channel, "answered").inc()
        self._metrics.turn_seconds.labels(channel).observe(seconds)
        self._metrics.answer_seconds.labels(channel).observe(waited)
        milliseconds = round(seconds * 1000, 1)
        log.info("turn", channel=channel, attempt=claimed.attempts, milliseconds=milliseconds)

    def postponed(self, claimed: Claimed, reason: str) -> None:
        self._metrics.turns.labels(claimed.incoming.channel, "postponed").inc()
        log.warning("turn postponed", attempt=claimed.attempts, reason=reason)

    def given_up(self, claimed: Claimed) -> None:
        self._metrics.turns.labels(claimed.incoming.channel, "given_up").inc()
        log.error("turn given up", attempts=claimed.attempts)

    def sent(self, row: Row[Any], sent: Sent) -> None:
        channel = row.channel
        waited = (clock.now() - row.created_at).total_seconds()
        self._metrics.deliveries.labels(channel, "sent", sent.via).inc()
        self._metrics.delivery_seconds.labels(channel).observe(waited)
        log.info("delivered", delivery=str(row.id), channel=channel, via=sent.via)

    def not_sent(self, row: Row[Any], error: TransportError, *, final: bool) -> None:
        channel = row.channel
        code = self._metrics.bounded("code", error.code or "none")
        self._metrics.deliveries.labels(channel, "failed" if final else "again", "").inc()
        self._metrics.delivery_errors.labels(channel, code).inc()
        log.warning(
            "delivery failed",
            delivery=str(row.id),
            channel=channel,
            code=error.code,
            final=final,
            reason=error.message,
        )
