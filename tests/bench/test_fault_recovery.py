"""How long a fault was felt after its part was back: from what people waited for."""

from __future__ import annotations

import pytest

from bench.faulting.breaking import Broken
from bench.faulting.recovery import USUAL, Wait, recoveries
from bench.faulting.report import recovery_table
from bench.faulting.schedule import Fault, Kind

KILLED = Broken(Fault(0, Kind.KILL, "nlu", 5), began=100.0, back=110.0)
PAUSED = Broken(Fault(0, Kind.PAUSE, "redis", 5), began=130.0, back=140.0)
ENDED = 200.0


@pytest.mark.parametrize(
    ("waits", "seconds"),
    [
        ([], 0.0),
        ([Wait(90.0, 99.0, "over before it began")], 0.0),
        ([Wait(101.0, 108.0, "answered meanwhile, by the gateway alone")], 0.0),
        ([Wait(101.0, 113.0, "what had waited")], 3.0),
        ([Wait(99.0, 113.0, "was under way when it broke")], 3.0),
        ([Wait(111.0, 111.0 + USUAL, "as usual")], 0.0),
        ([Wait(111.0, 112.5 + USUAL, "late, though asked afterwards")], 2.5 + USUAL),
        ([Wait(101.0, None, "never: until the next fault at least")], 20.0),
        ([Wait(101.0, 135.0, "in the next fault: until that began")], 20.0),
        ([Wait(131.0, 190.0, "of the next fault")], 0.0),
    ],
)
def test_until_when_the_first_of_two_faults_was_felt(waits: list[Wait], seconds: float) -> None:
    first, _ = recoveries([KILLED, PAUSED], waits, ENDED)
    assert first.broken is KILLED
    assert first.seconds == pytest.approx(seconds)


def test_a_fault_inside_which_another_ends_is_not_measured() -> None:
    longer = Broken(PAUSED.fault, began=105.0, back=150.0)
    (one,) = recoveries([KILLED, longer], [Wait(101.0, 153.0, "what had waited")], ENDED)
    assert (one.broken, one.seconds, one.last) == (longer, 3.0, "what had waited")


def test_the_table_counts_what_exceeds_the_goal() -> None:
    waits = [Wait(101.0, 125.0, "late"), Wait(131.0, 141.0, "soon")]
    rows = recovery_table(recoveries([KILLED, PAUSED], waits, ENDED))
    assert [row.split() for row in rows[1:]] == [
        ["nlu", "kill", "-9", "1", "15.0", "15.0", "1"],
        ["redis", "pause", "1", "1.0", "1.0", "0"],
        ["all", "2", "1.0", "15.0", "1"],
    ]
