"""Commands, numbers and codes: recognised with certainty, however they are typed."""

from __future__ import annotations

import pytest

from nlu.codes import is_short_code, number_in
from nlu.commands import command_in

ON = {"case": "Q26-0017"}
COMMANDS = [
    ("stats", "stats", {}),
    ("stats week", "stats", {}),
    ("删除我的资料", "forget_me", {}),
    ("请删除我的个人信息", "forget_me", {}),
    ("delete my data", "forget_me", {}),
    ("退订", "opt_out", {"stop": "yes"}),
    ("unsubscribe", "opt_out", {"stop": "yes"}),
    ("统计 本月 桥西", "stats", {}),
    ("统计今天", "stats", {}),
    ("invite", "invite", {}),
    ("invite visit", "invite", {"words": "visit"}),
    ("邀码", "invite", {}),
    ("邀评", "invite", {}),
    ("给我一个邀码", "invite", {}),
    ("再来一个邀码", "invite", {}),
    ("邀码 上门", "invite", {"words": "上门"}),
    ("邀码十张", "invite", {"words": "十张"}),
    ("invite 10", "invite", {"words": "10"}),
    ("邀码 警情 20261120-0017", "invite", {"words": "警情 20261120-0017"}),
    ("coverage", "coverage", {}),
    ("coverage 本月 桥西", "coverage", {}),
    ("邀评覆盖 本月 桥西", "coverage", {}),
    ("我的邀评", "coverage", {}),
    ("invitations", "follow_invitations", {}),
    ("邀评情况 本月", "follow_invitations", {}),
    ("邀评情况本月", "follow_invitations", {}),
    ("bind 7K3M9X2D", "bind", {"code": "7K3M9X2D"}),
    ("绑定 7k3m-9x2d", "bind", {"code": "7K3M9X2D"}),
    ("绑定", "bind", {}),
    ("accept Q26-0017", "accept_case", {"case": "Q26-0017"}),
    ("接单 q26 0017", "accept_case", {"case": "Q26-0017"}),
    ("Q26-0017 我接了", "accept_case", {"case": "Q26-0017"}),
    ("接了", "accept_case", {}),
    ("answer Q26-0017 it is done", "answer_case", {"case": "Q26-0017", "words": "it is done"}),
    ("回复 Q260017：已经修好", "answer_case", {"case": "Q26-0017", "words": "已经修好"}),
    ("回复 Q26-0017", "answer_case", {"case": "Q26-0017"}),
    ("转办 Q26-0017 南站所 不是我们辖区", "transfer_case", ON | {"words": "南站所 不是我们辖区"}),
    ("transfer Q26-0017 Nanzhan not ours", "transfer_case", ON | {"words": "Nanzhan not ours"}),
    ("转办 南站所 不归我们", "transfer_case", {"words": "南站所 不归我们"}),
    ("延期 Q26-0017 2天 等街道回复", "extend_case", ON | {"words": "2天 等街道回复"}),
    ("Q26-0017 延期 2天", "extend_case", ON | {"words": "2天"}),
    ("延期 2天 等街道回复", "extend_case", {"words": "2天 等街道回复"}),
    ("申请延期", "extend_case", {}),
    ("退回 Q26-0017 没有联系群众", "send_back", ON | {"words": "没有联系群众"}),
    ("send back Q26-0017 no call", "send_back", ON | {"words": "no call"}),
    ("核查 Q26-0017 属实 看了监控", "verify_case", ON | {"words": "属实 看了监控"}),
    ("整改 Q26-0017 已换新窗口", "rectify_case", ON | {"words": "已换新窗口"}),
    ("回访 Q26-0017 没打通", "call_back", ON | {"words": "没打通"}),
    ("called Q26-0017 he agrees", "call_back", ON | {"words": "he agrees"}),
    ("上门 Q26-0017", "visit_case", ON),
    ("问 Q26-0017 您是几号去的?", "ask_citizen", ON | {"words": "您是几号去的?"}),
    ("问群众：您是几号去的", "ask_citizen", {"words": "您是几号去的"}),
    ("告诉 Q26-0017 正在查监控", "message_citizen", ON | {"words": "正在查监控"}),
    ("告诉 Q26-0017 号码没有重", "message_citizen", ON | {"words": "号码没有重"}),
    ("告诉 Q26-0017 件办好了", "message_citizen", ON | {"words": "件办好了"}),
    ("告诉 Q26-0017号 在查", "message_citizen", ON | {"words": "在查"}),
    ("tell Q26-0017 we are checking", "message_citizen", ON | {"words": "we are checking"}),
    ("说明 Q26-0017 系统要升级", "explain_case", ON | {"words": "系统要升级"}),
    ("继续 Q26-0017", "continue_case", ON),
    ("移交 Q26-0017 王警官", "hand_over_case", ON | {"words": "王警官"}),
    ("并案 Q26-0017 Q26-0012", "merge_case", ON | {"words": "Q26-0012"}),
    ("通过 Q26-0017", "review_case", ON),
    ("复核通过", "review_case", {}),
    ("复访 Q26-0017 满意", "revisit", ON | {"words": "满意"}),
    ("办结 Q26-0017 已说明", "close_case", ON | {"words": "已说明"}),
    ("同意延期 Q26-0017", "grant_case", ON),
    ("不同意延期 Q26-0017", "deny_case", ON),
    ("分派 Q26-0017 南站所", "dispatch", ON | {"words": "南站所"}),
    ("点明 Q26-0017 Y10101", "name_subject", ON | {"words": "Y10101"}),
    ("督办 Q26-0017", "supervise_case", ON),
    ("确认码 Q26-0017 1234", "confirm_visit", ON | {"words": "1234"}),
    ("why Q26-0017", "why_due", ON),
    ("为什么是周二到期", "why_due", {}),
    ("为啥 Q26-0017 这天到期", "why_due", ON),
    ("history Q26-0017", "history_case", ON),
    ("Q26-0017的经过", "history_case", ON),
    ("links Q26-0017", "links", ON),
    ("bind_group", "bind_group", {}),
    ("绑定本群", "bind_group", {}),
    ("查案 Q26-0017", "show_case", ON),
    ("case Q26-0017", "show_case", {"case": "Q26-0017"}),
    ("详情 Q26-0017", "show_case", {"case": "Q26-0017"}),
    ("cases", "officer_cases", {}),
    ("进度 Q26-0017", "case_progress", {"case": "Q26-0017"}),
    ("Q26-0017", "case_progress", {"case": "Q26-0017"}),
    ("Q26-0017怎么样了", "case_progress", {"case": "Q26-0017"}),
    ("7K3M9X", "case_progress", {"code": "7K3M9X"}),
    ("7k3-m9x", "case_progress", {"code": "7K3M9X"}),
    ("查询码 123456", "case_progress", {"code": "123456"}),
    ("进度", "case_progress", {}),
    ("催一下 Q26-0017", "urge", {"case": "Q26-0017"}),
    ("撤回 Q26-0017", "withdraw", {"case": "Q26-0017"}),
    ("补充 Q26-0017 有人证", "add_facts", {"case": "Q26-0017", "words": "有人证"}),
    ("回答 Q26-0017 上午十点", "reply_officer", {"case": "Q26-0017", "words": "上午十点"}),
    ("q26 0017 回答：上午十点", "reply_officer", {"case": "Q26-0017", "words": "上午十点"}),
    ("回答", "reply_officer", {}),
    ("回答 上午十点", "reply_officer", {"words": "上午十点"}),
    ("重开 Q26-0017 还是没人", "reopen_case", {"case": "Q26-0017", "words": "还是没人"}),
    ("Q26-0017 重开", "reopen_case", {"case": "Q26-0017"}),
    ("reopen", "reopen_case", {}),
    ("属实", "confirm_visit", {}),
    ("情况属实", "confirm_visit", {}),
    ("help", "help", {}),
    ("帮助", "help", {}),
    ("english", "switch_language", {"language": "en"}),
    ("中文", "switch_language", {"language": "zh"}),
    ("算了", "cancel", {}),
    ("不投诉了", "cancel", {}),
    ("never mind", "cancel", {}),
    ("跳过", "skip", {}),
    ("不满意", "grade", {"grade": "unsatisfied"}),
    ("基本满意", "grade", {"grade": "basically"}),
    ("很满意！", "grade", {"grade": "satisfied"}),
    ("转人工", "hand_over", {}),
]
NO_COMMANDS = [
    "invited my friend to rate",
    "邀码过期了怎么办",
    "邀评短信别再发了",
    "这个邀码扫不出来",
    "回复太慢了",
    "我要投诉你们派出所不接电话",
    "thanks for nothing",
    "123456",
    "13800000000",
    "接电话的人很凶",
    "统计局怎么走我想问下路 帮忙",
    "restart",
    "问一下怎么办身份证",
    "告诉我进度",
    "说明一下情况",
    "转到别的派出所要什么手续",
    "为什么这么慢",
    "为什么",
    "call me back please",
    "同意",
    "通过不了怎么办",
    "Q26-0071 整改不了 已解释",
    "满意什么呀一点都不满意",
    "",
]


@pytest.mark.parametrize(("text", "intent", "entities"), COMMANDS)
def test_a_command(text: str, intent: str, entities: dict[str, str]) -> None:
    found = command_in(text)
    assert found is not None
    assert (found.intent, found.entities) == (intent, entities)


@pytest.mark.parametrize("text", NO_COMMANDS)
def test_no_command(text: str) -> None:
    assert command_in(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("催一下Q26-0017吧", "Q26-0017"),
        ("q26 0017", "Q26-0017"),
        ("Q2600171", "Q26-00171"),
        ("Q26-00", None),
        ("AQ26-0017", None),
        ("没有编号", None),
    ],
)
def test_a_number_in_a_sentence(text: str, number: str | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("word", "expected"),
    [("7K3M9X", True), ("7k3 m9x", True), ("thanks", False), ("123456", False), ("7K3M9", False)],
)
def test_a_short_code(word: str, expected: bool) -> None:
    assert is_short_code(word) is expected
