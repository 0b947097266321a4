"""Invitations, wired: taking events in, deciding, sending, hearing the answers, counting."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from actions.cases.service import Cases
from actions.duty.duty import Duty
from actions.invitations.answers import Answers
from actions.invitations.coverage import Coverage
from actions.invitations.feeds import Feeds
from actions.invitations.funnel import Funnel
from actions.invitations.intake import Intake
from actions.invitations.one_time import OneTimeCodes
from actions.invitations.open_ones import OpenOnes
from actions.invitations.opt_outs import OptOuts
from actions.invitations.outcome import Outcome
from actions.invitations.planning import Planning
from actions.invitations.second_way import SecondWay
from actions.invitations.sending import Sending, Sent
from actions.notices.notices import Notices
from actions.org.org import Org
from actions.people.people import People
from actions.policy.asking import rule_of, terms_of
from actions.policy.model import Policy
from actions.privacy.vault import Vault
from actions.ratings.service import Ratings
from actions.reports.scopes import Scopes


@dataclass(frozen=True, slots=True)
class Invitations:
    """What the gateway, the worker and the command line ask for."""

    feeds: Feeds
    intake: Intake
    planning: Planning
    sending: Sending
    answers: Answers
    funnel: Funnel
    opt_outs: OptOuts
    second_way: SecondWay
    one_time: OneTimeCodes
    coverage: Coverage

    async def round(self) -> Sent:
        """Decides on what is new, then sends what is due. May be called at any time."""
        await self.planning.plan()
        return await self.sending.run()


def invite(
    engine: AsyncEngine,
    vault: Vault,
    people: People,
    org: Org,
    notices: Notices,
    cases: Cases,
    ratings: Ratings,
    duty: Duty,
    policy: Policy,
    hotline: str,
    scopes: Scopes,
) -> Invitations:
    """Wires the parts by the policy's lines; without any, events are kept and nobody is asked."""
    named = hotline if policy.invitations is not None and policy.invitations.hotline else ""
    rule, lines, say = rule_of(policy), policy.invitations, notices.wording
    terms = terms_of(policy)
    aspects = policy.aspects if lines is not None and lines.aspects else ()
    feeds, open_ones = Feeds(engine, vault), OpenOnes(vault)
    outcome = Outcome(
        engine, vault, org, cases, ratings, duty, open_ones, say, policy.scale, aspects
    )
    return Invitations(
        feeds=feeds,
        intake=Intake(engine, vault, feeds),
        planning=Planning(engine, rule),
        sending=Sending(engine, vault, org, notices, rule, policy.scale, named),
        answers=Answers(engine, people, ratings, open_ones, outcome, say, policy.scale, aspects),
        funnel=Funnel(engine, scopes, rule.share if rule else 0.0),
        opt_outs=OptOuts(engine, vault, people, open_ones),
        second_way=SecondWay(vault, people, org, notices, rule, policy.scale, named),
        one_time=OneTimeCodes(engine, people, org, terms),
        coverage=Coverage(engine, people, org, scopes, terms),
    )
