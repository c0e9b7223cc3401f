"""`/metrics`: what a Prometheus server collects. It names no member, channel or text."""

import ipaddress
import platform
from collections.abc import Iterator

from fastapi import Request, Response

from bullpen import __version__
from bullpen.api.http.bearer import access_of
from bullpen.api.http.dependencies import StateDep
from bullpen.api.http.figures import Figures
from bullpen.api.http.router import Router
from bullpen.api.http.state import State
from bullpen.api.http.traffic import LIMITS
from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import DatabaseUnavailable, Forbidden
from bullpen.kit.exposition import CONTENT_TYPE, Metric, render
from bullpen.runs.statistics import RunStatistics, run_statistics

router = Router(tags=["metrics"])
SIZE = "SELECT pg_database_size(current_database())"
FORWARDED = ("forwarded", "x-forwarded-for")
REFUSED = (
    "Metrics are for API tokens of administrators with the scope 'admin' and, in demo mode, for the"
    " server's own machine. To open them to everybody, set BULLPEN_METRICS=on."
)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, state: StateDep) -> Response:
    """Figures for Prometheus."""
    if not may_read_metrics(request, state):
        raise Forbidden(ErrorCode.METRICS_NOT_ALLOWED, REFUSED)
    found = [*about_program(), *about_processes(await state.process.all_figures())]
    found += await about_database(state.database)
    headers = {"cache-control": "no-store"}
    return Response(render(found), headers=headers, media_type=CONTENT_TYPE)


def may_read_metrics(request: Request, state: State) -> bool:
    """The one place that decides who reads metrics."""
    if state.open_metrics:
        return True
    if (access := access_of(request)) is not None:
        # That the token has the scope was checked before.
        return access.role in ("owner", "admin")
    if state.team is not None:
        return False
    # A proxy on this machine passes on what others ask.
    if any(name in request.headers for name in FORWARDED) or request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def about_program() -> Iterator[Metric]:
    build = Metric("bullpen_build_info", "gauge", "1, with the version that runs.")
    build.add(1, version=__version__, python=platform.python_version())
    yield build


def about_processes(all_figures: list[Figures]) -> Iterator[Metric]:
    requests = Metric("bullpen_http_requests_total", "counter", "Requests that were answered.")
    seconds = Metric("bullpen_http_request_seconds", "histogram", "Seconds until the answer began.")
    streams = Metric("bullpen_open_streams", "gauge", "Open event streams.")
    pool = Metric("bullpen_pool_connections", "gauge", "Database connections of the pool.")
    limit = Metric("bullpen_pool_limit", "gauge", "Connections that the pool may open.")
    lag = Metric(
        "bullpen_event_log_lag", "gauge", "Stored events that this process has not read yet."
    )
    started = Metric(
        "bullpen_process_start_time_seconds", "gauge", "When the process started (Unix time)."
    )
    for figures in all_figures:
        process = figures.process
        for method, route, status, count in figures.requests:
            labels = {"method": method, "route": route, "status": str(status)}
            requests.add(count, process=process, **labels)
        for method, route, found in figures.seconds:
            add_histogram(seconds, found.counts, found.total, process, method, route)
        streams.add(figures.streams, process=process)
        pool.add(figures.pool_open - figures.pool_idle, process=process, state="used")
        pool.add(figures.pool_idle, process=process, state="idle")
        limit.add(figures.pool_limit, process=process)
        started.add(figures.started_at, process=process)
        if figures.event_lag is not None:
            lag.add(figures.event_lag, process=process)
    yield from (requests, seconds, streams, pool, limit, lag, started)


def add_histogram(
    metric: Metric, counts: list[int], total: float, process: str, method: str, route: str
) -> None:
    labels = {"process": process, "method": method, "route": route}
    below = 0
    for limit, count in zip((*map(str, LIMITS), "+Inf"), counts, strict=True):
        below += count
        metric.add(below, "_bucket", **labels, le=limit)
    metric.add(total, "_sum", **labels)
    metric.add(below, "_count", **labels)


async def about_database(database: Database) -> list[Metric]:
    up = Metric("bullpen_database_up", "gauge", "Whether the database answers.")
    try:
        runs = await run_statistics(database)
        row = await database.fetch_one(SIZE)
    except DatabaseUnavailable:
        up.add(0)
        return [up]
    assert row is not None
    up.add(1)
    size = Metric("bullpen_database_size_bytes", "gauge", "Size of the database on its disk.")
    size.add(row[0])
    return [up, size, *about_runs(runs)]


def about_runs(runs: RunStatistics) -> Iterator[Metric]:
    mailbox = runs.mailbox
    now = Metric("bullpen_runs", "gauge", "Runs that wait for a worker or are being executed.")
    now.add(mailbox.waiting, state="waiting")
    now.add(mailbox.running + mailbox.expired, state="running")
    yield now
    leases = Metric(
        "bullpen_worker_leases", "gauge", "Runs that workers hold, by whether the lease is valid."
    )
    leases.add(mailbox.running, state="valid")
    leases.add(mailbox.expired, state="expired")
    yield leases
    yield one("bullpen_workers_busy", "Workers that hold a run.", mailbox.workers)
    waited = mailbox.longest_wait_seconds
    yield one("bullpen_longest_wait_seconds", "How long the first waiting run has waited.", waited)
    ended = Metric(
        "bullpen_runs_last_day", "gauge", "Runs of the last 24 hours that have ended, by result."
    )
    for status, count in runs.ended.items():
        ended.add(count, status=status)
    yield ended
    calls = runs.calls.number
    yield one("bullpen_model_calls_last_day", "Model calls of runs of the last 24 hours.", calls)
    tokens = Metric(
        "bullpen_model_tokens_last_day", "gauge", "Tokens of runs of the last 24 hours."
    )
    tokens.add(runs.calls.input_tokens, direction="input")
    tokens.add(runs.calls.output_tokens, direction="output")
    yield tokens
    cost = Metric("bullpen_model_cost_today_usd", "gauge", "Cost of model calls this day (UTC).")
    cost.add(runs.spent.spent_usd, state="spent")
    cost.add(runs.spent.reserved_usd, state="reserved")
    yield cost


def one(name: str, text: str, value: float) -> Metric:
    metric = Metric(name, "gauge", text)
    metric.add(value)
    return metric
