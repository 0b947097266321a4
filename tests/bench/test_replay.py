"""The replay of fourteen months, in small: what goes in comes out, and people's spellings are read."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from actions.invitations.replies import Meaning, is_afterword, is_alarming, read_reply
from actions.ratings.rating import Grade
from bench.replay import replay
from bench.replaying import sayings
from bench.replaying.article import ARTICLE, FIRST, LAST, PRINTED_SATISFIED, Size
from bench.replaying.plan import LEFT_OUT, Places, Plan, plan
from bench.replaying.table import differences, printed

SCALE = (Grade.SATISFIED, Grade.BASICALLY, Grade.UNSATISFIED)
PLACES = Places(("D1", "D2"), ("S1", "S2"), {"D1": "A", "S1": "A", "D2": "B", "S2": "B"})


@pytest.mark.parametrize(
    ("texts", "grade"),
    [(sayings.SATISFIED, Grade.SATISFIED), (sayings.UNSATISFIED, Grade.UNSATISFIED)],
)
def test_every_spelling_is_read(texts: tuple[str, ...], grade: Grade) -> None:
    for text in texts:
        for sent in (text, f"7K3M9X2 {text}"):
            reply = read_reply(sent, SCALE)
            assert reply is not None, sent
            assert (reply.meaning, reply.grade) == (Meaning.GRADE, grade), sent
        assert not is_alarming(text)


def test_what_is_no_answer_is_none() -> None:
    for text in sayings.UNCLEAR:
        reply = read_reply(text, SCALE)
        assert reply is not None
        assert reply.meaning is Meaning.UNCLEAR, text
    for text in sayings.STOP:
        reply = read_reply(text, SCALE)
        assert reply is not None
        assert reply.meaning is Meaning.STOP, text
    assert all(is_afterword(text) for text in (*sayings.THANKS, *sayings.WHY))


def test_the_article_s_own_sum() -> None:
    assert ARTICLE.satisfied == PRINTED_SATISFIED
    assert ARTICLE.divided(20) == Size(6999, 1678, 54)


def test_the_whole_plan_holds_exactly_what_the_article_counts() -> None:
    made = plan(ARTICLE.divided(20), PLACES, FIRST, LAST, seed=7)
    events = sum(map(len, made.events.values()))
    assert events == ARTICLE.divided(20).sent + sum(made.left_out.values())
    assert made.left_out.keys() == LEFT_OUT.keys()
    assert made.total(counts=True) == 1678
    assert made.total(counts=True, opens=True) == 54
    assert all(FIRST <= day <= LAST for day in (*made.events, *made.answers))
    asked = Counter(event.phone for day in made.events.values() for event in day)
    assert max(n for phone, n in asked.items() if len(phone) == 11) == 3


def test_the_same_seed_gives_the_same_months() -> None:
    def made(seed: int) -> Plan:
        return plan(Size(200, 50, 5), PLACES, FIRST, LAST, seed)

    assert made(1) == made(1)
    assert made(1).answers != replace(made(2), seed=1).answers


def test_too_few_days_are_refused() -> None:
    with pytest.raises(ValueError, match="too few days"):
        plan(Size(10, 5, 1), PLACES, date(2017, 5, 1), date(2017, 5, 10), seed=1)


async def test_nothing_is_lost_and_nothing_counted_twice() -> None:
    """Twenty days over the end of a month, with everything that may happen."""
    found = await replay(Size(400, 100, 8), date(2017, 5, 20), date(2017, 6, 9))
    assert differences(found) == []
    assert found.feeding.known > 0, "a month was sent again"
    assert set(found.figures.why_not) == set(LEFT_OUT)
    report = "\n".join(printed(found, 350))
    assert "messages sent" in report
    assert f"{100:,}" in report
