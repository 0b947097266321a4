"""What citizens wrote about: the groups of a period, and what stands behind one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from actions.bootstrap import services
from actions.clock import beijing
from actions.conversation.buttons import Button, button
from actions.conversation.talk import Event, Talk, TurnAction
from actions.figures.log import Looked
from actions.reports.periods import Period
from actions.topics.report import SMALL, Group, TopicReport, Trend
from actions.topics.service import TopicCase

MOST_GROUPS = 8
MOST_BUTTONS = 5
MOST_CASES = 8
LOOKED_AT = 200  # the latest cases of a group
_PROMISING = (Trend.NEW, Trend.RISING)  # those with an example in the list


class ShowTopicCases(TurnAction):
    """The examples and the cases of a group that was tapped."""

    called = "action_topic_cases"

    async def act(self, talk: Talk) -> list[Event]:
        wanted, name = (
            f"{talk.entity('period') or ''} {talk.entity('unit') or ''}",
            talk.entity("topic"),
        )
        report = await services().topics.ask(talk.turn, wanted)
        group = next((each for each in report.groups if joined(each) == name), None)
        if group is None:
            talk.say("topic_gone")
            return []
        found = await services().topics.group_cases(talk.turn, group.cases[:LOOKED_AT])
        await services().queries.note(talk.turn, Looked.TOPIC_CASES, report.unit_label)
        say_topic_cases(talk, report, group, found)
        return []


def say_topics(talk: Talk, report: TopicReport, *, buttons: Sequence[Button] = ()) -> None:
    """The report as a short text: what is new and rising first, and a button for each group's
    cases. The given buttons stand behind those.
    """
    told = {
        "unit": report.unit_label,
        "period": _said(talk, report.period),
        "texts": f"{report.texts:,}",
        "as_of": f"{beijing(report.as_of):%m-%d %H:%M}",
    }
    if report.too_few:
        talk.say("topics_too_few", buttons=buttons, **told)
    elif not report.groups:
        talk.say("topics_none", buttons=buttons, small=SMALL, **told)
    else:
        own = [_to_cases(report, group) for group in report.groups[:MOST_BUTTONS]]
        lines = [_group_line(talk, report, group) for group in report.groups[:MOST_GROUPS]]
        talk.say(
            "topics",
            buttons=[*own, *buttons],
            earlier=_earlier(talk, report),
            lines="\n".join(lines),
            rest=_rest(talk, report),
            small=SMALL,
            **told,
        )


def say_topic_cases(
    talk: Talk, report: TopicReport, group: Group, found: Sequence[TopicCase]
) -> None:
    """A group with its three examples and its latest cases, those a button opens that may be opened."""
    opens = [case for case in found if case.opens][:MOST_BUTTONS]
    listed = [
        talk.wording(
            "part_topic_case",
            number=case.number,
            date=talk.date(case.created_at),
            unit=case.unit_label,
            state=talk.wording(f"part_state_{case.state}"),
        )
        for case in found[:MOST_CASES]
    ]
    examples = [talk.wording("part_topic_example", text=each.text) for each in group.examples]
    left = (len(found) if group.count <= LOOKED_AT else group.count) - len(listed)
    more = [talk.wording("part_topic_more_cases", count=left)] if left > 0 else []
    talk.say(
        "topic_cases",
        buttons=[button(case.number, "show_case", case=case.number) for case in opens],
        name=joined(group),
        unit=report.unit_label,
        period=_said(talk, report.period),
        count=f"{group.count:,}",
        citizens=f"{group.citizens:,}",
        lines="\n".join([*examples, *listed, *more]),
    )


def joined(group: Group) -> str:
    """The group's name as it is shown: 消防通道·违停."""
    return "·".join(group.name)


def _group_line(talk: Talk, report: TopicReport, group: Group) -> str:
    before = _before(talk, report, group)
    line = talk.wording(
        f"part_topic_{group.trend}", name=joined(group), count=f"{group.count:,}", before=before
    )
    if group.trend in _PROMISING and group.examples:
        example = talk.wording("part_topic_example", text=group.examples[0].text)
        return f"{line}\n{example}"
    return line


def _before(talk: Talk, report: TopicReport, group: Group) -> str:
    if not report.compared:
        return ""
    if group.before is None:
        return talk.wording("part_topic_before_few", small=SMALL)
    return talk.wording("part_topic_before", count=f"{group.before:,}")


def _earlier(talk: Talk, report: TopicReport) -> str:
    if not report.compared:
        return talk.wording("part_topics_not_compared")
    return talk.wording(
        "part_topics_earlier", period=_said(talk, report.before), texts=f"{report.texts_before:,}"
    )


def _rest(talk: Talk, report: TopicReport) -> str:
    hidden = len(report.groups) - MOST_GROUPS
    more = [talk.wording("part_topics_more", count=hidden)] if hidden > 0 else []
    apart = talk.wording("part_topics_ungrouped", count=f"{report.ungrouped:,}")
    return "\n".join([*more, apart])


def _said(talk: Talk, period: Period) -> str:
    return period.label_en if talk.language == "en" and period.label_en else period.label


def _to_cases(report: TopicReport, group: Group) -> Button:
    first = beijing(report.period.start).date()
    last = beijing(report.period.end - timedelta(seconds=1)).date()
    return button(
        joined(group),
        "topic_cases",
        topic=joined(group),
        period=f"{first.isoformat()}到{last.isoformat()}",
        unit=report.unit_label,
    )
