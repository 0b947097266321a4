"""Questions for figures that are certain: commands, sentences only a supervisor writes, and forms
that go on from the last question (环比呢, 那南站所呢). Pure.

Rows as in nlu/commands.py. What the words ask for is read elsewhere, from the words; here it only
matters that they ask for figures. Citizens write 民警态度不好, 逾期怎么办, 那户口呢: a row must not
match what could be theirs, so none is open at its end.
"""

from __future__ import annotations

from typing import Dict, Tuple

from nlu.codes import CODE

_N = r"[\d零一二两三四五六七八九十]+"
_PERIOD = (
    r"(?:(?:今[天日]|昨[天日]|前天|[本这]周|[本这]个?月|[本这]个?季度|今年|去年|前年|最近"
    r"|上+一?个?(?:周|星期|礼拜|月|季度)"
    rf"|(?:最近|近|过去|前)的?(?:半|{_N})个?(?:天|日|周|星期|月|季度|年)"
    rf"|(?:今年|去年)?的?{_N}月份?(?:{_N}[日号])?|(?:今年|去年)?的?(?:第?[一二三四1-4]季度|[上下]半年)"
    rf"|20\d\d年(?:{_N}月)?|(?:今年|去年)?(?:国庆|春节|五一|中秋|端午|清明|元旦)(?:期间|假期|节)?)"
    r"(?:[上中下]旬|以来|全年|份)?的?)"
)
_RATE = (
    r"(?:不?满意[率度]|[好差]评率|办结率|结案率|按[时期](?:答复|办结|办理)?率|及时率|[超逾]期率"
    r"|(?:邀评|短信|评价)?(?:回复|参评|应答)率|(?:电话)?回访(?:完成|打通)?率|扭转率|转化率|退回率|重[开办]率)"
)
_HEAD = r"(?:请问?|麻烦|帮我|给我|我们|咱们?)?[^你他她您,，。!！;；]{0,20}"
_MUCH = r"(?:是|有|各|分别)*(?:多少|几[件个]|怎么?样|咋样|如何|高不高|高吗|情况|数据|看一?下)?了?[呢啊呀吗]?"
_KIND = r"(?:派出所|所|办?事?窗口|分局|县局|县区|区县|单位|大队|社区|警车)"
_EACH = r"(?:各个?|每个|下面各?个?|哪一?个|哪家|哪些|哪几个)"
_END = r"[的了]?(?:是哪一?[个家])?[呢啊呀吗]?[?？]?"
_REST = r"(?:\s*[:：]?\s+.{1,40}|\s*[:：].{1,40})?[?？]?"  # behind a command, set apart
_UNIT = r"[\u4e00-\u9fff\d]{1,10}(?:派出所|分局|县局|大队|支队|所|局|县|区)"
_BADGE = r"[A-Za-z]{0,2}\d{4,8}"
_BULLETIN = r"(?:简报|日报|周报|月报|季报|年报)"
_HOW = r"(?:一下|呢|怎么样|如何|差多少|高还是低|好还是差|[高低]多少|多少|[好高低]吗)*[?？]?"

FIGURE_ROWS: Tuple[Tuple[str, str, Dict[str, str]], ...] = (
    (rf"(?:rank(?:ing)?s?|排名榜?|排行榜?){_REST}", "rank", {}),
    (rf"(?:排名|排行){_PERIOD}.{{0,16}}", "rank", {}),
    (
        rf"{_HEAD}{_EACH}{_KIND}的?[^,，。]{{0,8}}?(?:最[好差高低]|垫底|倒数|排一?下名?次?|排个?名|排行){_END}",
        "rank",
        {},
    ),
    (
        rf"{_HEAD}{_RATE}(?:最[好差高低]|垫底|排名?|倒数)的?(?:前|后)?(?:{_N}|几)?[个名]?{_KIND}?{_END}",
        "rank",
        {},
    ),
    (rf"{_PERIOD}?[\u4e00-\u9fff]{{0,6}}{_KIND}(?:排名|排行)榜?{_END}", "rank", {}),
    (rf"(?:trends?|趋势图?|走势图?){_REST}", "trend", {}),
    (rf"(?:趋势|走势)图?{_PERIOD}.{{0,16}}", "trend", {}),
    (
        rf"{_HEAD}(?:{_PERIOD}|{_RATE})的?[^,，。]{{0,10}}?(?:趋势|走势)图?(?:怎么样|如何)?{_END}",
        "trend",
        {},
    ),
    (rf"(?:heat ?map|busy hours|busiest hours?|热力图?|时段分布){_REST}", "busy_hours", {}),
    (rf"(?:热力图?|时段分布){_PERIOD}.{{0,16}}", "busy_hours", {}),
    (
        r"hours (?:[\u4e00-\u9fff].{0,30}|(?:this|last|today|week|month|year)\b.{0,30})",
        "busy_hours",
        {},
    ),
    (
        rf"{_HEAD}(?:几点钟?|什么时[候段]|哪个时(?:段|间段?)|周几|星期几)的?(?:评价|不满意|差评|投诉|来件|件)?的?"
        rf"最(?:多|集中){_END}",
        "busy_hours",
        {},
    ),
    (
        r"(?:overdue|超期|逾期)(?:的?件|的?案件|清单|列表|的|未办)?"
        r"(?:有哪些|有?几件|有?多少件|列一?下|列出来)?[呢]?[?？]?",
        "overdue",
        {},
    ),
    (r"overdue(?: cases| list)?(?: (?:of|in|at) .{1,20}| [\u4e00-\u9fff].{0,20})?", "overdue", {}),
    (
        rf"(?:超期|逾期)(?:件|清单)?\s*(?:{_UNIT}|{_PERIOD})[?？]?|超期\s[\u4e00-\u9fff]{{2,4}}",
        "overdue",
        {},
    ),
    (
        rf"(?:[把将]|看看?|列一?下|查一?下|给我)*[那这]?(?:{_N}|几)?[件个]?(?:超期|逾期)[未没]?办?了?的?(?:件|案[件子])?"
        r"都?[列调拉找发](?:一?下|出来|给我|我)*看?看?",
        "overdue",
        {},
    ),
    (
        rf"{_PERIOD}?[\u4e00-\u9fff]{{0,8}}?有?(?:哪些|哪几件|几件|多少件|没有)(?:件|案[件子])?(?:超期|逾期)[未没]?办?{_END}",
        "overdue",
        {},
    ),
    (
        rf"[\u4e00-\u9fff]{{0,8}}?(?:超期|逾期)[未没]?办?的?(?:件|案件)?(?:有哪些|有?几件|有?多少件|是哪些){_END}",
        "overdue",
        {},
    ),
    (
        r"(?:list|show)(?: me)?(?: the| all| our)* overdue(?: cases)?|(?:which|what) cases are overdue\??",
        "overdue",
        {},
    ),
    (rf"(?:(?:hot )?topics|hot issues|热点|(?:热点|典型|突出)(?:问题|诉求)){_REST}", "topics", {}),
    (rf"(?:热点|典型)(?:问题)?{_PERIOD}.{{0,16}}", "topics", {}),
    (
        rf"{_PERIOD}?[\u4e00-\u9fff]{{0,10}}?(?:热点|典型|突出)(?:问题|诉求)(?:有哪些|是什么|是啥){_END}"
        rf"|{_PERIOD}[\u4e00-\u9fff]{{0,10}}?(?:热点|典型|突出)(?:问题|诉求)?",
        "topics",
        {},
    ),
    (
        rf"{_PERIOD}?(?:群众|大家|老?百姓|市民)?{_PERIOD}?都?在?(?:反映|投诉)[得的]?最多的?(?:是|问题|事情?|方面)*"
        rf"(?:什么|啥|哪些)?(?:问题|事情?)?{_END}",
        "topics",
        {},
    ),
    (rf"officer(?:\s+{_BADGE}(?:\s.{{1,30}})?|\s+[\u4e00-\u9fff].{{1,20}})?", "officer_record", {}),
    (
        rf"(?:民警|警员)(?:档案|记录)?\s*[:：]?\s*{_BADGE}(?:\s*.{{1,16}})?"
        rf"|(?:民警|警员)(?:档案|记录){_REST}"
        rf"|(?:民警|警员)\s+[\u4e00-\u9fff]{{1,3}}警官(?:\s.{{1,16}})?|{_BADGE}的?(?:档案|记录)",
        "officer_record",
        {},
    ),
    (
        r"(?:report|bulletin)s?(?: (?:(?:today|yesterday|this|last|daily|weekly|monthly|quarterly)\b.{0,30}"
        r"|[\u4e00-\u9fff].{0,30}))?|(?:daily|weekly|monthly|quarterly) (?:report|bulletin)s?",
        "bulletin",
        {},
    ),
    (rf"{_BULLETIN}(?:\s+.{{1,24}}|{_PERIOD})?", "bulletin", {}),
    (
        rf"(?:请?(?:给我|发我|发给我|发|要|看看?|来)(?:一?份|一下)?)?{_PERIOD}?(?:{_UNIT})?{_PERIOD}?{_BULLETIN}"
        r"(?:发我|发给我|给我看?看?|看一?下|出来了?吗)?[?？]?",
        "bulletin",
        {},
    ),
    # the same figures again; without 号 it would be a case's short code
    (
        rf"(?:query|查询(?:编?号)|数据编?号)\s*(?:no\.?|number|号)?\s*[:：#]?\s*(?P<query>{CODE})",
        "query_again",
        {},
    ),
    # going on from the last question
    (
        rf"[那再]?(?:{_PERIOD})?的?(?:{_RATE})?的?(?:同比|环比)(?:变化|增长|情况)?{_HOW}",
        "figures_further",
        {},
    ),
    (
        rf"[那再]?[和跟与同比较]?\s*(?:去年|上年)的?同期(?:相?比较?|对比)?{_HOW}",
        "figures_further",
        {},
    ),
    (
        rf"[那再]?[和跟与同]\s*(?:上一?期|上个?月同期|之前|{_PERIOD})\s*(?:相?比较?|对比){_HOW}"
        rf"|[那再]?比\s*(?:上一?期|{_PERIOD}){_HOW}",
        "figures_further",
        {},
    ),
    (rf"那?么?\s*{_PERIOD}呢[?？]?|那?么?\s*{_RATE}呢[?？]?", "figures_further", {}),
    (
        r"那么?\s*(?![你我他您她其别这哪那]|派出所|公安|警察局|民政|工商|税务|环保|社保|住建|教育)[\u4e00-\u9fff\d]{1,10}(?:派出所|分局|县局|大队|支队|(?<![厕住场])所|号窗口|局)"
        rf"\s*{_PERIOD}?呢[?？]?",
        "figures_further",
        {},
    ),
    (rf"看看?各个?{_KIND}的?(?:情况|数据|{_RATE})?|各个?{_KIND}呢[?？]?", "figures_further", {}),
    (
        r"(?:and |what about |how about )?(?:compared? (?:with|to) )?(?:the )?(?:same period|month|week) (?:of )?last year\??"
        r"|compared? (?:with|to) (?:(?:the )?last|the (?:period|month|week) before|a year ago).{0,16}"
        r"|(?:year|month|week)[- ]on[- ](?:year|month|week)\??"
        r"|(?:and|how about|what about) (?:this|last) (?:week|month|quarter|year)\??",
        "figures_further",
        {},
    ),
    (
        r"(?:and|how about|what about) (?!\w+day\b)(?-i:[A-Z])[a-z]{3,12}(?: station| county)?\??",
        "figures_further",
        {},
    ),
    (rf"{_HEAD}{_RATE}{_MUCH}[?？]?", "stats", {}),
)
