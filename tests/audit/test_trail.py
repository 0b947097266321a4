"""The audit trail: what comes into it, and that no change of it goes unseen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from actions.audit.link import Head, parse_head
from actions.audit.trail import BATCH, note
from actions.audit.verification import Verdict, verify
from actions.bootstrap import Services
from actions.cases.states import Verb
from actions.store.tables import audit_chain, audit_entries
from tests.cases.steps import submit
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("frozen")


async def verdict(services: Services, *known: Head) -> Verdict:
    return await verify(services.engine, services.vault, known)


async def noted(services: Services, source: str) -> Sequence[tuple[str, dict[str, object]]]:
    query = select(audit_entries.c.verb, audit_entries.c.content)
    query = query.where(audit_entries.c.source == source).order_by(audit_entries.c.id)
    async with services.engine.connect() as connection:
        return [(row.verb, row.content) for row in (await connection.execute(query)).all()]


async def as_superuser(services: Services, *statements: str) -> None:
    """What somebody with every right does who has switched the triggers off."""
    async with services.engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            await connection.execute(text(statement))


@pytest.fixture
async def lived(services: Services, cast: Cast) -> str:
    """A case that was opened, taken and looked at by its holder; its number. All is linked."""
    receipt = await submit(services, cast.chen)
    await services.cases.act(cast.li.turn(), receipt.number, Verb.ACCEPT)
    await services.cases.find(cast.li.turn(), receipt.number)
    await services.trail.link()
    return receipt.number


# --- what comes into it ---------------------------------------------------------------------------


async def test_verbs_looks_bindings_and_posts_are_noted(services: Services, lived: str) -> None:
    assert [verb for verb, _ in await noted(services, "case_events")][:2] == ["submit", "dispatch"]
    (verb, look), *_ = await noted(services, "reveals")
    assert verb == "added"
    assert look["because"] == "holder"
    assert {verb for verb, _ in await noted(services, "identities")} == {"changed"}
    assert {verb for verb, _ in await noted(services, "posts")} == {"added"}


async def test_a_change_tells_what_was_before(services: Services, cast: Cast) -> None:
    async with services.engine.begin() as connection:
        await connection.execute(
            text("UPDATE officers SET active = false WHERE badge = :badge"),
            {"badge": cast.li.badge},
        )
    verb, told = (await noted(services, "officers"))[-1]
    assert (verb, told["active"], told["before"]["active"]) == ("changed", False, True)  # type: ignore[index]


async def test_nothing_sealed_and_no_hash_is_in_it(services: Services, lived: str) -> None:
    async with services.engine.connect() as connection:
        query = select(audit_entries.c.content)
        for content in (await connection.execute(query)).scalars():
            assert not [name for name in content if name.endswith(("_sealed", "_digest", "digest"))]


async def test_a_note_of_a_transaction_that_fails_is_none(services: Services) -> None:
    async with services.engine.connect() as connection:
        await note(connection, "command", "tried")
        await connection.rollback()
    assert await noted(services, "command") == []


# --- that it is whole -----------------------------------------------------------------------------


async def test_an_untouched_trail_is_whole(services: Services, lived: str) -> None:
    found = await verdict(services)
    assert found.faults == []
    assert (found.waiting, found.forgotten) == (0, 0)
    assert found.links > 10
    assert found.head == await services.trail.head()


async def test_an_empty_one_too(services: Services) -> None:
    await services.trail.link()
    before = await services.trail.head()
    assert await services.trail.link() == 0
    assert await services.trail.head() == before


@pytest.mark.parametrize("table", ["audit_entries", "audit_chain"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET {}"])
async def test_the_database_refuses_changes(
    services: Services, lived: str, table: str, change: str
) -> None:
    column = {"audit_entries": "verb = 'x'", "audit_chain": "seq = -seq"}[table]
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        async with services.engine.begin() as connection:
            await connection.execute(text(change.format(table, column)))


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE audit_entries SET verb = 'other' WHERE id = 7", "link 7: entry 7"),
        ("UPDATE audit_entries SET content = content || '{\"x\": 1}' WHERE id = 7", "link 7:"),
        ("UPDATE audit_entries SET written_at = written_at + interval '1 s' WHERE id = 7", "k 7:"),
        ("UPDATE audit_chain SET linked_at = linked_at + interval '1 s' WHERE seq = 7", "link 7:"),
        ("UPDATE audit_chain SET link = sha256('x') WHERE seq = 7", "link 7:"),
        ("DELETE FROM audit_entries WHERE id = 7", "link 7: its entry 7 is missing"),
        ("DELETE FROM audit_chain WHERE seq = 7", "link 7 missing"),
        ("DELETE FROM audit_chain WHERE seq BETWEEN 7 AND 9", "link 7 to 9 missing"),
        ("DELETE FROM audit_chain WHERE seq = 7", "entry 7 has lost its link"),
        (
            "UPDATE audit_chain SET entry_id = CASE entry_id WHEN 7 THEN -8 ELSE -7 END "
            "WHERE entry_id IN (7, 8); UPDATE audit_chain SET entry_id = -entry_id "
            "WHERE entry_id < 0",
            "link 7: entry 8",
        ),
        ("UPDATE case_events SET to_state = 'closed' WHERE verb = 'submit'", "was changed"),
        ("DELETE FROM case_events WHERE verb = 'dispatch'", "was deleted"),
        ("DELETE FROM reveals", "reveals 1 was deleted"),
        (
            "INSERT INTO reveals (case_id, officer_id, because, at) "
            "SELECT case_id, officer_id, 'caller', now() FROM reveals",
            "was added behind the trail's back",
        ),
    ],
)
async def test_what_a_superuser_changes_is_found(
    services: Services, lived: str, tampering: str, fault: str
) -> None:
    await as_superuser(services, *tampering.split("; "))
    found = await verdict(services)
    assert any(fault in each for each in found.faults), found.faults


async def test_words_cannot_be_exchanged(services: Services, cast: Cast, lived: str) -> None:
    """Sealed words of one record put in the place of another's: each is sealed rightly."""
    second = await submit(services, cast.zhou, what="另一件事，另一个人")
    await services.cases.act(cast.zhou.turn(), second.number, Verb.ADD_FACTS, text="还有照片")
    await services.cases.act(cast.chen.turn(), lived, Verb.ADD_FACTS, text="是二号窗口")
    await services.trail.link()
    await as_superuser(
        services,
        "UPDATE case_events SET detail_sealed = (SELECT detail_sealed FROM case_events "
        "WHERE detail_sealed IS NOT NULL ORDER BY id DESC LIMIT 1) "
        "WHERE id = (SELECT min(id) FROM case_events WHERE detail_sealed IS NOT NULL)",
    )
    found = await verdict(services)
    assert any("were exchanged" in each for each in found.faults), found.faults


async def test_a_tail_cut_off_is_seen_by_a_head_kept_elsewhere(services: Services) -> None:
    await services.trail.note("command", "tried")
    await services.trail.note("command", "tried again")
    await services.trail.link()
    kept = parse_head(str(await services.trail.head()))
    assert (await verdict(services, kept)).faults == []
    await as_superuser(
        services,
        "DELETE FROM audit_entries WHERE source = 'command'",
        f"DELETE FROM audit_chain WHERE seq > {kept.seq - 2}",
    )
    assert (await verdict(services)).faults == []  # alone the chain cannot know
    assert (await verdict(services, kept)).faults == [f"link {kept.seq} was known and is gone"]


async def test_who_links_anew_needs_the_hash_key(services: Services, lived: str) -> None:
    """A chain made again from a changed entry on, with another key, fits at no place."""
    await as_superuser(
        services,
        "UPDATE audit_entries SET verb = 'other' WHERE id = 1",
        "DELETE FROM audit_chain",
        "INSERT INTO audit_waiting SELECT id FROM audit_entries",
    )
    known = services.vault.audit_key
    services.vault.audit_key = b"x" * 32
    await services.trail.link()
    services.vault.audit_key = known
    found = await verdict(services)
    assert len(found.faults) == found.links


async def test_an_entry_deleted_before_it_is_linked_is_told(services: Services) -> None:
    await services.trail.link()
    await services.trail.note("command", "tried")
    await as_superuser(services, "DELETE FROM audit_entries WHERE verb = 'tried'")
    assert await services.trail.link() == 0
    (fault,) = (await verdict(services)).faults
    assert "deleted before it was linked" in fault


# --- many at once ---------------------------------------------------------------------------------


async def test_writers_and_linkers_at_once_leave_one_whole_chain(services: Services) -> None:
    async def write(writer: int) -> None:
        for n in range(20):
            async with services.engine.begin() as connection:
                await note(connection, "command", "tried", key=f"{writer}", n=n)

    async def link() -> None:
        for _ in range(10):
            await services.trail.link()

    await asyncio.gather(*(write(n) for n in range(6)), link(), link(), link())
    await services.trail.link()
    found = await verdict(services)
    assert found.faults == []
    assert found.waiting == 0
    async with services.engine.connect() as connection:
        seqs = (
            await connection.execute(select(audit_chain.c.seq).order_by(audit_chain.c.seq))
        ).scalars()
        assert list(seqs) == list(range(1, found.links + 1))


async def test_more_than_a_batch_is_linked_in_one_go(services: Services) -> None:
    async with services.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO audit_entries (source, key, verb, content) "
                "SELECT 'command', n::text, 'tried', '{}' FROM generate_series(1, :n) AS n"
            ),
            {"n": BATCH + 1},
        )
    assert await services.trail.link() > BATCH
    assert (await verdict(services)).faults == []


@pytest.mark.parametrize("written", ["", "7", "x:00", "7:zz", "-1:" + "00" * 32, "7:00"])
def test_what_is_no_head_is_refused(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        parse_head(written)
