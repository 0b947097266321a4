"""The numbers that Prometheus reads: one registry for each process, built with its services.

No label can grow without end: channels, actions, tasks and routes are ours, and what a platform
names (its error codes) is kept to the first FOREIGN values. No label and no number is about a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import (
    GC_COLLECTOR,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
)
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

FOREIGN = 64  # values of a label that somebody else chooses; the rest is "other"
_TURN = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.5, 10, 20)  # 4.5: WeChat's passive reply
_WAIT = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600, 21600)


class Metrics:
    """Every number of one process. Seconds are seconds of the wall; counters begin at zero."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(GC_COLLECTOR)
        self._dropped = _PassedOver()
        self.registry.register(self._dropped)
        self._foreign: dict[str, set[str]] = {}
        self._incoming()
        self._behind()
        self._outgoing()

    def _incoming(self) -> None:
        """What people send, and what they are answered."""
        self.messages = self._counter(
            "messages", "Messages by channel: new ones, and those a platform sent again.", "result"
        )
        self.turns = self._counter("turns", "Turns: answered, postponed or given up.", "result")
        self.turn_seconds = Histogram(
            "huiyin_turn_seconds",
            "One attempt at a turn, from taking the message up to its answer.",
            ["channel"],
            buckets=_TURN,
            registry=self.registry,
        )
        self.answer_seconds = Histogram(
            "huiyin_answer_seconds",
            "From the message's arrival to its answer, whatever lay between: what a person waits.",
            ["channel"],
            buckets=(*_TURN, 60, 300),
            registry=self.registry,
        )
        self.responses = Counter(
            "huiyin_http_responses",
            "Answers of this process over HTTP by route and status; 429 is a limit that was kept.",
            ["route", "status"],
            registry=self.registry,
        )

    def _behind(self) -> None:
        """What is done because of it, or by itself."""
        self.actions = Counter(
            "huiyin_actions",
            "Actions that Rasa asked for: done, rejected or failed.",
            ["action", "result"],
            registry=self.registry,
        )
        self.action_seconds = Histogram(
            "huiyin_action_seconds", "One action.", buckets=_TURN, registry=self.registry
        )
        self.jobs = Counter(
            "huiyin_jobs",
            "Jobs and rounds of the worker: done, or failed (most are tried again).",
            ["task", "result"],
            registry=self.registry,
        )
        self.job_seconds = Histogram(
            "huiyin_job_seconds", "One job.", ["task"], buckets=_TURN, registry=self.registry
        )
        self.last_done = Gauge(
            "huiyin_job_last_done_timestamp_seconds",
            "When this process last did a job of the task.",
            ["task"],
            registry=self.registry,
        )
        self.alarms = Counter(
            "huiyin_alarms",
            "Alarms of the deadlines: fired, stale, done by the program itself (acted), failed.",
            ["result"],
            registry=self.registry,
        )

    def _outgoing(self) -> None:
        """What is told to people."""
        self.deliveries = Counter(
            "huiyin_deliveries",
            "Attempts at deliveries: sent (by way), to be tried again, failed for good. In WeChat "
            "the ways template and notice are what fell outside the window of 48 hours.",
            ["channel", "result", "via"],
            registry=self.registry,
        )
        self.delivery_errors = Counter(
            "huiyin_delivery_errors",
            "Refusals by the platforms' own codes.",
            ["channel", "code"],
            registry=self.registry,
        )
        self.delivery_seconds = Histogram(
            "huiyin_delivery_seconds",
            "From queueing a notice to sending it, outages and quiet hours included.",
            ["channel"],
            buckets=_WAIT,
            registry=self.registry,
        )

    def passed_over(self, read: Callable[[], Mapping[str, int]]) -> None:
        """Tells `read()`: messages dropped by channel, counted from the start by the channels."""
        self._dropped.read = read

    def _counter(self, name: str, what: str, label: str) -> Counter:
        return Counter(f"huiyin_{name}", what, ["channel", label], registry=self.registry)

    def bounded(self, label: str, value: str) -> str:
        """The value of a label that somebody else chooses; "other" once there are FOREIGN."""
        known = self._foreign.setdefault(label, set())
        if value not in known:
            if len(known) >= FOREIGN or len(value) > FOREIGN:
                return "other"
            known.add(value)
        return value

    @contextmanager
    def job(self, task: str) -> Iterator[None]:
        """Counts and times one job; what it raises counts as failed and goes on."""
        started = perf_counter()
        try:
            yield
        except BaseException:
            self.jobs.labels(task, "failed").inc()
            raise
        else:
            self.jobs.labels(task, "done").inc()
            self.last_done.labels(task).set_to_current_time()
        finally:
            self.job_seconds.labels(task).observe(perf_counter() - started)


class _PassedOver(Collector):
    def __init__(self) -> None:
        self.read: Callable[[], Mapping[str, int]] = dict

    def collect(self) -> Iterable[CounterMetricFamily]:
        what = "Messages that were dropped because one sender sent too many."
        family = CounterMetricFamily("huiyin_passed_over", what, labels=["channel"])
        for channel, number in self.read().items():
            family.add_metric([channel], number)
        yield family
