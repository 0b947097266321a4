"""One drawing of each kind, with what is hard in it."""

from __future__ import annotations

from actions.charts.drawing import Dot, Line, Point, Ranked, TooFew, Trend, heat

POINTS = (
    Point("10-1", 0.9, 0.8, 0.95, 60),
    Point("10-2", 0.92, 0.85, 0.96, 80),
    Point("10-3"),
    Point("10-4", n=None),
    Point("10-5", 0.7, 0.5, 0.8, 12),
    Point("10-6"),
)
TREND = Trend(
    "桥西分局满意率",
    "10月1日至6日 · 每日",
    "数据截至 10月7日 08:00",
    (Line("全部", POINTS),),
    Line("上月", (Point("9-1", 0.88, 0.8, 0.9, 50), Point("9-2", 0.9, 0.8, 0.95, 40))),
)
RANKED = Ranked(
    "派出所排名",
    "10月",
    "数据截至 11月1日 08:00",
    (
        Dot("城东派出所", 0.99, 0.98, 0.995, 900, 1, 1),
        Dot("开发区高新技术产业园区治安管理服务派出所", 0.9, 0.86, 0.93, 300, 2, 3),
        Dot("$x^2$_所{", 0.89, 0.84, 0.92, 280, 2, 3),
    ),
    (TooFew("北城派出所", 12), TooFew("新所", None)),
)
HEAT = heat(
    [[(day * hour) % 9 * 3 for hour in range(24)] for day in range(7)],
    title="什么时候评价最多",
    subtitle="全市 · 10月",
    footer="数据截至 11月1日 08:00",
)
