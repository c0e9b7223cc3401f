"""What a Prometheus server reads of `/metrics`."""

import re

import httpx

SAMPLE = re.compile(r'(\w+)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

Key = tuple[str, frozenset[tuple[str, str]]]


def scraped(client: httpx.Client) -> dict[Key, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found: dict[Key, float] = {}
    for line in answer.text.splitlines():
        if line.startswith("#"):
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        key = (sample[1], frozenset(LABEL.findall(sample[2] or "")))
        assert key not in found, "each sample once"
        found[key] = float(sample[3])
    return found


def total(found: dict[Key, float], name: str, **labels: str) -> float:
    """Over all samples that have at least these labels."""
    return sum(
        value for (each, has), value in found.items() if each == name and labels.items() <= has
    )


def values_of(found: dict[Key, float], name: str, label: str) -> set[str]:
    return {dict(has)[label] for each, has in found if each == name}
