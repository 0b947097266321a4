"""No row contradicts another: each query lists what does, and should list nothing."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.faulting.findings import Findings, Verdict

QUERIES = {
    "a case whose state is not that of its last event": """
        SELECT c.number FROM cases AS c JOIN LATERAL (
            SELECT to_state FROM case_events AS e WHERE e.case_id = c.id ORDER BY e.id DESC LIMIT 1
        ) AS last ON true WHERE last.to_state <> c.state""",
    "a case without events": """
        SELECT number FROM cases AS c
        WHERE NOT EXISTS (SELECT FROM case_events AS e WHERE e.case_id = c.id)""",
    "an event that does not begin where the one before ended": """
        SELECT id::text FROM (
            SELECT id, from_state, lag(to_state) OVER (PARTITION BY case_id ORDER BY id) AS before
            FROM case_events) AS e
        WHERE before IS NOT NULL AND from_state IS NOT NULL AND from_state <> before""",
    "numbers of cases with gaps": """
        SELECT year::text FROM case_numbers AS n WHERE last <> (
            SELECT count(*) FROM cases WHERE number LIKE 'Q' || right(n.year::text, 2) || '-%')""",
    "ratings that the counters count otherwise": """
        SELECT unit_id::text || ' ' || grade FROM (
            SELECT unit_id, grade, count(*) AS n FROM ratings GROUP BY 1, 2) AS r
        FULL JOIN (
            SELECT unit_id, measure AS grade, sum(n) AS n FROM (
                SELECT unit_id, measure, n FROM figure_changes
                UNION ALL
                SELECT d.unit_id, d.measure, d.n - coalesce((
                    SELECT sum(below.n) FROM figure_days AS below
                    JOIN units AS u ON u.id = below.unit_id
                    WHERE u.parent_id = d.unit_id AND (below.day, below.measure, below.channel,
                        below.way) = (d.day, d.measure, d.channel, d.way)), 0)
                FROM figure_days AS d) AS own
            WHERE measure IN ('satisfied', 'basically', 'unsatisfied')
            GROUP BY 1, 2 HAVING sum(n) <> 0) AS f USING (unit_id, grade)
        WHERE r.n IS DISTINCT FROM f.n""",
    "a running clock without the moments at which it rings": """
        SELECT d.id::text FROM deadlines AS d WHERE d.stopped_at IS NULL AND NOT EXISTS (
            SELECT FROM alarms AS a WHERE a.deadline_id = d.id AND a.revision = d.revision)""",
    "a queued notice that no job will carry": """
        SELECT key FROM deliveries AS d WHERE state = 'queued' AND NOT EXISTS (
            SELECT FROM procrastinate_jobs AS j WHERE j.task_name = 'deliver'
            AND j.status IN ('todo', 'doing') AND j.args->>'delivery_id' = d.id::text)""",
    "a job that failed for good": """
        SELECT id::text || ' ' || task_name FROM procrastinate_jobs AS j WHERE status = 'failed'
        AND NOT (task_name = 'deliver' AND EXISTS (SELECT FROM deliveries AS d
            WHERE d.id::text = j.args->>'delivery_id' AND d.state = 'failed'))""",
    "a failed notice that does not say why": """
        SELECT key FROM deliveries WHERE state = 'failed' AND coalesce(note, '') = ''""",
    "a message that is done and was not answered": """
        SELECT id::text FROM inbox WHERE done_at IS NOT NULL AND answer_sealed IS NULL""",
}
LATE_ALARMS = text("""
    SELECT a.id::text FROM alarms AS a JOIN deadlines AS d ON d.id = a.deadline_id
    WHERE a.fired_at IS NULL AND a.revision = d.revision AND d.stopped_at IS NULL AND a.at <= :now
""")
SHOWN = 5


async def audit_rows(connection: AsyncConnection, findings: Findings) -> None:
    """Runs every query."""
    for what, query in QUERIES.items():
        wrong = list((await connection.execute(text(query))).scalars())
        for key in wrong[:SHOWN]:
            findings.add(Verdict.BROKEN, f"{what}: {key}")
        if len(wrong) > SHOWN:
            findings.add(Verdict.BROKEN, f"{what}: {len(wrong) - SHOWN} more")
