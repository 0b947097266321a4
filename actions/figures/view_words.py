"""How people ask for a view: as a command, in plain words, by an end of the ranking. Pure.

Tables of patterns over plain words (half-width, lower case). A new way to say something is a new
line.
"""

from __future__ import annotations

import re

from actions.figures.question import View
from actions.figures.vocabulary import zh_en

# The word that begins a command, and its view.
COMMANDS: tuple[tuple[re.Pattern[str], View], ...] = tuple(
    (re.compile(rf"/?\s*(?:(?:{english})(?![a-z])|(?:{chinese}))"), view)
    for english, chinese, view in (
        ("stats?|statistics", "统计(?!局|部门|员|学|年鉴)(?:一下)?", View.STATS),
        ("rank(?:ing)?s?", "排名(?:榜)?|排行榜?", View.RANK),
        ("trends?", "趋势图?|走势图?", View.TREND),
        ("hours|busy hours|busiest hours?|heat ?map", "热力图?|时段分布|忙时", View.HOURS),
        ("overdue", "超期(?![率的比最])|逾期(?![率的比最])", View.OVERDUE),
        ("(?:hot )?topics?", "热点(?:问题)?|典型问题", View.TOPICS),
        ("officer(?!s)", "(?:民警|警员)(?:档案|记录|情况)?", View.OFFICER),
        ("(?:daily |weekly |monthly |quarterly )?(?:report|bulletin)s?", "简报", View.REPORT),
    )
)

# Ends of a ranking: the worst or the best, however it is put.
LAST = re.compile(
    r"倒数(?:第?[一二三四五六七八九十\d]+)?(?:名|位|个)?|垫底|末[位尾]|吊车尾|最(?:差|糟糕?|不好|不行|不理想|落后|拖后腿|不满意)"
    r"|[从由](?:低到高|差到好|少到多)|升序"
    r"|后[一二两三四五六七八九十\d]+(?:名|位|个)|(?<![a-z])(?:worst|bottom|poorest)(?![a-z])(?: \d+)?"
)
FIRST = re.compile(
    r"最(?:好|优秀?|棒|理想|满意)|[从由](?:高到低|好到差|多到少)|降序|第一名?|领先|前[一二两三四五六七八九十\d]+(?:名|位)"
    r"|(?<![a-z])(?:best|top|leading)(?![a-z])(?: \d+)?"
)
HIGH = re.compile(r"最高|最多|最集中|偏高|(?<![a-z])(?:highest|most)(?![a-z])")
LOW = re.compile(r"最低|最少|偏低|(?<![a-z])(?:lowest|fewest|least)(?![a-z])")
MANY_BAD = re.compile(r"(?:不满意|差评|投诉)(?:的|数量?|件数?)*(?=最|的?所|的?窗口)")

# Views, the earlier line first; what is said of several is the first of them.
_BY_DAY = r"(?:逐|按|分)[日天周月季年](?:看|统计|走势|份|度)*"
VIEWS: tuple[tuple[re.Pattern[str], View], ...] = (
    (
        zh_en(
            r"几点(?:钟|多)?|热力图?|时段分布|分时段|(?:什么|啥)(?:时候|时间段?|时段|钟点)|哪一?个?(?:时段|时间段?|钟头|小时)"
            r"|哪几个(?:时段|小时|钟头)|星期几|周几|高峰(?:期|时段)?|忙时|最忙",
            r"heat ?map|bus(?:y|iest) (?:hours?|times?)|what (?:time|hours?)|hourly|by hour",
        ),
        View.HOURS,
    ),
    (
        zh_en(
            r"热点(?:问题|话题|诉求)?|热门(?:问题|话题)?|典型问题|突出问题|集中反映"
            r"|(?:反映|投诉|提|说|意见|抱怨)[得的]?最多的?(?!.{0,3}(?:所|窗口|局|县|单位|大队|社区))"
            r"(?:是|问题|事情?|方面)*"
            r"|(?:都|主要)在?(?:反映|投诉|抱怨|说)了?(?:什么|啥|哪些)(?:问题|事)?",
            r"hot (?:topics|issues|spots)|topics?|typical problems"
            r"|what (?:are|do) (?:people|citizens) (?:complain(?:ing)?|talk(?:ing)?) about",
        ),
        View.TOPICS,
    ),
    (
        zh_en(
            r"简报|通报|(?:月|周|季|季度|年|日)(?:度)?(?:简报|报告|通报)|(?:日|周|月|季|年)报(?![警表])",
            r"(?:daily|weekly|monthly|quarterly) (?:report|bulletin)s?|bulletins?|reports?",
        ),
        View.REPORT,
    ),
    (
        zh_en(
            r"排名(?:榜|情况|表|次)?|排行榜?|排个?序|排一?下(?:名次?|序|座次)?|排个?名次?|排一排|排列|名次|位次"
            r"|对比一下|比一比|比比看?|排个队",
            "rank(?:ing|ings|ed)?|league table|compare(?! with)",
        ),
        View.RANK,
    ),
    (
        zh_en(
            rf"趋势图?|走势图?|走向|变化(?:情况|趋势|曲线)?|曲线图?|折线图?|{_BY_DAY}|(?:是|在)?(?:升|涨|变好|好转|提高|上升)了?还是(?:降|跌|变差|变坏|下降|降低)了?"
            rf"|[每各][天日周月季](?![报度]?报)度?|每个月|历月",
            "trends?|over time|by (?:day|week|month)|(?:daily|weekly|monthly)",
        ),
        View.TREND,
    ),
    (
        zh_en(
            r"超了期(?:还)?(?:没|未)?(?:办结?|办完)?|拖?过(?:了)?期限了?|(?:已经?)?(?:超期|逾期|超时|过期|过了期)(?:未|没|还没)?(?:办结?|办完|处理|回复|答复|接单)?了?"
            r"|到期(?:没|未)(?:办结?|办完|处理|答复)",
            "overdue|past (?:due|(?:the|their) deadlines?)|late(?: cases)?",
        ),
        View.OVERDUE,
    ),
    (
        zh_en(r"统计数?据?|多少[件条个次]?|几[件条个次](?!窗)", "statistics|how many|stats"),
        View.STATS,
    ),
)
WHEN, WHAT = VIEWS[0][0], VIEWS[1][0]  # 最多 beside them is no end of a ranking
BULLETINS: tuple[tuple[re.Pattern[str], str], ...] = (
    (zh_en("日报(?!警)", "daily (?:report|bulletin)"), "昨天"),
    (zh_en("周报|(?:周|每周)简报", "weekly (?:report|bulletin)"), "上周"),
    (zh_en("月报|月度(?:简报|报告)", "monthly (?:report|bulletin)"), "上个月"),
    (zh_en("季报|季度(?:简报|报告)", "quarterly (?:report|bulletin)"), "上季度"),
    (zh_en("年报|年度(?:简报|报告)"), "去年"),
)  # the bulletin of a day is of the last whole one, and so on

HALF_DAY = re.compile(r"上午|下午|晚上|昨[晚夜]|今[晚早]|夜[里间]|凌晨|白天|早上|中午")

FURTHER = re.compile(
    r"呢$|^(?:那么?|再|还有|换成?|改成?|改看|接着|继续)|^(?:and|how about|what about)(?![a-z])"
)
