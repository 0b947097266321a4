"""What is looked at besides figures is written down, with who and what, and leads nowhere."""

from __future__ import annotations

from sqlalchemy import select

from actions.bootstrap import Services
from actions.figures.log import Looked
from actions.figures.question import Question, View
from actions.store.tables import figure_queries
from tests.cast import Cast


async def written(services: Services) -> list[tuple[str, int | None, str]]:
    """View, officer and what it was about, in the order in which they were written."""
    table = figure_queries
    query = select(table.c.view, table.c.officer_id, table.c.question).order_by(table.c.asked_at)
    async with services.engine.connect() as connection:
        rows = (await connection.execute(query)).all()
    return [(row.view, row.officer_id, row.question["unit"]) for row in rows]


async def test_who_looked_at_what_without_an_answer(services: Services, cast: Cast) -> None:
    log, turn = services.queries, cast.chief.turn()
    chief = (await services.people.whoami(turn)).officer
    assert chief is not None
    await log.note(turn, Looked.PROPOSALS, "7", unit_id=chief.unit_id)
    await log.note(turn, Looked.RULES)  # the same turn again
    assert await written(services) == [("proposals", chief.id, "7")]


async def test_who_sees_no_figures_is_not_followed(services: Services, cast: Cast) -> None:
    """CHEN is a citizen, LI an officer who works on the own cases."""
    for someone in (cast.chen, cast.li):
        await services.queries.note(someone.turn(), Looked.CASE, "Q26-0001")
    assert await written(services) == []


async def test_a_further_question_leans_on_the_last_figure(services: Services, cast: Cast) -> None:
    asked = Question(View.STATS, unit="桥西分局")
    await services.queries.keep(cast.chief.turn(), "ABCDEF", asked, unit_id=None, answer=None)
    await services.queries.note(cast.chief.turn(), Looked.RULES, "2026-09–2026-10")
    assert await services.queries.before(cast.chief.turn()) == asked
