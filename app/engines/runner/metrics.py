"""The figures of the process as Prometheus reads them."""

from collections.abc import Iterator

from app.engines.runner.status import Counters, Phase, Status

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "echelon_engine"


def metrics(status: Status, *, queued: int, cells: int) -> str:
    """Return all figures; counters count since the start of the process.

    Args:
        status: the phase and the counters.
        queued: requests that wait.
        cells: tokens the cache can hold.
    """
    counters = status.counters
    lines = list(_requests(counters))
    for name, value, told in _counted(counters):
        lines += _metric(f"{name}_total", "counter", told, value)
    gauges = (
        ("ready", int(status.phase is Phase.READY), "Whether requests are answered"),
        ("requests_running", counters.busy, "Requests that are being answered"),
        ("requests_queued", queued, "Requests that wait"),
        ("cache_cells", cells, "Tokens the cache can hold"),
        ("cache_cells_used", counters.held, "Tokens in the cache, shared ones counted each time"),
    )
    for name, value, told in gauges:
        lines += _metric(name, "gauge", told, value)
    return "\n".join(lines) + "\n"


def _requests(counters: Counters) -> Iterator[str]:
    name = f"{PREFIX}_requests_total"
    yield f"# HELP {name} Requests that are over, by how they ended"
    yield f"# TYPE {name} counter"
    for reason, count in sorted(counters.requests.copy().items()):
        yield f'{name}{{outcome="{reason}"}} {count}'


def _counted(counters: Counters) -> tuple[tuple[str, int, str], ...]:
    return (
        ("steps", counters.steps, "Evaluations of the model"),
        ("tokens", counters.tokens, "Tokens of answers"),
        ("prompt_tokens_evaluated", counters.evaluated, "Tokens of prompts that were read"),
        ("prompt_tokens_cached", counters.cached, "Tokens of prompts that were known already"),
        ("tokens_drafted", counters.drafted, "Tokens that were drafted"),
        ("tokens_draft_accepted", counters.accepted, "Drafted tokens the model agreed to"),
    )


def _metric(name: str, kind: str, told: str, value: int) -> list[str]:
    full = f"{PREFIX}_{name}"
    return [f"# HELP {full} {told}", f"# TYPE {full} {kind}", f"{full} {value}"]
