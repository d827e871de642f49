"""What the service counts, as Prometheus reads it: requests, times, bytes, the queue, the workers. No contents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lintperf.server.pool import Pool

__all__ = ["MEDIA_TYPE", "Metrics"]

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# seconds; a form takes milliseconds, a workbook with many tables seconds
BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Metrics:
    """Counters of requests; those of the pool are read when they are asked for."""

    def __init__(self, pool: Pool) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics

        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "lintperf_requests", "Requests answered.", ["route", "method", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "lintperf_request_seconds",
            "Seconds from the headers of a request to the end of its answer.",
            ["route"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._received = Counter("lintperf_received_bytes", "Bytes of request bodies.", registry=self.registry)
        self._sent = Counter("lintperf_sent_bytes", "Bytes of answer bodies.", registry=self.registry)
        self._refused = Counter(
            "lintperf_refused_connections", "Connections closed for a limit.", ["why"], registry=self.registry
        )
        self._log_lost = Counter("lintperf_lost_log_lines", "Log lines not written.", registry=self.registry)
        self._known: dict[tuple[str, str, int], tuple[Any, Any]] = {}
        ProcessCollector(namespace="lintperf", registry=self.registry)
        self.registry.register(_PoolCollector(pool))

    def answered(self, route: str, method: str, status: int, seconds: float, received: int, sent: int) -> None:
        """Count a request. `route` is one of those that the service has, never what a client wrote."""
        key = (route, method if method in METHODS else "other", status)
        counters = self._known.get(key)
        if counters is None:
            # looking children up by their labels costs more than counting
            counters = self._requests.labels(*key[:2], str(status)), self._seconds.labels(route)
            self._known[key] = counters
        counters[0].inc()
        counters[1].observe(seconds)
        if received:
            self._received.inc(received)
        self._sent.inc(sent)

    def refused(self, why: str) -> None:
        """Count a connection that was closed for a limit."""
        self._refused.labels(why).inc()

    def log_lost(self) -> None:
        """Count a log line that could not be written."""
        self._log_lost.inc()

    def text(self) -> str:
        """All metrics as text of MEDIA_TYPE."""
        from prometheus_client import generate_latest

        return generate_latest(self.registry).decode("utf-8")


class _PoolCollector:
    """The state of the pool at the moment of asking."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def collect(self) -> Iterator[Any]:
        """The metrics, as a registry asks for them."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        pool = self.pool
        yield GaugeMetricFamily("lintperf_ready", "1 while calls are performed.", value=int(pool.ready))
        yield GaugeMetricFamily("lintperf_queue_length", "Requests that wait for a worker.", value=pool.waiting)
        yield GaugeMetricFamily("lintperf_queue_limit", "Requests that may wait.", value=pool.settings.queue)
        yield GaugeMetricFamily("lintperf_workers", "Worker processes.", value=pool.alive)
        yield GaugeMetricFamily("lintperf_workers_busy", "Worker processes at work.", value=pool.running)
        yield GaugeMetricFamily("lintperf_held_bytes", "Bytes of requests in memory.", value=pool.held)
        yield CounterMetricFamily("lintperf_worker_seconds", "Seconds that workers worked.", value=pool.spent)
        replaced = CounterMetricFamily("lintperf_workers_replaced", "Workers replaced, and why.", labels=["why"])
        for why in ("died", "memory", "nonsense", "recycled", "template", "time"):
            replaced.add_metric([why], pool.replaced[why])
        yield replaced
