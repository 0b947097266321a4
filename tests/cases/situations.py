"""Where a case can stand, as the tests of the table bring it there, and who acts as what then.

What is declared here is written down by hand, not asked of the program: the state, which of the
table's conditions hold, and in what capacity each of the cast acts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from actions.bootstrap import Services
from actions.callbacks.tasks import CallKind, CallTasks
from actions.cases.states import Actor, State, Verb, When
from tests.cases.steps import case_row, photo, submit, unit_id, visit_code
from tests.cast import Cast, Someone, citizen, gather_cast

CITIZEN, OFFICER, HOLDER = Actor.CITIZEN, Actor.OFFICER, Actor.HOLDER
LEAD, REVIEWER, CALLER = Actor.LEAD, Actor.REVIEWER, Actor.CALLER
REVISITOR = Actor.REVISITOR
ABOVE = frozenset({REVIEWER, Actor.EXAMINER, REVISITOR, Actor.APPROVER})

# In what capacity each of the cast acts on a case of CHEN's at Mingdeli that nobody holds.
CAPACITIES: dict[str, frozenset[Actor]] = {
    "chen": frozenset({CITIZEN}),
    "zhou": frozenset({CITIZEN}),  # has the short code
    "li": frozenset({OFFICER}),
    "wang": frozenset({OFFICER}),
    "head": frozenset({OFFICER, LEAD, Actor.APPROVER}),
    "sub": ABOVE | {OFFICER},
    "centre": ABOVE | {OFFICER},
    "inspect": ABOVE,
    "liu": frozenset(),  # of another station
    "chief": frozenset(),  # reads figures
    "other": frozenset(),
    "stranger": frozenset(),  # another citizen
}
NOBODY = [name for name, capacities in CAPACITIES.items() if not capacities]

DEFAULT = frozenset({When.UNREVIEWED, When.FRESH, When.EXTENSION_FREE, When.URGES_LEFT})
FULL = DEFAULT - {When.UNREVIEWED} | {When.REVIEWED}
LI_IS_GONE = "UPDATE officers SET active = false WHERE badge = 'Y10101'"


@dataclass(slots=True)
class World:
    """An installation with its cast, and what the verbs of the grid refer to."""

    services: Services
    cast: Cast
    stranger: Someone
    nanzhan: int
    wang: int
    other_case: str
    codes: dict[str, str] = field(default_factory=dict)  # case → code of its open visit

    def person(self, name: str) -> Someone:
        return self.stranger if name == "stranger" else getattr(self.cast, name)

    async def act(self, name: str, number: str, verb: Verb, **given: Any) -> None:
        await self.services.cases.act(self.person(name).turn(), number, verb, **given)


async def make_world(services: Services) -> World:
    cast = await gather_cast(services)
    stranger = await citizen(services, "openid-stranger")
    person = await services.people.whoami(cast.wang.turn())
    assert person.officer is not None
    other = await submit(services, stranger, what="别的事情：路灯坏了")
    nanzhan = await unit_id(services, "南站派出所")
    return World(services, cast, stranger, nanzhan, person.officer.id, other.number)


@dataclass(frozen=True, slots=True)
class Situation:
    """`meanwhile` is SQL that is run on top and undone again with whatever is tried."""

    name: str
    policy: str  # default or full
    state: State
    holds: frozenset[When]
    bring: Callable[[World], Awaitable[str]]
    held: bool = False  # LI holds it
    li_is_gone: bool = False
    asked: tuple[str, ...] = ()  # who has been asked to call
    meanwhile: str = ""

    def capacities(self, name: str) -> frozenset[Actor]:
        found = CAPACITIES[name]
        if name in self.asked or (name == "sub" and self.policy == "full"):
            found |= {CALLER}
        if self.policy == "full" and name in ("sub", "inspect"):  # the centre asks again
            found -= {REVISITOR}
        if name == "li" and self.li_is_gone:
            return frozenset()
        return found | {HOLDER} if name == "li" and self.held else found

    def condition(self, when: When, grade: str | None) -> bool:
        """Whether a row's condition holds, `grade` being given with the verb."""
        content = grade in (None, "satisfied", "basically")
        match when:
            case When.CONTENT:
                return content
            case When.CONTENT_SETTLES:
                return content and self.policy == "default"
            case When.DISPUTED:
                return grade in (None, "unsatisfied")
            case When.DISPUTED_CLOSES:
                return grade in (None, "unsatisfied") and self.policy == "default"
            case _:
                return when in self.holds


# --- bringing it there ----------------------------------------------------------------------------


async def opened(world: World) -> str:
    """CHEN's, and ZHOU has the short code."""
    receipt = await submit(world.services, world.cast.chen)
    await world.services.cases.find(world.cast.zhou.turn(), receipt.short_code)
    return receipt.number


async def accepted(world: World) -> str:
    number = await opened(world)
    await world.act("li", number, Verb.ACCEPT)
    return number


async def urged(world: World) -> str:
    number = await opened(world)
    for _ in range(3):
        await world.act("chen", number, Verb.URGE)
    return number


async def merged(world: World) -> str:
    number = await accepted(world)
    await world.act("li", number, Verb.MERGE, into=world.other_case)
    return number


async def extension(world: World, *, granted: bool) -> str:
    number = await accepted(world)
    await world.act("li", number, Verb.EXTEND, span="2 working days", text="等街道回复")
    if granted:
        await world.act("head", number, Verb.GRANT)
    return number


async def waiting(world: World) -> str:
    number = await accepted(world)
    await world.act("li", number, Verb.ASK, text="您是几号去的？")
    return number


async def answered(world: World) -> str:
    number = await accepted(world)
    await world.act("li", number, Verb.ANSWER, text="可以来取了")
    return number


async def closed(world: World) -> str:
    number = await answered(world)
    await world.act("chen", number, Verb.RATE_RESULT, grade="satisfied")
    return number


async def withdrawn(world: World) -> str:
    number = await opened(world)
    await world.act("chen", number, Verb.WITHDRAW)
    return number


async def visited(world: World) -> str:
    """Under the full policy: all is done that is wanted before handing in, the visit unconfirmed."""
    number = await accepted(world)
    await world.act("sub", number, Verb.CALL_BACK, reached="yes", text="等了两小时没人理")
    await world.act("li", number, Verb.VISIT, text="上门看了")
    world.codes[number] = await visit_code(world.services, world.cast.chen, number)
    await world.act("li", number, Verb.VERIFY, finding="partly", text="监控看到等了一小时")
    proof = await photo(world.services, world.cast.li)
    await world.act("li", number, Verb.RECTIFY, text="加了一个窗口", attachments=[proof])
    return number


async def worked(world: World) -> str:
    number = await visited(world)
    await world.act("li", number, Verb.CONFIRM_VISIT, code=world.codes[number])
    return number


async def visited_and_waiting(world: World) -> str:
    number = await visited(world)
    await world.act("li", number, Verb.ASK, text="您是几号去的？")
    return number


async def reviewing(world: World) -> str:
    number = await worked(world)
    await world.act("li", number, Verb.HAND_IN, text="已加窗口")
    return number


async def reviewed(world: World) -> str:
    number = await reviewing(world)
    await world.act("sub", number, Verb.REVIEW)
    return number


async def rated(world: World, grade: str) -> str:
    number = await reviewed(world)
    await world.act("chen", number, Verb.RATE_RESULT, grade=grade)
    return number


async def revisited(world: World) -> str:
    number = await reviewed(world)
    await world.act("centre", number, Verb.REVISIT, grade="satisfied", text="都好了")
    return number


async def drawn(world: World) -> str:
    """Closed, and drawn for a spot check."""
    number = await revisited(world)
    row = await case_row(world.services, number)
    async with world.services.engine.begin() as connection:
        tasks = CallTasks(world.services.vault)
        calls = world.services.policy.hours.hours.calls
        kind = CallKind.SPOT_CHECK
        await tasks.add(connection, row.id, kind, "sub_centre", attempts=3, calls=calls)
    return number


_LATER = "UPDATE cases SET closed_at = closed_at - interval '400 days' WHERE state = 'closed'"
_AGAIN = "UPDATE cases SET state = 'submitted' WHERE state = 'dispatched'"
_S, _W = State, When

SITUATIONS: tuple[Situation, ...] = (
    Situation("submitted", "default", _S.SUBMITTED, DEFAULT, opened, meanwhile=_AGAIN),
    Situation("dispatched", "default", _S.DISPATCHED, DEFAULT, opened),
    Situation("urged enough", "default", _S.DISPATCHED, DEFAULT - {_W.URGES_LEFT}, urged),
    Situation("accepted", "default", _S.ACCEPTED, DEFAULT, accepted, held=True),
    Situation(
        "extension asked",
        "default",
        _S.ACCEPTED,
        DEFAULT - {_W.EXTENSION_FREE} | {_W.EXTENSION_ASKED},
        partial(extension, granted=False),
        held=True,
    ),
    Situation(
        "extension granted",
        "default",
        _S.ACCEPTED,
        DEFAULT - {_W.EXTENSION_FREE},
        partial(extension, granted=True),
        held=True,
    ),
    Situation("waiting", "default", _S.WAITING, DEFAULT, waiting, held=True),
    Situation(
        "holder gone",
        "default",
        _S.ACCEPTED,
        DEFAULT | {_W.HOLDER_GONE},
        accepted,
        li_is_gone=True,
        meanwhile=LI_IS_GONE,
    ),
    Situation(
        "waiting, holder gone",
        "default",
        _S.WAITING,
        DEFAULT | {_W.HOLDER_GONE},
        waiting,
        li_is_gone=True,
        meanwhile=LI_IS_GONE,
    ),
    Situation("answered", "default", _S.ANSWERED, DEFAULT, answered, held=True),
    Situation("merged", "default", _S.MERGED, DEFAULT, merged, held=True),
    Situation("closed", "default", _S.CLOSED, DEFAULT | {_W.MAY_REOPEN}, closed, held=True),
    Situation(
        "closed long ago", "default", _S.CLOSED, DEFAULT, closed, held=True, meanwhile=_LATER
    ),
    Situation("withdrawn", "default", _S.WITHDRAWN, DEFAULT, withdrawn),
    Situation("to be called", "full", _S.DISPATCHED, FULL | {_W.CALLBACK_OPEN}, opened),
    Situation("worked", "full", _S.ACCEPTED, FULL, worked, held=True),
    Situation("visited", "full", _S.ACCEPTED, FULL | {_W.UNCONFIRMED_VISIT}, visited, held=True),
    Situation(
        "visited, waiting",
        "full",
        _S.WAITING,
        FULL | {_W.UNCONFIRMED_VISIT},
        visited_and_waiting,
        held=True,
    ),
    Situation("reviewing", "full", _S.REVIEWING, FULL, reviewing, held=True),
    Situation(
        "to be re-visited",
        "full",
        _S.ANSWERED,
        FULL | {_W.CALLBACK_OPEN},
        reviewed,
        held=True,
        asked=("centre",),
    ),
    Situation(
        "rated well",
        "full",
        _S.ANSWERED,
        FULL | {_W.CALLBACK_OPEN},
        partial(rated, grade="basically"),
        held=True,
        asked=("centre",),
    ),
    Situation(
        "disputed",
        "full",
        _S.REVIEWING,
        FULL - {_W.FRESH},
        partial(rated, grade="unsatisfied"),
        held=True,
    ),
    Situation("re-visited", "full", _S.CLOSED, FULL | {_W.MAY_REOPEN}, revisited, held=True),
    Situation(
        "drawn", "full", _S.CLOSED, FULL | {_W.MAY_REOPEN, _W.CALLBACK_OPEN}, drawn, held=True
    ),
)


def attempts(world: World, number: str) -> list[tuple[Verb, dict[str, Any]]]:
    """Every verb that a person can use, with all that it may need; those with a grade twice."""
    words = {"text": "这样写的"}
    given: dict[Verb, dict[str, Any]] = {
        Verb.DISPATCH: {"unit": world.nanzhan},
        Verb.TRANSFER: {"unit": world.nanzhan, **words},
        Verb.HAND_OVER: {"officer": world.wang},
        Verb.NAME_SUBJECT: {"officer": world.cast.wang.badge},
        Verb.MERGE: {"into": world.other_case},
        Verb.CALL_BACK: {"reached": "yes", **words},
        Verb.CONFIRM_VISIT: {"code": world.codes.get(number, "")},
        Verb.VERIFY: {"finding": "substantiated", **words},
        Verb.CONFIRM_SOLVED: {"solved": "yes"},
        Verb.REPORT_TREATMENT: {"treated": "badly", **words},
        Verb.EXTEND: {"span": "1 working day", **words},
    }
    graded = (Verb.REVISIT, Verb.RATE_RESULT)
    plain = [(verb, given.get(verb, words)) for verb in Verb if verb not in graded]
    grades = ("satisfied", "unsatisfied")
    return plain + [(verb, {"grade": grade, **words}) for verb in graded for grade in grades]
