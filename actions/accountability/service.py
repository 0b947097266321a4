"""What is proposed about units, in one hand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from actions.accountability.monthly import Monthly
from actions.accountability.notices import ProposalNotices
from actions.accountability.proposals import Proposals
from actions.accountability.trial import Trial
from actions.notices.notices import Notices
from actions.org.org import Org
from actions.people.people import People
from actions.policy.model import Policy
from actions.privacy.vault import Vault


@dataclass(frozen=True, slots=True)
class Accountability:
    monthly: Monthly
    proposals: Proposals
    trial: Trial


def hold_to_account(
    engine: AsyncEngine, vault: Vault, people: People, org: Org, notices: Notices, policy: Policy
) -> Accountability:
    return Accountability(
        monthly=Monthly(engine, org, policy, ProposalNotices(notices, policy)),
        proposals=Proposals(engine, vault, people, org),
        trial=Trial(engine, people, org, policy),
    )
