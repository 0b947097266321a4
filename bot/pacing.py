"""How many messages went to whom, counted in Redis, so that all processes keep one pace.

Each process also remembers its own. Else whoever loses Redis, or what a full Redis threw out, sends
a minute's messages a second time, and WeCom drops what is too many without a word.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError

from actions import clock
from actions.privacy.vault import Vault
from bot.channels.pacing import Limit, MemoryPacer, NoPaceError

# KEYS: a sorted set of the messages sent, by their moment in seconds. ARGV: now, how many more, a
# prefix that no other call has, then pairs of a limit's number and seconds. Returns the seconds to
# wait, as text; "0" when none, and then the messages are counted. One script: two processes that
# ask at once cannot both get the last place.
_SCRIPT = """
local now, count, longest, wait = tonumber(ARGV[1]), tonumber(ARGV[2]), 0, 0
for i = 4, #ARGV, 2 do
  local most, seconds = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  longest = math.max(longest, seconds)
  local from = '(' .. string.format('%.6f', now - seconds)
  local excess = redis.call('ZCOUNT', KEYS[1], from, '+inf') + count - most
  if excess > 0 then
    local row = redis.call(
      'ZRANGEBYSCORE', KEYS[1], from, '+inf', 'WITHSCORES', 'LIMIT', excess - 1, 1)
    wait = math.max(wait, tonumber(row[2]) + seconds - now)
  end
end
if wait <= 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.6f', now - longest))
  for i = 1, count do redis.call('ZADD', KEYS[1], ARGV[1], ARGV[3] .. i) end
  redis.call('EXPIRE', KEYS[1], longest)
end
return string.format('%.6f', wait)
"""


class RedisPacer:
    """A `bot.channels.pacing.Pacer`. Keys are kept as digests: they name people."""

    def __init__(self, redis: Redis, vault: Vault) -> None:
        self._vault = vault
        self._script = redis.register_script(_SCRIPT)
        self._own = MemoryPacer(lambda: clock.now().timestamp())

    async def wait_seconds(self, key: str, count: int, limits: Sequence[Limit]) -> float:
        wait = self._own.look(key, count, limits)
        if wait:
            return wait
        now = clock.now().timestamp()
        pairs = [number for limit in limits for number in (limit.most, limit.seconds)]
        try:
            answered = await self._script(
                keys=[f"pace:{self._vault.digest(key).hex()}"],
                args=[f"{now:.6f}", count, secrets.token_hex(8), *pairs],
            )
        except RedisError as error:
            raise NoPaceError(type(error).__name__) from error
        wait = float(answered)
        if not wait:
            self._own.note(key, count)
        return wait
