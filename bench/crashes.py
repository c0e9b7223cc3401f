"""SIGKILLs of Postgres, the server and workers at random under load: what clients were told."""

import asyncio
import os
import tempfile
import time
from pathlib import Path

from tests.support.clusters import cluster
from tests.support.crashes import Victim, crash_under_load
from tests.support.fixtures import fill_template

from bullpen.kit.postgres import EmbeddedPostgres

KILLS: dict[Victim, int] = {"postgres": 200, "server": 100, "worker": 100}
# In percent of these.
SHARE = int(os.environ.get("BENCH_CRASHES", "100"))


def crashes(_: EmbeddedPostgres) -> None:
    kills = {victim: number * SHARE // 100 for victim, number in KILLS.items()}
    with cluster() as own, tempfile.TemporaryDirectory() as folder:
        url = own.create("crashes")
        asyncio.run(fill_template(url))
        begin = time.monotonic()
        report = asyncio.run(
            crash_under_load(own, url, Path(folder), kills=kills, pause=(0.1, 1.0))
        )
    named = ", ".join(f"{number} of {victim}" for victim, number in kills.items())
    print(f"SIGKILLs: {named}, in {time.monotonic() - begin:.0f} s")
    print(
        f"{report.messages:,} messages, {report.events:,} events, {report.resumed:,} resumptions, "
        f"{report.resets} resets"
    )
    for what in report.wrong[:20]:
        print(f"  {what}")
    print(f"{len(report.wrong)} things wrong" if report.wrong else "nothing wrong")
