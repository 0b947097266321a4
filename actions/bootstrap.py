"""The one place where the services are wired."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import procrastinate
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.accountability.service import Accountability, hold_to_account
from actions.audit.trail import Trail
from actions.bulletins.gathering import Gathering
from actions.bulletins.rounds import BulletinRounds
from actions.bulletins.service import Bulletins
from actions.callbacks.callers import Callers
from actions.callbacks.drawn import Drawn
from actions.callbacks.draws import Draws
from actions.callbacks.later import Later
from actions.callbacks.service import Callbacks
from actions.callbacks.tasks import CallTasks
from actions.callbacks.unreached import Unreached
from actions.callbacks.voice import Voice
from actions.cases.aftermath import Aftermath
from actions.cases.alarm_words import AlarmWords
from actions.cases.card import Card
from actions.cases.clocks import Clocks
from actions.cases.guesses import Guesses
from actions.cases.ledger import Ledger
from actions.cases.likeness import Likeness
from actions.cases.opening import Opening
from actions.cases.photos import Photos
from actions.cases.requests import Requests
from actions.cases.service import Cases
from actions.cases.sweep import Sweep
from actions.cases.telling import CaseNotices
from actions.cases.timers import Timers
from actions.cases.views import Views
from actions.cases.visits import Visits
from actions.cases.work import Work
from actions.codes.service import Codes
from actions.contacts.service import Contacts
from actions.deadlines.workdays import Calendar
from actions.desk.lookups import DeskLookups
from actions.desk.service import Desk
from actions.duty.duty import Duty
from actions.escrow.looks import Looks
from actions.escrow.notices import EscrowNotices
from actions.escrow.service import Escrow
from actions.feeds.results import Results
from actions.feeds.service import FromElsewhere, from_elsewhere
from actions.figures.answers import Rates
from actions.figures.counters import Counters
from actions.figures.log import QueryLog
from actions.figures.service import Figures
from actions.forgetting.service import Forgetting
from actions.invitations.open_ones import OpenOnes
from actions.invitations.service import Invitations, invite
from actions.jobs import create_queue
from actions.messages import Messages
from actions.notices.morning import Morning
from actions.notices.notices import Notices, Wording
from actions.org.org import Org
from actions.people.people import People
from actions.people.roster import Roster
from actions.people.sessions import Sessions
from actions.policy.load import load_policy
from actions.policy.model import Policy
from actions.privacy.retention import Retention
from actions.privacy.vault import Vault
from actions.ratings.service import Ratings
from actions.reports.case_list import CaseLists
from actions.reports.intervals import FORMULAS
from actions.reports.officer import OfficerRecords
from actions.reports.overdue import OverdueCases
from actions.reports.scopes import Scopes
from actions.reports.work import WorkReports
from actions.rounds import Rounds
from actions.settings import Settings
from actions.store.engine import create_engine
from actions.store.redis_pool import create_redis
from actions.topics.lines import TopicLines
from actions.topics.service import Topics
from actions.wall.board import Boards
from actions.wall.rates import Rates as WallRates
from actions.wall.screens import Screens
from actions.wall.service import Wall
from actions.watch.backlog import Backlog
from actions.watch.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Services:
    """Everything an action, the gateway, a job or a command may ask for."""

    settings: Settings
    policy: Policy
    calendar: Calendar
    engine: AsyncEngine
    redis: Redis
    vault: Vault
    queue: procrastinate.App
    notices: Notices
    messages: Messages
    people: People
    org: Org
    codes: Codes
    cases: Cases
    ratings: Ratings
    scopes: Scopes
    work_reports: WorkReports
    overdue: OverdueCases
    callbacks: Callbacks
    escrow: Escrow
    looks: Looks
    duty: Duty
    photos: Photos
    roster: Roster
    rounds: Rounds
    invitations: Invitations
    contacts: Contacts
    elsewhere: FromElsewhere
    desk: Desk
    desk_lookups: DeskLookups
    sessions: Sessions
    voice: Voice
    counters: Counters
    figures: Figures
    queries: QueryLog
    case_lists: CaseLists
    accountability: Accountability
    officer_records: OfficerRecords
    topics: Topics
    screens: Screens
    boards: Boards
    bulletins: Bulletins
    bulletin_rounds: BulletinRounds
    trail: Trail
    retention: Retention
    forgetting: Forgetting
    metrics: Metrics
    backlog: Backlog

    async def close(self) -> None:
        await self.topics.close()
        await self.engine.dispose()
        await self.redis.aclose()
        if self.settings.clock_file:
            clock.freeze(None)


def bootstrap(settings: Settings) -> Services:
    """Wires the services; nothing is connected until it is used."""
    if settings.clock_file:
        clock.follow(Path(settings.clock_file))
    engine = create_engine(settings.database_url, settings.database_pool)
    redis = create_redis(settings.redis_url)
    vault = Vault(settings.data_keys.get_secret_value(), settings.hash_key.get_secret_value())
    queue = create_queue(settings.database_url)
    notices = Notices(vault, queue, Wording())
    people = People(engine, vault)
    org = Org(engine)
    policy = load_policy(settings.policy or "default")
    calendar = Calendar()
    telling = CaseNotices(notices, Card(notices.wording, vault, org), policy)
    results = Results(vault, queue, notices.wording)
    cases, sweep, clocks, work = _cases(
        engine, vault, people, org, notices, telling, redis, policy, calendar, results
    )
    scopes = Scopes(engine, people, org)
    morning = Morning(engine, vault, queue, notices)
    callbacks = _callbacks(engine, vault, people, org, notices, policy)
    ratings = Ratings(engine, vault, people, org, notices)
    duty = Duty(engine, people, notices)
    sessions = Sessions(engine, vault, people)
    invitations = invite(
        engine,
        vault,
        people,
        org,
        notices,
        cases,
        ratings,
        duty,
        policy,
        settings.hotline,
        scopes,
    )
    work_reports = WorkReports(engine, vault, scopes)
    satisfaction = policy.satisfaction
    rates = Rates(FORMULAS[satisfaction.formula], satisfaction.minimum)
    topics = Topics(engine, vault, people, org, policy, scopes)
    topic_lines = TopicLines(topics, org)
    gathering = Gathering(
        engine,
        org,
        work_reports,
        rates,
        invitations.funnel if policy.invitations is not None else None,
        topic_lines,
    )
    metrics = Metrics()
    wall = Wall(engine, org, WallRates(rates.formula, rates.minimum), topic_lines.for_wall)
    return Services(
        settings=settings,
        policy=policy,
        calendar=calendar,
        engine=engine,
        redis=redis,
        vault=vault,
        queue=queue,
        notices=notices,
        messages=Messages(engine, vault),
        people=people,
        org=org,
        codes=Codes(engine, vault, org),
        cases=cases,
        ratings=ratings,
        scopes=scopes,
        work_reports=work_reports,
        overdue=OverdueCases(engine, people, org, scopes),
        callbacks=callbacks,
        escrow=Escrow(engine, vault, people, policy, EscrowNotices(telling, notices.wording)),
        looks=Looks(engine, vault, people, policy),
        duty=duty,
        photos=Photos(engine, people, notices, policy),
        roster=Roster(engine, people),
        rounds=Rounds(engine, policy, sweep, morning, clocks, callbacks),
        invitations=invitations,
        contacts=Contacts(
            engine,
            vault,
            people,
            notices,
            redis,
            wanted=policy.invitations is not None and policy.invitations.by != "sms",
        ),
        elsewhere=from_elsewhere(
            engine, vault, queue, people, org, notices, cases, duty, invitations.feeds
        ),
        desk=Desk(engine, vault, people, org, policy, cases, ratings, notices, duty),
        desk_lookups=DeskLookups(engine, vault, people, org),
        sessions=sessions,
        voice=Voice(engine, vault, org, policy, work, notices.wording, settings.hotline),
        counters=Counters(engine),
        figures=Figures(engine, org, scopes, work_reports, invitations.funnel, rates),
        queries=QueryLog(engine, vault, people, org),
        case_lists=CaseLists(engine, org, scopes),
        accountability=hold_to_account(engine, vault, people, org, notices, policy),
        officer_records=OfficerRecords(engine, people, org, scopes),
        topics=topics,
        screens=Screens(engine, people, org, sessions, scopes),
        boards=Boards(wall, redis),
        bulletins=Bulletins(engine, vault, people, org, notices.wording, gathering),
        bulletin_rounds=BulletinRounds(
            engine, vault, org, notices, gathering, policy, files=bool(settings.public_url)
        ),
        trail=Trail(engine, vault),
        retention=Retention(engine, vault, policy),
        forgetting=Forgetting(engine, vault, people, policy, OpenOnes(vault)),
        metrics=metrics,
        backlog=Backlog(engine, metrics),
    )


def _cases(
    engine: AsyncEngine,
    vault: Vault,
    people: People,
    org: Org,
    notices: Notices,
    telling: CaseNotices,
    redis: Redis,
    policy: Policy,
    calendar: Calendar,
    results: Results,
) -> tuple[Cases, Sweep, Clocks, Work]:
    guesses, ledger, visits = Guesses(redis), Ledger(vault), Visits(vault)
    clocks, likeness = Clocks(policy, calendar, ledger), Likeness(policy)
    requests = Requests(people, org, policy, ledger, visits, guesses)
    unreached = Unreached(telling, notices.wording, policy)
    aftermath = Aftermath(
        vault, policy, clocks, CallTasks(vault), visits, likeness, ledger, unreached
    )
    work = Work(vault, people, policy, calendar, ledger, requests, telling, aftermath, results)
    opening = Opening(policy, people, org, ledger, work, likeness)
    views = Views(vault, people, org, policy, calendar, clocks, notices.wording)
    cases = Cases(
        engine, vault, people, org, policy, opening, work, views, clocks, likeness, guesses
    )
    later = Later(notices, policy)
    timers = Timers(engine, work, later)
    sweep = Sweep(engine, ledger, timers, telling, AlarmWords(notices.wording))
    return cases, sweep, clocks, work


def _callbacks(
    engine: AsyncEngine,
    vault: Vault,
    people: People,
    org: Org,
    notices: Notices,
    policy: Policy,
) -> Callbacks:
    draws = Draws(engine, vault, policy, org, Callers(notices, policy))
    drawn = Drawn(engine, vault, policy, org)
    return Callbacks(engine, vault, people, org, policy, draws, drawn)


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
