"""Cases from elsewhere, wired: taking records in, opening their cases, what the feed may see."""

from __future__ import annotations

from dataclasses import dataclass

import procrastinate
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.cases.service import Cases
from actions.duty.duty import Duty
from actions.feeds.case_feeds import CaseFeeds
from actions.feeds.mappings import Mappings
from actions.feeds.opening import Openings
from actions.feeds.outbox import Outbox
from actions.feeds.reading import Readings
from actions.feeds.staging import Staging
from actions.invitations.feeds import Feeds
from actions.notices.notices import Notices
from actions.org.org import Org
from actions.people.people import People
from actions.privacy.vault import Vault


@dataclass(frozen=True, slots=True)
class FromElsewhere:
    """What the API, the worker and the command line ask for."""

    feeds: CaseFeeds
    staging: Staging
    openings: Openings
    readings: Readings
    outbox: Outbox


def from_elsewhere(
    engine: AsyncEngine,
    vault: Vault,
    queue: procrastinate.App,
    people: People,
    org: Org,
    notices: Notices,
    cases: Cases,
    duty: Duty,
    keys: Feeds,
) -> FromElsewhere:
    """Wires the parts; `keys` are those of all feeds."""
    feeds = CaseFeeds(engine, vault, keys, Mappings())
    return FromElsewhere(
        feeds=feeds,
        staging=Staging(engine, vault, queue),
        openings=Openings(engine, vault, people, org, cases, duty, feeds, notices.wording),
        readings=Readings(engine, vault, people, cases),
        outbox=Outbox(engine, vault, queue),
    )
