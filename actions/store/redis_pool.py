"""The connections to Redis."""

from __future__ import annotations

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as LostError

MOST = 64  # connections; more do not make a server of one thread any faster
PATIENCE = 3  # seconds for a connection, for a free one, and for an answer


def create_redis(url: str) -> Redis:
    """Nothing is connected until it is used. Whoever finds all connections in use waits for one;
    the library's own pool would raise, and every turn of a rush would fail. A connection that
    turns out to be lost, as all are that a killed server left behind, is made anew once.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=MOST,
        timeout=PATIENCE,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 1, supported_errors=(LostError,)),
        decode_responses=True,
    )
    return Redis.from_pool(pool)
