"""Questions for figures that are certain, and what citizens write that looks alike."""

from __future__ import annotations

import pytest

from nlu.commands import command_in

ASKED = [
    ("stats 本月 桥西", "stats"),
    ("上个月桥西分局满意率多少", "stats"),
    ("本月按时率", "stats"),
    ("南站所办结率怎么样?", "stats"),
    ("满意率和办结率各多少", "stats"),
    ("rank", "rank"),
    ("rank this month windows", "rank"),
    ("排名", "rank"),
    ("排名 本月 窗口", "rank"),
    ("哪个所最差", "rank"),
    ("上个月哪个窗口最好", "rank"),
    ("各所满意率排一下", "rank"),
    ("满意率最低的三个窗口", "rank"),
    ("本月派出所排名", "rank"),
    ("trend", "trend"),
    ("trend last 6 months", "trend"),
    ("趋势 近半年", "trend"),
    ("近半年趋势", "trend"),
    ("桥西满意率走势图", "trend"),
    ("热力 本月", "busy_hours"),
    ("heatmap", "busy_hours"),
    ("hours this month", "busy_hours"),
    ("今天几点最多", "busy_hours"),
    ("哪个时间段差评最多", "busy_hours"),
    ("overdue", "overdue"),
    ("overdue cases", "overdue"),
    ("list the overdue cases", "overdue"),
    ("超期", "overdue"),
    ("超期 桥西", "overdue"),
    ("超期南站所", "overdue"),
    ("逾期清单", "overdue"),
    ("把那三件超期的列出来", "overdue"),
    ("哪些件超期了", "overdue"),
    ("超期的有哪些", "overdue"),
    ("topics", "topics"),
    ("热点 本周", "topics"),
    ("热点问题有哪些", "topics"),
    ("群众反映最多的是什么", "topics"),
    ("officer", "officer_record"),
    ("officer Y10101 this month", "officer_record"),
    ("民警 Y10101", "officer_record"),
    ("民警 王警官 本月", "officer_record"),
    ("report", "bulletin"),
    ("report last month", "bulletin"),
    ("weekly report", "bulletin"),
    ("简报", "bulletin"),
    ("发一下上个月简报", "bulletin"),
    ("桥西分局月报", "bulletin"),
    ("跟去年同期比呢", "figures_further"),
    ("去年同期呢", "figures_further"),
    ("环比呢", "figures_further"),
    ("同比多少", "figures_further"),
    ("和上个月比", "figures_further"),
    ("比上个月怎么样", "figures_further"),
    ("上个月呢", "figures_further"),
    ("那上周呢?", "figures_further"),
    ("办结率呢", "figures_further"),
    ("那南站所呢", "figures_further"),
    ("那桥东分局上个月呢", "figures_further"),
    ("看各所", "figures_further"),
    ("compared with last year", "figures_further"),
    ("year on year", "figures_further"),
    ("what about last month", "figures_further"),
    ("what about Nanzhan?", "figures_further"),
]

CITIZENS = [
    "民警态度恶劣",
    "民警 态度不好",
    "民警",
    "officer Wang was rude",
    "report a theft",
    "report of my complaint",
    "超期罚款多少",
    "身份证超期了怎么办",
    "护照逾期怎么办",
    "逾期未处理 我要投诉",
    "我的案子超期了",
    "热点打不开",
    "排名第几号",
    "哪个派出所办护照",
    "哪个窗口办身份证最快",
    "几点人最少",
    "几点下班",
    "hours",
    "那户口呢",
    "那我的呢",
    "那派出所呢",
    "那厕所呢",
    "那居住场所呢",
    "那你们所呢",
    "那其他派出所呢",
    "那公安局呢",
    "那怎么办呢",
    "那明天呢",
    "what about Sunday?",
    "what about my case",
    "and my mother?",
    "你们满意率都是假的",
    "你们的满意率多少是刷的",
    "满意率高有什么用，没人管",
    "统计部门是如何统计出来的",
    "日报社怎么走",
    "我要看人民日报",
    "小区治安有恶化的趋势，请管管",
    "跟上次一样没人管",
    "比上次还慢",
    "投诉最多的就是你们所，没人管吗",
]


@pytest.mark.parametrize(("text", "intent"), ASKED)
def test_asked_for_certain(text: str, intent: str) -> None:
    found = command_in(text)
    assert found is not None
    assert (found.intent, found.entities) == (intent, {})


@pytest.mark.parametrize("text", CITIZENS)
def test_not_what_citizens_write(text: str) -> None:
    found = command_in(text)
    assert found is None or found.intent not in {intent for _, intent in ASKED} | {"query_again"}


@pytest.mark.parametrize(
    ("text", "intent", "entities"),
    [
        ("query 7K3M9X", "query_again", {"query": "7K3M9X"}),
        ("query no 7k3-m9x", "query_again", {"query": "7K3M9X"}),
        ("查询号 7k3m9x", "query_again", {"query": "7K3M9X"}),
        ("查询号：8F2C7K", "query_again", {"query": "8F2C7K"}),
        ("查询编号8F2C7K", "query_again", {"query": "8F2C7K"}),
        # a case's short code stays one
        ("7K3M9X", "case_progress", {"code": "7K3M9X"}),
        ("查询 7K3M9X", "case_progress", {"code": "7K3M9X"}),
        ("查询码 7K3M9X", "case_progress", {"code": "7K3M9X"}),
    ],
)
def test_the_number_of_a_query(text: str, intent: str, entities: dict[str, str]) -> None:
    found = command_in(text)
    assert found is not None
    assert (found.intent, found.entities) == (intent, entities)
