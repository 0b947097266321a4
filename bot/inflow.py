"""How much one sender may send. Beyond it nothing is stored for a while, and the sender is told so once."""

from __future__ import annotations

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from actions.privacy.vault import Vault
from bot.message import Incoming

WINDOW = 60  # seconds
FIRST_BAN, NEXT_BAN = 60, 600  # seconds; the next within an hour is longer
_REMEMBERED = 3600

log = structlog.get_logger()

# KEYS: the sender's messages of the last minute by their moment, the ban, how many bans lately.
# ARGV: the message, how many a minute, seconds of window, first and next ban, how long bans are
# remembered. Returns 0: take it (as well one that the platform delivers again); the seconds of a ban
# that begins now; -1: banned already. The set never holds more than may be sent.
_SCRIPT = """
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
if redis.call('EXISTS', KEYS[2]) == 1 then return -1 end
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('ZADD', KEYS[1], now, ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  return 0
end
local bans = redis.call('INCR', KEYS[3])
redis.call('EXPIRE', KEYS[3], ARGV[6])
local seconds = tonumber(bans == 1 and ARGV[4] or ARGV[5])
redis.call('SET', KEYS[2], 1, 'EX', seconds)
return seconds
"""


class Inflow:
    """Counts in Redis, for all gateways together; people are named there by their digest only."""

    def __init__(self, redis: Redis, vault: Vault, most: int) -> None:
        """`most`: messages of one sender in a minute."""
        self._vault = vault
        self._most = most
        self._script = redis.register_script(_SCRIPT)

    async def refused(self, incoming: Incoming) -> int | None:
        """None: the message is to be taken. Seconds: it is not, and the sender is to be told that a
        ban of so many begins; 0: it is not, and the sender knows.

        Without Redis everything is taken: a lost count only starts again.
        """
        sender = self._vault.digest(f"{incoming.channel}:{incoming.sender}").hex()
        message = self._vault.digest(f"{incoming.channel}:{incoming.message_id}").hex()
        try:
            said = await self._script(
                keys=[f"inflow:{sender}", f"inflow:{sender}:ban", f"inflow:{sender}:bans"],
                args=[message, self._most, WINDOW, FIRST_BAN, NEXT_BAN, _REMEMBERED],
            )
        except RedisError as error:
            log.warning("senders are not counted", error=type(error).__name__)
            return None
        if said == 0:
            return None
        log.info("sender banned" if said > 0 else "banned sender", channel=incoming.channel)
        return max(0, int(said))
