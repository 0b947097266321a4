"""One message in several pieces: each goes out once, whatever happens between two of them."""

import pytest

from bot.channels.base import TransportError
from bot.channels.pieces import send_pieces

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
        await send_pieces(pieces.calls(), 0)
    assert (caught.value.pieces, pieces.out) == (number, list(range(number)))
    assert "139" not in str(caught.value)
    assert await send_pieces(pieces.calls(), caught.value.pieces) == list(range(number, 4))
    assert pieces.out == [0, 1, 2, 3]


async def test_it_says_how_many_of_all_are_out_when_it_began_later():
    pieces = Pieces(3, TransportError("busy"))
    with pytest.raises(TransportError) as caught:
        await send_pieces(pieces.calls(), 2)
    assert (caught.value.pieces, pieces.out) == (3, [2])


@pytest.mark.parametrize("skip", [4, 9])
async def test_when_all_are_out_nothing_is_sent(skip):
    pieces = Pieces()
    assert await send_pieces(pieces.calls(), skip) == []
    assert pieces.out == []
