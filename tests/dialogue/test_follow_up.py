"""Following a case: progress, facts, urging, withdrawing, rating the result."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Chats
from tests.dialogue.script import play

CASE = """
    chen ~ mdl-hj2-cspc
    chen [不满意]
    chen: 等了俩小时没人理
    chen [不留]
    > 编号 Q26-0001
    > 凭码 {code}
"""
SECOND = """
    chen ~ nz-92gt
    chen [不满意]
    chen [没办成]
    chen [跳过]
    chen [不留]
    > 编号 Q26-0002
"""

SCRIPTS = {
    "nothing to follow": """
        chen: 进度
        > 您在这里还没有案件
        chen: 催一下
        > 没找到您在办的案件
        chen: Q26-0042
        > 没查到这个编号或查询码
    """,
    "my only case": CASE
    + """
        chen: 我的投诉怎么样了
        > Q26-0001（等了俩小时没人理）：已交给桥西分局明德里派出所
        > 〔催一下〕
        chen [催一下]
        > 已催办 Q26-0001
    """,
    "several cases": CASE
    + SECOND
    + """
        chen: 进度
        > 您有 2 件
        > Q26-0002 不满意：等民警接
        chen [Q26-0001]
        > 等了俩小时没人理
        chen: 帮我催催
        > 是哪一件？
        chen: 催一下 Q26-0002
        > 已催办 Q26-0002
    """,
    "by number, however it is typed": CASE
    + """
        chen: ｑ２６－０００１
        > Q26-0001
        chen: 查 Q260001
        > Q26-0001
        chen: Q26-0001怎么样了
        > Q26-0001
    """,
    "by short code, from another phone": CASE
    + """
        zhou: 凭码 {code}
        > Q26-0001
        zhou: Q26-0001
        > Q26-0001
    """,
    "somebody else's number alone": CASE
    + """
        zhou: Q26-0001
        > 没查到这个编号或查询码
    """,
    "facts in two steps": CASE
    + """
        chen: 补充
        > 给 Q26-0001 补充什么？
        chen: 那天还有个穿白衣服的
        > 补上了，办 Q26-0001 的人看得到
    """,
    "facts at once": CASE
    + """
        chen: 补充 Q26-0001 那天还有个穿白衣服的
        > 补上了
    """,
    "facts interrupted, then dropped": CASE
    + """
        chen: 补充
        chen: 帮助
        > ——刚才说到：给 Q26-0001 补充什么？
        = 2
        chen: 算了
        > 什么也没提交
    """,
    "a photo for a case": CASE
    + """
        chen + image
        > 要放进哪件事里？
        chen [放进 Q26-0001]
        > 补上了
    """,
    "a photo from nowhere": """
        chen + image
        > 这是要投诉还是求助
    """,
    "withdrawn after a yes": CASE
    + """
        chen: 我要撤诉
        > 真的撤回 Q26-0001（等了俩小时没人理）吗？
        chen: 是的
        > Q26-0001 已撤回
        chen: 进度
        > 您已撤回
        chen: 催一下 Q26-0001
        > 已经办结或撤回
    """,
    "not withdrawn without one": CASE
    + """
        chen: 撤回
        chen [不撤]
        > 好的
        chen: 撤回
        chen: 我再想想
        ! 已撤回
        chen: 进度
        > 等民警接
    """,
    "the result is rated in words": CASE
    + """
        li: 接单 Q26-0001
        li: 回复 Q26-0001 已经道歉并补办
        chen: 满意
        > 记下了：满意。Q26-0001 办结
    """,
    "hurried when it is answered already": CASE
    + """
        li: 接单 Q26-0001
        li: 回复 Q26-0001 已经道歉并补办
        chen: 催一下
        > 有答复了
        > 已经道歉并补办
        chen [满意]
        > 记下了：满意。Q26-0001 办结
        chen: 催一下
        > 没找到您在办的案件
    """,
    "the result is rated": CASE
    + """
        li: 接单 Q26-0001
        li: 回复 Q26-0001 已经道歉并补办
        chen: 进度
        > 有答复了
        > 已经道歉并补办
        chen [满意]
        > 记下了：满意。Q26-0001 办结
        chen: 进度
        > 办结了
    """,
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_follow_up(chats: Chats, script: str) -> None:
    await play(chats, SCRIPTS[script])
