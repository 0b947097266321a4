"""Many ratings and cases over two years and 300 units, written by COPY; the counters counted after."""

from __future__ import annotations

import csv
import random
from bisect import bisect
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.cases.case import CaseDraft
from actions.cases.kinds import CaseKind
from actions.figures.counters import Counters
from bench.filling import Town

COUNTIES, STATIONS = 17, 282  # and the city: 300 units
DAYS = 730
CITIZENS = 200_000
_WAYS = [("wechat", "scan")] * 55 + [("wechat", "invited_by_officer")] * 20
_WAYS += [("sms", "invited")] * 15 + [("web", "scan")] * 8 + [("desk", "hotline")] * 2
_GRADES = ["satisfied"] * 94 + ["basically"] * 3 + ["unsatisfied"] * 3

# A citizen for every 50 or fewer ratings; who they are plays no part.
_CITIZENS = """
INSERT INTO identities (id, channel, sender_digest, sender_sealed, conversation, created_at)
SELECT uuidv7(), 'bench', sha256(n::text::bytea), '', 'bench-' || n, now()
FROM generate_series(1, %s) AS n
"""

# Copies of a case that was opened by the services, nine in ten of them closed after some days.
_CASES = """
INSERT INTO cases SELECT (jsonb_populate_record(NULL::cases, to_jsonb(c) || jsonb_build_object(
  'id', uuidv7(), 'number', 'B' || n, 'short_code_digest', '\\x' || encode(sha256(n::text::bytea), 'hex'),
  'kind', (ARRAY['unsatisfied', 'complaint', 'suggestion', 'help'])[1 + n %% 4],
  'unit_id', (%(units)s::int[])[1 + (random() * (%(count)s - 1))::int],
  'created_at', at, 'updated_at', at, 'answer_by', at + interval '7 days',
  'state', CASE WHEN n %% 10 = 0 THEN 'accepted' ELSE 'closed' END,
  'closed_as', CASE WHEN n %% 10 > 0 THEN 'rated' END,
  'closed_at', CASE WHEN n %% 10 > 0 THEN least(now(), at + random() * interval '9 days') END,
  'result_grade', CASE WHEN n %% 10 > 0 THEN 'satisfied' END
))).* FROM (SELECT * FROM cases LIMIT 1) AS c
CROSS JOIN (SELECT n, now() - random() * interval '730 days' AS at
            FROM generate_series(1, %(cases)s) AS n) AS times
"""


def write_city(folder: Path) -> Path:
    """The CSV files of a city of 300 units, with one officer who sees its figures."""
    with (folder / "units.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["code", "name", "short_name", "aliases", "kind", "parent"])
        rows.writerow(["C", "云州市公安局", "云州市局", "", "city", ""])
        for number in range(COUNTIES):
            rows.writerow([f"C-{number}", f"第{number}分局", f"第{number}分局", "", "county", "C"])
        for number in range(STATIONS):
            parent = f"C-{number % COUNTIES}"
            name = f"第{number}派出所"
            rows.writerow([f"S-{number}", name, name, "", "station", parent])
    with (folder / "officers.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["badge", "name", "title", "role", "unit"])
        rows.writerow(["9001", "李平", "警官", "officer", "S-0"])
        rows.writerow(["9002", "王平", "主任", "centre", "C"])
    with (folder / "codes.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow(["scene", "unit", "officer", "label"])
    return folder


async def fill_ratings(here: Town, ratings: int, seed: int = 5) -> None:
    """So many ratings and a hundredth of the cases; nothing is noted one by one meanwhile."""
    stations = await here.stations()
    draft = CaseDraft(CaseKind.COMPLAINT, "等了两个小时没人理", unit_id=next(iter(stations)))
    await here.services.cases.submit(here.turn(here.citizen), draft)
    address = here.environ["DATABASE_URL"]
    connection = await psycopg.AsyncConnection.connect(address, autocommit=True)
    async with connection, connection.cursor() as cursor:
        await cursor.execute("SET statement_timeout = 0")
        await cursor.execute("SET session_replication_role = replica")
        await cursor.execute(_CITIZENS, [CITIZENS])
        await cursor.execute("SELECT id FROM identities WHERE channel = 'bench'")
        citizens = [row[0] for row in await cursor.fetchall()]
        await cursor.execute("SELECT id FROM units WHERE kind = 'station' ORDER BY id")
        ids = [row[0] for row in await cursor.fetchall()]
        columns = "id, unit_id, identity_id, channel, way, grade, inbox_id, rated_at"
        async with cursor.copy(f"COPY ratings ({columns}) FROM STDIN") as copy:
            for block in _blocks(ratings, ids, citizens, seed):
                await copy.write(block)
        given = {"units": ids, "count": len(ids), "cases": ratings // 100}
        await cursor.execute(_CASES, given)
        await cursor.execute("SET session_replication_role = DEFAULT")
    engine: AsyncEngine = here.services.engine
    await Counters(engine).recount()
    connection = await psycopg.AsyncConnection.connect(address, autocommit=True)
    async with connection:
        await connection.execute("SET statement_timeout = 0")
        await connection.execute("VACUUM ANALYZE")


def _blocks(ratings: int, stations: list[int], citizens: list[object], seed: int) -> Iterator[str]:
    """Lines of COPY in the order of time, some thousands at once. Large stations get more: the
    n-th a share like 1 / n.
    """
    pick = random.Random(seed)
    shares = list(accumulate(1 / (place + 3) for place in range(len(stations))))
    begin = datetime.now(UTC) - timedelta(days=DAYS)
    apart = timedelta(days=DAYS) / ratings
    lines: list[str] = []
    for number in range(ratings):
        unit = stations[min(bisect(shares, pick.random() * shares[-1]), len(stations) - 1)]
        channel, way = _WAYS[int(pick.random() * 100)]
        grade = _GRADES[int(pick.random() * 100)]
        citizen = citizens[int(pick.random() * len(citizens))]
        lines.append(
            f"{number:032x}\t{unit}\t{citizen}\t{channel}\t{way}\t{grade}\t"
            f"{number + ratings:032x}\t{(begin + number * apart).isoformat()}\n"
        )
        if len(lines) == 20_000:
            yield "".join(lines)
            lines = []
    yield "".join(lines)
