"""The one place where the services are wired."""

from __future__ import annotations

from dataclasses import dataclass

import procrastinate
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.cases.guesses import Guesses
from actions.cases.service import Cases
from actions.cases.telling import CaseNotices
from actions.duty.duty import Duty
from actions.jobs import create_queue
from actions.messages import Messages
from actions.notices.notices import Notices, Wording
from actions.org.org import Org
from actions.people.people import People
from actions.privacy.vault import Vault
from actions.ratings.service import Ratings
from actions.reports.stats import Reports
from actions.settings import Settings
from actions.store.engine import create_engine


@dataclass(frozen=True, slots=True)
class Services:
    """Everything an action, the gateway, a job or a command may ask for."""

    settings: Settings
    engine: AsyncEngine
    redis: Redis
    vault: Vault
    queue: procrastinate.App
    notices: Notices
    messages: Messages
    people: People
    org: Org
    cases: Cases
    ratings: Ratings
    reports: Reports
    duty: Duty

    async def close(self) -> None:
        await self.engine.dispose()
        await self.redis.aclose()


def bootstrap(settings: Settings) -> Services:
    """Wires the services; nothing is connected until it is used."""
    engine = create_engine(settings.database_url, settings.database_pool)
    redis = Redis.from_url(
        settings.redis_url, socket_timeout=3, socket_connect_timeout=3, decode_responses=True
    )
    vault = Vault(settings.data_keys.get_secret_value(), settings.hash_key.get_secret_value())
    queue = create_queue(settings.database_url)
    notices = Notices(vault, queue, Wording())
    people = People(engine, vault)
    org = Org(engine)
    case_notices = CaseNotices(notices, vault, org)
    return Services(
        settings=settings,
        engine=engine,
        redis=redis,
        vault=vault,
        queue=queue,
        notices=notices,
        messages=Messages(engine, vault),
        people=people,
        org=org,
        cases=Cases(engine, vault, people, org, case_notices, Guesses(redis)),
        ratings=Ratings(engine, vault, people, org, notices),
        reports=Reports(engine, people, org),
        duty=Duty(engine, people, notices),
    )


_services: Services | None = None


def install(wired: Services | None) -> None:
    """Makes these the services of this process's actions: rasa-sdk builds actions by itself."""
    global _services
    _services = wired


def services() -> Services:
    """The installed services. Raises LookupError before `install`."""
    if _services is None:
        raise LookupError("install() has not been called in this process")
    return _services
