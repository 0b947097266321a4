"""Scanning a code that was moved, retired or is not ours, and going on with what counts now."""

from __future__ import annotations

from sqlalchemy import select

from actions.bootstrap import Services
from actions.store.tables import ratings
from tests.dialogue.conftest import Chats
from tests.dialogue.script import play

DESK = "mdl-hj2-cspc"


async def test_a_moved_code_says_so_and_rates_the_new_place(
    services: Services, chats: Chats
) -> None:
    await services.codes.move(DESK, "YZ-QX-NZ-HJ1", "admin")
    await play(
        chats,
        """
        chen ~ mdl-hj2-cspc
        > 这张码换地方了：以前是桥西分局明德里派出所 · 户籍 2 号窗口，现在是桥西分局南站派出所 · 户籍 1 号窗口
        = 1
        chen [满意]
        > 谢谢，记下了：满意
        """,
    )
    new = await services.org.code("nz-hj1-gvxq")
    assert new is not None
    async with services.engine.connect() as connection:
        assert (await connection.execute(select(ratings.c.unit_id))).scalar_one() == new.unit_id


async def test_what_is_tapped_after_a_move_counts_where_it_was_scanned(
    services: Services, chats: Chats
) -> None:
    old = await services.org.code(DESK)
    assert old is not None
    await chats("chen").scans(DESK)
    await services.codes.move(DESK, "YZ-QX-NZ-HJ1", "admin")
    await chats("chen").taps("满意")
    async with services.engine.connect() as connection:
        assert (await connection.execute(select(ratings.c.unit_id))).scalar_one() == old.unit_id


async def test_a_retired_code_leads_to_what_stands_in_its_place(
    services: Services, chats: Chats
) -> None:
    await services.codes.retire(DESK, "admin", replaced_by="mdl-hj1-2fm6")
    await services.codes.retire("nz-92gt", "admin")
    await play(
        chats,
        """
        chen ~ mdl-hj2-cspc
        > “桥西分局明德里派出所 · 户籍 2 号窗口”的码已停用
        > 桥西分局明德里派出所 · 户籍 1 号窗口
        chen [满意]
        > 记下了：满意
        zhou ~ nz-92gt
        > 这张是旧码，照样能评。您在评价：桥西分局南站派出所。
        zhou [基本满意]
        > 记下了：基本满意
        """,
    )


async def test_a_code_of_elsewhere_says_what_to_do_now(chats: Chats) -> None:
    await play(
        chats,
        """
        chen ~ https://huiyin.elsewhere.example/s/K7M3-X9PD
        > 这是别的地方的码
        > 〔说单位名〕
        chen [说单位名]
        > 您要评价哪个单位？
        chen: 算了
        chen ~ K7M3-X9PD
        > 这个码我不认得，可能印错或不是本市的
        """,
    )


async def test_inside_a_complaint_an_old_code_names_todays_unit(
    services: Services, chats: Chats
) -> None:
    await services.codes.retire(DESK, "admin")
    await play(
        chats,
        """
        chen: 我要投诉
        chen: 窗口没人
        chen ~ K7M3-X9PD
        > 这个码不是我们的，单位写名字也行
        > 事情是什么时候发生的？
        chen ~ mdl-hj2-cspc
        > 这张旧码（桥西分局明德里派出所 · 户籍 2 号窗口）换了，单位记为：桥西分局明德里派出所。
        > 事情是什么时候发生的？
        """,
    )
