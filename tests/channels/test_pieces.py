"""One message in several pieces: each goes out once, whatever happens between two of them."""

import pytest

from bot.channels.base import TransportError
from bot.channels.pictures import name_and_type
from bot.channels.pieces import send_pieces
from bot.message import Outgoing

FAULTS = {
    "of the platform": TransportError("busy", code="-1", retry_after=7),
    "for good": TransportError("refused", permanent=True),
    "of our own": KeyError("13900000000"),
}


class Pieces:
    """Four of them; the one of that number fails once."""

    def __init__(self, fails=None, fault=None):
        self.out = []
        self._fault = {fails: fault}

    def calls(self):
        return [lambda n=n: self._send(n) for n in range(4)]

    async def _send(self, number):
        fault = self._fault.pop(number, None)
        if fault:
            raise fault
        self.out.append(number)
        return number


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
@pytest.mark.parametrize("number", range(4))
async def test_all_go_out_once_whichever_fails(number, fault):
    pieces = Pieces(number, fault)
    with pytest.raises(TransportError) as caught:
        await send_pieces(Outgoing(), pieces.calls())
    assert (caught.value.pieces, pieces.out) == (number, list(range(number)))
    assert "139" not in str(caught.value)
    assert await send_pieces(Outgoing(skip=number), pieces.calls()) == list(range(number, 4))
    assert pieces.out == [0, 1, 2, 3]


async def test_it_says_how_many_of_all_are_out_when_it_began_later():
    pieces = Pieces(3, TransportError("busy"))
    with pytest.raises(TransportError) as caught:
        await send_pieces(Outgoing(skip=2), pieces.calls())
    assert (caught.value.pieces, pieces.out) == (3, [2])


@pytest.mark.parametrize("skip", [4, 9])
async def test_when_all_are_out_nothing_is_sent(skip):
    pieces = Pieces()
    assert await send_pieces(Outgoing(skip=skip), pieces.calls()) == []
    assert pieces.out == []


async def test_each_is_reported_when_it_is_out():
    pieces, told = Pieces(3, TransportError("busy")), []

    async def gone_out(number):
        told.append((number, list(pieces.out)))

    with pytest.raises(TransportError):
        await send_pieces(Outgoing(skip=1, gone_out=gone_out), pieces.calls())
    assert told == [(2, [1]), (3, [1, 2])]


@pytest.mark.parametrize(
    ("picture", "named"),
    [
        (b"\x89PNG\r\n", ("picture.png", "image/png")),
        (b"\xff\xd8\xff\xe0", ("picture.jpg", "image/jpeg")),
    ],
)
def test_a_picture_is_named_for_what_it_is(picture, named):
    assert name_and_type(picture) == named
