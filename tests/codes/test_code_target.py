"""Where a code leads: the place, the badge, what stands in the place of old ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions.codes.target import CodeFacts, CodeTarget, WeChatCode, target_of


@dataclass(frozen=True)
class Unit:
    kind: str
    parent_id: int | None
    path: str
    label: str


UNITS = {
    1: Unit("county", None, "/1/", "桥西分局"),
    2: Unit("station", 1, "/1/2/", "桥西分局明德里派出所"),
    3: Unit("desk", 2, "/1/2/3/", "桥西分局明德里派出所 · 户籍 1 号窗口"),
    4: Unit("station", 1, "/1/4/", "桥西分局南站派出所"),
}
DESK = CodeFacts(
    7,
    "desk",
    3,
    None,
    UNITS[3].label,
    None,
    None,
    retired=False,
    active=True,
    posts=(),
    wechat=None,
)
BADGE = replace(
    DESK, id=8, scene="li", unit_id=2, officer_id=5, label=f"{UNITS[2].label} · 李警官", posts=(2,)
)


def lead(code: CodeFacts, last: CodeFacts | None = None) -> CodeTarget:
    return target_of(code, last or code, UNITS)


def test_a_live_code_is_what_it_says() -> None:
    assert lead(DESK) == CodeTarget(7, "unit", 3, None, UNITS[3].label, scene="desk")
    assert lead(BADGE) == CodeTarget(8, "officer", 2, 5, BADGE.label, scene="li")


def test_a_moved_code_tells_what_its_sticker_says() -> None:
    found = lead(replace(DESK, unit_id=4, label=UNITS[4].label, printed=UNITS[3].label))
    assert (found.state, found.was, found.unit_id) == ("moved", UNITS[3].label, 4)


def test_a_retired_code_leads_to_the_station() -> None:
    found = lead(replace(DESK, retired=True))
    assert (found.state, found.was) == ("retired", UNITS[3].label)
    assert (found.unit_id, found.label, found.newer) == (2, UNITS[2].label, None)


def test_a_replaced_code_leads_to_its_successor() -> None:
    newer = replace(DESK, id=9, scene="new", unit_id=4, label=UNITS[4].label)
    found = lead(replace(DESK, retired=True, replaced_by=9), newer)
    assert (found.code_id, found.scene) == (7, "desk")
    assert (found.state, found.newer, found.unit_id) == ("retired", "new", 4)


def test_a_successor_that_is_retired_too_leads_to_its_station() -> None:
    newer = replace(DESK, id=9, scene="new", unit_id=4, label=UNITS[4].label, retired=True)
    found = lead(replace(DESK, retired=True, replaced_by=9), newer)
    assert (found.state, found.newer, found.unit_id) == ("retired", None, 4)


def test_the_badge_of_who_left_leads_to_the_unit() -> None:
    found = lead(replace(BADGE, active=False, posts=()))
    assert (found.state, found.kind, found.officer_id) == ("retired", "unit", None)
    assert (found.unit_id, found.label, found.was) == (2, UNITS[2].label, BADGE.label)


def test_the_badge_of_who_serves_elsewhere_goes_along() -> None:
    found = lead(replace(BADGE, posts=(4,)))
    assert (found.state, found.officer_id, found.unit_id) == ("moved", 5, 4)
    assert (found.label, found.was) == ("桥西分局南站派出所 · 李警官", BADGE.label)


def test_a_post_above_or_below_is_no_other_place() -> None:
    assert lead(replace(BADGE, posts=(1,))).state == "live"
    assert lead(replace(BADGE, posts=(3,))).state == "live"
    assert lead(replace(BADGE, posts=(2, 4))).state == "live"


def test_the_accounts_own_code_is_that_of_the_scanned_one_or_its_successor() -> None:
    ours, theirs = (WeChatCode("wx1", "t", "http://weixin.qq.com/q/1"), None)
    newer = replace(DESK, id=9, scene="new", wechat=ours)
    assert lead(replace(DESK, retired=True, wechat=theirs), newer).wechat is ours
    assert lead(replace(DESK, wechat=ours)).wechat is ours
