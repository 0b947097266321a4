"""How the cases of a unit were worked: by command, by button, in plain words."""

from __future__ import annotations

import re

from actions.bootstrap import services
from actions.clock import beijing
from actions.conversation.buttons import button
from actions.conversation.figures_stats import share_of
from actions.conversation.talk import Event, Talk, TurnAction
from actions.figures.disclosure import FEW
from actions.figures.words import without_asking
from actions.reports.work_figures import Part, WorkFigures

_ASKING = re.compile(
    r"""^\s*/?\s*work\b|单位说办好|群众说没有?|五个方面|没表态|打通|打了几分|打分|评分|各项|平均|得分|几分
    |办件|办理|工作|质量|办案|办的|办好|办完|按时|按期|及时|准时|超期|逾期|办结|结案|答复|回访|复访|抽查|抽检
    |被?退回|重开|重办|反复|解决后|又出现|问题|转满意|不满意|满意|转化率?|转为|转成|比例|比率|占比|群众|单位|[多几]少?件
    |就(?=办结)|率(?=多少|是|怎|如何|\W|$)
    |\b(?:casework|callbacks?|reopened|on[- ]time|in\s+time|sent\s+back|turned\s+round|handled|closed|closing|worked
    |share|answered|came|come|back|after|means?|five|aspects|solved|stayed|were|was)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def asked_about(text: str) -> str:
    """Period and unit of a question for figures of the work: 本月桥西退回了几件 → 本月桥西."""
    return without_asking(_ASKING.sub(" ", text))


class ShowCasework(TurnAction):
    """The figures of the work in a period and a unit of the own subtree; this month by default."""

    called = "action_work_figures"

    async def act(self, talk: Talk) -> list[Event]:
        period, unit = talk.entity("period") or "", talk.entity("unit") or ""
        words = asked_about(talk.text) if talk.text else str(unit)
        tell_casework(
            talk, await services().work_reports.work_figures(talk.turn, str(period), words)
        )
        return []


def tell_casework(talk: Talk, figures: WorkFigures) -> None:
    """Says the figures, with buttons for other periods."""
    again = [
        button(
            talk.wording(f"part_work_{name}"), "work_figures", period=said, unit=figures.unit_label
        )
        for name, said in (("this_week", "本周"), ("last_month", "上个月"))
    ]
    talk.say("work_figures", buttons=again, **_told(talk, figures))


def _told(talk: Talk, figures: WorkFigures) -> dict[str, str]:
    """The report's lines, as parameters of `utter_work_figures`."""
    english = talk.language == "en" and figures.period.label_en
    return {
        "unit": figures.unit_label,
        "period": figures.period.label_en if english else figures.period.label,
        "closed": f"{figures.closed:,}",
        "silent": f"{figures.silent:,}",
        "on_time": _part(talk, figures.on_time),
        "turned_round": _said_by_citizens(talk, figures.turned_round),
        "disputed": _said_by_citizens(talk, figures.disputed),
        "sent_back": f"{figures.sent_back:,}",
        "reopened": f"{figures.reopened:,}",
        "more": "".join(f"{line}\n" for line in _more(talk, figures)),
        "as_of": f"{beijing(figures.as_of):%m-%d %H:%M}",
    }


def _said_by_citizens(talk: Talk, part: Part) -> str:
    """What so few said that they could be known is not told."""
    return talk.wording("part_work_hidden") if 0 < part.n < FEW else _part(talk, part)


def _part(talk: Talk, part: Part) -> str:
    """A share is never told without what it is a share of, and of a few not at all."""
    if not part.n:
        return talk.wording("part_work_none")
    if part.n < services().policy.satisfaction.minimum:
        return talk.wording("part_work_few", count=part.count, n=part.n)
    return talk.wording("part_work_share", **share_of(part.count, part.n))


def _more(talk: Talk, figures: WorkFigures) -> list[str]:
    """Lines only for what there was: calls, what was asked later, aspects."""
    lines = [
        talk.wording(
            "part_work_calls",
            kind=talk.wording(f"part_call_{kind}"),
            due=calls.due,
            done=calls.done,
            unreachable=calls.unreachable,
        )
        for kind, calls in sorted(figures.calls.items())
    ]
    asked = (figures.stayed_yes, figures.stayed_no, figures.stayed_unanswered)
    if sum(asked) >= FEW:
        yes, no, unanswered = asked
        lines.append(talk.wording("part_work_stayed", yes=yes, no=no, unanswered=unanswered))
    if figures.aspects:
        means = [
            talk.wording(f"part_work_{aspect}", mean=f"{mean.value:.1f}", n=mean.n)
            for aspect, mean in sorted(figures.aspects.items())
            if mean.n >= FEW
        ]
        if means:
            lines.append(talk.wording("part_work_aspects", means=" · ".join(means)))
    return lines
