"""The officers' pages, by an officer who is in: the entry form, look-ups, logout by others' pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from actions import clock
from actions.turn import Turn
from bench.fuzzing.browsing import safe
from bench.fuzzing.edges import Posts
from bench.fuzzing.house import House, badges
from bench.fuzzing.values import Dice
from bench.fuzzing.wire import Sending

_COOKIE = "__Host-huiyin_staff"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Browser:
    """One officer's: the session's cookie and what its forms carry."""

    session: str
    proof: str


async def edges(house: House) -> list[Posts]:
    inside = [await _let_in(house, badge) for badge in await badges(house.bot)]
    return [
        Posts("officers' pages", lambda dice: _page(dice, inside), judging=safe),
        Posts(
            "officers' pages, forged",
            lambda dice: _foreign(dice, inside),
            forged=True,
            judging=safe,
        ),
    ]


async def _let_in(house: House, badge: str) -> Browser:
    sessions = house.bot.services.sessions
    link = await sessions.link(Turn(house.chats[badge], str(clock.new_id())))
    opened = await sessions.open(link)
    assert opened is not None
    return Browser(opened.token, sessions.proof(opened.token))


def _page(dice: Dice, inside: Sequence[Browser]) -> Sending:
    who = dice.choice(inside)
    headers = _headers(who, "https://bot.example.org")
    kind = dice.randrange(6)
    if kind == 0:
        return Sending("GET", f"/desk/units?q={quote(dice.word()[:600], safe='')}", b"", headers)
    if kind == 1:
        return Sending(
            "GET", f"/desk/script?number={quote(dice.word()[:600], safe='')}", b"", headers
        )
    if kind == 2:
        name = quote(dice.choice(("B26-0001", "B26-999999999999", dice.word()[:90])), safe="")
        return Sending(
            "GET", f"/bulletins/{name}.{dice.choice(('pdf', 'xlsx', 'exe'))}", b"", headers
        )
    if kind == 3:
        form = {"proof": who.proof, "phone": dice.text()}
        return Sending("POST", "/desk/phone", _body(form), headers)
    form = {
        "proof": who.proof,
        "id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        "source": "hotline",
        "kind": dice.choice(("complaint", "praise", "rating", "advice", dice.text())),
        "grade": "satisfied",
        "unit": dice.choice(("明德里派出所", "桥西", dice.text())),
        "unit_id": dice.choice(("", "1", dice.text())),
        "what": dice.text(),
        "when": dice.text(),
        "badge": dice.choice(("", "Y10101", dice.text())),
        "phone": dice.choice(("", dice.phone(), dice.text())),
        "news": "1",
        "seen": dice.text(),
    }
    for name in dice.sample([n for n in form if n != "proof"], dice.randrange(3)):
        form[name] = dice.text()
    return Sending("POST", "/desk", _body(form), headers)


def _foreign(dice: Dice, inside: Sequence[Browser]) -> Sending:
    """A post from a foreign page, with another's proof or none, or without a session."""
    who, another = dice.choice(inside), dice.choice(inside)
    origin = "https://bot.example.org"
    session, proof = who.session, who.proof
    match dice.randrange(4):
        case 0:
            origin = dice.choice(
                ("https://evil.example", "null", "http://[", "", "https://bot.example.org.evil")
            )
        case 1:
            proof = dice.choice(("", dice.text(), another.proof if another is not who else "x"))
        case 2:
            session = dice.choice(("", "x" * 43, another.proof, quote(dice.word()[:60])))
        case _:
            session, proof = "", another.proof
    form = {
        "proof": proof,
        "source": "hotline",
        "kind": "complaint",
        "what": dice.text(),
        "unit": "桥西",
    }
    path = dice.choice(
        ("/desk", "/desk/phone", "/logout", f"/login/{quote(dice.word()[:90], safe='')}")
    )
    return Sending("POST", path, _body(form), _headers(Browser(session, proof), origin))


def _headers(who: Browser, origin: str) -> dict[str, str | bytes]:
    return {"Cookie": f"{_COOKIE}={who.session}", "Origin": origin, "Content-Type": _FORM}


def _body(form: dict[str, str]) -> bytes:
    return urlencode(form, errors="replace").encode()
