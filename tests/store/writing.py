"""A part that serves, run as a process of its own by tests/store/test_side_by_side.py, also with the
code of the version before: takes messages and queues notices until its input ends.

Prints the key of each notice once it is committed.
"""

from __future__ import annotations

import asyncio
import sys
import threading

from actions import clock
from actions.bootstrap import bootstrap
from actions.settings import Settings, read
from bot.inbox import Inbox
from bot.message import Incoming, Kind


async def main(name: str) -> None:
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    services = bootstrap(read(Settings))
    inbox = Inbox(services, lease_seconds=30)
    number = 0
    while not await asyncio.to_thread(ended.wait, 0.02):  # as people write, not as fast as it goes
        number += 1
        key = f"{name}-{number}"
        message = Incoming("console", name, key, Kind.TEXT, sent_at=clock.now(), text=key)
        stored = await inbox.store(message, push=False)
        async with services.engine.begin() as connection:
            await services.notices.tell(
                connection,
                key=key,
                identity_id=stored.person.identity_id,
                topic="case",
                text=f"notice {key} ends",
            )
        sys.stdout.write(f"{key}\n")
        sys.stdout.flush()
    await services.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
