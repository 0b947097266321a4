"""The dry run: what the rules would have proposed on past months."""

from __future__ import annotations

from actions.accountability.trial import Tried
from actions.bootstrap import services
from actions.clock import beijing
from actions.conversation.buttons import button
from actions.conversation.proposal_words import month_label, rule_title, tried_lines
from actions.conversation.talk import Event, Talk, TurnAction
from actions.figures.log import Looked

MOST_LINES = 12  # of a rule


class TryRules(TurnAction):
    """What the rules of the policy would have proposed on past months."""

    called = "action_try_rules"

    async def act(self, talk: Talk) -> list[Event]:
        words = str(talk.entity("words") or "")
        tried = await services().accountability.trial.asked(talk.turn, words)
        about = f"{tried.months[0]:%Y-%m}–{tried.months[-1]:%Y-%m}"
        await services().queries.note(talk.turn, Looked.RULES, about)
        talk.say(
            "tried",
            buttons=[button(talk.wording("part_do_proposals"), "proposals")],
            first=month_label(talk, tried.months[0]),
            last=month_label(talk, tried.months[-1]),
            rules="\n".join(_rules(talk, tried)),
            as_of=f"{beijing(tried.as_of):%m-%d %H:%M}",
        )
        return []


def _rules(talk: Talk, tried: Tried) -> list[str]:
    told = []
    for rule, by_month in tried.found:
        lines = tried_lines(talk, rule, by_month)
        if len(lines) > MOST_LINES:
            more = talk.wording("part_tried_more", count=len(lines) - MOST_LINES)
            lines = [*lines[:MOST_LINES], more]
        title = rule_title(talk, rule)
        told.append(talk.wording("part_tried_rule", title=title, lines="\n".join(lines)))
    return told
