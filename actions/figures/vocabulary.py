"""What people call the figures, and the kinds of units that are compared.

Tables of patterns over plain words (half-width, lower case). A new way to say something is a new
line. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.figures.question import Figure


def zh_en(chinese: str, english: str = "") -> re.Pattern[str]:
    """A pattern of Chinese words, and of English ones that stand by themselves."""
    bounded = rf"|(?<![a-z])(?:{english})(?![a-z])" if english else ""
    return re.compile(f"{chinese}{bounded}")


# Figures. `turned`: the more of it, the worse (超期率).
_SHARE = r"(?:率|的?比[例率重])"


@dataclass(frozen=True, slots=True)
class Named:
    """How a figure is called; `turned` where that name means its opposite, or something bad."""

    pattern: re.Pattern[str]
    figure: Figure
    turned: bool = False


FIGURES: tuple[Named, ...] = (
    Named(
        zh_en(
            r"(?:群众)?(?:综合|总体|整体|总)?满意(?:率|度|律|lv)|好评率",
            r"satisfaction(?: rates?)?|satisfied share",
        ),
        Figure.SATISFACTION,
    ),
    Named(zh_en(r"(?:群众)?不满意[率度]|差评率", "dissatisfaction"), Figure.SATISFACTION, True),
    Named(
        zh_en(
            r"(?:短信|邀评|评价|群众)?(?:回复|回应|应答|响应|参评|回评|参与|评价)率",
            r"(?:response|answer|reply) rates?|responses?",
        ),
        Figure.RESPONSE,
    ),
    Named(zh_en(rf"(?:办结|结案){_SHARE}?(?:情况)?", "closures?(?: rate)?"), Figure.CLOSURE),
    Named(
        zh_en(
            r"(?:答复|办结|办理|接单)?(?:按时|按期|及时|准时|如期|限时)"
            rf"(?:答复|办结|办理|处理|办完|办|完成|回复|接单)*{_SHARE}?(?:情况)?",
            "on[- ]?time(?: rate| share)?|in time",
        ),
        Figure.ON_TIME,
    ),
    Named(zh_en(rf"(?:超期|逾期|超时){_SHARE}", "late rate"), Figure.ON_TIME, True),
    Named(
        zh_en(
            r"(?:电话)?回访(?:任务)?(?:完成|打通|接通|办结|成功|覆盖)?率|(?:电话)(?:打通|接通)率|(?:电话)?回访完成(?:情况|得?怎么样)?",
            "callbacks? (?:rate|done|made|completed)|callback completion",
        ),
        Figure.CALLBACKS,
    ),
    Named(
        zh_en(
            rf"扭转{_SHARE}?|转化率|转满意率?|(?:由|从)?不满意(?:的)?(?:转|变)(?:为|成)?了?满意{_SHARE}?"
            r"|挽回率",
            "turned[- ]?round(?: rate)?|turn(?:ed)? around",
        ),
        Figure.TURNED_ROUND,
    ),
    Named(
        zh_en(rf"被?(?:退回|打回|驳回)(?:来)?(?:重办|整改|重做)?{_SHARE}?", "sent back|returned"),
        Figure.SENT_BACK,
        True,
    ),
    Named(zh_en(rf"(?:重开|重办|复开|返工){_SHARE}?", "reopen(?:ed|ings?)"), Figure.REOPENED, True),
    Named(
        zh_en(
            r"(?:单位)?(?:都|自己)?说(?:已经?)?(?:解决|办好|办结|办完|处理好)了?[,\s]*(?:但|可|而)?是?"
            r"(?:群众|老百姓|人家)(?:却|都|还)*(?:说|认为|觉得)?(?:还)?(?:没有?|不|未)(?:解决|办好|认可|满意)?"
            r"|群众(?:还|都|却)?说(?:还)?(?:没有?|未|不)(?:解决|办好|认可)"
            rf"|群众不认可{_SHARE}?|不?认可率|争议{_SHARE}",
            r"(?:unit|station)s? sa(?:ys?|id) solved[, ]*(?:but )?(?:the )?citizens? sa(?:ys?|id) not"
            r"|disputed",
        ),
        Figure.DISPUTED,
        True,
    ),
    Named(
        zh_en(
            r"[五5]个?(?:方面|项|大项)的?(?:得分|评分|打分|平均分?|分数|均分)?"
            r"|(?:各|逐|分)项(?:的)?(?:得分|评分|打分|平均分?|分数)"
            r"|(?:态度|出警速度|到场|装备|着装|仪容|办理结果)(?:得分|评分|打分|平均分|分数)",
            "(?:five )?aspects?(?: scores?| means?)?",
        ),
        Figure.ASPECTS,
    ),
)

# The kinds of unit that are compared, as the tree calls them; longer words first.
KINDS: tuple[tuple[str, str], ...] = (
    ("station", r"基层派出所|派出所|所队|基层所|站所|大队|中队|所(?![有以])|(?:police )?stations?"),
    (
        "county",
        r"分县局|县分局|区县|县区|分局|县局|县(?!级)|局|(?:county )?bureaus?|count(?:y|ies)",
    ),
    ("desk", r"办事窗口|办证窗口|窗口|柜台|windows?|counters?|desks?"),
    ("car", r"巡逻车|警车|车辆|车|(?:patrol )?cars?"),
    ("community", r"警务室|社区|communit(?:y|ies)"),
    ("", r"单位|部门|下级|辖区单位|units?"),
)
PERSONS = re.compile(
    r"(?:各个?|每个?|哪一?(?:个|位|些|名)|谁是)\s*(?:民警|警察|警官|同志|干警|人)(?!数)"
    r"|(?:民警|警察|干警)(?:满意率)?(?:排名|排行|排一?下)|which officers?"
)
_EACH = (
    r"(?:各个?|每一?个?|所有的?|全部的?|(?:下面|下属|下辖)的?(?:各个?|几个|那些|所有)?|哪一?[个家些座辆]|哪几[个家]"
    r"|哪|几个|(?<![a-z])(?:which|what|all(?: the)?|each|every|the best|the worst)(?![a-z]))\s*"
)
COMPARED_UNITS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"{_EACH}(?:{words})(?![a-z])(?:们)?(?:之间|里面?|中)?"), kind)
    for kind, words in KINDS
)
KIND_ALONE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?:按|以|的|全[市县区局])?(?:{words})(?:们)?(?:之间|里面?|中)?"), kind)
    for kind, words in KINDS
)
UNKNOWN_KIND = re.compile(
    r"哪一?[个家些](?P<what>[\u4e00-\u9fff]{1,4}?)(?=的?.{0,3}(?:最|排第?|垫底|倒数))"
)
