"""The verbs of the work, by button, by command and in plain words; under the default policy."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Chats
from tests.dialogue.script import play
from tests.dialogue.test_officer import CASE, SECOND

TAKEN = CASE + "li: 接了\n"

SCRIPTS = {
    # --- calling the citizen back
    "a call, by button": TAKEN
    + """
        li [更多]
        li [回访]
        > Q26-0001 回访。电话：13800000000
        > 打通了吗
        li [打通了]
        > 群众怎么说
        li: 他要求当天取证
        > 记为：Q26-0001 已回访，已联系上。“他要求当天取证”
        > 〔答复〕
    """,
    "a call that reached nobody, by command": TAKEN
    + """
        li: 回访 Q26-0001 没打通
        > Q26-0001 没打通
        li: 回访 没打通 关机
        > Q26-0001 没打通。“关机”
    """,
    "a call, in plain words": TAKEN
    + """
        li: 已电话回访，群众同意
        > 已联系上。“群众同意”
        li: 详情
        > 李警官 回访：打通了 · 群众同意
    """,
    "reached, said in one answer": TAKEN
    + """
        li: 回访 Q26-0001
        > 打通了吗
        li: 打通了，他下午来取
        > 已联系上。“他下午来取”
    """,
    # --- the citizen is asked, and told
    "a question": TAKEN
    + """
        li [问群众]
        > 想问群众什么
        li: 您是几号去的？
        > Q26-0001 已问群众：“您是几号去的？”
        > 时限先停
        > 〔不等了接着办〕
        chen: 进度
        > 您是几号去的
        li: 案件
        > 等群众回答
        li: 不等群众了
        > 时限接着走
        li: 问 Q26-0001 还有谁在场
        > 已问群众：“还有谁在场”
    """,
    "a word in between": TAKEN
    + """
        li: 告诉 Q26-0001 正在查监控
        > Q26-0001 已告诉群众：“正在查监控”
        li: 告诉群众 明天给您结果。
        > 已告诉群众：“明天给您结果。”
        li: 跟群众说一声
        > 想告诉群众什么
        li: 请带身份证
        > 已告诉群众：“请带身份证”
    """,
    # --- finding, measures, explanation
    "a finding": TAKEN
    + """
        li: 核查 Q26-0001 属实 监控看到确实等了两小时
        > 核查结论“属实”。“监控看到确实等了两小时”
        li: 核查
        > 核查结论
        li [部分属实]
        > 依据是什么
        li: 只等了四十分钟
        > 核查结论“部分属实”
        li: 查了监控，不属实
        > 核查结论“不属实”
    """,
    "measures with a photo": TAKEN
    + """
        li: 整改
        > 整改了什么
        li + image
        > 照片收到（1 张）
        > 整改了什么
        li: 已加开一个窗口
        > 整改记下了：Q26-0001“已加开一个窗口”（照片 1 张）
        li: 详情
        > 已整改
        > 李警官 整改：已加开一个窗口
    """,
    "a photo outside any form": TAKEN
    + """
        li + image
        > 放到哪儿
        > 〔作为 Q26-0001 的整改照片〕
        li [作为 Q26-0001 的整改照片]
        > 整改了什么
        li: 已加开窗口
        > 整改记下了：Q26-0001“已加开窗口”（照片 1 张）
        li + image
        li [作为 Q26-0001 的整改照片]
        > 整改记下了：Q26-0001“补充照片”（照片 1 张）
        zhou + image
        ! 整改照片
    """,
    "it cannot be mended": TAKEN
    + """
        li: 说明 Q26-0001 系统要省厅升级
        > 改不了，已说明。“系统要省厅升级”
    """,
    "a visit": TAKEN
    + """
        li: 已上门
        > 上门怎么样
        li: 当面道歉，群众接受
        > 上门记下了：“当面道歉，群众接受”
    """,
    # --- time
    "more time, granted": TAKEN
    + """
        li: 申请延期两天，需要等街道回复
        > Q26-0001 已申请延期 2 个工作日，等批。“需要等街道回复”
        li: 延期 1天 再等等
        > 已经申请过延期
        li: 同意延期 Q26-0001
        > 这一步不归您办
        head: 同意延期 Q26-0001
        > 延期同意了
        head: 同意延期 Q26-0001
        > 没有等着批的延期
    """,
    "more time, refused": TAKEN
    + """
        li [延期]
        > 要延多久？最多 5 个工作日
        > 〔2 个工作日〕
        li: 两个月
        > 为什么要延
        li: 等鉴定
        > 延得太久了，最多 5 个工作日
        > 要延多久
        li: 半天
        > 已申请延期 4 小时，等批。“等鉴定”
        head: 不同意延期 Q26-0001
        > 原来的时限不变
    """,
    # --- who works on it
    "to another station, in one line": TAKEN
    + """
        li: 转办 Q26-0001 南站所 不是我们辖区
        > Q26-0001 已转给桥西分局南站派出所
        liu: 案件
        > Q26-0001
        liu: 接了
        > 接单成功
        liu: 转办 Q26-0001 明德里所户籍2号窗口 还是你们的
        > 待过，不能转回去
        > 转给哪个单位
        liu: 算了
    """,
    "to another station, by button": TAKEN
    + """
        li [转办]
        > 转给哪个单位
        > 〔桥西分局〕
        > 〔桥西分局南站派出所〕
        li: 外星派出所
        > 没找到这个单位
        li [桥西分局南站派出所]
        > 为什么转
        li: 不是我们辖区
        > 已转给桥西分局南站派出所
    """,
    "too far": TAKEN
    + """
        li: 转办 Q26-0001 望江门派出所 住那边
        > 转给上级，由上级分派
        li [桥西分局]
        > 已转给桥西分局
    """,
    "to a colleague": TAKEN
    + """
        li: 移交 Q26-0001 王警官
        > Q26-0001 已交给王警官
        li: 答复 Q26-0001 好了
        > 王警官已接
        wang: 案件
        > Q26-0001
        wang: 移交
        > 交给哪位同事
        wang [李警官]
        > 已交给李警官
    """,
    "two cases are one": CASE
    + SECOND
    + """
        li: 接单 Q26-0001
        li: 并案 Q26-0001 Q26-0002
        > Q26-0001 已并入 Q26-0002
        li: 并案 Q26-0002 Q26-0002
        > 不能并入
    """,
    # --- the level above
    "another unit, by the level above": CASE
    + """
        sub: 分派 Q26-0001 南站所
        > Q26-0001 已分派给桥西分局南站派出所
        liu: 接了
        > 接单成功
        sub: 督办 Q26-0001
        > 督办已发给承办人和负责人
        li: 督办 Q26-0001
        > 没查到这个编号
    """,
    "the officer it is about": TAKEN
    + """
        inspect: 点明 Q26-0001 Y10101
        > Q26-0001 已上提到桥西分局
        li: 详情 Q26-0001
        > 没查到这个编号
        sub: 点明 Q26-0001 Y99999
        > 没有这个警号
    """,
    # --- interrupted, dropped, mixed up
    "figures in between": TAKEN
    + """
        head: 接单 Q26-0001
        > 李警官已接
        li: 核查
        li: 案件
        > 在办 1 件
        > ——刚才说到：Q26-0001 核查结论
        li [属实]
        > 依据是什么
        li: 算了
        > 什么也没提交
        li: 详情 Q26-0001
        ! 核查结论
    """,
    "another command leaves the question": TAKEN
    + """
        li [答复]
        li: 告诉 Q26-0001 正在查监控
        > 已告诉群众
        ! 刚才说到
    """,
    "two officers at once": CASE
    + """
        li: 案件
        wang: 接单 Q26-0001
        li [Q26-0001]
        > 王警官 在办
        ! 〔接单〕
        li: 整改 Q26-0001 换了
        > 王警官已接
    """,
    "a closed case": TAKEN
    + """
        li: 答复 Q26-0001 已补办
        chen: 满意
        > 办结
        li: 整改 Q26-0001 又改了
        > 已经办结或撤回
        li: Q26-0001
        > 已办结
        > 群众评价：满意
    """,
    "a citizen's words are not an order": CASE
    + """
        chen: 退回 我的押金
        ! 民警用的
        > 〔投诉〕
        chen: 转办 Q26-0001 南站所 太慢
        > 这一步不归您办
    """,
    "which case": CASE
    + SECOND
    + """
        li: 接单 Q26-0001
        li: 接单 Q26-0002
        li: 详情 Q26-0001
        li: 核查 属实 看了监控
        > Q26-0001 核查结论“属实”
    """,
    "which case, from a list": CASE
    + SECOND
    + """
        li: 转办 南站所 不归我们
        > 是哪一件
        li [Q26-0002 态度]
        > Q26-0002 已转给桥西分局南站派出所
    """,
    "links": """
        chen ~ mdl-hj2-cspc
        chen [不满意]
        chen: 中午窗口关门，排了一个小时没人办
        chen: 13800000000
        > 编号 Q26-0001
        zhou ~ mdl-hj2-cspc
        zhou [不满意]
        zhou: 中午窗口关门，排了一个小时没人办
        zhou [不留]
        > 编号 Q26-0002
        li: 相似 Q26-0002
        > Q26-0002 可能和这些是同一件
        > 〔并入 Q26-0001〕
        li [不是一件事]
        > 不是一件事，不再提
        li: links Q26-0002
        > 没有和 Q26-0002 相似的件
    """,
    "in english, one line each": CASE
    + """
        li: english
        li: accept Q26-0001
        > Accepted: Q26-0001
        li: called Q26-0001 he agrees
        > called back and reached. “he agrees”
        li: verify Q26-0001 substantiated seen on camera
        > finding: substantiated. “seen on camera”
        li: rectify Q26-0001 one more counter is open
        > Rectification noted: Q26-0001 “one more counter is open”
        li: tell Q26-0001 we are checking
        > the citizen is told: “we are checking”
        li: ask Q26-0001 which day was it?
        > the citizen is asked: “which day was it?” The clocks stand still
        li: continue Q26-0001
        > the clocks run again
        li: transfer Q26-0001 南站所 not our area
        > went to 桥西分局南站派出所
        liu: english
        liu: accept Q26-0001
        liu: answer Q26-0001 it is ready
        > Q26-0001 is answered
        liu: rectify Q26-0001 more
        > That is not possible
    """,
    "yesterday's card": CASE
    + """
        li: Q26-0001
        wang: 接单 Q26-0001
        wang: 告诉 Q26-0001 在查了
        li [接单]
        > 王警官已接
        wang: 移交 Q26-0001 李警官
        li: 接单 Q26-0001
        > 已经是您的了
        > 〔答复〕
        li [答复]
        wang: 答复 Q26-0001 我来说
        > 李警官已接
        li: 已经补办
        > Q26-0001 已答复
    """,
    "a group outside a group": """
        head: 绑定本群
        > 请在要绑的群里发
        li: 绑定本群
        > 绑群要单位负责人
    """,
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_work(chats: Chats, script: str) -> None:
    await play(chats, SCRIPTS[script])
