"""Plays answers of providers, right and wrong, and counts how the runs end that got them."""

import asyncio
import os
from collections import Counter

from bench.place import make_database
from tests.support.fixtures import fill_template
from tests.support.provider_runs import play

from bullpen.kit.postgres import EmbeddedPostgres

CASES = int(os.environ.get("CASES", "2000"))
SEED = int(os.environ.get("SEED", "1"))
SHOWN = 20


def providers(postgres: EmbeddedPostgres) -> None:
    """CASES and SEED in the environment play others."""
    url = make_database(postgres, "bench_providers")
    asyncio.run(fill_template(url))
    ended, wrong = asyncio.run(play(url, SEED, CASES))
    kinds: dict[str, Counter[str]] = {}
    for (kind, reason), number in ended.items():
        kinds.setdefault(kind, Counter())[reason] += number
    for kind, reasons in sorted(kinds.items()):
        print(f"{kind:14}", ", ".join(f"{name} {n}" for name, n in reasons.most_common()))
    print(f"{sum(ended.values()):,} answers with seed {SEED}, {len(wrong):,} wrong")
    for problem in wrong[:SHOWN]:
        print(" ", problem)
    if wrong:
        raise SystemExit(1)
