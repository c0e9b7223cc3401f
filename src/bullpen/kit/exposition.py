"""Prometheus' text format (version 0.0.4), which is a page of code."""

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = Mapping[str, str]


class Metric(Struct):
    """Samples of one name; a suffix, as `_bucket`, follows the name in a histogram's."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    samples: list[tuple[str, Labels, float]] = []

    def add(self, value: float, suffix: str = "", **labels: str) -> None:
        self.samples.append((suffix, labels, value))


def render(metrics: Iterable[Metric]) -> str:
    return "".join(line for metric in metrics for line in lines(metric))


def lines(metric: Metric) -> Iterable[str]:
    yield f"# HELP {metric.name} {escaped(metric.help)}\n"
    yield f"# TYPE {metric.name} {metric.kind}\n"
    for suffix, labels, value in metric.samples:
        inside = ",".join(f'{name}="{quoted(text)}"' for name, text in labels.items())
        braces = f"{{{inside}}}" if inside else ""
        yield f"{metric.name}{suffix}{braces} {number(value)}\n"


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def quoted(text: str) -> str:
    return escaped(text).replace('"', '\\"')


def number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
