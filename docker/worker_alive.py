"""Exit code 0 while a worker has given a sign of life in the last half minute, else 1."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import psycopg

from actions.settings import Settings, read
from actions.store.engine import plain_url

ALIVE = """
    SELECT count(*) FROM procrastinate_workers
    WHERE last_heartbeat > now() - interval '30 seconds'
"""


def main(environ: Mapping[str, str] | None = None) -> int:
    url = plain_url(read(Settings, environ).database_url)
    with psycopg.connect(url, connect_timeout=3) as connection:
        row = connection.execute(ALIVE).fetchone()
    return 0 if row and row[0] else 1


if __name__ == "__main__":
    sys.exit(main())
